"""A project of the synthetic city before any row is written: what its owner will register, hand in and record, and on which day.

Plain values only. Planters change sketches; `city_acts` turns them into acts of real verbs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Fields = Mapping[str, object]


@dataclass(slots=True)
class Paper:
    """A kind of evidence handed in once. `scan` names the page drawn for it: the same name is the same bytes."""

    kind: str
    fields: dict[str, object]
    handed: date
    scan: str = ""
    contract: int = 0


@dataclass(slots=True)
class Deal:
    """A contract with its supplements and payments, amounts in 万元."""

    title: str
    supplier: str
    wan: int
    signed: date
    supplements: list[tuple[date, int]] = field(default_factory=list)
    payments: list[tuple[date, int]] = field(default_factory=list)


@dataclass(slots=True)
class SystemSketch:
    """A system a project builds or changes."""

    name: str
    level: int | None
    traits: dict[str, bool]
    online: date | None = None


@dataclass(slots=True)
class Line:
    """Money of one source in one budget year, in 万元."""

    source: str
    year: int
    wan: int
    number: str = ""


@dataclass(slots=True)
class Asked:
    """A gate asked for here, on the live path: who signs, and how it is decided ("" waits for its decision)."""

    gate: str
    on: date
    decided: date | None = None
    conditions: tuple[tuple[str, date], ...] = ()


@dataclass(slots=True)
class Filed:
    """A change filed in the stage where the project stands."""

    title: str
    on: date
    more_wan: int = 0
    less_wan: int = 0
    finish: date | None = None


@dataclass(slots=True)
class Sketch:
    """One project. `gates` are decisions taken over from paper, `lost` those whose original cannot be found."""

    key: str
    name: str
    body: int
    kind: str
    network: str
    wan: int
    about: str
    head: str
    begun: date
    start: date
    finish: date
    shape: str
    traits: dict[str, bool] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    gates: dict[str, date] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    papers: list[Paper] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    systems: list[SystemSketch] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    changes: list[Filed] = field(default_factory=list)
    amended: list[tuple[date, dict[str, object]]] = field(default_factory=list)
    ratings: list[tuple[date, str, str]] = field(default_factory=list)
    paused: date | None = None
    carries: str = ""

    def paper(self, kind: str) -> Paper:
        """Return the paper of a kind; raise KeyError when the sketch has none."""
        found = next((paper for paper in self.papers if paper.kind == kind), None)
        if found is None:
            raise KeyError(f"{self.key}: no {kind}")
        return found

    def without(self, *kinds: str) -> None:
        """Leave papers of some kinds out."""
        self.papers = [paper for paper in self.papers if paper.kind not in kinds]

    def hand_in(self, kind: str, handed: date, **fields: object) -> None:
        """Add a paper, or change the fields of the one of its kind."""
        try:
            self.paper(kind).fields.update(fields)
        except KeyError:
            self.papers.append(Paper(kind, fields, handed))


@dataclass(frozen=True, slots=True)
class Planted:
    """A problem put in on purpose: where, which, in whose words, and which checks should find it (none: no check is known to)."""

    key: str
    kind: str
    words: str
    checks: tuple[str, ...] = ()
    subject: str = "project"


@dataclass(frozen=True, slots=True)
class Times:
    """The days a city is drawn around: the day it is shown and the day its bodies came into use."""

    day: date
    go_live: date

    def before(self, days: int) -> date:
        """Return the day so many days before the city's day."""
        return self.day - timedelta(days=days)

    def live(self, days: int) -> date:
        """Return the day so many days after the bodies came into use, never past the city's day."""
        return min(self.go_live + timedelta(days=days), self.day)
