"""Deadlines of a project: where the clock stands for each period of the pack, on one day, for one subject.

Pure: the sheet, the calendar, the day and the pauses are given. A date nobody has given is not started or unknown, never met. Periods counted in hours
cannot be judged from dates and stay unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sixgate.engines.rules.evaluate import deadline_applies, deadline_length, effect
from sixgate.engines.rules.schema import Clause, Deadline, Pack
from sixgate.kernel.provenance import FactSheet
from sixgate.kernel.workcalendar import Due, Pause, WorkCalendar

State = Literal["not_applicable", "not_started", "running", "near", "overdue", "met", "early", "late", "unknown"]
"""`early`: a floor or a fixed period was cut short. `near`: the last fifth of a ceiling, at least one day and at most thirty."""

_OPEN_ORDER: dict[str, int] = {"overdue": 0, "near": 1, "running": 2, "unknown": 3}
NEAR_SHARE = 5
NEAR_MOST_DAYS = 30


@dataclass(frozen=True, slots=True)
class DeadlineState:
    """One period for one subject. `days_left` counts natural days to `due`, negative when past; `done` is the day it was ended.

    `provisional` means that the arrangement of holidays of a year it reaches is not yet published; `effect` is lock | warn | remind.
    """

    id: str
    title: str
    subject_type: str
    subject_id: str
    subject_title: str
    anchor: date | None
    due: date | None
    done: date | None
    state: State
    days_left: int | None
    provisional: bool
    calendar_version: str
    bound: str
    effect: str
    supplier: str
    remedy: str
    clause: tuple[Clause, ...]


def judge_deadline(
    pack: Pack,
    deadline: Deadline,
    sheet: FactSheet,
    calendar: WorkCalendar,
    *,
    today: date,
    pauses: Sequence[Pause] = (),
    activated: frozenset[str] = frozenset(),
) -> DeadlineState:
    """Judge one period on one sheet: whether it applies, whether its clock has begun, and how it stands today."""
    applies = deadline_applies(pack, deadline, sheet, today, activated)
    anchor, done = _day(sheet, deadline.anchor), _day(sheet, deadline.done)
    due = _due(pack, deadline, calendar, anchor, pauses) if applies is not False and anchor is not None else None
    state = _state(deadline, applies, anchor, done, due, today)
    return DeadlineState(
        id=deadline.id,
        title=deadline.title,
        subject_type=sheet.subject_type,
        subject_id=sheet.subject_id,
        subject_title=sheet.subject_title,
        anchor=anchor,
        due=due.day if due is not None else None,
        done=done,
        state=state,
        days_left=(due.day - today).days if due is not None and done is None else None,
        provisional=due is not None and due.provisional,
        calendar_version=due.version if due is not None else "",
        bound=deadline.bound,
        effect=effect(deadline, activated),
        supplier=deadline.supplier,
        remedy=deadline.remedy,
        clause=deadline.clauses,
    )


def judge_deadlines(
    pack: Pack,
    project: FactSheet,
    subjects: dict[str, Sequence[FactSheet]],
    calendar: WorkCalendar,
    *,
    today: date,
    pauses: Sequence[Pause] = (),
    activated: frozenset[str] = frozenset(),
) -> tuple[DeadlineState, ...]:
    """Judge every period of the pack; those on systems or contracts once for each registered one, on the project's own sheet while there is none."""
    found: list[DeadlineState] = []
    for deadline in pack.deadlines.values():
        own = subjects.get(deadline.subject) or ()
        sheets = [FactSheet(item.subject_type, item.subject_id, item.subject_title, {**project.facts, **item.facts}) for item in own] or [project]
        found += [judge_deadline(pack, deadline, sheet, calendar, today=today, pauses=pauses, activated=activated) for sheet in sheets]
    return tuple(found)


def open_deadlines(states: Iterable[DeadlineState]) -> tuple[DeadlineState, ...]:
    """Return the periods somebody must still act on, the most pressing first; a floor only runs and is not acted on, but it is shown."""
    waiting = [state for state in states if state.state in _OPEN_ORDER]
    return tuple(sorted(waiting, key=lambda state: (_OPEN_ORDER[state.state], state.due or date.max, state.id)))


def _day(sheet: FactSheet, name: str) -> date | None:
    fact = sheet.facts.get(name) if name else None
    return fact.value if fact is not None and isinstance(fact.value, date) else None


def _due(pack: Pack, deadline: Deadline, calendar: WorkCalendar, anchor: date, pauses: Sequence[Pause]) -> Due | None:
    length = deadline_length(pack, deadline, anchor)
    if length is None or deadline.unit == "hour":
        return None
    return calendar.due(anchor, length, deadline.unit, deadline.bound, pauses=pauses)


def _state(deadline: Deadline, applies: bool | None, anchor: date | None, done: date | None, due: Due | None, today: date) -> State:
    if applies is False:
        return "not_applicable"
    if anchor is None:
        return "unknown" if done is not None else "not_started"
    if applies is None or due is None:
        return "unknown"
    if done is not None:
        return _ended(deadline.bound, done, due.day)
    return _running(deadline, anchor, due, today)


def _ended(bound: str, done: date, due: date) -> State:
    if done < due and bound in ("floor", "exact"):
        return "early"
    return "late" if done > due and bound in ("ceiling", "exact") else "met"


def _running(deadline: Deadline, anchor: date, due: Due, today: date) -> State:
    if deadline.bound == "floor" or not deadline.done:
        return "met" if today >= due.day else "running"
    if today > due.day:
        return "overdue"
    span = (due.remind_on - anchor).days
    return "near" if (due.remind_on - today).days <= min(max(span // NEAR_SHARE, 1), NEAR_MOST_DAYS) else "running"
