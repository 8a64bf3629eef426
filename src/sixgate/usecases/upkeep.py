"""Work of the clock: clearing away by age (files nobody adopted, remembered answers, sessions), the planner's figures, what the checks find.

No act of a person, so no ledger entry. Every job may run again at any time and do nothing; the clock has the schedule, `sixgate clock run-once` runs all of them now.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.contrib.sessions.models import Session

from sixgate.records.models import IdempotencyKey
from sixgate.records.queries.findings import projects_to_look_at
from sixgate.records.statistics import refresh_statistics
from sixgate.records.store import remove_orphans
from sixgate.usecases._frame import SHANGHAI
from sixgate.usecases._project import scan

ORPHANS_KEPT: Final = timedelta(days=1)  # a form may stay open for a working day
ANSWERS_KEPT: Final = timedelta(days=7)  # a caller's retries end long before
LOOKED_AT_ONCE: Final = 20  # a batch holds its projects' lock, on SQLite everybody's


def clear_orphans(at: datetime) -> int:
    """Remove received files that no verb adopted within a day; return how many."""
    return remove_orphans(at - ORPHANS_KEPT)


def forget_answers(at: datetime) -> int:
    """Remove answers remembered for idempotency keys after a week; return how many. The same key is then a new request."""
    return IdempotencyKey.objects.filter(at__lt=at - ANSWERS_KEPT).delete()[0]


def end_sessions(at: datetime) -> int:
    """Remove sessions that have run out; return how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


def count_rows(at: datetime) -> int:
    """Let the database count its tables anew, so that it chooses the right index after a large import; return how many tables."""
    return refresh_statistics()


def scan_findings(at: datetime) -> int:
    """Look at every project with the checks in force; return how many findings are new or moved."""
    day, keys = at.astimezone(SHANGHAI).date(), projects_to_look_at()
    return sum(scan(keys[start : start + LOOKED_AT_ONCE], day) for start in range(0, len(keys), LOOKED_AT_ONCE))


JOBS: Final[Mapping[str, tuple[timedelta, Callable[[datetime], int]]]] = {
    "orphans_removed": (timedelta(hours=6), clear_orphans),
    "answers_forgotten": (timedelta(hours=6), forget_answers),
    "sessions_ended": (timedelta(hours=6), end_sessions),
    "tables_counted": (timedelta(hours=1), count_rows),
    "findings_scanned": (timedelta(hours=1), scan_findings),
}


def run_once(at: datetime) -> dict[str, int]:
    """Run every job; return what each did."""
    return {name: job(at) for name, (_every, job) in JOBS.items()}
