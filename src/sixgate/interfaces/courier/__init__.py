"""The courier: the only door that calls out. Jobs of the clock turn happenings into messages and send what waits, by mail, webhook and robot.

Every host is checked before it is called (`line`), every attempt is written down (`usecases.notices.outbox`). Nobody waits for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sixgate.interfaces.courier.sending import send_due
from sixgate.usecases.notices.dates import reckon_dates, tell_dates
from sixgate.usecases.notices.digest import write_counts, write_digests, write_urgent
from sixgate.usecases.notices.gather import climb_ladder, gather_happenings
from sixgate.usecases.notices.outbox import queue_events

OFTEN: Final = timedelta(seconds=30)

JOBS: Final[Mapping[str, tuple[timedelta, Callable[[datetime], int]]]] = {
    "dates_reckoned": (timedelta(hours=1), reckon_dates),
    "dates_told": (timedelta(hours=1), tell_dates),
    "ladder_climbed": (timedelta(hours=1), climb_ladder),
    "happenings_told": (OFTEN, gather_happenings),
    "events_queued": (OFTEN, queue_events),
    "urgent_written": (OFTEN, write_urgent),
    "digests_written": (OFTEN, write_digests),
    "counts_written": (timedelta(minutes=5), write_counts),
    "messages_sent": (OFTEN, send_due),
}
