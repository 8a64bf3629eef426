"""Numbers for the cards of a home page: what stands wrong, late or changed in the projects a reader sees. One query a number, nothing gathered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from sixgate.records.models import Condition, EvidenceVersion, Finding, LedgerEvent, Project, SelfRating, System


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many projects there are, how many have a planned finish, are late, rest on changed facts; conditions past their day."""

    projects: int
    planned: int
    late: int
    changed: int
    conditions: int


@dataclass(frozen=True, slots=True)
class SystemNumbers:
    """How many systems the projects build or change, run, run without a grade, are of grade three or above."""

    all: int
    online: int
    ungraded: int
    level3: int


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A project whose unit says green while the checks found something: how much, and the finding to begin with."""

    project_id: UUID
    project: str
    owner: str
    rated_on: date
    findings: int
    check_ids: tuple[str, ...]


def numbers_of(projects: QuerySet[Project], day: date, accepting: str) -> Numbers:
    """Return the numbers of the projects in being. `late` counts those past their planned finish that have not passed the accepting gate."""
    being = projects.filter(status__in=["active", "suspended"])
    late = Q(planned_finish__lt=day) & ~Q(state__gates_passed__has_key=accepting)
    counted = being.aggregate(
        all=Count("pk"),
        planned=Count("pk", filter=Q(planned_finish__isnull=False)),
        late=Count("pk", filter=late),
        changed=Count("pk", filter=Q(state__isnull=False) & ~Q(state__stale_gates={})),
    )
    conditions = Condition.objects.filter(passage__project__in=being, closed_event=None, due_on__lt=day).count()
    return Numbers(counted["all"], counted["planned"], counted["late"], counted["changed"], conditions)


def open_findings(projects: QuerySet[Project]) -> dict[str, int]:
    """Return how many findings of each check stand open."""
    rows = Finding.objects.filter(project__in=projects, state="open").values("check_id").annotate(count=Count("id"))
    return dict(rows.values_list("check_id", "count"))


def systems_of(projects: QuerySet[Project]) -> SystemNumbers:
    """Return the numbers of the systems the projects are linked to."""
    found = System.objects.filter(project_links__project__in=projects).aggregate(
        all=Count("pk", distinct=True),
        online=Count("pk", filter=Q(online_on__isnull=False), distinct=True),
        ungraded=Count("pk", filter=Q(online_on__isnull=False, mlps_level__isnull=True), distinct=True),
        level3=Count("pk", filter=Q(mlps_level__gte=3), distinct=True),
    )
    return SystemNumbers(found["all"], found["online"], found["ungraded"], found["level3"])


def unchecked_count(projects: QuerySet[Project], owners: Collection[UUID]) -> int:
    """Return how many latest papers of the owners' projects nobody has compared with their scan yet."""
    mine = projects.filter(owner_id__in=owners, status="active")
    latest = EvidenceVersion.objects.filter(evidence__project__in=mine, number=F("evidence__latest_number"), withdrawal=None)
    return latest.filter(checks=None).count()


def acts_since(moment: datetime, project_ids: QuerySet[Project] | None) -> Mapping[str, int]:
    """Return how many acts were entered, denied, and took something away since a moment; of some projects, or of all."""
    found = LedgerEvent.objects.filter(at__gte=moment)
    if project_ids is not None:
        found = found.filter(project_id__in=project_ids.values("pk"))
    return found.aggregate(
        acts=Count("pk", filter=Q(result="ok")),
        denied=Count("pk", filter=Q(result="denied")),
        exports=Count("pk", filter=Q(action__in=["planning.export_register", "planning.export_papers"], result="ok")),
    )


def doubtful(projects: QuerySet[Project], most: int) -> tuple[list[Doubtful], int]:
    """Return the projects whose newest self-rating is green while findings stand open, those with the most first, and how many there are."""
    newest = SelfRating.objects.filter(project=OuterRef("pk")).order_by("-on", "-id")
    rated = projects.filter(self_ratings__isnull=False, status="active").distinct()
    green = rated.annotate(colour=Subquery(newest.values("colour")[:1]), rated_on=Subquery(newest.values("on")[:1])).filter(colour="green")
    found = Project.objects.filter(pk__in=Finding.objects.filter(state="open", project__in=green).values("project_id"))
    named = green.filter(pk__in=found.values("pk")).annotate(open=Count("findings", filter=Q(findings__state="open"), distinct=True))
    rows = list(named.order_by("-open", "planned_finish", "id").values("id", "name", "owner__name", "rated_on", "open")[:most])
    total = len(rows) if len(rows) < most else named.count()
    checks: dict[UUID, list[str]] = {row["id"]: [] for row in rows}
    for project, check in Finding.objects.filter(project_id__in=checks, state="open").order_by("first_seen").values_list("project_id", "check_id"):
        checks[project].append(check)
    return [Doubtful(row["id"], row["name"], row["owner__name"], row["rated_on"], row["open"], tuple(checks[row["id"]])) for row in rows], total
