"""What a pack says of itself: its worked cases run, its rules counted, one requirement explained."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sixgate.engines.rules.evaluate import ChangeOutcome, Outcome, effect, judge_change_rule, judge_requirement
from sixgate.engines.rules.schema import Case, EvidenceKind, Gate, Pack, Parameter, Requirement
from sixgate.kernel.provenance import Fact, FactSheet, Provenance
from sixgate.kernel.refusal import Refusal, RefusalKind
from sixgate.kernel.text import gettext_noop

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A worked case and what the engine really answered."""

    case: Case
    actual: str
    outcome: Outcome | ChangeOutcome

    @property
    def passed(self) -> bool:
        """Tell whether the engine answered as the case expects."""
        return self.actual == self.case.expect


@dataclass(frozen=True, slots=True)
class FactUse:
    """A fact an expression reads: its type and where it comes from (register | evidence | parameter)."""

    name: str
    type: str
    origin: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything a person needs to understand one requirement."""

    requirement: Requirement
    gate: Gate | None
    effect: str
    activated: bool
    facts: tuple[FactUse, ...]
    parameters: tuple[Parameter, ...]
    evidence: tuple[EvidenceKind, ...]
    cases: tuple[Case, ...]


class RequirementUnknown(Refusal):
    """The pack has no requirement of that id."""

    kind = RefusalKind.INVISIBLE


def run_case(pack: Pack, case: Case, activated: frozenset[str] = _NOBODY) -> CaseResult:
    """Judge one worked case on the facts it gives; parameters take their dated values unless given."""
    given = Provenance("given", case.name)
    facts = {name: Fact(name, value, given) for name, value in case.facts.items()}
    if case.target in pack.requirements:
        requirement = pack.requirements[case.target]
        outcome = judge_requirement(pack, requirement, FactSheet(requirement.subject, "case", case.name, facts), case.on, activated)
        return CaseResult(case, outcome.verdict.value, outcome)
    rule = pack.change_rules[case.target]
    change = judge_change_rule(pack, rule, FactSheet("change", "case", case.name, facts), case.on, activated)
    return CaseResult(case, change.answer, change)


def run_cases(pack: Pack, activated: frozenset[str] = _NOBODY) -> list[CaseResult]:
    """Judge every worked case of the pack, by default with nothing activated."""
    return [run_case(pack, case, activated) for case in pack.cases]


def count_rules(pack: Pack) -> Mapping[str, Mapping[str, int]]:
    """Count requirements, deadlines and change rules together by `kind`, `confidence` and `action`."""
    rules = (*pack.requirements.values(), *pack.deadlines.values(), *pack.change_rules.values())
    return {key: dict(Counter(str(getattr(rule, key)) for rule in rules)) for key in ("kind", "confidence", "action")}


def explain(pack: Pack, requirement_id: str, activated: frozenset[str] = _NOBODY) -> Explanation:
    """Return what one requirement rests on; raise RequirementUnknown when there is none of that id."""
    requirement = pack.requirements.get(requirement_id)
    if requirement is None:
        raise RequirementUnknown("requirement_unknown", gettext_noop("规则包中没有要求“{id}”。"), id=requirement_id)
    texts = [text for text in (requirement.when, requirement.require) if text]
    names = sorted({name for text in texts for name in pack.language.compile(text).reads})
    roots = {"parameter": "parameter", "evidence": "evidence"}
    return Explanation(
        requirement=requirement,
        gate=pack.gates.get(requirement.gate),
        effect=effect(requirement, activated),
        activated=requirement_id in activated,
        facts=tuple(FactUse(name, pack.facts[name], roots.get(name.partition(".")[0], "register")) for name in names),
        parameters=tuple(item for ident, item in pack.parameters.items() if f"parameter.{ident}" in names),
        evidence=tuple(pack.evidence[ident] for ident in requirement.evidence),
        cases=tuple(case for case in pack.cases if case.target == requirement_id),
    )
