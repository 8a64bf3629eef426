"""What if: the same judgement on supposed facts or a supposed threshold, and what would be different. Pure; nothing supposed is ever stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sixgate.domain.lifecycle.derived import derived_facts
from sixgate.domain.lifecycle.evidence import fact_value
from sixgate.domain.lifecycle.gate import GateJudgement
from sixgate.engines.rules.schema import Dated, DatedValue, EvidenceKind, Pack
from sixgate.kernel.provenance import Fact, FactSheet, Provenance
from sixgate.kernel.text import gettext_noop

SUPPOSED = gettext_noop("假设")
Sheets = Mapping[str, Sequence[FactSheet]]


@dataclass(frozen=True, slots=True)
class Shift:
    """One requirement whose verdict would be another."""

    requirement_id: str
    title: str
    subject_title: str
    before: str
    after: str


def with_evidence(
    project: FactSheet, subjects: Sheets, kind: EvidenceKind, fields: Mapping[str, object], subject_id: str = ""
) -> tuple[FactSheet, Sheets]:
    """Return the facts as they would be with one more piece of evidence, checked; `fields` as stored, `subject_id` of the system or contract."""
    proof = Provenance("given", SUPPOSED)
    name = f"evidence.{kind.id}"
    new = {f"{name}.present": Fact(f"{name}.present", True, proof)}
    for field in kind.fields:
        value = fact_value(field, fields.get(field.id))
        if value is not None:
            new[f"{name}.{field.id}"] = Fact(f"{name}.{field.id}", value, proof)
    if kind.subject == "project":
        facts = {**project.facts, **new}
        return replace(project, facts={**facts, **derived_facts(facts)}), subjects
    own = [replace(sheet, facts={**sheet.facts, **new}) if sheet.subject_id == subject_id else sheet for sheet in subjects.get(kind.subject, ())]
    return project, {**subjects, kind.subject: own}


def with_parameter(pack: Pack, parameter_id: str, value: Dated) -> Pack:
    """Return the pack as it would be with another value of one parameter, whatever the day."""
    known = pack.parameters[parameter_id]
    return replace(pack, parameters={**pack.parameters, parameter_id: replace(known, values=(DatedValue(value, date.min, None),))})


def shifts(before: GateJudgement, after: GateJudgement) -> tuple[Shift, ...]:
    """Return the requirements whose verdict differs, in the order of mending as it is now."""
    then = {(row.requirement.id, row.outcome.subject_id): row.outcome.verdict for row in after.rows}
    found: list[Shift] = []
    for row in before.rows:
        new = then.get((row.requirement.id, row.outcome.subject_id))
        if new is not None and new != row.outcome.verdict:
            title = row.outcome.subject_title if row.outcome.subject_type != "project" else ""
            found.append(Shift(row.requirement.id, row.requirement.title, title, row.outcome.verdict.value, new.value))
    return tuple(found)
