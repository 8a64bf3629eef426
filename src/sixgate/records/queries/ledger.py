"""The ledger as pages show it: acts a reader may see, newest first, and one act with its proof recomputed now from the stored bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from sixgate.engines.ledger.canonical import canonical, commitment, sm3_hex
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import EvidenceVersion, LedgerEvent, LedgerPending, Organisation, Project, User
from sixgate.records.queries.keyset import Order, readable, slice_of

PAGE = 50
_BY_TIME: Final = Order(("at", "event_id"), (datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)))
_COLUMNS: Final = ("event_id", "at", "action", "actor_id", "project_id", "object_type", "object_id", "result", "commitment")
LEAF: Final = b"\x00"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes: everything for the auditor, else the acts on visible projects, one's own, and those on one's own account."""

    person_id: UUID
    sees_all: bool
    projects: "QuerySet[Project]"


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What to narrow the ledger to; days are whole legal days, both included."""

    action: str = ""
    person: str = ""
    person_id: UUID | None = None
    project: str = ""
    project_id: UUID | None = None
    object_id: str = ""
    result: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One act in the list."""

    id: UUID
    at: datetime
    action: str
    person_id: UUID | None
    person: str
    project_id: UUID | None
    project: str
    object_type: str
    object_id: str
    result: str
    commitment: str


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Acts and the cursors of the pages around them."""

    rows: Sequence[EventRow]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing recomputed from the stored bytes; `holds` is None when there is nothing left to compute it from."""

    title: str
    holds: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EventProof:
    """One act with the exact bytes of its header, what was said where the reader may know it, and what was checked just now."""

    row: EventRow
    header: str
    payload: str
    said: Mapping[str, Any]
    hidden: bool
    erased_at: datetime | None
    leaf: str
    pending: bool
    organisation: str
    on_behalf: str
    duties: Sequence[str]
    door: str
    app_version: str
    checks: Sequence[Check]


def ledger_page(reader: Reader, wanted: LedgerFilter, zone: tzinfo, *, after: str = "", before: str = "") -> LedgerPage:
    """Return a page of acts, newest first."""
    found = _narrowed(_readable(reader), wanted, zone)
    page = slice_of(found, _COLUMNS, _BY_TIME, size=PAGE, descending=True, after=after, before=before)
    return LedgerPage(_rows(page.rows), page.before, page.after)


def events_named(reader: Reader, key: UUID, most: int) -> list[EventRow]:
    """Return the acts a reader may see that bear an id or were done to the thing of that id, the latest first: three queries."""
    found = _readable(reader).filter(Q(pk=key) | Q(object_id=str(key)) | Q(project_id=key)).order_by("-at", "-event_id")
    return _rows(list(found.values(*_COLUMNS)[:most]))


def turns(cursor: str) -> bool:
    """Tell whether a cursor belongs to the ledger's pages."""
    return readable(cursor, _BY_TIME)


def actions_on_record() -> Sequence[str]:
    """Return the actions that occur in the ledger."""
    return sorted(LedgerEvent.objects.order_by().values_list("action", flat=True).distinct())


def event_proof(reader: Reader, event_id: UUID, *, opens_secrets: bool) -> EventProof | None:
    """Return one act with its checks, None when the reader cannot see it. Work secrets are shown to those who may open them only."""
    event = _readable(reader).filter(pk=event_id).first()
    if event is None:
        return None
    header = bytes(event.header)
    facts = json.loads(header)
    payload = bytes(event.payload) if event.payload is not None else None
    hidden = not opens_secrets and _work_secret(event)
    shown = payload.decode() if payload is not None and not hidden else ""
    (row,) = _rows([{name: getattr(event, name) for name in _COLUMNS}])
    actor = facts["actor"]
    return EventProof(
        row,
        header.decode(),
        shown,
        json.loads(shown) if shown else {},
        hidden,
        event.erased_at,
        sm3_hex(LEAF + header),
        LedgerPending.objects.filter(pk=event_id).exists(),
        _name(Organisation, actor.get("org")),
        _name(User, facts.get("on_behalf")),
        actor.get("roles", []),
        facts.get("door", ""),
        facts.get("app_ver", ""),
        _checks(event, header, facts, payload),
    )


def _readable(reader: Reader) -> "QuerySet[LedgerEvent]":
    if reader.sees_all:
        return LedgerEvent.objects.all()
    own = Q(actor_id=reader.person_id) | Q(object_type="person", object_id=str(reader.person_id))
    return LedgerEvent.objects.filter(own | Q(project_id__in=reader.projects.values("pk")))


def _narrowed(found: "QuerySet[LedgerEvent]", wanted: LedgerFilter, zone: tzinfo) -> "QuerySet[LedgerEvent]":
    plain = {
        "action": wanted.action,
        "actor_id": wanted.person_id,
        "project_id": wanted.project_id,
        "object_id": wanted.object_id,
        "result": wanted.result,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if wanted.person:
        found = found.filter(actor_id__in=User.objects.filter(Q(name__icontains=wanted.person) | Q(username=wanted.person)).values("pk"))
    if wanted.project:
        found = found.filter(project_id__in=Project.objects.filter(name__icontains=wanted.project).values("pk"))
    if wanted.since is not None:
        found = found.filter(at__gte=datetime.combine(wanted.since, time.min, zone))
    if wanted.until is not None:
        found = found.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time.min, zone))
    return found


def _rows(rows: Sequence[Mapping[str, Any]]) -> list[EventRow]:
    people = dict(User.objects.filter(pk__in={row["actor_id"] for row in rows}).values_list("id", "name"))
    projects = dict(Project.objects.filter(pk__in={row["project_id"] for row in rows}).values_list("id", "name"))
    return [
        EventRow(
            row["event_id"], row["at"], row["action"], row["actor_id"], people.get(row["actor_id"], ""), row["project_id"],
            projects.get(row["project_id"], ""), row["object_type"], row["object_id"], row["result"], row["commitment"],
        )
        for row in rows
    ]  # fmt: skip


def _name(model: type[Organisation] | type[User], key: str | None) -> str:
    return (model._default_manager.filter(pk=key).values_list("name", flat=True).first() or "") if key else ""


def _work_secret(event: LedgerEvent) -> bool:
    return event.object_type == "evidence" and EvidenceVersion.objects.filter(pk=event.object_id, work_secret=True).exists()


def _checks(event: LedgerEvent, header: bytes, facts: Mapping[str, Any], payload: bytes | None) -> list[Check]:
    promise = None if payload is None or event.salt is None else commitment(bytes(event.salt), payload)
    columns = (
        (str(event.event_id), facts["id"]),
        (event.action, facts["act"]),
        (event.result, facts["res"]),
        ({"type": event.object_type, "id": event.object_id}, facts["obj"]),
        (int(event.at.timestamp() * 1_000_000), facts["ts"]),
        (str(event.actor_id), facts["actor"]["uid"]),
        (event.commitment, facts["payload_c"]),
    )
    return [
        Check(gettext_noop("内容与当时的承诺一致（HMAC-SM3）"), None if promise is None else promise == facts["payload_c"], promise or ""),
        Check(gettext_noop("列表中显示的各项与记录头一致"), all(column == said for column, said in columns)),
        Check(gettext_noop("记录头是规范字节（RFC 8785）"), canonical(facts) == header),
    ]
