"""Reading the portfolio at a glance, as of a day, for those who see it. Changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from sixgate.domain.planning.baselines import Baselines, Kept, Moved, moved
from sixgate.domain.planning.overview import (
    ProjectAt,
    Slippage,
    StageCount,
    UnitCount,
    YearMoney,
    by_unit,
    funnel,
    gate_at,
    late_days,
    money_by_year,
    slippage,
)
from sixgate.engines.rules.schema import Gate
from sixgate.records.models import Project
from sixgate.records.queries.baselines import kept_plans
from sixgate.records.queries.overview import (
    OverdueDate,
    RegionCount,
    findings_by_owner,
    money_at,
    overdue_dates,
    projects_at,
    regions_below,
    within,
)
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI, Actor, today
from sixgate.usecases._offers import gates_in

ACCEPTING = "G09"
LISTED = 20
Row = tuple[UUID, str, ProjectAt]


@dataclass(frozen=True, slots=True)
class LateProject:
    """A project past its planned finish without final acceptance."""

    id: UUID
    name: str
    owner: str
    planned_finish: date
    days: int
    gate: str


@dataclass(frozen=True, slots=True)
class Replanned:
    """A project whose planned finish or amount was set anew, with the original and every later plan."""

    id: UUID
    name: str
    owner: str
    plans: Baselines


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows; amounts in 分, `known` says of how many projects an amount is known.

    Findings by body and overdue periods are known for today only: None on a day in the past, and where the clock has not reckoned them.
    """

    on: date
    projects: int
    amount_fen: int
    known: int
    stages: tuple[StageCount, ...]
    years: tuple[YearMoney, ...]
    units: tuple[UnitCount, ...]
    late: tuple[LateProject, ...]
    late_total: int
    unplanned: int
    regions: tuple[RegionCount, ...]
    slippage: Slippage | None
    findings: Mapping[str, int] | None
    overdue: tuple[OverdueDate, ...] | None
    overdue_by_unit: Mapping[str, int] | None
    replanned: tuple[Replanned, ...]
    moved: Moved


def overview(actor: Actor, day: date | None = None, *, region: str = "", owner_id: UUID | None = None) -> Overview:
    """Return the projects an actor sees as they stood at the end of a day, today where none is given."""
    on = min(day or today(), today())
    until = datetime.combine(on + timedelta(days=1), time.min, SHANGHAI)
    projects = within(visible_projects(actor.posts, dict(_law.duties(today()))), on, region=region, owner_id=owner_id)
    rows, plans = _as_planned(projects, until)
    facts = [fact for _key, _name, fact in rows]
    gates = gates_in(region)
    stages = {key: gate.stage for key, gate in gates.items()}
    counted = funnel(facts, on, stages)
    late = _late(rows, on, gates)
    again = sorted((item for item in plans if item.plans.times), key=lambda item: (-item.plans.times, -(item.plans.shift_days or 0), item.name))
    past = on < today()
    overdue = None if past else overdue_dates(projects, on)
    return Overview(
        on,
        len(rows),
        sum(item.amount_fen for item in counted),
        sum(item.known for item in counted),
        counted,
        money_by_year(*money_at(projects, on, until)),
        by_unit(facts, on, stages, ACCEPTING),
        tuple(late[:LISTED]),
        len(late),
        sum(fact.planned_finish is None for fact in facts),
        tuple(regions_below((fact.region for fact in facts), region)),
        slippage(facts, on, ACCEPTING),
        None if past else findings_by_owner(projects),
        None if overdue is None else tuple(overdue),
        None if overdue is None else Counter(item.owner_id for item in overdue),
        tuple(again[:LISTED]),
        moved([item.plans for item in plans]),
    )


def _as_planned(projects: QuerySet[Project], until: datetime) -> tuple[list[Row], list[Replanned]]:
    """Return the projects with finish and amount as planned at a moment, and the plans of each."""
    kept, found, plans = kept_plans(projects), list[Row](), list[Replanned]()
    for key, name, fact in projects_at(projects):
        known = kept.get(key, Kept()).until(until, fact.planned_finish, fact.amount_fen)
        finish = known.finish[-1].value if known.finish else None
        amount = known.amount[-1].value if known.amount else None
        first = known.finish[0].value if known.finish else None
        found.append((key, name, replace(fact, planned_finish=finish, first_finish=first, amount_fen=amount)))
        plans.append(Replanned(key, name, fact.owner, known))
    return found, plans


def _late(rows: Sequence[Row], on: date, gates: Mapping[str, Gate]) -> list[LateProject]:
    """Return the projects past their planned finish and not accepted, the latest first."""
    late = [
        LateProject(key, name, fact.owner, fact.planned_finish, late_days(fact, on, ACCEPTING) or 0, _gate_title(gates, gate_at(fact, on)))
        for key, name, fact in rows
        if fact.planned_finish is not None and late_days(fact, on, ACCEPTING) and not _accepted(fact.passed, on)
    ]
    return sorted(late, key=lambda item: (-item.days, item.name))


def _accepted(passed: Sequence[tuple[str, date]], on: date) -> bool:
    return any(gate == ACCEPTING and day <= on for gate, day in passed)


def _gate_title(gates: Mapping[str, Gate], gate: str) -> str:
    return gates[gate].title if gate in gates else ""
