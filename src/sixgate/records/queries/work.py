"""What is under way: open requests with the words given, papers and records waiting for a second look, conditions due, projects standing still.

Whose turn it is, duties and law decide; this module only reads what lies there, each kind in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from sixgate.domain.lifecycle.joint import Word
from sixgate.records.models import Condition, DissentStep, EvidenceVersion, GateRequest, Passage, Post, Project, SignOff

FEW: Final = 500  # of what waits in the whole place
OPEN_STATES = ("open", "coordination", "leading_group")


@dataclass(frozen=True, slots=True)
class Place:
    """The project a matter belongs to, with what its rights depend on."""

    project_id: UUID
    project: str
    owner_id: UUID
    owner: str
    region_code: str


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits for words or a decision."""

    id: UUID
    place: Place
    gate: str
    state: str
    order: str
    requested_by: UUID
    requested_at: datetime
    sign_by: date
    co_signers: Sequence[Mapping[str, Any]]
    words: Sequence[Word]
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A paper (`what` its kind) or a recorded decision (`what` its gate) nobody has compared with its scan yet."""

    id: UUID
    place: Place
    what: str
    number: int
    by: UUID
    at: datetime
    work_secret: bool


@dataclass(frozen=True, slots=True)
class OpenCondition:
    """A condition of an approval that is not closed."""

    id: UUID
    place: Place
    gate: str
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Still:
    """A project whose next gate nobody has asked for; `returned` holds the reason when the last request was sent back."""

    place: Place
    next_gate: str
    moved_at: datetime | None
    returned: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a frozen verdict table lacks."""

    unmet: int
    unknown: int
    first: str


def open_requests(projects: QuerySet[Project]) -> list[OpenRequest]:
    """Return every open request on the projects, the earliest day to sign first: three queries."""
    mine = GateRequest.objects.filter(project__in=projects, state__in=OPEN_STATES)
    rows = list(
        mine.order_by("sign_by", "id").values(
            "id", "gate", "state", "order", "requested_by_id", "requested_at", "sign_by", "co_signers", *_place_columns("project")
        )
    )
    words, steps = _words([row["id"] for row in rows]), _steps([row["id"] for row in rows])
    return [
        OpenRequest(
            row["id"],
            _place(row, "project"),
            row["gate"],
            row["state"],
            row["order"],
            row["requested_by_id"],
            row["requested_at"],
            row["sign_by"],
            row["co_signers"],
            words.get(row["id"], ()),
            steps.get(row["id"], ()),
        )
        for row in rows
    ]


def unchecked_papers(projects: QuerySet[Project]) -> list[Unchecked]:
    """Return the latest versions that were neither checked nor taken back, oldest first; whether a kind asks for a check its pack says."""
    waiting = EvidenceVersion.objects.filter(number=F("evidence__latest_number"), checks=None, withdrawal=None)
    found = _first(waiting, evidence__project__in=projects, evidence__project__status="active")
    columns = ("id", "number", "submitted_by_id", "submitted_at", "work_secret", "evidence__kind", *_place_columns("evidence__project"))
    return [
        Unchecked(
            row["id"],
            _place(row, "evidence__project"),
            row["evidence__kind"],
            row["number"],
            row["submitted_by_id"],
            row["submitted_at"],
            row["work_secret"],
        )
        for row in found.order_by("submitted_at").values(*columns)
    ]


def unchecked_records(projects: QuerySet[Project]) -> list[Unchecked]:
    """Return the decisions recorded from paper that nobody has compared with their scan, oldest first."""
    found = _first(Passage.objects.filter(check_made=None).exclude(source="system"), project__in=projects, project__status="active")
    columns = ("id", "gate", "decided_by_id", "decided_at", *_place_columns("project"))
    return [
        Unchecked(row["id"], _place(row, "project"), row["gate"], 1, row["decided_by_id"], row["decided_at"], False)
        for row in found.order_by("decided_at").values(*columns)
    ]


def _first(waiting: QuerySet[Any], **visible: Any) -> QuerySet[Any]:
    """Return what waits and is visible. What waits anywhere is looked up first where it is little: asked in one, a database begins with the projects."""
    keys = list(waiting.order_by().values_list("pk", flat=True)[: FEW + 1])
    return (waiting.model._default_manager.filter(pk__in=keys) if len(keys) <= FEW else waiting).filter(**visible)


def open_conditions(projects: QuerySet[Project]) -> list[OpenCondition]:
    """Return the conditions not yet closed, the earliest due first."""
    found = Condition.objects.filter(passage__project__in=projects, closed_event=None, passage__project__status="active")
    columns = ("id", "text", "due_on", "passage__gate", *_place_columns("passage__project"))
    return [
        OpenCondition(row["id"], _place(row, "passage__project"), row["passage__gate"], row["text"], row["due_on"])
        for row in found.order_by("due_on", "id").values(*columns)
    ]


def standing_still(projects: QuerySet[Project], owners: Collection[UUID], most: int) -> tuple[list[Still], int]:
    """Return the owners' active projects whose next gate nobody has asked for, the longest unmoved first, and how many there are."""
    asked = GateRequest.objects.filter(project=OuterRef("pk"), state__in=OPEN_STATES)
    found = projects.filter(~Exists(asked), ~Q(state__next_gate=""), owner_id__in=owners, status="active")
    rows = list(found.order_by(F("state__moved_at").asc(nulls_last=True), "id").values(*_own_columns(), "state__next_gate", "state__moved_at")[:most])
    total = len(rows) if len(rows) < most else found.count()
    returned = _returned([(row["id"], row["state__next_gate"]) for row in rows])
    return [Still(_own_place(row), row["state__next_gate"], row["state__moved_at"], returned.get(row["id"], "")) for row in rows], total


def lacking(request_ids: Collection[UUID]) -> dict[UUID, Lacking]:
    """Return what the frozen verdict tables of requests lack, by request id."""
    found: dict[UUID, Lacking] = {}
    for key, verdicts in GateRequest.objects.filter(pk__in=request_ids).values_list("id", "verdicts"):
        back = [row for row in verdicts if row.get("holds_back")]
        unmet = sum(row["verdict"] == "unmet" for row in back)
        found[key] = Lacking(unmet, len(back) - unmet, back[0]["title"] if back else "")
    return found


def bodies_of(duties: Collection[str], day: date) -> dict[str, list[tuple[str, str]]]:
    """Return who holds a duty today, by duty: region code and name of the body."""
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    rows = Post.objects.filter(in_force, duty__in=duties, project=None).values_list("duty", "region_code", "organisation__name").distinct()
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for duty, region, name in rows.order_by("duty", "organisation__name"):
        found[duty].append((region, name))
    return found


def _words(ids: Collection[UUID]) -> dict[UUID, list[Word]]:
    found: dict[UUID, list[Word]] = defaultdict(list)
    for key, duty, number, agrees in SignOff.objects.filter(request_id__in=ids).values_list("request_id", "duty", "round", "agrees"):
        found[key].append(Word(duty, number, agrees))
    return found


def _steps(ids: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for key, kind in DissentStep.objects.filter(request_id__in=ids).order_by("at").values_list("request_id", "kind"):
        found[key].append(kind)
    return found


def _returned(gates: Sequence[tuple[UUID, str]]) -> dict[UUID, str]:
    """Return the reason of the last return of each project's gate, where its last passage is one."""
    wanted = dict(gates)
    last: dict[UUID, str] = {}
    rows = Passage.objects.filter(project_id__in=wanted).order_by("decided_at", "id").values_list("project_id", "gate", "outcome", "reason")
    for project, gate, outcome, reason in rows:
        if wanted[project] == gate:
            last[project] = reason if outcome == "returned" else ""
    return last


def _place_columns(path: str) -> tuple[str, ...]:
    return (f"{path}_id", f"{path}__name", f"{path}__owner_id", f"{path}__owner__name", f"{path}__region_code")


def _place(row: Mapping[str, Any], path: str) -> Place:
    return Place(*(row[name] for name in _place_columns(path)))


def _own_columns() -> tuple[str, ...]:
    return ("id", "name", "owner_id", "owner__name", "region_code")


def _own_place(row: Mapping[str, Any]) -> Place:
    return Place(*(row[name] for name in _own_columns()))
