"""One project as its page shows it: the head with the six posts, then each section by itself, plain dataclasses in a fixed number of queries.

Verdicts are not read here; codes (gates, duties, kinds) are titled by the door.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from sixgate.records.models import (
    Change,
    Contract,
    FundingLine,
    LedgerEvent,
    OfficialDocument,
    Passage,
    Pause,
    Post,
    Project,
    ProjectLineage,
    ProjectSystem,
    User,
)
from sixgate.records.queries.keyset import Order, slice_of

ACTS: Final = 50
_BY_TIME: Final = Order(("at", "event_id"), (datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)))
_ACT_COLUMNS: Final = ("event_id", "at", "action", "actor_id", "object_type", "object_id", "commitment", "result")


@dataclass(frozen=True, slots=True)
class PassageLine:
    """One decided gate; `counts` is false while a record from paper waits for its second look."""

    gate: str
    outcome: str
    decided_on: date
    counts: bool


@dataclass(frozen=True, slots=True)
class ProjectHead:
    """What stands above every section of a project's page. Money in 分, None where not known."""

    id: UUID
    name: str
    code: str
    national_code: str
    owner_id: UUID
    owner: str
    region_code: str
    responsible: str
    type: str
    level: str
    network: str
    secrecy: str
    amount_fen: int | None
    amount_text: str
    contracted_fen: int | None
    paid_fen: int | None
    planned_start: date | None
    planned_finish: date | None
    registered_on: date
    description: str
    status: str
    traits: Mapping[str, Any]
    stage: str
    next_gate: str
    stale: Mapping[str, int]
    passages: Sequence[PassageLine]
    pause_reason: str
    paused_on: date | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FundingRow:
    """Money of one source in one budget year."""

    year: int
    source: str
    amount_fen: int
    document_no: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment."""

    paid_on: date
    amount_fen: int
    voucher: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract with its supplements and payments; a supplement stands under its original. `total_fen` counts supplements."""

    id: UUID
    title: str
    number: str
    supplier: str
    amount_fen: int
    signed_on: date
    total_fen: int
    paid_fen: int
    payments: Sequence[PaymentRow]
    supplements: Sequence["ContractRow"]

    @property
    def paid_percent(self) -> int:
        """Return how much of the contract is paid, in whole percent, rounded down."""
        return self.paid_fen * 100 // self.total_fen if self.total_fen else 0


@dataclass(frozen=True, slots=True)
class Money:
    """The money section."""

    funding: Sequence[FundingRow]
    funded_fen: int
    contracts: Sequence[ContractRow]
    contracted_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system the project builds or changes."""

    id: UUID
    name: str
    code: str
    owner: str
    mlps_level: int | None
    online_on: date | None
    traits: Mapping[str, Any]
    projects: int


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A filed change with what it entails."""

    id: UUID
    title: str
    reason: str
    filed_on: date
    increase_fen: int
    decrease_fen: int
    obligations: Sequence[Mapping[str, Any]]

    @property
    def due(self) -> list[Mapping[str, Any]]:
        """Return what the change entails for certain."""
        return [item for item in self.obligations if item["answer"] == "hit"]

    @property
    def open(self) -> list[Mapping[str, Any]]:
        """Return what cannot be told for want of facts."""
        return [item for item in self.obligations if item["answer"] != "hit"]


@dataclass(frozen=True, slots=True)
class Kin:
    """A project this one came from or went into."""

    id: UUID
    name: str
    kind: str
    forward: bool
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class PastAct:
    """One ledger event; `action` is its address."""

    id: UUID
    at: datetime
    action: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class PastActs:
    """A page of ledger events, newest first, with the cursors around it."""

    acts: Sequence[PastAct]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Who holds which duty here; `reach` is project | owner | region."""

    duty: str
    person: str
    body: str
    reach: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """An official paper of the project, with the names of its scans."""

    id: UUID
    title: str
    document_no: str
    issued_on: date | None
    issuer: str
    files: Sequence[tuple[str, str]]


def project_head(projects: QuerySet[Project], project_id: UUID) -> ProjectHead | None:
    """Return what stands above every section of one visible project, None when it is not visible: five queries."""
    project = projects.select_related("owner", "state").filter(pk=project_id).first()
    if project is None:
        return None
    pause = Pause.objects.filter(project=project, until_day=None).order_by("-from_day").first()
    contracts = list(Contract.objects.filter(project=project).values_list("amount_fen", flat=True))
    paid = list(Contract.objects.filter(project=project, payments__isnull=False).values_list("payments__amount_fen", flat=True))
    return ProjectHead(
        project.id,
        project.name,
        project.code,
        project.national_code,
        project.owner_id,
        project.owner.name,
        project.region_code,
        project.responsible_person,
        project.type,
        project.level,
        project.network,
        project.secrecy,
        project.amount_fen,
        project.amount_text,
        sum(contracts) if contracts else None,
        sum(paid) if paid else None,
        project.planned_start,
        project.planned_finish,
        project.registered_on,
        project.description,
        project.status,
        project.traits,
        project.state.stage,
        project.state.next_gate,
        project.state.stale_gates,
        _passages(project),
        pause.reason if pause else "",
        pause.from_day if pause else None,
        _counts(project),
    )


def money_of(project_id: UUID) -> Money:
    """Return funding lines and contracts with their payments: three queries."""
    funding = [
        FundingRow(line.budget_year, line.source, line.amount_fen, line.document_no)
        for line in FundingLine.objects.filter(project_id=project_id).order_by("budget_year", "id")
    ]
    rows = list(Contract.objects.filter(project_id=project_id).select_related("supplier").prefetch_related("payments").order_by("signed_on", "id"))
    added: dict[UUID, list[Contract]] = defaultdict(list)
    for row in rows:
        if row.original_id is not None:
            added[row.original_id].append(row)
    contracts = [_contract(row, added.get(row.id, ())) for row in rows if row.original_id is None]
    return Money(
        funding,
        sum(line.amount_fen for line in funding),
        contracts,
        sum(row.amount_fen for row in rows),
        sum(contract.paid_fen for contract in contracts),
    )


def systems_of(project_id: UUID) -> list[SystemRow]:
    """Return the systems a project builds or changes: one query."""
    links = ProjectSystem.objects.filter(project_id=project_id).select_related("system__owner")
    links = links.annotate(projects=Count("system__project_links")).order_by("id")
    return [
        SystemRow(
            link.system_id,
            link.system.name,
            link.system.code,
            link.system.owner.name,
            link.system.mlps_level,
            link.system.online_on,
            link.system.traits,
            link.projects,
        )
        for link in links
    ]


def changes_of(project_id: UUID) -> list[ChangeRow]:
    """Return the changes filed, the latest first: one query."""
    found = Change.objects.filter(project_id=project_id).order_by("-filed_on", "-id")
    return [ChangeRow(row.id, row.title, row.reason, row.filed_on, row.increase_fen, row.decrease_fen, row.obligations) for row in found]


def kin_of(project_id: UUID, visible: QuerySet[Project]) -> list[Kin]:
    """Return the visible projects this one came from or went into: one query."""
    found = ProjectLineage.objects.filter(Q(source_id=project_id) | Q(target_id=project_id)).select_related("source", "target")
    found = found.filter(source__in=visible, target__in=visible).order_by("id")
    kin: list[Kin] = []
    for row in found:
        forward = row.source_id == project_id
        other = row.target if forward else row.source
        kin.append(Kin(other.id, other.name, row.kind, forward, row.amount_fen))
    return kin


def acts_of(project_id: UUID, *, before: str = "", after: str = "") -> PastActs:
    """Return a page of what was done on a project, newest first: two queries."""
    found = LedgerEvent.objects.filter(project_id=project_id)
    part = slice_of(found, _ACT_COLUMNS, _BY_TIME, size=ACTS, descending=True, after=after, before=before)
    people = {row["actor_id"] for row in part.rows if row["actor_id"]}
    names = dict(User.objects.filter(pk__in=people).values_list("id", "name"))
    acts = [PastAct(row["event_id"], row["at"], row["action"], names.get(row["actor_id"], ""), row["commitment"]) for row in part.rows]
    return PastActs(acts, part.before, part.after)


def people_of(head: ProjectHead, regional: Sequence[str], day: date) -> list[PersonRow]:
    """Return who holds duties here today: on the project, in its owner, and the regional duties named: one query."""
    codes = {code for code in (head.region_code, head.region_code[:4] + "00", head.region_code[:2] + "0000") if head.region_code}
    place = Q(project_id=head.id) | Q(project=None, organisation_id=head.owner_id) | Q(project=None, duty__in=regional, region_code__in=codes)
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    found = Post.objects.filter(place, in_force).select_related("person", "organisation").order_by("duty", "organisation__name", "person__name")
    return [
        PersonRow(
            post.duty,
            post.person.name,
            post.organisation.name,
            "project" if post.project_id else "owner" if post.organisation_id == head.owner_id else "region",
            post.valid_from,
            post.valid_until,
        )
        for post in found
        if post.project_id or post.duty in regional or post.organisation_id == head.owner_id
    ]


def papers_of(project_id: UUID) -> list[PaperRow]:
    """Return the official papers of a project, the latest first: two queries."""
    found = OfficialDocument.objects.filter(project_id=project_id).prefetch_related("files").order_by("-issued_on", "-id")
    return [
        PaperRow(row.id, row.title, row.document_no, row.issued_on, row.issuer, [(str(item.id), item.name) for item in row.files.all()])
        for row in found
    ]


def _passages(project: Project) -> list[PassageLine]:
    rows = (
        Passage.objects.filter(project=project).order_by("decided_at", "id").values("gate", "outcome", "decided_on", "source", "check_made__agrees")
    )
    return [
        PassageLine(row["gate"], row["outcome"], row["decided_on"], row["source"] == "system" or row["check_made__agrees"] is True) for row in rows
    ]


def _counts(project: Project) -> dict[str, int]:
    """Return how many entries each section holds."""
    row = Project.objects.filter(pk=project.pk).aggregate(
        evidence=Count("evidence", filter=Q(evidence__latest_number__gt=0), distinct=True),
        money=Count("contracts", distinct=True),
        systems=Count("system_links", distinct=True),
        changes=Count("changes", distinct=True),
        findings=Count("findings", filter=Q(findings__state="open"), distinct=True),
    )
    return {name: int(value) for name, value in row.items()}


def _contract(row: Contract, supplements: Sequence[Contract]) -> ContractRow:
    payments = [PaymentRow(item.paid_on, item.amount_fen, item.voucher) for item in sorted(row.payments.all(), key=lambda item: item.paid_on)]
    return ContractRow(
        row.id,
        row.title,
        row.number,
        row.supplier.name,
        row.amount_fen,
        row.signed_on,
        row.amount_fen + sum(item.amount_fen for item in supplements),
        sum(item.amount_fen for item in payments),
        payments,
        [_contract(item, ()) for item in supplements],
    )
