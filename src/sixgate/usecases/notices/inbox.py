"""A person's notices as pages show them; marking them read. Reading is no act, so the ledger has nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext

from sixgate.records.models import Notice
from sixgate.records.queries.notices import inbox_rows, unread_count
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, now, today
from sixgate.usecases._offers import gates_in, speaks_english
from sixgate.usecases.notices.rules import rules

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """Notices that say the same, as one line with how often; `at` is the latest. `project_id` is None where it concerns none, or none the reader may still see."""

    id: UUID
    text: str
    at: datetime
    urgent: bool
    read: bool
    project_id: UUID | None
    gate: str
    times: int = 1


def inbox(actor: Actor) -> tuple[list[Line], int]:
    """Return the latest notices of a person and how many are unread in all."""
    return _lines(actor, inbox_rows(actor.id, SHOWN)), unread_count(actor.id)


def unread(person_id: UUID) -> int:
    """Return how many notices a person has not read."""
    return unread_count(person_id)


def mark_read(actor: Actor, notice_id: UUID | None = None) -> int:
    """Mark one of the actor's notices as read with those that say the same, or all; return how many were unread. Other persons' are never touched."""
    rows = Notice.objects.filter(person_id=actor.id, read_at=None)
    if notice_id is not None:
        shown = Notice.objects.filter(person_id=actor.id, pk=notice_id).values("rule", "project_id", "gate", "what", "day").first()
        rows = rows.filter(**shown) if shown is not None else rows.none()
    return rows.update(read_at=now())


def lines_of(actor: Actor, rows: Sequence[Notice]) -> list[str]:
    """Return the texts of notices as a person reads them."""
    return [gettext("{text}（{n} 次）").format(text=line.text, n=line.times) if line.times > 1 else line.text for line in _lines(actor, rows)]


def _lines(actor: Actor, rows: Sequence[Notice]) -> list[Line]:
    keys = {row.project_id for row in rows if row.project_id}
    seen = set(visible_projects(actor.posts, dict(_law.duties(today()))).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    alike: dict[tuple[object, ...], list[Notice]] = {}
    for row in rows:
        alike.setdefault((row.rule, row.project_id, row.gate, row.what, row.day, row.read_at is None), []).append(row)
    return [replace(_line(found[0], seen), times=len(found)) for found in alike.values()]


def _line(row: Notice, seen: set[UUID]) -> Line:
    rule, english = rules().by_id().get(row.rule), speaks_english()
    visible = row.project is not None and row.project_id in seen
    hidden = gettext("一个您现在看不到的项目")
    gates = gates_in(row.project.region_code) if visible and row.project is not None else {}
    places = {
        "project": row.project.name if visible and row.project is not None else hidden,
        "gate": gates[row.gate].title if row.gate in gates else "",
        "what": row.what if visible else "",
        "day": row.day.isoformat() if row.day else "",
    }
    template = "" if rule is None else rule.en if english else rule.text
    text = template.format(**places) if rule is not None else row.rule
    return Line(row.id, text, row.at, row.urgent, row.read_at is not None, row.project_id if visible else None, row.gate if visible else "")
