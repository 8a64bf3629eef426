"""Properties of the timing of notices: quiet hours end, retries grow and end, nothing confidential in what leaves."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sixgate.domain.notices.rules import Rule
from sixgate.domain.notices.timing import FIRST_WAIT, LONGEST_WAIT, MAX_AGE, Quiet, digest_due, first_moment_after, highest_step, is_quiet, retry_at
from sixgate.domain.notices.wording import outside
from sixgate.kernel.workcalendar import national

HOURS = st.integers(0, 23)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=ZoneInfo("Asia/Shanghai")))


@given(MOMENTS, HOURS, HOURS, st.booleans())
def test_quiet_ends_and_nothing_before_its_end_was_loud(moment: datetime, since: int, until: int, days_off: bool) -> None:
    quiet = Quiet(since, until, days_off)
    loud = first_moment_after(moment, quiet, national())
    assert (is_quiet(loud, quiet, national()), loud >= moment) == (False, True)
    assert loud - moment < timedelta(days=13)
    before = loud - timedelta(minutes=1)
    assert loud == moment or before < moment or is_quiet(before, quiet, national())


@given(HOURS, HOURS, HOURS)
def test_whatever_the_hours_a_digest_is_due_at_some_hour_of_a_working_day(wanted: int, since: int, until: int) -> None:
    day = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Shanghai"))
    quiet = Quiet(since, until, True)
    assert any(digest_due(day.replace(hour=hour), wanted, None, quiet, national()) for hour in range(24))


@given(st.integers(1, 60), st.text(max_size=20), st.integers(0, 300_000))
def test_a_retry_lies_within_its_bounds_and_never_beyond_the_age(attempts: int, seed: str, age_seconds: int) -> None:
    made = datetime(2026, 11, 25, tzinfo=UTC)
    failed = made + timedelta(seconds=age_seconds)
    again = retry_at(made, failed, attempts, seed)
    plain = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    if again is None:
        assert failed + plain * 1.2 - made > MAX_AGE
    else:
        assert plain * 0.8 <= again - failed <= plain * 1.2
        assert again - made <= MAX_AGE


@given(st.lists(st.integers(1, 50), unique=True), st.integers(0, 60))
def test_the_step_told_is_the_greatest_not_beyond_the_lateness(steps: list[int], late: int) -> None:
    found = highest_step([Rule(f"s{number}", (), "", "", workdays=number) for number in steps], late)
    assert (None if found is None else found.workdays) == max((number for number in steps if number <= late), default=None)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_message_for_outside_has_no_other_words_than_counts(waiting: int, news: int) -> None:
    text = outside(waiting, news, "L").text
    text = re.sub(r"\d+", "N", text)
    assert text in {
        "您有待办：N 件待办、N 条未读提醒。请登录系统查看：L", "您有待办：N 件待办。请登录系统查看：L",
        "您有待办：N 条未读提醒。请登录系统查看：L", "您有待办，请登录系统查看：L",
    }  # fmt: skip
