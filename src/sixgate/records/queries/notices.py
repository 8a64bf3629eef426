"""What notices are made from and shown with: who holds which post, whom an act concerns, a person's notices, places and attempts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from sixgate.domain.authority import DutyLike, PostFact, Target, reaches
from sixgate.records.models import (
    Delegation,
    DeliveryAttempt,
    Endpoint,
    EvidenceVersion,
    GateRequest,
    LedgerEvent,
    Message,
    Notice,
    Passage,
    Post,
    Project,
)

OWNER = "OWN"
FAILS_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody in use who holds or is lent a post on a day."""

    holders: Mapping[str, Sequence[tuple[UUID, PostFact]]]  # by duty
    duties: Mapping[str, DutyLike]

    def with_duty(self, duty: str, target: Target) -> set[UUID]:
        """Return the persons whose post of that duty reaches the target."""
        scope = self.duties[duty].scope if duty in self.duties else ""
        return {person for person, post in self.holders.get(duty, ()) if scope and reaches(post, scope, target)}

    def of_body(self, organisation_id: UUID) -> set[UUID]:
        """Return the persons with a post at a body."""
        return {person for held in self.holders.values() for person, post in held if post.organisation_id == organisation_id}


def crowd(day: date, duties: Mapping[str, DutyLike]) -> Crowd:
    """Return who holds or is lent which post on a day, accounts in use only: two queries."""
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    held = [(post.person_id, _fact(post)) for post in Post.objects.filter(in_force, person__is_active=True)]
    lent = Delegation.objects.filter(valid_from__lte=day, valid_until__gt=day, delegate__is_active=True).select_related("post")
    borrowed = [(loan.delegate_id, replace(_fact(loan.post), sees_work_secrets=False)) for loan in lent if _fact(loan.post).holds_on(day)]
    found: dict[str, list[tuple[UUID, PostFact]]] = {}
    for person, fact in (*held, *borrowed):
        found.setdefault(fact.duty, []).append((person, fact))
    return Crowd(found, duties)


def _fact(post: Post) -> PostFact:
    return PostFact(post.duty, post.organisation_id, post.region_code, post.project_id, post.valid_from, post.valid_until, post.sees_work_secrets)


def targets_of(project_ids: Collection[UUID]) -> dict[UUID, Target]:
    """Return what acts on projects touch, by project."""
    rows = Project.objects.filter(pk__in=project_ids).values_list("id", "owner_id", "region_code")
    return {key: Target(owner, region, key) for key, owner, region in rows}


def requester_of(event: LedgerEvent) -> UUID | None:
    """Return who asked for the gate an act was on, None when it was on none."""
    if event.object_type == "gate_request":
        return GateRequest.objects.filter(pk=event.object_id).values_list("requested_by_id", flat=True).first()
    if event.object_type == "passage":
        return Passage.objects.filter(pk=event.object_id).values_list("request__requested_by_id", flat=True).first()
    return None


def submitter_of(event: LedgerEvent) -> UUID | None:
    """Return who handed in the paper an act was on, None when it was on none."""
    if event.object_type != "evidence":
        return None
    return EvidenceVersion.objects.filter(pk=event.object_id).values_list("submitted_by_id", flat=True).first()


def subjects_of(event: LedgerEvent, said: Mapping[str, Any]) -> set[UUID]:
    """Return the persons an act of 授权 was on."""
    found = {str(said.get(key)) for key in ("person", "successor", "delegate") if said.get(key)}
    if event.object_type == "person":
        found.add(event.object_id)
    keys = {UUID(text) for text in found}
    if event.object_type == "delegation":
        keys |= set(Delegation.objects.filter(pk=event.object_id).values_list("post__person_id", flat=True))
    return keys


def inbox_rows(person_id: UUID, most: int, *, unread_only: bool = False) -> list[Notice]:
    """Return a person's notices, newest first, with their projects."""
    rows = Notice.objects.filter(person_id=person_id, **({"read_at": None} if unread_only else {}))
    return list(rows.select_related("project").order_by("-id")[:most])


def unread_count(person_id: UUID) -> int:
    """Return how many notices a person has not read: one query on a partial index."""
    return Notice.objects.filter(person_id=person_id, read_at=None).count()


def last_mail_trouble(person_id: UUID, address: str) -> DeliveryAttempt | None:
    """Return the last attempt to mail a person at an address when it did not arrive; None when it did, or nothing was ever sent."""
    last = DeliveryAttempt.objects.filter(message__person_id=person_id, message__kind="mail", message__address=address).order_by("-id").first()
    return last if last is not None and last.outcome != "sent" else None


def endpoints_shown() -> QuerySet[Endpoint]:
    """Return the places, those in use first, each with how much waits, was given up, and its last attempt that arrived."""
    arrived = DeliveryAttempt.objects.filter(endpoint=OuterRef("pk"), outcome="sent").order_by("-id").values("at")[:1]
    return (
        Endpoint.objects.select_related("organisation")
        .annotate(
            waiting=Count("messages", filter=Q(messages__state="waiting")),
            given_up=Count("messages", filter=Q(messages__state="given_up")),
            arrived_at=Subquery(arrived),
        )
        .order_by("-ended_at", "name")
    )


def heads_of(endpoint_ids: Iterable[UUID]) -> dict[UUID, Message]:
    """Return the first waiting message of each place: the one that holds up the rest."""
    found: dict[UUID, Message] = {}
    first = Message.objects.filter(endpoint=OuterRef("endpoint"), state="waiting").order_by("id").values("id")[:1]
    for row in Message.objects.filter(endpoint_id__in=list(endpoint_ids), state="waiting", id=Subquery(first)):
        if row.endpoint_id is not None:
            found[row.endpoint_id] = row
    return found


def attempts_shown(most: int) -> list[DeliveryAttempt]:
    """Return the latest attempts, newest first, with where they went."""
    return list(DeliveryAttempt.objects.select_related("message", "endpoint", "message__person").order_by("-id")[:most])


def mail_state() -> tuple[int, int, datetime | None]:
    """Return how many mails wait, how many were given up, and when the last one arrived."""
    mails = Message.objects.filter(kind="mail")
    told = mails.aggregate(waiting=Count("id", filter=Q(state="waiting")), given_up=Count("id", filter=Q(state="given_up")))
    last = DeliveryAttempt.objects.filter(message__kind="mail", outcome="sent").order_by("-id").values_list("at", flat=True).first()
    return told["waiting"], told["given_up"], last


def delivery_trouble(since: datetime) -> tuple[int, int, bool]:
    """Return how many messages keep failing (three times or more), how many were given up since a moment, and whether anything was ever tried."""
    failing = Message.objects.filter(state="waiting", attempts__gte=FAILS_OFTEN).exclude(endpoint__ended_at__isnull=False).count()
    given_up = Message.objects.filter(state="given_up", next_at__gte=since).exclude(endpoint__ended_at__isnull=False).count()
    return failing, given_up, DeliveryAttempt.objects.exists()
