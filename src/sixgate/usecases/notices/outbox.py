"""What is to go out: events to webhooks in the order of the ledger, mails, counts to robots; and what became of each attempt.

A place gets one message at a time: while its first one waits to be tried again, those behind it wait too, so order holds. Delivery is at least once:
whoever crashes between sending and recording sends again, with the same id. The door sends; this module only says what, and remembers.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from sixgate.domain.authority import matches
from sixgate.domain.notices.timing import retry_at
from sixgate.records.models import DeliveryAttempt, Endpoint, LedgerEvent, Message
from sixgate.usecases._derived import webhook_secret
from sixgate.usecases.notices.gather import reach_back

QUEUED_AT_ONCE: Final = 1_000
OLD_SECRET_SIGNS: Final = timedelta(days=1)
ROBOT_PER_MINUTE: Final = 20
MINUTE: Final = timedelta(minutes=1)
SOURCE: Final = "cn.sixgate"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message ready to go. `id` is the event's where there is one: it is the same at every attempt and every replay."""

    message_id: UUID
    id: str
    kind: str
    body: bytes = b""
    url: str = ""
    secrets: tuple[str, ...] = ()
    robot: str = ""
    address: str = ""
    subject: str = ""
    text: str = ""


def queue_events(at: datetime) -> int:
    """Queue for every webhook in use what happened since its cursor; return how many messages are new."""
    return sum(_queue(row, at) for row in Endpoint.objects.filter(kind="webhook", ended_at=None).order_by("id"))


def _queue(endpoint: Endpoint, at: datetime) -> int:
    queued = Message.objects.filter(endpoint=endpoint, round=endpoint.round, event_id=OuterRef("event_id"))
    low = max(endpoint.floor, reach_back(endpoint.cursor))
    events = LedgerEvent.objects.filter(~Exists(queued), event_id__gte=low).order_by("event_id").values_list("event_id", "action")
    rows: list[Message] = []
    last = endpoint.cursor
    for event_id, action in events.iterator():
        last = max(last, event_id)
        if any(matches(pattern, action) for pattern in endpoint.acts):
            rows.append(Message(kind="webhook", endpoint=endpoint, event_id=event_id, round=endpoint.round, made_at=at, next_at=at))
        if len(rows) >= QUEUED_AT_ONCE:
            break
    with transaction.atomic():
        here = Endpoint.objects.select_for_update(of=("self",)).get(pk=endpoint.pk)
        if here.round != endpoint.round or here.ended_at is not None:  # replayed or ended meanwhile: the next run has the new cursor
            return 0
        Message.objects.bulk_create(rows, batch_size=500)
        Endpoint.objects.filter(pk=endpoint.pk).update(cursor=last)
    return len(rows)


def places_waiting(at: datetime) -> list[UUID]:
    """Return the places in use for which something may go now."""
    rows = Message.objects.filter(state="waiting", endpoint__ended_at=None, endpoint__isnull=False, next_at__lte=at)
    return sorted({key for key in rows.values_list("endpoint_id", flat=True).distinct() if key is not None})


def next_for(endpoint_id: UUID, at: datetime) -> Parcel | None:
    """Return the first waiting message of a place when its time has come and the place may take one more now, else None."""
    row = Message.objects.filter(endpoint_id=endpoint_id, state="waiting").select_related("endpoint").order_by("id").first()
    if row is None or row.next_at > at or row.endpoint is None or row.endpoint.ended_at is not None:
        return None
    if row.kind == "robot":
        if DeliveryAttempt.objects.filter(endpoint_id=endpoint_id, at__gt=at - MINUTE).count() >= ROBOT_PER_MINUTE:
            return None
        return Parcel(row.id, str(row.id), row.endpoint.kind, robot=row.endpoint.robot, text=row.text)
    event = LedgerEvent.objects.get(event_id=_known(row.event_id))
    return Parcel(row.id, str(event.event_id), "webhook", cloud_event(event), row.endpoint.url, _secrets(row.endpoint, at))


def mails_waiting(at: datetime, most: int) -> list[Parcel]:
    """Return the mails whose time has come, the longest due first."""
    rows = Message.objects.filter(kind="mail", state="waiting", next_at__lte=at).order_by("next_at")[:most]
    return [Parcel(row.id, str(row.id), "mail", address=row.address, subject=row.subject, text=row.text) for row in rows]


def record(parcel: Parcel, at: datetime, outcome: str, reason: str = "", status: int | None = None) -> str:
    """Write down an attempt; return what the message is now: sent, waiting for another attempt, or given_up (refused for good, or too old)."""
    with transaction.atomic():
        row = Message.objects.select_for_update(of=("self",)).get(pk=parcel.message_id)
        row.attempts += 1
        DeliveryAttempt.objects.create(
            message=row, endpoint_id=row.endpoint_id, number=row.attempts, at=at, outcome=outcome, status=status, reason=reason[:200]
        )
        again = retry_at(row.made_at, at, row.attempts, str(row.id)) if outcome == "failed" else None
        row.state = "sent" if outcome == "sent" else "waiting" if again is not None else "given_up"
        row.next_at = again or at
        if row.kind == "mail" and row.state == "sent":
            row.text = ""  # it has arrived; nobody needs a second copy of what it said
        row.save(update_fields=["attempts", "state", "next_at", "text"])
    return row.state


def cloud_event(event: LedgerEvent) -> bytes:
    """Return an act as a CloudEvent (1.0, structured JSON): what was done to which object and the ledger's commitment; no names, no texts, no payload."""
    told = {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": f"/sixgate/{settings.DEPLOYMENT}",
        "type": f"{SOURCE}.{event.action}",
        "subject": f"{event.object_type}/{event.object_id}",
        "time": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"result": event.result, "project_id": str(event.project_id) if event.project_id else None, "commitment": event.commitment},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _known(event_id: UUID | None) -> UUID:
    assert event_id is not None, "a webhook's message is about an event"
    return event_id


def _secrets(endpoint: Endpoint, at: datetime) -> tuple[str, ...]:
    young = endpoint.rotated_at is not None and at - endpoint.rotated_at < OLD_SECRET_SIGNS
    versions: Sequence[int] = [endpoint.secret_version, *([endpoint.secret_version - 1] if young else [])]
    return tuple(webhook_secret(endpoint.id, version) for version in versions)
