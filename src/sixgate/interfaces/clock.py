"""The clock: runs the jobs of upkeep when their time has come, by the frame's `now()`, until it is told to stop.

The database task backend has no schedule of its own, so it stands here. Beside the web server it is the only process: `python -m sixgate.interfaces.clock`.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import django
from django.db import DatabaseError, connections

TICK_SECONDS = 30
Jobs = Mapping[str, tuple[timedelta, Callable[[datetime], int]]]
logger = logging.getLogger("sixgate.clock")


def main() -> int:
    """Run what is due, every half minute; a production start that is not fit is refused first."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    django.setup()
    from sixgate.interfaces.checks import refuse_unfit_start
    from sixgate.usecases._frame import now
    from sixgate.usecases.upkeep import JOBS

    refuse_unfit_start()
    last: dict[str, datetime] = {}
    while True:
        last.update(run_due(JOBS, last, now()))
        connections.close_all()
        time.sleep(TICK_SECONDS)


def run_due(jobs: Jobs, last: Mapping[str, datetime], at: datetime) -> dict[str, datetime]:
    """Run the jobs whose time has come; return when each that succeeded ran. One that fails is reported and due again at the next tick."""
    ran: dict[str, datetime] = {}
    for name, (every, job) in jobs.items():
        if name in last and at < last[name] + every:
            continue
        try:
            count = job(at)
        except (DatabaseError, OSError):
            logger.exception("%s failed and is tried again in %s seconds", name, TICK_SECONDS)
            continue
        logger.log(logging.INFO if count else logging.DEBUG, "%s: %s", name, count)
        ran[name] = at
    return ran


if __name__ == "__main__":
    sys.exit(main())
