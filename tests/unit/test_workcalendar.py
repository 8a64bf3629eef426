"""Workdays against the collected arrangements, deadlines against the reference's worked examples, and properties of both bounds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from chinese_calendar import is_workday as collected
from hypothesis import given
from hypothesis import strategies as st

from sixgate.kernel.workcalendar import Pause, WorkCalendar, due_hours, national, statutory_holidays

CALENDAR = national()
DAYS = st.dates(date(2014, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(1, 90)


def test_every_day_from_2014_to_2026_is_worked_as_arranged() -> None:
    days = [date(2014, 1, 1) + timedelta(days=number) for number in range((date(2026, 12, 31) - date(2014, 1, 1)).days + 1)]
    assert [day for day in days if CALENDAR.is_workday(day) is not collected(day)] == []


def test_the_references_own_check_eleven_days_over_are_seven_workdays() -> None:
    due = CALENDAR.due(date(2026, 10, 28), 15, "day", "ceiling").day
    assert (due, (date(2026, 11, 23) - due).days, CALENDAR.workdays_between(due, date(2026, 11, 23))) == (date(2026, 11, 12), 11, 7)


def test_a_ceiling_rolls_over_the_holiday_and_a_floor_does_not() -> None:
    anchor = date(2026, 9, 21)
    assert CALENDAR.due(anchor, 10, "day", "ceiling").day == date(2026, 10, 8)
    assert CALENDAR.due(anchor, 10, "day", "floor").day == date(2026, 10, 1)
    assert CALENDAR.due(anchor, 10, "day", "exact").day == date(2026, 10, 1)


def test_workdays_count_days_worked_in_exchange() -> None:
    assert CALENDAR.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("anchor", "value", "unit", "end"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
        (date(2025, 11, 30), 3, "month", date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(anchor: date, value: int, unit: str, end: date) -> None:
    assert CALENDAR.due(anchor, value, unit, "exact").day == end


def test_an_unpublished_year_is_provisional_and_reminds_early() -> None:
    due = CALENDAR.due(date(2026, 12, 28), 5, "workday", "ceiling")
    assert (due.provisional, due.version, CALENDAR.is_provisional(date(2027, 1, 4))) == (True, CALENDAR.version, True)
    assert not CALENDAR.due(date(2026, 11, 2), 5, "workday", "ceiling").provisional
    labour = CALENDAR.due(date(2027, 4, 30), 1, "workday", "ceiling")  # 1 and 2 May 2027 are a weekend: two substitutes are reckoned
    assert (labour.day, labour.remind_on) == (date(2027, 5, 5), date(2027, 5, 3))


def test_thirteen_statutory_holidays_in_the_years_of_the_almanac() -> None:
    assert [len(statutory_holidays(year)) for year in (2027, 2028, 2029)] == [13, 13, 13]
    assert statutory_holidays(2027)[1:5] == (date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7), date(2027, 2, 8))


def test_hours_run_through_the_night() -> None:
    assert due_hours(datetime(2026, 9, 30, 23, tzinfo=UTC), 4) == datetime(2026, 10, 1, 3, tzinfo=UTC)


@given(DAYS, COUNTS)
def test_the_nth_workday_is_a_workday_with_n_between(day: date, count: int) -> None:
    end = CALENDAR.add_workdays(day, count)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(day, end) == count


@given(DAYS, COUNTS, st.sampled_from(["day", "workday", "month"]))
def test_a_ceiling_is_never_before_the_floor_and_ends_on_a_workday(day: date, count: int, unit: str) -> None:
    floor, ceiling = CALENDAR.due(day, count, unit, "floor"), CALENDAR.due(day, count, unit, "ceiling")
    assert floor.day <= ceiling.day
    assert CALENDAR.is_workday(ceiling.day)
    assert ceiling.remind_on <= ceiling.day


@given(DAYS, COUNTS, st.integers(0, 40), st.integers(1, 30))
def test_a_pause_lengthens_a_period_by_the_paused_days_it_meets(day: date, count: int, offset: int, length: int) -> None:
    start = day + timedelta(days=1 + offset)
    plain = CALENDAR.due(day, count, "day", "exact").day
    paused = CALENDAR.due(day, count, "day", "exact", [Pause(start, start + timedelta(days=length))]).day
    assert (paused - plain).days == (length if start <= plain else 0)


def test_without_any_table_every_day_is_provisional() -> None:
    empty = WorkCalendar({})
    assert empty.is_provisional(date(2026, 1, 5))
    assert empty.is_workday(date(2026, 1, 5))
    assert not empty.is_workday(date(2026, 10, 1))
