"""Every plan a project ever had, the original first: its planned finish and its amount, walked through the acts that set them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, Generic, TypeVar

Value = TypeVar("Value", date, int)
EVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """The act that set a plan: its entry, its moment, what kind it is (amended | changed | imported), the paper it names, its address, who did it."""

    event: str
    at: datetime
    kind: str
    paper: str = ""
    action: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Step(Generic[Value]):
    """What one act says of a value. `after` is None where the act does not tell; `told` says whether `before` is what stood, None included.

    `undo` gives what stood before an act that tells only by how much it moved the value.
    """

    source: Source
    before: Value | None
    after: Value | None = None
    told: bool = True
    undo: Callable[[Value | None], Value | None] | None = None


@dataclass(frozen=True, slots=True)
class Plan(Generic[Value]):
    """One plan and the act that set it; the original that came in with the project has none."""

    value: Value
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Baselines:
    """The plans of one project in the order they were set, as of a day."""

    finish: Sequence[Plan[date]] = ()
    amount: Sequence[Plan[int]] = ()

    @property
    def times(self) -> int:
        """Return by how many acts the plan was set anew after the original."""
        sources = [plan.source for plan in self.finish[1:]] + [plan.source for plan in self.amount[1:]]
        return len({source.event for source in sources if source is not None})

    @property
    def shift_days(self) -> int | None:
        """Return by how many days the finish has moved since the original, None where no finish is known."""
        return (self.finish[-1].value - self.finish[0].value).days if self.finish else None

    @property
    def shift_fen(self) -> int | None:
        """Return by how much the amount has moved since the original, None where no amount is known."""
        return self.amount[-1].value - self.amount[0].value if self.amount else None


@dataclass(frozen=True, slots=True)
class Moved:
    """Of how many projects the plan was set anew, by number of times, and by how much in sum those moved whose finish, or
    amount, is another than the first; `days_known` and `fen_known` say how many these are."""

    projects: int = 0
    by_times: Sequence[tuple[int, int]] = ()
    days: int = 0
    days_known: int = 0
    fen: int = 0
    fen_known: int = 0


@dataclass(slots=True)
class Kept:
    """The acts on one project's plan, in any order."""

    finish: list[Step[date]] = field(default_factory=list[Step[date]])
    amount: list[Step[int]] = field(default_factory=list[Step[int]])

    def finishes(self, finish: date | None) -> tuple[Plan[date], ...]:
        """Return every planned finish in the order it was set, given what stands now."""
        return plans(self.finish, finish, EVER)

    def until(self, moment: datetime, finish: date | None, amount: int | None) -> Baselines:
        """Return the plans set before a moment, given what stands now."""
        return Baselines(plans(self.finish, finish, moment), plans(self.amount, amount, moment))


def plans(steps: Sequence[Step[Value]], now: Value | None, moment: datetime) -> tuple[Plan[Value], ...]:
    """Return the values in the order they were set before a moment; one set again to the same counts once.

    The acts are walked back from what stands now: what an act does not tell is what the next one replaced.
    """
    walked: list[tuple[Source, Value | None]] = []
    stood = now
    for step in sorted(steps, key=lambda step: step.source.at, reverse=True):
        after = step.after if step.after is not None else stood
        walked.append((step.source, after))
        stood = step.before if step.told else step.undo(after) if step.undo is not None else None
    found: list[Plan[Value]] = [Plan(stood)] if stood is not None else []
    for source, value in reversed(walked):
        if source.at < moment and value is not None and (not found or found[-1].value != value):
            found.append(Plan(value, source))
    return tuple(found)


def moved(several: Sequence[Baselines]) -> Moved:
    """Return the sums over the projects whose plan was set anew."""
    again = [item for item in several if item.times]
    counts = {times: sum(item.times == times for item in again) for times in sorted({item.times for item in again})}
    days = [item.shift_days or 0 for item in again if len(item.finish) > 1]
    fen = [item.shift_fen or 0 for item in again if len(item.amount) > 1]
    return Moved(len(again), tuple(counts.items()), sum(days), len(days), sum(fen), len(fen))
