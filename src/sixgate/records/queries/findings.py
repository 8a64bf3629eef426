"""Findings as pages show them: a list narrowed by state, unit and check, one with its words, counts. Scoped by the projects given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from sixgate.domain.authority import ADMINISTRATIVE, DutyLike, PostFact, region_prefix
from sixgate.records.models import Finding, FindingWord, Project, System
from sixgate.records.queries.keyset import Order, slice_of

PAGE: Final = 50
ORPHANS: Final = 200
UNRESOLVED: Final = ("open", "explained", "accepted")
_ORDERS: Final = {
    "check": Order(("check_id", "id"), ("", None)),
    "project": Order(("project__name", "id"), ("", None)),
    "owner": Order(("project__owner__name", "id"), ("", None)),
}
_COLUMNS: Final = (
    "id",
    "check_id",
    "subject_type",
    "subject_id",
    "subject_title",
    "state",
    "accepted_until",
    "owner_duty",
    "first_seen",
    "last_seen",
    "resolved_on",
    "times",
    "project_id",
    "project__name",
    "project__owner_id",
    "project__owner__name",
    "project__region_code",
    "facts",
)


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What a reader narrows the list to; empty means everything, a state of "" everything not resolved."""

    state: str = ""
    check_id: str = ""  # one, or several parted by commas
    owner_id: UUID | None = None
    project_id: UUID | None = None
    batch_id: UUID | None = None  # of an import: the projects it brought in or changed
    sort: str = "check"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding with the facts it was found on; codes are titled by the door."""

    id: UUID
    check_id: str
    subject_type: str
    subject_id: str
    subject_title: str
    state: str
    accepted_until: date | None
    owner_duty: str
    first_seen: date
    last_seen: date
    resolved_on: date | None
    times: int
    project_id: UUID
    project: str
    owner_id: UUID
    owner: str
    region_code: str
    facts: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Findings and the cursors around them, with how many fit in all."""

    rows: list[FindingRow]
    before: str
    after: str
    total: int


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of a finding."""

    kind: str
    text: str
    until: date | None
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding and what was said of it, the latest first."""

    row: FindingRow
    words: Sequence[Word]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A system linked to no project."""

    id: UUID
    name: str
    owner: str


def finding_list(projects: QuerySet[Project], wanted: FindingFilter, *, after: str = "", before: str = "") -> FindingPage:
    """Return one page of the findings that fit: one query for the rows, one for the count where a page does not hold all."""
    found = _fitting(projects, wanted)
    part = slice_of(found, _COLUMNS, _ORDERS.get(wanted.sort, _ORDERS["check"]), size=PAGE, after=after, before=before)
    total = len(part.rows) if not part.before and not part.after else found.count()
    return FindingPage([_row(row) for row in part.rows], part.before, part.after, total)


def finding_view(projects: QuerySet[Project], finding_id: UUID) -> FindingView | None:
    """Return one finding on a visible project, None when it is not visible: two queries."""
    row = Finding.objects.filter(pk=finding_id, project__in=projects).values(*_COLUMNS).first()
    if row is None:
        return None
    words = FindingWord.objects.filter(finding_id=finding_id).order_by("-at", "-id")
    said = [Word(*item) for item in words.values_list("kind", "text", "until", "person__name", "at")]
    return FindingView(_row(row), said)


def counts_by_state(projects: QuerySet[Project]) -> dict[str, int]:
    """Return how many findings stand in each state: one query."""
    rows = Finding.objects.filter(project__in=projects).values("state").annotate(count=Count("id")).values_list("state", "count")
    return dict(rows)


def counts_by_check(projects: QuerySet[Project], states: Sequence[str] = UNRESOLVED) -> dict[str, int]:
    """Return how many findings of each check stand in the given states: one query."""
    rows = Finding.objects.filter(project__in=projects, state__in=states).values("check_id").annotate(count=Count("id"))
    return dict(rows.values_list("check_id", "count"))


def owners_with_findings(projects: QuerySet[Project]) -> list[tuple[str, str]]:
    """Return the units whose projects have findings, by name, with how many wait: one query."""
    rows = Finding.objects.filter(project__in=projects, state__in=UNRESOLVED).values("project__owner_id", "project__owner__name")
    counted = rows.annotate(count=Count("id")).order_by("project__owner__name")
    return [(str(row["project__owner_id"]), f"{row['project__owner__name']} ({row['count']})") for row in counted]


def projects_to_look_at() -> list[UUID]:
    """Return every project the checks look at: all that are not withdrawn."""
    return list(Project.objects.filter(withdrawn=False).order_by("pk").values_list("pk", flat=True))


def orphan_systems(posts: Iterable[PostFact], duties: Mapping[str, DutyLike]) -> list[Orphan]:
    """Return the systems linked to no project whose owner the posts reach, by name: one query."""
    reach = Q(pk__in=[])
    for post in posts:
        if post.duty not in ADMINISTRATIVE and post.project_id is None and post.duty in duties:
            own = Q(owner_id=post.organisation_id)
            reach |= Q(owner__region__code__startswith=region_prefix(post.region_code)) if duties[post.duty].scope == "region" else own
    found = System.objects.filter(reach, project_links=None)
    return [Orphan(*row) for row in found.order_by("name", "id").values_list("id", "name", "owner__name")[:ORPHANS]]


def _fitting(projects: QuerySet[Project], wanted: FindingFilter) -> QuerySet[Finding]:
    found = Finding.objects.filter(project__in=projects)
    found = found.filter(state=wanted.state) if wanted.state else found.filter(state__in=UNRESOLVED)
    if wanted.check_id:
        found = found.filter(check_id__in=wanted.check_id.split(","))
    if wanted.batch_id:
        found = found.filter(project__in=Project.objects.filter(imports__batch_id=wanted.batch_id))
    exact = {"project__owner_id": wanted.owner_id, "project_id": wanted.project_id}
    return found.filter(**{name: value for name, value in exact.items() if value})


def _row(row: Mapping[str, Any]) -> FindingRow:
    return FindingRow(*(row[name] for name in _COLUMNS))
