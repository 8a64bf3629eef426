"""The course of a project through its gates: which are passed, which may be asked for now, where it stands. Pure; rebuilt from passages alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sixgate.engines.rules.schema import STAGES, Gate

PASSING: Final = frozenset({"passed", "conditional", "override", "recorded"})
OUTCOMES: Final = ("passed", "conditional", "returned", "override")

# 投运 and 初验 come in either order (a local parameter decides which); the yearly and the last gate stand beside the line.
_INTERCHANGEABLE: Final = ("G07", "G08")
_BESIDE: Final = ("G10", "G11")


@dataclass(frozen=True, slots=True)
class Passed:
    """One decided gate as the course sees it; `counts` is false while a record from paper still waits for its second look."""

    gate: str
    outcome: str
    source: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """Where a project stands. `open` are the gates that may be asked for, `next_gate` the one the line points at ("" at the end)."""

    stage: str
    next_gate: str
    open: tuple[str, ...]
    passed: Mapping[str, str]


def course_of(gates: Mapping[str, Gate], applicable: frozenset[str], passages: Iterable[Passed]) -> Course:
    """Return the course from the gates of the pack in order, those that apply, and the passages in time order (the latest of a gate counts)."""
    latest: dict[str, Passed] = {}
    for passage in passages:
        if passage.counts:
            latest[passage.gate] = passage
    passed = {gate: item.outcome for gate, item in latest.items() if item.outcome in PASSING}
    line = [gate for gate in gates if gate in applicable and gate not in _BESIDE]
    waiting = [gate for gate in line if gate not in passed]
    in_use = any(gate in passed for gate in (*_INTERCHANGEABLE, "G09"))
    beside = [gate for gate in _BESIDE if gate in gates and in_use and passed.get(gate) is None]
    opened = _may_be_asked(waiting) + tuple(beside)
    next_gate = waiting[0] if waiting else (beside[0] if beside else "")
    stage = gates[next_gate].stage if next_gate else STAGES[-1]
    return Course(stage, next_gate, opened, passed)


def _may_be_asked(waiting: Sequence[str]) -> tuple[str, ...]:
    if waiting and waiting[0] in _INTERCHANGEABLE:
        return tuple(gate for gate in waiting[:2] if gate in _INTERCHANGEABLE)
    return tuple(waiting[:1])
