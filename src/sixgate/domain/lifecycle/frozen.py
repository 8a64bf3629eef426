"""The frozen state a decision is bound to: the material facts a gate rests on, their digest, and what differs later.

Material are all facts the gate's requirements read, except evidence fields the pack declares immaterial, and always the axes; where an approval
authority decides, also the amount and the number of filed changes that touch what it approved.
Parameters are the law's, not the project's: they are frozen by the pack digest.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sixgate.engines.ledger.canonical import canonical, sm3_hex
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance

AXES = (
    "project.level",
    "project.type",
    "project.network",
    "project.secrecy",
    "project.funding",
    "project.is_fixed_asset",
)
APPROVED_CONTENT = ("project.amount_fen", "project.approval_changes")
APPROVING = "APR"

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One material fact that is no longer what it was when the state was frozen; None means "not known"."""

    subject_id: str
    subject_title: str
    name: str
    before: FactValue | None
    after: FactValue | None


@functools.lru_cache(maxsize=256)
def material_names(pack: Pack, gate_id: str) -> frozenset[str]:
    """Return the names of the facts that matter to a gate."""
    names = {*AXES, *(APPROVED_CONTENT if pack.gates[gate_id].decider == APPROVING else ())}
    for requirement in pack.requirements.values():
        if requirement.gate == gate_id:
            for text in (requirement.when, requirement.require):
                if text:
                    names.update(pack.language.compile(text).reads)
    return frozenset(name for name in names if not name.startswith("parameter.")) - immaterial_names(pack)


def immaterial_names(pack: Pack) -> frozenset[str]:
    """Return the evidence fields whose change does not make an approval stale."""
    return frozenset(f"evidence.{kind.id}.{field.id}" for kind in pack.evidence.values() for field in kind.fields if not field.material)


def freeze(project: FactSheet, subjects: Mapping[str, Sequence[FactSheet]], names: Iterable[str]) -> list[Plain]:
    """Return the material facts of all subjects as plain rows, in a fixed order, each with its provenance."""
    wanted = sorted(names)
    sheets = [project, *(sheet for kind in sorted(subjects) for sheet in subjects[kind])]
    return [plain_fact(sheet, sheet.facts[name]) for sheet in sheets for name in wanted if name in sheet.facts]


def plain_fact(sheet: FactSheet, fact: Fact) -> Plain:
    """Return one fact with subject and provenance as JSON values; dates as text."""
    proof = fact.provenance
    return {
        "subject": sheet.subject_type,
        "subject_id": sheet.subject_id,
        "subject_title": sheet.subject_title,
        "name": fact.name,
        "value": plain_value(fact.value),
        "kind": proof.kind,
        "source": proof.source,
        "reference": proof.reference,
        "digest": proof.digest,
        "keyed_by": proof.keyed_by,
        "checked_by": proof.checked_by,
        "at": proof.at.isoformat() if proof.at else "",
        "formula": proof.formula,
    }


def plain_value(value: FactValue) -> object:
    """Return a fact's value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def digest(frozen: Sequence[Plain]) -> str:
    """Return the SM3 digest over subjects, names and values; provenance may be completed later without breaking it."""
    core = [{key: row[key] for key in ("subject", "subject_id", "name", "value")} for row in frozen]
    return sm3_hex(canonical(core))


def differences(before: Sequence[Plain], after: Sequence[Plain]) -> tuple[Difference, ...]:
    """Return what changed, appeared or vanished between two frozen states, in the order of names."""
    old, new = _by_place(before), _by_place(after)
    changed: list[Difference] = []
    for place in sorted({*old, *new}, key=lambda item: (item[1], item[0])):
        was, now = old.get(place), new.get(place)
        if (was and was["value"]) != (now and now["value"]) or (was is None) != (now is None):
            row = now or was or {}
            changed.append(
                Difference(place[0], str(row.get("subject_title", "")), place[1], was["value"] if was else None, now["value"] if now else None)
            )
    return tuple(changed)


def thawed(rows: Sequence[Plain]) -> list[Fact]:
    """Return frozen rows as facts for showing; dates stay text."""
    return [
        Fact(
            row["name"],
            _thawed_value(row["value"]),
            Provenance(row["kind"], row["source"], row["reference"], row["digest"], row["keyed_by"], row["checked_by"], None, row["formula"]),
        )
        for row in rows
    ]


def _thawed_value(value: Any) -> FactValue:
    return tuple(cast("list[str]", value)) if isinstance(value, list) else value


def _by_place(rows: Sequence[Plain]) -> dict[tuple[str, str], Plain]:
    return {(row["subject_id"], row["name"]): row for row in rows}
