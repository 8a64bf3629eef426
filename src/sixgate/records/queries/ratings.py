"""What the confidence of many projects is read from, and what their units say of them: a fixed number of queries, plain dataclasses."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from sixgate.records.models import Condition, Finding, ImportedRow, LedgerEvent, Pause, Project, RatingAnswer, SelfRating

RATING_ACTS: Final = ("planning.rate_project", "planning.answer_difference")


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
