"""Reading the portfolio at a glance, as of a day, for those who see it. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sixgate.domain.planning.overview import StageCount, UnitCount, YearMoney, by_unit, funnel, gate_at, late_days, money_by_year
from sixgate.engines.rules.schema import Gate
from sixgate.records.queries.overview import RegionCount, money_at, projects_at, regions_below, within
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI, Actor, today
from sixgate.usecases._offers import gates_in

ACCEPTING = "G09"
LISTED = 20


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
class Overview:
    """What the page shows; amounts in 分, `known` says of how many projects an amount is known."""

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


def overview(actor: Actor, day: date | None = None, *, region: str = "", owner_id: UUID | None = None) -> Overview:
    """Return the projects an actor sees as they stood at the end of a day, today where none is given."""
    on = min(day or today(), today())
    projects = within(visible_projects(actor.posts, dict(_law.duties(today()))), on, region=region, owner_id=owner_id)
    rows = projects_at(projects)
    facts = [fact for _key, _name, fact in rows]
    gates = gates_in(region)
    stages = {key: gate.stage for key, gate in gates.items()}
    counted = funnel(facts, on, stages)
    units = by_unit(facts, on, stages, ACCEPTING)
    late = [
        LateProject(key, name, fact.owner, fact.planned_finish, late_days(fact, on, ACCEPTING) or 0, _gate_title(gates, gate_at(fact, on)))
        for key, name, fact in rows
        if fact.planned_finish is not None and late_days(fact, on, ACCEPTING) and not _accepted(fact.passed, on)
    ]
    until = datetime.combine(on + timedelta(days=1), time.min, SHANGHAI)
    return Overview(
        on,
        len(rows),
        sum(item.amount_fen for item in counted),
        sum(item.known for item in counted),
        counted,
        money_by_year(*money_at(projects, on, until)),
        units,
        tuple(sorted(late, key=lambda item: (-item.days, item.name)))[:LISTED],
        len(late),
        sum(fact.planned_finish is None for fact in facts),
        tuple(regions_below(projects, region)),
    )


def _accepted(passed: Sequence[tuple[str, date]], on: date) -> bool:
    return any(gate == ACCEPTING and day <= on for gate, day in passed)


def _gate_title(gates: Mapping[str, Gate], gate: str) -> str:
    return gates[gate].title if gate in gates else ""
