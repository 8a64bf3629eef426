"""What the confidence of many projects is read from, and what their units say of them: a fixed number of queries, plain dataclasses.

Every plan of a project's end is kept: the ledger holds what each amendment and change replaced, an import what stood before it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from sixgate.records.models import Condition, Finding, ImportedRow, LedgerEvent, Pause, Project, RatingAnswer, SelfRating, User

RATING_ACTS: Final = ("planning.rate_project", "planning.answer_difference")
AMENDS: Final = "planning.amend_project"
FILES: Final = ".file_change"


@dataclass(frozen=True, slots=True)
class PlannedFinish:
    """One plan of a project's end, and the act that set it; without an act where it came in with the register."""

    day: date
    event_id: UUID | None = None
    action: str = ""
    at: datetime | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A unit's answer with the factors as they were then."""

    id: UUID
    confidence_bp: int
    version: str
    factors: Sequence[Mapping[str, Any]]
    text: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rated:
    """What a unit said of its project; `answers` are its own words on the difference."""

    id: UUID
    project_id: UUID
    colour: str
    note: str
    on: date
    at: datetime
    person: str
    answers: Sequence[Answered]


@dataclass(frozen=True, slots=True)
class Reported:
    """A status word that came in with a register, and when."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """What else speaks of a project: dated conditions of its approvals, findings, the last act that was no rating, its pauses (half-open)."""

    conditions: int = 0
    conditions_overdue: int = 0
    findings: int = 0
    findings_open: int = 0
    last_act: datetime | None = None
    pauses: Sequence[tuple[date, date | None]] = ()


def planned_finishes(project_ids: Collection[UUID]) -> dict[UUID, list[PlannedFinish]]:
    """Return every planned end of each project in the order it was set, the original first; a plan set again to the same day counts once."""
    now = dict(Project.objects.filter(pk__in=project_ids).values_list("id", "planned_finish"))
    steps: dict[UUID, list[_Step]] = defaultdict(list)
    for step in (*_acts(project_ids), *_imports(project_ids)):
        steps[step.project_id].append(step)
    return {key: _plans(sorted(steps[key], key=lambda step: step.at), day) for key, day in now.items()}


def ratings_of(project_ids: Collection[UUID]) -> dict[UUID, list[Rated]]:
    """Return the self-ratings of each project with their answers, newest first."""
    found: dict[UUID, list[Rated]] = defaultdict(list)
    rows = SelfRating.objects.filter(project_id__in=project_ids).select_related("person", "event")
    answers = RatingAnswer.objects.filter(rating__project_id__in=project_ids).select_related("person").order_by("at", "id")
    by_rating: dict[UUID, list[Answered]] = defaultdict(list)
    for item in answers:
        by_rating[item.rating_id].append(
            Answered(item.id, item.confidence_bp, item.weights_version, item.factors, item.text, item.person.name, item.at)
        )
    for row in rows.order_by("-event__at", "-id"):
        rated = Rated(row.id, row.project_id, row.colour, row.note, row.on, row.event.at, row.person.name, by_rating.get(row.id, ()))
        found[row.project_id].append(rated)
    return found


def newest_rated(projects: QuerySet[Project], most: int) -> list[UUID]:
    """Return the visible active projects whose units rated them, the latest rating first."""
    rated = projects.filter(status="active", self_ratings__isnull=False)
    return list(rated.annotate(rated_at=Max("self_ratings__event__at")).order_by("-rated_at", "id").values_list("id", flat=True)[:most])


def reported_in(projects: QuerySet[Project], words: Collection[str], most: int) -> list[UUID]:
    """Return the visible active projects that came in with one of the status words and have no rating of their own, the newest first."""
    found = projects.filter(status="active", status_report__in=words, self_ratings__isnull=True)
    return list(found.order_by("-id").values_list("id", flat=True)[:most])


def reports_of(project_ids: Collection[UUID]) -> dict[UUID, Reported]:
    """Return the status word of each project that came in with a register, and when it last came."""
    rows = ImportedRow.objects.filter(project_id__in=project_ids, batch__undone_event=None).exclude(project__status_report="")
    found = rows.values("project_id", "project__status_report").annotate(at=Max("event__at"))
    return {row["project_id"]: Reported(row["project__status_report"], row["at"]) for row in found}


def counts_of(project_ids: Collection[UUID], on: date) -> dict[UUID, Counts]:
    """Return conditions, findings, the last act and the pauses of each project."""
    conditions = Condition.objects.filter(passage__project_id__in=project_ids).values_list("passage__project_id")
    open_late = Q(closed_event=None, due_on__lt=on)
    by_condition = {key: (total, late) for key, total, late in conditions.annotate(total=Count("id"), late=Count("id", filter=open_late))}
    findings = Finding.objects.filter(project_id__in=project_ids).values_list("project_id")
    by_finding = {key: (total, still) for key, total, still in findings.annotate(total=Count("id"), still=Count("id", filter=Q(state="open")))}
    acts = LedgerEvent.objects.filter(project_id__in=project_ids, result="ok").exclude(action__in=RATING_ACTS)
    last = dict(acts.order_by().values_list("project_id").annotate(at=Max("at")))
    pauses: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for key, since, until in Pause.objects.filter(project_id__in=project_ids).order_by("from_day").values_list("project_id", "from_day", "until_day"):
        pauses[key].append((since, until))
    return {key: Counts(*by_condition.get(key, (0, 0)), *by_finding.get(key, (0, 0)), last.get(key), pauses.get(key, ())) for key in project_ids}


@dataclass(frozen=True, slots=True)
class _Step:
    """One act on the planned end; what it left is None where the act itself does not say."""

    project_id: UUID
    at: datetime
    before: date | None
    after: date | None
    event_id: UUID
    action: str
    person: str


def _acts(project_ids: Collection[UUID]) -> Iterable[_Step]:
    events = LedgerEvent.objects.filter(Q(action=AMENDS) | Q(action__endswith=FILES), project_id__in=project_ids, result="ok")
    rows: list[tuple[Any, ...]] = list(events.exclude(payload=None).values_list("event_id", "project_id", "at", "action", "actor_id", "payload"))
    names = dict(User.objects.filter(pk__in={row[4] for row in rows}).values_list("id", "name"))
    for event, project, at, action, actor, payload in rows:
        said = json.loads(bytes(payload))
        before, after = said.get("planned_finish_before"), said.get("planned_finish")
        if action == AMENDS:
            before, after = (said.get(side, {}).get("planned_finish") for side in ("before", "after"))
        if after:
            yield _Step(project, at, _day(before), _day(after), event, action, names.get(actor, ""))


def _imports(project_ids: Collection[UUID]) -> Iterable[_Step]:
    rows = ImportedRow.objects.filter(project_id__in=project_ids, effect="changed", batch__undone_event=None).select_related("event")
    for row in rows:
        before: Mapping[str, Any] = row.before or {}
        if "planned_finish" in before:
            yield _Step(row.project_id, row.event.at, _day(before["planned_finish"]), None, row.event_id, row.event.action, "")


def _plans(steps: Sequence[_Step], now: date | None) -> list[PlannedFinish]:
    """Walk the acts in time: what an act does not tell is what the next one replaced, or what stands now."""
    found: list[PlannedFinish] = []
    first = steps[0].before if steps else now
    if first is not None:
        found.append(PlannedFinish(first))
    for index, step in enumerate(steps):
        after = step.after or (steps[index + 1].before if index + 1 < len(steps) else now)
        if after is not None and (not found or found[-1].day != after):
            found.append(PlannedFinish(after, step.event_id, step.action, step.at, step.person))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
