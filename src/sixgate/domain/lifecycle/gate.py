"""What all gates share: judging one gate on frozen facts, and the order in which a clerk would mend what is missing.

A gate opens when nothing that locks is unmet or unknown. The tool advises: the person the duty names decides.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sixgate.engines.rules.evaluate import Outcome, judge, parameter_facts
from sixgate.engines.rules.schema import Gate, Pack, Requirement
from sixgate.kernel.provenance import FactSheet, FactValue
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import Verdict

_VERDICT_ORDER = {Verdict.UNMET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2, Verdict.NOT_APPLICABLE: 3}
_EFFECT_ORDER = {"lock": 0, "warn": 1, "remind": 2}


class GateUnknown(Refusal):
    """The pack has no such gate."""

    kind = Invisible.kind


@dataclass(frozen=True, slots=True)
class GateRow:
    """One requirement with what the facts say of it."""

    requirement: Requirement
    outcome: Outcome

    @property
    def holds_back(self) -> bool:
        """Tell whether this row keeps the gate shut."""
        return self.outcome.effect == "lock" and self.outcome.verdict in (Verdict.UNMET, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class GateJudgement:
    """The verdict table of one gate for one project on one day, in the order of mending."""

    gate: Gate
    on: date
    pack_digest: str
    rows: tuple[GateRow, ...]

    @property
    def opens(self) -> bool:
        """Tell whether nothing that locks is missing."""
        return not any(row.holds_back for row in self.rows)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Return how many rows carry each verdict; every verdict is named."""
        found = Counter(row.outcome.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def wanted(self) -> Mapping[str, tuple[str, ...]]:
        """Return each kind of evidence still missing with the requirements that wait for it, one line a kind."""
        waiting: dict[str, list[str]] = {}
        for row in self.rows:
            if row.outcome.verdict is Verdict.UNKNOWN:
                for name in row.outcome.missing:
                    waiting.setdefault(_place(name), []).append(row.requirement.id)
        return {kind: tuple(dict.fromkeys(ids)) for kind, ids in waiting.items()}


def judge_gate(
    pack: Pack, gate_id: str, project: FactSheet, subjects: Mapping[str, Sequence[FactSheet]], *, on: date, activated: frozenset[str]
) -> GateJudgement:
    """Judge every requirement of one gate; raise GateUnknown when the pack has no such gate."""
    gate = pack.gates.get(gate_id)
    if gate is None:
        raise GateUnknown("gate_unknown", gettext_noop("规则包中没有决策点“{gate}”。"), gate=gate_id)
    requirements = [requirement for requirement in pack.requirements.values() if requirement.gate == gate_id]
    outcomes = judge(pack, requirements, project, subjects, on, activated)
    rows = sorted((GateRow(pack.requirements[outcome.requirement_id], outcome) for outcome in outcomes), key=_mending_order)
    return GateJudgement(gate, on, pack.digest_sm3, tuple(rows))


def applicable_gates(pack: Pack, project: FactSheet, on: date) -> frozenset[str]:
    """Return the gates a project passes through: those whose condition is not known to be false."""
    known = {**{name: fact.value for name, fact in parameter_facts(pack, on).items()}, **project.values()}
    return frozenset(gate.id for gate in pack.gates.values() if not gate.when or _answer(pack, gate.when, known) is not False)


def _answer(pack: Pack, text: str, known: Mapping[str, FactValue]) -> object:
    expression = pack.language.compile(text)
    return expression.evaluate({name: known[name] for name in expression.reads if name in known})


def _mending_order(row: GateRow) -> tuple[int, int, int, int, str]:
    """Sort what is missing before what is met; within each, what locks first, then the pack's order of mending."""
    missing = row.outcome.verdict in (Verdict.UNMET, Verdict.UNKNOWN)
    effect = _EFFECT_ORDER[row.outcome.effect] if missing else 0
    return (0 if missing else 1, effect, _VERDICT_ORDER[row.outcome.verdict], row.requirement.order, row.requirement.id)


def _place(name: str) -> str:
    """Return the kind of evidence a fact belongs to, or the fact itself."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "evidence" else name
