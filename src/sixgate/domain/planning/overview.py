"""The portfolio at a glance, as of a day: how many projects stand at each stage, the money of each year and source. Pure; sums only what is known."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sixgate.engines.rules.schema import STAGES


@dataclass(frozen=True, slots=True)
class ProjectAt:
    """One project as the overview needs it. `waits_for` is the gate it waits for now, `passed` its counting passages (gate, day) in time order."""

    owner: str
    owner_id: str
    region: str
    amount_fen: int | None
    waits_for: str
    passed: Sequence[tuple[str, date]] = ()
    planned_finish: date | None = None
    first_finish: date | None = None


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many projects stand at a stage, the sum of the amounts known, and of how many projects the amount is known."""

    stage: str
    projects: int
    amount_fen: int
    known: int


@dataclass(frozen=True, slots=True)
class Slippage:
    """By how many days projects end, or must already end, after their first plan: the middle one, the one nine in ten stay within, and of how many."""

    median: int
    p90: int
    base: int


@dataclass(frozen=True, slots=True)
class UnitCount:
    """The projects of one body: how many stand at each stage, how many are past their planned finish and not accepted, how far they slipped."""

    id: str
    name: str
    projects: int
    amount_fen: int
    known: int
    by_stage: Mapping[str, int]
    late: int
    slippage: Slippage | None


@dataclass(frozen=True, slots=True)
class YearMoney:
    """Money of one year in 分: put at disposal by source, contracted, paid; a year without a row of a kind is not known, never zero."""

    year: int
    by_source: Mapping[str, int]
    contracted_fen: int | None
    paid_fen: int | None

    @property
    def funded_fen(self) -> int | None:
        """Return what all sources put at disposal, None where no funding is registered."""
        return sum(self.by_source.values()) if self.by_source else None


def gate_at(project: ProjectAt, day: date) -> str:
    """Return the gate a project waited for on a day: the one it passed next, or, where it passed none since, the one it waits for now."""
    return next((gate for gate, passed_on in project.passed if passed_on > day), project.waits_for)


def stage_at(project: ProjectAt, day: date, stages: Mapping[str, str]) -> str:
    """Return the stage of that gate; the last stage where none is left."""
    return stages.get(gate_at(project, day), STAGES[-1])


def late_days(project: ProjectAt, day: date, accepting: str) -> int | None:
    """Return by how many days a project is past its planned finish without final acceptance; 0 when it is not, None when no finish is known."""
    if project.planned_finish is None:
        return None
    accepted = next((passed_on for gate, passed_on in project.passed if gate == accepting and passed_on <= day), None)
    return max((min(accepted or day, day) - project.planned_finish).days, 0)


def slipped_days(project: ProjectAt, day: date, accepting: str) -> int | None:
    """Return the days by which a project ended, or ends at the earliest, after its first plan; None when no plan is known."""
    if project.planned_finish is None:
        return None
    first = project.first_finish or project.planned_finish
    accepted = next((passed_on for gate, passed_on in project.passed if gate == accepting and passed_on <= day), None)
    return max(((accepted or max(project.planned_finish, day)) - first).days, 0)


def slippage(projects: Iterable[ProjectAt], day: date, accepting: str) -> Slippage | None:
    """Return how far projects slipped, those without a plan left out; None where none has one."""
    known = sorted(days for project in projects if (days := slipped_days(project, day, accepting)) is not None)
    return Slippage(_rank(known, 50), _rank(known, 90), len(known)) if known else None


def funnel(projects: Iterable[ProjectAt], day: date, stages: Mapping[str, str]) -> tuple[StageCount, ...]:
    """Return the six stages in order with what stands at each."""
    at: dict[str, list[ProjectAt]] = defaultdict(list)
    for project in projects:
        at[stage_at(project, day, stages)].append(project)
    return tuple(StageCount(stage, len(at[stage]), *_known(at[stage])) for stage in STAGES)


def by_unit(projects: Iterable[ProjectAt], day: date, stages: Mapping[str, str], accepting: str) -> tuple[UnitCount, ...]:
    """Return the bodies with their projects, the one with the most first."""
    own: dict[tuple[str, str], list[ProjectAt]] = defaultdict(list)
    for project in projects:
        own[project.owner_id, project.owner].append(project)
    found = [
        UnitCount(
            key,
            name,
            len(mine),
            *_known(mine),
            Counter(stage_at(item, day, stages) for item in mine),
            sum(_late(item, day, accepting) for item in mine),
            slippage(mine, day, accepting),
        )
        for (key, name), mine in own.items()
    ]
    return tuple(sorted(found, key=lambda unit: (-unit.projects, unit.name, unit.id)))


def money_by_year(
    funding: Iterable[tuple[int, str, int]], contracts: Iterable[tuple[int, int]], payments: Iterable[tuple[int, int]]
) -> tuple[YearMoney, ...]:
    """Return the years that have money in them, in order, from rows of (year, source, fen), (year, fen), (year, fen)."""
    sources: dict[int, Counter[str]] = defaultdict(Counter)
    for year, source, fen in funding:
        sources[year][source] += fen
    signed, paid = _by_year(contracts), _by_year(payments)
    years = sorted({*sources, *signed, *paid})
    return tuple(YearMoney(year, dict(sources.get(year, {})), signed.get(year), paid.get(year)) for year in years)


def _by_year(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for year, fen in rows:
        found[year] += fen
    return dict(found)


def _known(projects: Sequence[ProjectAt]) -> tuple[int, int]:
    amounts = [project.amount_fen for project in projects if project.amount_fen is not None]
    return sum(amounts), len(amounts)


def _rank(ordered: Sequence[int], percent: int) -> int:
    """Return the value a share of all does not exceed (nearest rank)."""
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def _late(project: ProjectAt, day: date, accepting: str) -> bool:
    """Tell whether a project is past its planned finish on a day and not accepted by then."""
    accepted = any(gate == accepting and passed_on <= day for gate, passed_on in project.passed)
    return not accepted and bool(late_days(project, day, accepting))
