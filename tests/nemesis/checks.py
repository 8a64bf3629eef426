"""What must hold after every kill, looked at in the database itself: nothing acknowledged lost, nothing done twice, ledger and state of one mind."""

import json
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from nemesis.clients import Journal
from sixgate.engines.ledger.canonical import commitment
from sixgate.records.models import EvidenceVersion, IdempotencyKey, LedgerEvent, Passage, Project, ProjectState, SignOff
from sixgate.usecases._frame import today
from sixgate.usecases._project import standing


def broken(journal: Journal) -> list[str]:
    """Return every promise broken and every contradiction, in words."""
    return [*_lost(journal), *_doubled(), *_tampered(), *_of_two_minds(), *_damaged(), *journal.refused]


def _lost(journal: Journal) -> Iterator[str]:
    events = set(LedgerEvent.objects.filter(result="ok").values_list("event_id", flat=True))
    known = {row.key: row.answer for row in IdempotencyKey.objects.all()}
    for key, (step, answer) in list(journal.promised.items()):
        if UUID(answer["event"]) not in events:
            yield f"lost: {step.address} {key} was acknowledged as {answer['event']}"
        if known.get(key, answer)["event"] != answer["event"]:
            yield f"answered differently: {key}"
        if "project" in answer and step.address.endswith("register_project") and not Project.objects.filter(pk=answer["project"]).exists():
            yield f"lost: project {answer['project']}"


def _doubled() -> Iterator[str]:
    for what, names in (
        ("project", Project.objects.values_list("name", flat=True)),
        ("passage", Passage.objects.values_list("project_id", "gate")),
        ("signature", SignOff.objects.values_list("request_id", "duty", "round")),
        ("paper", EvidenceVersion.objects.values_list("evidence_id", "number")),
        ("event of one act", LedgerEvent.objects.filter(action__endswith="decide_gate", result="ok").values_list("object_id", flat=True)),
    ):
        yield from (f"twice: {what} {name} ({count})" for name, count in Counter(names).items() if count > 1)


def _tampered() -> Iterator[str]:
    for event in LedgerEvent.objects.iterator():
        header, payload, salt = json.loads(bytes(event.header)), bytes(event.payload or b""), bytes(event.salt or b"")
        if not header["payload_c"] == event.commitment == commitment(salt, payload) or header["id"] != str(event.event_id):
            yield f"ledger: {event.event_id} does not prove its content"


def _of_two_minds() -> Iterator[str]:
    """Compare the projection of every project with the replay of its history, and every registered project with its event."""
    registered = {
        UUID(key) for key in LedgerEvent.objects.filter(action="planning.register_project", result="ok").values_list("object_id", flat=True)
    }
    imported = set(Project.objects.exclude(import_key="").values_list("id", flat=True))
    for key in set(Project.objects.values_list("id", flat=True)) - registered - imported:
        yield f"effect without event: project {key}"
    for key in registered - set(Project.objects.values_list("id", flat=True)):
        yield f"event without effect: project {key}"
    for state in ProjectState.objects.all():
        course = standing(state.project_id, today()).course
        if (state.stage, state.next_gate, state.gates_passed) != (course.stage, course.next_gate, dict(course.passed)):
            yield f"projection: {state.project_id} is not what its history says"


def _damaged() -> Iterator[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (told := cursor.fetchall()) != [("ok",)]:
                yield f"database: {told}"
