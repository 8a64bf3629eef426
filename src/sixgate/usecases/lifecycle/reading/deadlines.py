"""The deadlines of a project as pages show them: what is running, what is past, what ended in time; pauses lengthen them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext

from sixgate.domain.lifecycle.deadline import DeadlineState, judge_deadlines, open_deadlines
from sixgate.domain.lifecycle.wording import clause_text, label_of
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.workcalendar import Pause, national
from sixgate.records.queries.dossier import pauses_of
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import standing
from sixgate.usecases.lifecycle.reading._rights import duty_title, speaks_english
from sixgate.usecases.lifecycle.reading.evidence import seen

ENDED = ("late", "early", "met")


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One period. `left` counts in the period's own unit (工作日 where `in_workdays`, else 自然日), negative when past; None when it cannot be told."""

    id: str
    title: str
    subject: str
    state: str
    anchor: str
    since: date | None
    due: date | None
    done: date | None
    left: int | None
    in_workdays: bool
    floor: bool
    provisional: bool
    effect: str
    supplier: str
    remedy: str
    clauses: tuple[str, ...]

    @property
    def past(self) -> int:
        """Return by how many days the period is over, 0 while it is not."""
        return -self.left if self.left is not None and self.left < 0 else 0


@dataclass(frozen=True, slots=True)
class DeadlineSheet:
    """The periods somebody must act on, the most pressing first; those that ended; how many have not begun."""

    waiting: tuple[DeadlineLine, ...]
    ended: tuple[DeadlineLine, ...]
    not_started: int
    paused: bool


def deadline_sheet(actor: Actor, project_id: UUID) -> DeadlineSheet:
    """Return the deadlines of a project as they stand today; raise Invisible when the reader cannot see it."""
    project = seen(actor, project_id)
    here = standing(project.id, today(), english=speaks_english())
    rows = pauses_of(project.id)
    pauses = [Pause(since, until or here.on + timedelta(days=1)) for since, until in rows]
    dossier = here.dossier
    states = judge_deadlines(here.pack, dossier.project, dict(dossier.subjects), national(), today=here.on, pauses=pauses, activated=here.activated)
    ended = sorted((state for state in states if state.state in ENDED), key=lambda state: (ENDED.index(state.state), state.due or date.max))
    return DeadlineSheet(
        _lines(here.pack, open_deadlines(states), here.on),
        _lines(here.pack, ended, here.on),
        sum(state.state == "not_started" for state in states),
        any(until is None for _since, until in rows),
    )


def _lines(pack: Pack, states: Iterable[DeadlineState], on: date) -> tuple[DeadlineLine, ...]:
    return tuple(_line(pack, state, on) for state in states)


def _line(pack: Pack, state: DeadlineState, on: date) -> DeadlineLine:
    rule = pack.deadlines[state.id]
    in_workdays = rule.unit == "workday"
    left = state.days_left
    if in_workdays and state.due is not None and left is not None:
        left = national().workdays_between(on, state.due) if left >= 0 else -national().workdays_between(state.due, on)
    return DeadlineLine(
        state.id,
        state.title,
        state.subject_title if state.subject_type != "project" else "",
        state.state,
        label_of(pack, rule.anchor, gettext),
        state.anchor,
        state.due,
        state.done,
        left,
        in_workdays,
        state.bound == "floor",
        state.provisional,
        state.effect,
        duty_title(state.supplier),
        state.remedy,
        tuple(clause_text(clause) for clause in state.clause),
    )
