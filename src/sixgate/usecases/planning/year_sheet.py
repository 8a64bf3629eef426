"""What the pages of the budget year show: a call, how far it has come, its order with the line, who has not applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from sixgate.domain.authority import Target
from sixgate.domain.planning.year import Place, State, may_accept, may_file, may_return, rank, window_open
from sixgate.kernel.refusal import Invisible
from sixgate.records.models import YearCall
from sixgate.records.queries.visible import visible_projects
from sixgate.records.queries.year import PAGE, ApplicationRow, accepted, applications, sums, visible_calls, without_application
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._offers import may
from sixgate.usecases.planning.year import OFFICE, UNIT
from sixgate.usecases.planning.year_money import DECIDERS, MOST, allotted_fen, candidate


@dataclass(frozen=True, slots=True)
class YearSheet:
    """One call as a person may see it; sums are of the projects in view, what is left is of the whole call."""

    call: YearCall
    rows: tuple[ApplicationRow, ...]
    offers: Mapping[UUID, frozenset[str]]  # by application: "file" it anew, "accept", "return"
    more: bool
    counts: Mapping[str, int]
    asked_fen: int
    allotted_fen: int
    left_fen: int
    places: Mapping[UUID, Place]
    without: tuple[tuple[UUID, str, str], ...]
    without_count: int
    open: bool
    days_left: int
    unit: bool
    decides: bool


def _offers(row: ApplicationRow, call: YearCall, day: date, *, office: bool, unit: bool) -> frozenset[str]:
    state = cast("State", row.state)
    in_window = window_open(call.opens_on, call.closes_on, day)
    offered = {
        "file": unit and may_file(state, in_window=in_window, complete_by=row.complete_by, day=day),
        "accept": office and may_accept(state, complete_by=row.complete_by, day=day),
        "return": office and may_return(state, returned_before=bool(row.wanting)),
    }
    return frozenset(name for name, may_do in offered.items() if may_do)


def calls_for(actor: Actor) -> list[YearCall]:
    """Return the calls an actor may see, the latest year first, as many as a list of choices holds."""
    return list(visible_calls(actor.posts).order_by("-budget_year", "-opens_on", "id")[:MOST])


def year_sheet(actor: Actor, call_id: UUID, state: str = "", start: int = 0) -> YearSheet:
    """Return a call with the applications an actor may see, those of one state where asked; raise Invisible for a call elsewhere."""
    call = _seen(actor, call_id)
    day = today()
    projects = visible_projects(actor.posts, dict(_law.duties(day)))
    rows, found = applications(call, projects, state, start), sums(call, projects)
    without, count = without_application(call, projects)
    left = call.cap_fen - allotted_fen(call)
    office = _holds(actor, OFFICE) and may(actor, "planning.open_call", Target(region_code=call.region_code))
    unit = _holds(actor, UNIT)
    return YearSheet(
        call=call,
        rows=rows[:PAGE],
        offers={row.id: _offers(row, call, day, office=office, unit=unit) for row in rows},
        more=len(rows) > PAGE,
        counts={key: n for key, (n, _fen) in found.items()},
        asked_fen=sum(fen for _n, fen in found.values()),
        allotted_fen=found.get("allotted", (0, 0))[1],
        left_fen=left,
        places={place.candidate.id: place for place in rank(map(candidate, accepted(call)), left)},
        without=without,
        without_count=count,
        open=window_open(call.opens_on, call.closes_on, day),
        days_left=(call.closes_on - day).days,
        unit=unit,
        decides=_decides(actor, call),
    )


def allotment_order(actor: Actor, call_id: UUID) -> list[tuple[Place, str, str]]:
    """Return the accepted applications of a call in order: place, project, source; raise Invisible to who may not allot."""
    call = _seen(actor, call_id)
    if not _decides(actor, call):
        raise Invisible
    rows = {row.id: row for row in accepted(call)}
    order = rank(map(candidate, rows.values()), call.cap_fen - allotted_fen(call))
    return [(place, rows[place.candidate.id].project.name, rows[place.candidate.id].source) for place in order[:MOST]]


def _decides(actor: Actor, call: YearCall) -> bool:
    return _holds(actor, DECIDERS) and may(actor, "planning.allot_budget", Target(region_code=call.region_code))


def _seen(actor: Actor, call_id: UUID) -> YearCall:
    call = visible_calls(actor.posts).filter(pk=call_id).first()
    if call is None:
        raise Invisible
    return call


def holds_office(actor: Actor) -> bool:
    """Tell whether an actor has a post in an office that opens calls."""
    return _holds(actor, OFFICE)


def _holds(actor: Actor, duties: tuple[str, ...]) -> bool:
    return any(post.duty in duties for post in actor.posts)
