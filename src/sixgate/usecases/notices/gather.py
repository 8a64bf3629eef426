"""Reads the ledger from where it stopped and tells persons what happened; looks at what is late and climbs the ladder. Each thing is told to each person once.

Events are ordered by their id, which is made before the transaction ends: so the last hour is read again each time, and what was told already is passed over.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from sixgate.domain.authority import Target, matches
from sixgate.domain.lifecycle.joint import CoSigner, joint_state
from sixgate.domain.notices.rules import Rule
from sixgate.domain.notices.timing import highest_step
from sixgate.kernel.identity import first_uuid_at
from sixgate.kernel.workcalendar import national
from sixgate.records.models import GateRequest, LedgerEvent, Notice, NoticeCursor, Project
from sixgate.records.models.row import new_row_id
from sixgate.records.queries.notices import OWNER, Crowd, crowd, requester_of, subjects_of, submitter_of, targets_of
from sixgate.records.queries.work import OPEN_STATES, OpenRequest, open_conditions, open_requests
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI
from sixgate.usecases._offers import duties_with, spoken_pack
from sixgate.usecases.notices.rules import rules

PERSONS: Final = "persons"
OVERLAP: Final = timedelta(hours=1)
AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing to tell some persons."""

    rule: Rule
    key: str
    persons: frozenset[UUID]
    project_id: UUID | None = None
    gate: str = ""
    what: str = ""
    day: date | None = None
    at: datetime | None = None


def gather_happenings(at: datetime) -> int:
    """Tell persons what the ledger says happened since the last run; return how many notices are new. The first run only marks where the ledger stands."""
    cursor = NoticeCursor.objects.filter(name=PERSONS).first()
    if cursor is None:
        here = new_row_id()
        NoticeCursor.objects.create(name=PERSONS, event_id=here, floor=here)
        return 0
    events = list(LedgerEvent.objects.filter(event_id__gt=cursor.event_id, result="ok").order_by("event_id")[:AT_ONCE])
    early = LedgerEvent.objects.filter(event_id__gte=max(cursor.floor, reach_back(cursor.event_id)), event_id__lte=cursor.event_id, result="ok")
    tellings = list(_tellings([*_untold(early), *events], at))
    with transaction.atomic():
        new = keep(tellings, at)
        if events:
            NoticeCursor.objects.filter(name=PERSONS).update(event_id=events[-1].event_id)
    return new


def _untold(events: Iterable[LedgerEvent]) -> list[LedgerEvent]:
    """Return the events that concern a rule and of which nobody was told by their own id: most were, and need no second look."""
    found = {event.event_id.hex: event for event in events if any(matches(act, event.action) for rule in rules().happenings for act in rule.acts)}
    keys = [f"{rule.id}:{key}" for key in found for rule in rules().happenings]
    told: set[str] = set()
    for start in range(0, len(keys), 500):
        told |= {key.partition(":")[2] for key in Notice.objects.filter(key__in=keys[start : start + 500]).values_list("key", flat=True)}
    return [event for key, event in found.items() if key not in told]


def reach_back(event_id: UUID) -> UUID:
    """Return the smallest id an hour before another: what was begun by then and committed late is still found."""
    return first_uuid_at((event_id.int >> 80) - int(OVERLAP.total_seconds() * 1000))


def keep(tellings: Iterable[Telling], at: datetime) -> int:
    """Store what was not told yet; return how many notices are new."""
    wanted = {(person, telling.key): telling for telling in tellings for person in telling.persons}
    known: set[tuple[UUID, str]] = set()
    keys = sorted({key for _person, key in wanted})
    for start in range(0, len(keys), 500):
        known |= set(Notice.objects.filter(key__in=keys[start : start + 500]).values_list("person_id", "key"))
    rows = [
        Notice(
            person_id=person,
            key=key,
            rule=telling.rule.id,
            project_id=telling.project_id,
            gate=telling.gate,
            what=telling.what[:200],
            day=telling.day,
            urgent=telling.rule.urgent,
            at=telling.at or at,
        )
        for (person, key), telling in wanted.items()
        if (person, key) not in known
    ]
    Notice.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _tellings(events: Iterable[LedgerEvent], at: datetime) -> Iterable[Telling]:
    concerned = [(event, rule) for event in events for rule in rules().happenings if any(matches(act, event.action) for act in rule.acts)]
    if not concerned:
        return
    day = at.astimezone(SHANGHAI).date()
    told = _Told(crowd(day, _law.duties(day)), targets_of({event.project_id for event, _rule in concerned if event.project_id}))
    for event, rule in concerned:
        said = json.loads(bytes(event.payload)) if event.payload is not None else {}
        persons = told.persons(rule, event, said)
        if persons:
            yield Telling(rule, told.key(rule, event), frozenset(persons), event.project_id, told.gate(event, said), at=event.at)


class _Told:
    """Finds the persons a rule names for an act; who acted is not told what they did."""

    def __init__(self, people: Crowd, targets: Mapping[UUID, Target]) -> None:
        self.people, self.targets = people, targets
        self.requests: dict[str, OpenRequest | None] = {}

    def persons(self, rule: Rule, event: LedgerEvent, said: Mapping[str, Any]) -> set[UUID]:
        target = self.targets.get(event.project_id) if event.project_id else None
        found: set[UUID | None] = set()
        for word in rule.tell:
            if word == "requester":
                found.add(requester_of(event))
            elif word == "submitter":
                found.add(submitter_of(event))
            elif word == "subject":
                found |= subjects_of(event, said)
            elif target is not None:
                request = self.request(event) if word == "awaited" else None
                found |= _by_place(word, target, self.people) if word != "awaited" else awaited(request, self.people) if request else set()
        return {person for person in found if person is not None and person != event.actor_id}

    def key(self, rule: Rule, event: LedgerEvent) -> str:
        """Return what makes a telling one: the act; for a turn the request and how far its dissent has come, so that each word of others tells nobody anew."""
        request = self.request(event) if "awaited" in rule.tell else None
        return f"{rule.id}:{event.event_id.hex}" if request is None else f"{rule.id}:{request.id.hex}:{request.state}:{len(request.steps)}"

    def request(self, event: LedgerEvent) -> OpenRequest | None:
        if event.object_type != "gate_request":
            return None
        if event.object_id not in self.requests:
            mine = Project.objects.filter(gate_requests__id=event.object_id, gate_requests__state__in=OPEN_STATES)
            self.requests[event.object_id] = next((item for item in open_requests(mine) if str(item.id) == event.object_id), None)
        return self.requests[event.object_id]

    def gate(self, event: LedgerEvent, said: Mapping[str, Any]) -> str:
        if "gate" in said:
            return str(said["gate"])
        if event.object_type == "gate_request":
            return GateRequest.objects.filter(pk=event.object_id).values_list("gate", flat=True).first() or ""
        return ""


def _by_place(word: str, target: Target, people: Crowd) -> set[UUID]:
    duty = OWNER if word == "owner" else word.removeprefix("duty:")
    return people.with_duty(duty, target)


def awaited(request: OpenRequest, people: Crowd) -> set[UUID]:
    """Return the persons whose turn an open request is: the next to sign, then who decides; in dissent, who coordinates or settles."""
    target = Target(request.place.owner_id, request.place.region_code, request.place.project_id)
    gate = spoken_pack(request.place.region_code).gates.get(request.gate)
    if gate is None:
        return set()
    if request.state != "open":
        duties: tuple[str, ...] = duties_with("coordinate_dissent" if request.state == "coordination" else "settle_dissent")[:1]
    else:
        signers = [CoSigner(item["duty"], item["title"]) for item in request.co_signers]
        joint = joint_state(signers, request.words, request.order, request.steps.count("settled"), overruled="overruled" in request.steps)
        duties = tuple(joint.next) if joint.missing else (gate.decider,)
    return {person for duty in duties for person in people.with_duty(duty, target)}


def climb_ladder(at: datetime) -> int:
    """Tell the next higher persons of what is late, each step once and only the highest reached; return how many notices are new."""
    day = at.astimezone(SHANGHAI).date()
    people, ladder = crowd(day, _law.duties(day)), rules().ladder
    active = Project.objects.filter(withdrawn=False, status="active")
    return keep([*_late_requests(active, people, ladder, day), *_late_conditions(active, people, ladder, day)], at)


def _late_requests(active: Any, people: Crowd, ladder: Iterable[Rule], day: date) -> Iterable[Telling]:
    steps = [rule for rule in ladder if rule.of == "request"]
    for request in open_requests(active.filter(gate_requests__state__in=OPEN_STATES, gate_requests__sign_by__lt=day)):
        rule = highest_step(steps, national().workdays_between(request.sign_by, day))
        if rule is None:
            continue
        target = Target(request.place.owner_id, request.place.region_code, request.place.project_id)
        persons: set[UUID] = {request.requested_by} if "requester" in rule.tell else set()
        for word in rule.tell:
            if word != "requester":
                persons |= awaited(request, people) if word == "awaited" else _by_place(word, target, people)
        key = f"{rule.id}:{request.id.hex}"
        yield Telling(rule, key, frozenset(persons), request.place.project_id, request.gate, day=request.sign_by)


def _late_conditions(active: Any, people: Crowd, ladder: Iterable[Rule], day: date) -> Iterable[Telling]:
    steps = [rule for rule in ladder if rule.of == "condition"]
    for condition in open_conditions(active):
        rule = highest_step(steps, national().workdays_between(condition.due_on, day)) if condition.due_on < day else None
        if rule is None:
            continue
        target = Target(condition.place.owner_id, condition.place.region_code, condition.place.project_id)
        persons = {person for word in rule.tell if word not in ("requester", "awaited") for person in _by_place(word, target, people)}
        yield Telling(rule, f"{rule.id}:{condition.id.hex}", frozenset(persons), condition.place.project_id, condition.gate, day=condition.due_on)
