"""One requirement explained from the pack alone: the manual page every requirement has without a line of code."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from sixgate.domain.axes import STAGE_TITLES
from sixgate.domain.lifecycle.evidence import fields_schema
from sixgate.domain.lifecycle.wording import clause_text, label_of, value_text
from sixgate.engines.rules.evaluate import effect
from sixgate.engines.rules.schema import Case, Clause, EvidenceKind, Pack, Requirement
from sixgate.kernel.refusal import Invisible
from sixgate.usecases._frame import today
from sixgate.usecases._project import law_for
from sixgate.usecases.lifecycle.reading._rights import duty_title, speaks_english


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A threshold a requirement reads, as it stands today."""

    title: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case: what it is called, what must come out, the facts it is judged on in words."""

    name: str
    expect: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """What a requirement asks, why, from whom, and how it is judged."""

    id: str
    title: str
    gate: str
    gate_title: str
    stage: str
    kind: str
    scope: str
    effect: str
    confidence: str
    checked_on: date | None
    remedy: str
    supplier: str
    when: str
    require: str
    reads: tuple[str, ...]
    clauses: tuple[tuple[str, Clause], ...]
    evidence: tuple[EvidenceKind, ...]
    parameters: tuple[ParameterLine, ...]
    examples: tuple[Example, ...]


def requirement_page(requirement_id: str, jurisdiction: str = "") -> RequirementPage:
    """Return the page of a requirement as it holds today in a jurisdiction; raise Invisible when there is none."""
    pack, activated = law_for(jurisdiction, today(), english=speaks_english())
    rule = pack.requirements.get(requirement_id)
    if rule is None:
        raise Invisible
    gate = pack.gates.get(rule.gate)
    reads = _reads(pack, rule)
    return RequirementPage(
        rule.id,
        rule.title,
        rule.gate,
        gate.title if gate else "",
        STAGE_TITLES[gate.stage] if gate else "",
        rule.kind,
        rule.scope,
        effect(rule, activated),
        rule.confidence,
        rule.checked_on,
        rule.remedy,
        duty_title(rule.supplier),
        rule.when,
        rule.require,
        tuple(label_of(pack, name, gettext) for name in reads),
        tuple((clause_text(clause), clause) for clause in rule.clauses),
        tuple(pack.evidence[kind] for kind in rule.evidence if kind in pack.evidence),
        _parameters(pack, reads),
        tuple(Example(case.name, case.expect, _facts(pack, case)) for case in pack.cases if case.target == rule.id),
    )


def kind_schema(kind_id: str, jurisdiction: str = "") -> dict[str, Any]:
    """Return the JSON Schema of a kind's fields as it holds today in a jurisdiction; raise Invisible when there is none."""
    kind = law_for(jurisdiction, today(), english=speaks_english())[0].evidence.get(kind_id)
    if kind is None:
        raise Invisible
    return fields_schema(kind)


def _reads(pack: Pack, rule: Requirement) -> tuple[str, ...]:
    names = [name for text in (rule.when, rule.require) if text for name in pack.language.compile(text).reads]
    return tuple(dict.fromkeys(names))


def _facts(pack: Pack, case: Case) -> tuple[tuple[str, str], ...]:
    return tuple((label_of(pack, name, gettext), value_text(pack, name, value, gettext)) for name, value in case.facts.items())


def _parameters(pack: Pack, reads: tuple[str, ...]) -> tuple[ParameterLine, ...]:
    used = [pack.parameters[name.removeprefix("parameter.")] for name in reads if name.startswith("parameter.")]
    dated = [(parameter, parameter.value_on(today())) for parameter in used]
    return tuple(
        ParameterLine(item.title, value_text(pack, f"parameter.{item.id}", value.value if value else None, gettext), item.source)
        for item, value in dated
    )
