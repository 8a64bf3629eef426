"""Rows into frozen facts: the dossiers of many projects in a constant number of queries, every fact with its provenance.

An evidence version becomes facts when it was not withdrawn and, where the kind asks for it, a second person agreed; the newest such version counts.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch

from sixgate.domain.lifecycle.derived import derived_facts, money_totals
from sixgate.domain.lifecycle.evidence import fact_value
from sixgate.engines.rules.schema import EvidenceKind
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance
from sixgate.records.models import Change, Contract, EvidenceVersion, FundingLine, Payment, Project, ProjectSystem, System

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
    """Return dossiers by project id: eight queries whatever the number of projects."""
    projects = {project.id: project for project in Project.objects.filter(pk__in=project_ids)}
    parts: dict[UUID, _Parts] = {key: _Parts() for key in projects}
    _read_rows(parts)
    _read_evidence(parts, kinds)
    return {key: _dossier(project, parts[key]) for key, project in projects.items()}


def effective_versions(project_ids: Collection[UUID], kinds: Mapping[str, EvidenceKind]) -> dict[UUID, EvidenceVersion]:
    """Return the version that counts of each place of evidence, by place id."""
    versions = (
        EvidenceVersion.objects.filter(evidence__project_id__in=project_ids, withdrawal=None)
        .select_related("evidence", "submitted_by")
        .prefetch_related(Prefetch("checks"), "checks__checked_by", "files__file")
        .order_by("evidence_id", "-number")
    )
    counted: dict[UUID, EvidenceVersion] = {}
    for version in versions:
        kind = kinds.get(version.evidence.kind)
        if kind is not None and version.evidence_id not in counted and _admitted(version, kind):
            counted[version.evidence_id] = version
    return counted


def _admitted(version: EvidenceVersion, kind: EvidenceKind) -> bool:
    checks = list(version.checks.all())
    if any(not check.agrees for check in checks):
        return False
    return bool(checks) or not kind.second_check


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
    for version in effective_versions(parts, kinds).values():
        place = version.evidence
        kind = kinds[place.kind]
        subject = {"system": place.system_id, "contract": place.contract_id}.get(kind.subject)
        parts[place.project_id].evidence[kind.subject, subject].update(_evidence_facts(version, kind))


def _evidence_facts(version: EvidenceVersion, kind: EvidenceKind) -> dict[str, Fact]:
    proof = _evidence_proof(version, kind)
    found = {"present": True, **{item.id: fact_value(item, version.fields.get(item.id)) for item in kind.fields}}
    names = {f"evidence.{kind.id}.{name}": value for name, value in found.items() if value is not None}
    return {name: Fact(name, value, proof) for name, value in names.items()}


def _evidence_proof(version: EvidenceVersion, kind: EvidenceKind) -> Provenance:
    files = list(version.files.all())
    agreed = [check for check in version.checks.all() if check.agrees]
    return Provenance(
        "evidence",
        kind.title,
        reference=str(version.id),
        digest=files[0].file.sm3 if files else "",
        keyed_by=version.submitted_by.name,
        checked_by=agreed[0].checked_by.name if agreed else "",
        at=version.submitted_at,
    )


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
