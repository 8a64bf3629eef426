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
        signal.signal(number, lambda *_: os._exit(0))  # an exception would be lost in a callback; every job may be cut off at any point
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    django.setup()
    from sixgate.interfaces import courier
    from sixgate.interfaces.checks import refuse_unfit_start
    from sixgate.usecases._frame import now
    from sixgate.usecases.doctor import beat
    from sixgate.usecases.upkeep import JOBS

    refuse_unfit_start()
    last: dict[str, datetime] = {}
    while True:
        at = now()
        ran, failed = run_due({**JOBS, **courier.JOBS}, last, at)
        last.update(dict.fromkeys(ran, at))
        beat(at, ran, failed)
        connections.close_all()
        time.sleep(TICK_SECONDS)


def run_due(jobs: Jobs, last: Mapping[str, datetime], at: datetime) -> tuple[dict[str, int], list[str]]:
    """Run the jobs whose time has come; return what each did, and which failed: these are reported and due again at the next tick."""
    ran: dict[str, int] = {}
    failed: list[str] = []
    for name, (every, job) in jobs.items():
        if name in last and at < last[name] + every:
            continue
        try:
            count = job(at)
        except (DatabaseError, OSError):
            logger.exception("%s failed and is tried again in %s seconds", name, TICK_SECONDS)
            failed.append(name)
            continue
        logger.log(logging.INFO if count else logging.DEBUG, "%s: %s", name, count)
        ran[name] = count
    return ran, failed


if __name__ == "__main__":
    sys.exit(main())
