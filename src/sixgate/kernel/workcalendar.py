"""工作日 and deadlines: weekends, statutory holidays and 调休 as the State Council arranged them, year by year; provisional where it has not yet.

Rules D-1 to D-10 of the domain reference (民法典 第二百零一至二百零三条, 全国年节及纪念日放假办法). Pure: no clock, no settings; data come as a table.
"""

import calendar as months
import functools
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files

SATURDAY = 5
ONE = timedelta(days=1)
UNITS = ("day", "workday", "month", "year", "calendar_year")

# Fixed dates of the statutory holidays as (month, day); the lunar ones by year, from the almanac, not from ICU, which errs in 2027 (reference 0.3).
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
_LUNAR: Mapping[int, tuple[date, date, date, date]] = {
    2027: (date(2027, 2, 6), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
    2028: (date(2028, 1, 26), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
    2029: (date(2029, 2, 13), date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)),
}


@dataclass(frozen=True, slots=True)
class YearTable:
    """The published arrangement of one year: days off (weekends within them too) and weekend days worked."""

    off: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stands still, half-open [start, until)."""

    start: date
    until: date


@dataclass(frozen=True, slots=True)
class Due:
    """The day a period ends. `provisional`: it reaches a year without published arrangement and is recomputed when that is loaded.

    `remind_on` is the earlier day for ceilings that reach such a year, reckoned without substitute days off; otherwise the day itself.
    """

    day: date
    provisional: bool
    remind_on: date
    version: str


class WorkCalendar:
    """Knows which days are worked. Years without a table are reckoned: Monday to Friday less the statutory holidays and their substitutes."""

    def __init__(self, years: Mapping[int, YearTable]) -> None:
        self._years = dict(years)
        self.version = _version(self._years)

    def is_provisional(self, day: date) -> bool:
        """Tell whether the arrangement of the day's year is not published."""
        return day.year not in self._years

    def is_workday(self, day: date) -> bool:
        """Tell whether the day is worked; reckoned where the year is provisional."""
        return self._worked(day, substitutes=True)

    def add_workdays(self, day: date, count: int) -> date:
        """Return the count-th workday after a day (the day itself is not counted); before it for a negative count."""
        return self._step(day, count, (), substitutes=True)

    def workdays_between(self, start: date, end: date) -> int:
        """Return the number of workdays after `start` up to and including `end`; zero when `end` is not after `start`."""
        return sum(self.is_workday(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))

    def due(self, anchor: date, value: int, unit: str, bound: str, pauses: Iterable[Pause] = ()) -> Due:
        """Return when a period ends that runs from the day after `anchor` (D-1).

        `unit` is day | workday | month | year | calendar_year (to the last day of the value-th year after, D-10), `bound` floor | ceiling | exact. Only ceilings roll from a day off to the next workday (D-2, D-9);
        pauses (D-7) lengthen the period by the days that fall into it.
        """
        still = sorted(pauses, key=lambda pause: pause.start)
        day = self._end(anchor, value, unit, bound, still, substitutes=True)
        provisional = self._rests_on_reckoning(anchor, day, unit, bound)
        early = self._end(anchor, value, unit, bound, still, substitutes=False) if provisional and bound == "ceiling" else day
        return Due(day, provisional, min(day, early), self.version)

    def _end(self, anchor: date, value: int, unit: str, bound: str, pauses: Sequence[Pause], *, substitutes: bool) -> date:
        if unit == "workday":
            return self._step(anchor, value, pauses, substitutes=substitutes)
        end = _prolonged(anchor, _plain_end(anchor, value, unit), pauses)
        while bound == "ceiling" and not self._worked(end, substitutes=substitutes):
            end += ONE
        return end

    def _rests_on_reckoning(self, anchor: date, end: date, unit: str, bound: str) -> bool:
        if unit == "workday":
            return any(year not in self._years for year in range(anchor.year, end.year + 1))
        return bound == "ceiling" and self.is_provisional(end)

    def _step(self, day: date, count: int, pauses: Sequence[Pause], *, substitutes: bool) -> date:
        direction, left = (ONE, count) if count >= 0 else (-ONE, -count)
        while left:
            day += direction
            if self._worked(day, substitutes=substitutes) and not any(pause.start <= day < pause.until for pause in pauses):
                left -= 1
        return day

    def _worked(self, day: date, *, substitutes: bool) -> bool:
        table = self._years.get(day.year)
        if table is not None:
            return day in table.work or (day.weekday() < SATURDAY and day not in table.off)
        return day.weekday() < SATURDAY and day not in _reckoned_off(day.year, substitutes)


def due_hours(anchor: datetime, hours: int) -> datetime:
    """Return the end of a period in hours; hours run on through nights and days off (D-5)."""
    return anchor + timedelta(hours=hours)


def statutory_holidays(year: int) -> tuple[date, ...]:
    """Return the statutory holidays of a year in order; those by the moon only for the years of the almanac table."""
    found = [date(year, month, day) for month, day in _FIXED]
    if year in _LUNAR:
        spring, *others = _LUNAR[year]
        found += [spring + timedelta(days=number) for number in range(-1, 3)] + others
    return tuple(sorted(found))


@functools.cache
def national() -> WorkCalendar:
    """Return the calendar of the delivered arrangements (regulations/cn/workdays.toml)."""
    text = (files("sixgate") / "regulations/cn/workdays.toml").read_text(encoding="utf-8")
    return WorkCalendar({row["year"]: YearTable(frozenset(row["off"]), frozenset(row["work"])) for row in tomllib.loads(text)["year"]})


@functools.cache
def _reckoned_off(year: int, substitutes: bool) -> frozenset[date]:
    """Return the days off of a year nobody has arranged yet: its holidays, and a substitute workday for each that falls on a weekend (第六条)."""
    holidays = statutory_holidays(year)
    off = set(holidays)
    for holiday in holidays if substitutes else ():
        if holiday.weekday() >= SATURDAY:
            day = holiday
            while day.weekday() >= SATURDAY or day in off:
                day += ONE
            off.add(day)
    return frozenset(off)


def _plain_end(anchor: date, value: int, unit: str) -> date:
    if unit == "day":
        return anchor + timedelta(days=value)
    if unit == "calendar_year":
        return date(anchor.year + value, 12, 31)
    if unit not in ("month", "year"):
        raise ValueError(f"unit {unit!r} is not one of {', '.join(UNITS)}")
    index = anchor.year * 12 + anchor.month - 1 + (value if unit == "month" else 12 * value)
    year, month = divmod(index, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last))


def _prolonged(anchor: date, end: date, pauses: Sequence[Pause]) -> date:
    """Return the end moved on by every paused day after the anchor that the growing period reaches."""
    for pause in pauses:
        start = max(pause.start, anchor + ONE)
        if start <= end and pause.until > start:
            end += pause.until - start
    return end


def _version(years: Mapping[int, YearTable]) -> str:
    """Return the last arranged year and a digest of all tables, so that a stored day tells by what it was reckoned."""
    text = ";".join(f"{year}:{sorted(table.off)}:{sorted(table.work)}" for year, table in sorted(years.items()))
    return f"{max(years, default=0)}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
