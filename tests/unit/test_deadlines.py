"""Deadlines on facts: the states of a ceiling and of a floor, a provisional year, a pause, the reference's own example."""

from datetime import date, timedelta

import pytest

from sixgate.domain.lifecycle.deadline import DeadlineState, judge_deadline, judge_deadlines, open_deadlines
from sixgate.engines.rules.schema import Deadline, Pack
from sixgate.kernel.provenance import Fact, FactSheet, Provenance
from sixgate.kernel.workcalendar import Pause, national
from sixgate.usecases import _law

CITY = "440100"
SEEN = date(2026, 11, 23)
GIVEN = Provenance("given", "test")
METHOD = "evidence.procurement_schedule.method"


def pack() -> Pack:
    """Return the pack of the demo city."""
    return _law.law(CITY, SEEN)[0]


def rule_of(name: str) -> Deadline:
    """Return a delivered deadline."""
    return pack().deadlines[name]


CEILING, FLOOR, WORKDAYS = "procurement.suspension", "procurement.tender_period", "procurement.review_report"


def judged(rule: Deadline, today: date, anchor: date | None, done: date | None = None, pauses: tuple[Pause, ...] = ()) -> DeadlineState:
    """Judge a rule on the dates given."""
    dates = {rule.anchor: anchor, **({rule.done: done} if rule.done else {})}
    facts = {name: Fact(name, day, GIVEN) for name, day in dates.items() if day is not None}
    facts[METHOD] = Fact(METHOD, "open_tender", GIVEN)
    return judge_deadline(pack(), rule, FactSheet("project", "p", "项目", facts), national(), today=today, pauses=pauses)


def test_a_ceiling_runs_nears_and_is_over_by_natural_days() -> None:
    rule = rule_of(CEILING)
    anchor = date(2026, 3, 2)
    due = judged(rule, anchor, anchor).due
    assert due is not None
    states = {day: judged(rule, day, anchor).state for day in (anchor, due, due + timedelta(days=1))}
    assert list(states.values()) == ["running", "near", "overdue"]
    assert judged(rule, due + timedelta(days=11), anchor).days_left == -11


def test_what_was_done_is_in_time_or_late_and_what_nobody_dated_has_not_begun() -> None:
    rule = rule_of(CEILING)
    anchor = date(2026, 3, 2)
    due = judged(rule, anchor, anchor).due
    assert due is not None
    assert judged(rule, SEEN, anchor, due).state == "met"
    assert judged(rule, SEEN, anchor, due + timedelta(days=1)).state == "late"
    assert judged(rule, SEEN, None).state == "not_started"
    assert judged(rule, SEEN, None, due).state == "unknown"


def test_a_floor_is_never_shortened_by_ending_early() -> None:
    rule = rule_of(FLOOR)
    anchor = date(2026, 3, 2)
    due = anchor + timedelta(days=rule.value)
    assert judged(rule, SEEN, anchor).due == due
    assert [judged(rule, SEEN, anchor, due + timedelta(days=number)).state for number in (-1, 0)] == ["early", "met"]


def test_a_pause_lengthens_the_period_by_its_days() -> None:
    rule = rule_of(FLOOR)
    anchor = date(2026, 3, 2)
    still = Pause(anchor + timedelta(days=1), anchor + timedelta(days=6))
    plain, paused = judged(rule, anchor, anchor).due, judged(rule, anchor, anchor, pauses=(still,)).due
    assert plain is not None
    assert paused == plain + timedelta(days=5)


@pytest.mark.parametrize(("year", "provisional"), [(2026, False), (2027, True)])
def test_a_year_without_arrangement_makes_the_day_provisional(year: int, provisional: bool) -> None:
    rule = rule_of(WORKDAYS)
    assert judged(rule, date(year, 3, 1), date(year, 3, 1)).provisional is provisional


def test_every_period_is_judged_once_for_each_subject_and_the_pressing_come_first() -> None:
    rule = rule_of(CEILING)
    sheet = FactSheet("project", "p", "项目", {rule.anchor: Fact(rule.anchor, date(2026, 3, 2), GIVEN)})
    two = [FactSheet("contract", key, key, {}) for key in ("甲", "乙")]
    states = judge_deadlines(pack(), sheet, {"contract": two}, national(), today=SEEN)
    per_contract = sum(item.subject == "contract" for item in pack().deadlines.values())
    assert len(states) == len(pack().deadlines) + per_contract
    assert open_deadlines(states)[0].state == "overdue"
