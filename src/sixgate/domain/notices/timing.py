"""When a notice is told: quiet hours over the work calendar, the hour of the digest, the steps of the ladder, and when a failed delivery is tried again.

Moments are aware datetimes of the local day, given by the caller.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sixgate.domain.notices.rules import Rule
from sixgate.kernel.workcalendar import WorkCalendar

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
MAX_AGE: Final = timedelta(days=3)
JITTER_PERCENT: Final = 20
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is sent: from one hour to another, over midnight when the first is later; none when they are equal. Days off as a whole when `days_off`."""

    since: int
    until: int
    days_off: bool


def is_quiet(local: datetime, quiet: Quiet, calendar: WorkCalendar) -> bool:
    """Tell whether a local moment lies in quiet hours."""
    return (quiet.days_off and not calendar.is_workday(local.date())) or _quiet_hour(local.hour, quiet)


def _quiet_hour(hour: int, quiet: Quiet) -> bool:
    if quiet.since == quiet.until:
        return False
    if quiet.since < quiet.until:
        return quiet.since <= hour < quiet.until
    return hour >= quiet.since or hour < quiet.until


def digest_hour(wanted: int, quiet: Quiet) -> int:
    """Return the hour a digest goes at: the wanted one, or the end of quiet hours where it lies in them, so that nobody's digest never comes."""
    return quiet.until if _quiet_hour(wanted, quiet) else wanted


def may_go_now(local: datetime, quiet: Quiet, calendar: WorkCalendar, *, breaks_quiet: bool) -> bool:
    """Tell whether something urgent may go at a moment: outside quiet hours, or inside them when its rule says so."""
    return breaks_quiet or not is_quiet(local, quiet, calendar)


def digest_due(local: datetime, hour: int, last: date | None, quiet: Quiet, calendar: WorkCalendar) -> bool:
    """Tell whether today's digest is to be written: its hour has come, today has had none, and the moment is not quiet."""
    return last != local.date() and local.hour >= digest_hour(hour, quiet) and not is_quiet(local, quiet, calendar)


def first_moment_after(local: datetime, quiet: Quiet, calendar: WorkCalendar) -> datetime:
    """Return the first moment from the given one on that is not quiet: the moment itself, or a full hour."""
    moment = local
    while is_quiet(moment, quiet, calendar):
        moment = datetime.combine(moment.date(), time(moment.hour), moment.tzinfo) + HOUR
    return moment


def highest_step(ladder: Iterable[Rule], late_workdays: int) -> Rule | None:
    """Return the highest step of a ladder that so many workdays of lateness have reached, None below the first."""
    reached = [rule for rule in ladder if rule.workdays <= late_workdays]
    return max(reached, key=lambda rule: rule.workdays, default=None)


def date_rule(rules: Sequence[Rule], workdays_left: int) -> Rule | None:
    """Return the rule a date has reached with so many workdays left (negative: past), the latest where several are reached."""
    reached = [rule for rule in rules if workdays_left <= rule.workdays]
    return min(reached, key=lambda rule: rule.workdays, default=None)


def retry_at(made: datetime, failed: datetime, attempts: int, seed: str) -> datetime | None:
    """Return when a delivery that failed for the `attempts`-th time is tried again, None when it is given up.

    The wait doubles from half a minute up to six hours, moved by up to a fifth either way so that many do not come at once; the seed decides, not chance.
    What would be older than three days by then is given up.
    """
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    number = int.from_bytes(hashlib.sha256(f"{seed}:{attempts}".encode()).digest()[:4], "big")
    again = failed + wait + wait * (number % (2 * JITTER_PERCENT + 1) - JITTER_PERCENT) / 100
    return again if again - made <= MAX_AGE else None
