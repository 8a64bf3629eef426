"""The budget year as pages read it: the calls a person may see, their applications page by page, sums by state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from sixgate.domain.authority import ADMINISTRATIVE, PostFact, region_prefix
from sixgate.records.models import Project, YearApplication, YearCall

PAGE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application in a list."""

    id: UUID
    project_id: UUID
    project: str
    owner: str
    source: str
    asked_fen: int
    state: str
    filed_on: date
    complete_by: date | None
    wanting: str
    score: int | None
    score_note: str
    document_no: str


@dataclass(frozen=True, slots=True)
class ApplicationHead:
    """One application with its reasons, and the project it is for."""

    call_id: UUID
    project_id: UUID
    project: str
    owner: str
    owner_id: UUID
    region_code: str
    source: str
    asked_fen: int
    goals: str
    need: str
    plan: str
    wanting: str


def visible_calls(posts: Iterable[PostFact]) -> QuerySet[YearCall]:
    """Return the calls of the regions the posts lie in, those above and those below."""
    reach = Q(pk__in=[])
    for post in posts:
        if post.duty in ADMINISTRATIVE:
            continue
        if not post.region_code:
            return YearCall.objects.all()
        code = post.region_code
        reach |= Q(region_code__in=[code[:2] + "0000", code[:4] + "00", code]) | Q(region_code__startswith=region_prefix(code))
    return YearCall.objects.filter(reach)


def open_calls(posts: Iterable[PostFact], day: date) -> tuple[tuple[str, str], ...]:
    """Return the calls that may be applied under, as choices: those open on a day, and those with an application returned and not overdue."""
    returned = YearApplication.objects.filter(state="returned", complete_by__gte=day).values("call_id")
    found = visible_calls(posts).filter(Q(opens_on__lte=day, closes_on__gte=day) | Q(pk__in=returned)).order_by("-budget_year", "title")
    return tuple((str(call.id), f"{call.budget_year} {call.title}") for call in found[:MOST])


def applications(call: YearCall, projects: QuerySet[Project], state: str, start: int) -> tuple[ApplicationRow, ...]:
    """Return up to one row more than a page of a call's applications in the projects given, in their order."""
    found = YearApplication.objects.filter(call=call, project__in=projects)
    if state:
        found = found.filter(state=state)
    rows = found.select_related("project__owner", "funding_line").order_by(F("score").desc(nulls_last=True), "asked_fen", "filed_on", "id")
    return tuple(_row(row) for row in rows[start : start + PAGE + 1])


def _row(row: YearApplication) -> ApplicationRow:
    line = row.funding_line
    return ApplicationRow(
        row.id, row.project_id, row.project.name, row.project.owner.name, row.source, row.asked_fen, row.state, row.filed_on, row.complete_by,
        row.wanting, row.score, row.score_note, line.document_no if line else "",
    )  # fmt: skip


def sums(call: YearCall, projects: QuerySet[Project]) -> dict[str, tuple[int, int]]:
    """Return how many applications and how much money stand in each state, in the projects given."""
    found = YearApplication.objects.filter(call=call, project__in=projects).values("state").annotate(n=Count("id"), fen=Sum("asked_fen")).order_by()
    return {row["state"]: (row["n"], row["fen"]) for row in found}


def accepted(call: YearCall) -> list[YearApplication]:
    """Return the applications of a call that wait to be allotted."""
    return list(YearApplication.objects.filter(call=call, state="complete").select_related("project__owner"))


def without_application(call: YearCall, projects: QuerySet[Project]) -> tuple[tuple[tuple[UUID, str, str], ...], int]:
    """Return the first projects under a call that have not applied, with their owners, and how many there are."""
    found = projects.filter(status="active", region_code__startswith=region_prefix(call.region_code)).exclude(year_applications__call=call)
    rows = tuple(found.order_by("name", "id").values_list("id", "name", "owner__name")[:20])
    return rows, found.count()


def filed_before(project_id: UUID, call_id: UUID, source: str) -> YearApplication | None:
    """Return what a project already asks of one source under a call."""
    return YearApplication.objects.filter(project=project_id, call=call_id, source=source).first()


def application_head(projects: QuerySet[Project], application_id: UUID) -> ApplicationHead | None:
    """Return one application of the projects given, None where it is not among them."""
    row = YearApplication.objects.filter(pk=application_id, project__in=projects).select_related("project__owner").first()
    if row is None:
        return None
    project = row.project
    return ApplicationHead(
        row.call_id, project.id, project.name, project.owner.name, project.owner_id, project.region_code,
        row.source, row.asked_fen, row.goals, row.need, row.plan, row.wanting,
    )  # fmt: skip
