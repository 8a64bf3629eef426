"""Rows into frozen facts: the dossiers of many projects in a constant number of queries, every fact with its provenance.

An evidence version becomes facts when it was not withdrawn and, where the kind asks for it, a second person agreed; the newest such version counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sixgate.domain.lifecycle.derived import derived_facts, money_totals
from sixgate.domain.lifecycle.evidence import fact_value
from sixgate.engines.rules.schema import EvidenceKind
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance
from sixgate.records.models import (
    Change,
    Contract,
    EvidenceCheck,
    EvidenceFile,
    EvidenceVersion,
    FundingLine,
    Pause,
    Payment,
    Project,
    ProjectSystem,
    System,
)

PROJECT_TEXTS = ("level", "type", "network", "secrecy", "national_code", "responsible_person")
PROJECT_VALUES = ("amount_fen", "registered_on", "planned_start", "planned_finish")
Sheets = Mapping[str, Sequence[FactSheet]]


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts of a project, of its systems and of its contracts at one moment."""

    project: FactSheet
    subjects: Sheets
    region_code: str


@dataclass(slots=True)
class _Parts:
    """What was read for one project."""

    lines: list[FundingLine] = field(default_factory=list[FundingLine])
    systems: list[System] = field(default_factory=list[System])
    contracts: list[Contract] = field(default_factory=list[Contract])
    payments: list[int] = field(default_factory=list[int])
    approval_changes: int = 0
    evidence: dict[tuple[str, UUID | None], dict[str, Fact]] = field(default_factory=lambda: defaultdict(dict))


def dossier(project_id: UUID, kinds: Mapping[str, EvidenceKind]) -> Dossier:
    """Return the dossier of one project."""
    return dossiers([project_id], kinds)[project_id]


def dossiers(project_ids: Collection[UUID], kinds: Mapping[str, EvidenceKind]) -> dict[UUID, Dossier]:
    """Return dossiers by project id: nine queries whatever the number of projects."""
    projects = {project.id: project for project in Project.objects.filter(pk__in=project_ids)}
    parts: dict[UUID, _Parts] = {key: _Parts() for key in projects}
    _read_rows(parts)
    _read_evidence(parts, kinds)
    return {key: _dossier(project, parts[key]) for key, project in projects.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """The version that counts at one place of evidence, as plain values: ORM objects would cost more than the judging."""

    version_id: UUID
    project_id: UUID
    kind: str
    system_id: UUID | None
    contract_id: UUID | None
    fields: Mapping[str, Any]
    submitted_by: str
    submitted_at: datetime
    checked_by: str
    digest: str


def pauses_of(project_id: UUID) -> list[tuple[date, date | None]]:
    """Return when a project stood still, half-open; the end is None while it still does."""
    return list(Pause.objects.filter(project_id=project_id).order_by("from_day").values_list("from_day", "until_day"))


def counted_versions(project_ids: Collection[UUID], kinds: Mapping[str, EvidenceKind]) -> list[Counted]:
    """Return the version that counts of each place of evidence: the newest one not withdrawn that was agreed to, or needs no check."""
    agreed, disagreed = _checks(project_ids)
    digests = _digests(project_ids)
    found: dict[UUID, Counted] = {}
    for place, version, _number, project, kind_id, system, contract, fields, person, at in _standing_versions(project_ids):
        kind = kinds.get(kind_id)
        if kind is None or place in found or version in disagreed or (kind.second_check and version not in agreed):
            continue
        found[place] = Counted(version, project, kind_id, system, contract, fields, person, at, agreed.get(version, ""), digests.get(version, ""))
    return list(found.values())


def _standing_versions(project_ids: Collection[UUID]) -> Iterable[tuple[Any, ...]]:
    rows = EvidenceVersion.objects.filter(evidence__project_id__in=project_ids, withdrawal=None).order_by("evidence_id", "-number")
    return rows.values_list(
        "evidence_id",
        "id",
        "number",
        "evidence__project_id",
        "evidence__kind",
        "evidence__system_id",
        "evidence__contract_id",
        "fields",
        "submitted_by__name",
        "submitted_at",
    )


def _checks(project_ids: Collection[UUID]) -> tuple[dict[UUID, str], set[UUID]]:
    """Return who agreed to which version, and the versions somebody disagreed with."""
    rows = EvidenceCheck.objects.filter(version__evidence__project_id__in=project_ids).values_list("version_id", "agrees", "checked_by__name")
    checks = list(rows)
    return {version: name for version, agrees, name in checks if agrees}, {version for version, agrees, _ in checks if not agrees}


def _digests(project_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the SM3 of the first file of each version."""
    rows = EvidenceFile.objects.filter(version__evidence__project_id__in=project_ids).order_by("-id").values_list("version_id", "file__sm3")
    return dict(rows)


def _read_rows(parts: Mapping[UUID, _Parts]) -> None:
    for line in FundingLine.objects.filter(project_id__in=parts).order_by("id"):
        parts[line.project_id].lines.append(line)
    for link in ProjectSystem.objects.filter(project_id__in=parts).select_related("system").order_by("id"):
        parts[link.project_id].systems.append(link.system)
    for contract in Contract.objects.filter(project_id__in=parts).order_by("id"):
        parts[contract.project_id].contracts.append(contract)
    for project_id, amount in Payment.objects.filter(contract__project_id__in=parts).values_list("contract__project_id", "amount_fen"):
        parts[project_id].payments.append(amount)
    for project_id, obligations in Change.objects.filter(project_id__in=parts).values_list("project_id", "obligations"):
        parts[project_id].approval_changes += any(item["axis"] == "approval" and item["answer"] == "hit" for item in obligations)


def _read_evidence(parts: Mapping[UUID, _Parts], kinds: Mapping[str, EvidenceKind]) -> None:
    for counted in counted_versions(parts, kinds):
        kind = kinds[counted.kind]
        subject = {"system": counted.system_id, "contract": counted.contract_id}.get(kind.subject)
        parts[counted.project_id].evidence[kind.subject, subject].update(_evidence_facts(counted, kind))


def _evidence_facts(counted: Counted, kind: EvidenceKind) -> dict[str, Fact]:
    proof = Provenance(
        "evidence",
        kind.title,
        reference=str(counted.version_id),
        digest=counted.digest,
        keyed_by=counted.submitted_by,
        checked_by=counted.checked_by,
        at=counted.submitted_at,
    )
    present = f"evidence.{kind.id}.present"
    found = {present: Fact(present, True, proof)}
    for item in kind.fields:
        value = fact_value(item, counted.fields.get(item.id))
        if value is not None:
            name = f"evidence.{kind.id}.{item.id}"
            found[name] = Fact(name, value, proof)
    return found


def _dossier(project: Project, parts: _Parts) -> Dossier:
    facts = _project_facts(project, parts)
    facts.update(parts.evidence.get(("project", None), {}))
    facts.update(derived_facts(facts))
    systems = [_system_sheet(system, parts) for system in parts.systems]
    contracts = [_contract_sheet(contract, parts) for contract in parts.contracts]
    sheet = FactSheet("project", str(project.id), project.name, facts)
    return Dossier(sheet, {"system": systems, "contract": contracts}, project.region_code)


def _project_facts(project: Project, parts: _Parts) -> dict[str, Fact]:
    proof = Provenance("import" if project.import_key else "register", project.name, reference=str(project.id))
    values: dict[str, FactValue | None] = {name: getattr(project, name) or None for name in PROJECT_TEXTS}
    values |= {name: getattr(project, name) for name in PROJECT_VALUES}
    values |= {name: value for name, value in project.traits.items() if isinstance(value, bool)}
    values["screening_passed"] = True if project.screened_on else None
    values["funding"] = tuple(sorted({line.source for line in parts.lines})) or None
    values["approval_changes"] = parts.approval_changes
    values["system_count"] = len(parts.systems) or None
    facts = {f"project.{name}": Fact(f"project.{name}", value, proof) for name, value in values.items() if value is not None}
    totals = money_totals(
        [(contract.amount_fen, contract.original_id is not None) for contract in parts.contracts],
        parts.payments,
        [line.amount_fen for line in parts.lines],
    )
    return {**facts, **totals}


def _system_sheet(system: System, parts: _Parts) -> FactSheet:
    proof = Provenance("register", system.name, reference=str(system.id))
    values: dict[str, FactValue | None] = {"mlps_level": system.mlps_level, "online_on": system.online_on}
    values |= {name: value for name, value in system.traits.items() if isinstance(value, bool)}
    facts = {f"system.{name}": Fact(f"system.{name}", value, proof) for name, value in values.items() if value is not None}
    return FactSheet("system", str(system.id), system.name, facts | parts.evidence.get(("system", system.id), {}))


def _contract_sheet(contract: Contract, parts: _Parts) -> FactSheet:
    proof = Provenance("register", contract.title, reference=str(contract.id))
    supplements = sum(item.amount_fen for item in parts.contracts if item.original_id == contract.id)
    values: dict[str, FactValue] = {"signed_on": contract.signed_on, "amount_fen": contract.amount_fen, "supplement_fen": supplements}
    facts = {f"contract.{name}": Fact(f"contract.{name}", value, proof) for name, value in values.items()}
    return FactSheet("contract", str(contract.id), contract.title, facts | parts.evidence.get(("contract", contract.id), {}))
