"""Rows of a portfolio as of a day for the overview: a constant number of queries over scoped projects, plain values only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from sixgate.domain.authority import region_prefix
from sixgate.domain.lifecycle.course import PASSING
from sixgate.domain.planning.overview import ProjectAt
from sixgate.records.models import Contract, Finding, FundingLine, Passage, Payment, Project, Region, StatutoryDate
from sixgate.records.queries.findings import UNRESOLVED


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A division with the projects in it."""

    code: str
    name: str
    projects: int


@dataclass(frozen=True, slots=True)
class OverdueDate:
    """A statutory period past its day and not ended."""

    project_id: UUID
    project: str
    owner_id: str
    title: str
    due: date


def within(projects: QuerySet[Project], day: date, *, region: str = "", owner_id: UUID | None = None) -> QuerySet[Project]:
    """Return the projects registered by a day, of a region or of one body where asked."""
    found = projects.filter(registered_on__lte=day)
    found = found.filter(region_code__startswith=region_prefix(region)) if region else found
    return found.filter(owner_id=owner_id) if owner_id else found


def projects_at(projects: QuerySet[Project]) -> list[tuple[UUID, str, ProjectAt]]:
    """Return (id, name, facts) of every project: two queries."""
    passed: dict[UUID, list[tuple[str, date]]] = defaultdict(list)
    counting = Q(source="system") | Q(check_made__agrees=True)
    rows = Passage.objects.filter(counting, project__in=projects, outcome__in=PASSING).order_by("decided_on", "decided_at")
    for project_id, gate, day in rows.values_list("project_id", "gate", "decided_on"):
        passed[project_id].append((gate, day))
    columns = ("id", "name", "owner__name", "owner_id", "region_code", "amount_fen", "state__next_gate", "planned_finish")
    return [
        (key, name, ProjectAt(owner, str(owner_id), region, amount, gate or "", tuple(passed.get(key, ())), finish))
        for key, name, owner, owner_id, region, amount, gate, finish in projects.order_by("name").values_list(*columns)
    ]


def money_at(
    projects: QuerySet[Project], day: date, until: datetime
) -> tuple[Iterable[tuple[int, str, int]], Iterable[tuple[int, int]], Iterable[tuple[int, int]]]:
    """Return funding by budget year and source, contracts by year signed, payments by year paid, all known by a day: three queries."""
    funding = FundingLine.objects.filter(project__in=projects, event__at__lt=until)
    contracts = Contract.objects.filter(project__in=projects, signed_on__lte=day)
    payments = Payment.objects.filter(contract__project__in=projects, paid_on__lte=day)
    return (
        funding.order_by().values_list("budget_year", "source").annotate(Sum("amount_fen")),
        contracts.order_by().values_list(ExtractYear("signed_on")).annotate(Sum("amount_fen")),
        payments.order_by().values_list(ExtractYear("paid_on")).annotate(Sum("amount_fen")),
    )


def findings_by_owner(projects: QuerySet[Project]) -> dict[str, int]:
    """Return how many findings wait in the projects of each body, now: one query."""
    rows = Finding.objects.filter(project__in=projects, state__in=UNRESOLVED).order_by()
    return {str(key): count for key, count in rows.values_list("project__owner_id").annotate(Count("id"))}


def overdue_dates(projects: QuerySet[Project], day: date) -> list[OverdueDate] | None:
    """Return the statutory periods past their day as the clock reckoned them last, the oldest first; None where it reckoned none at all."""
    rows = StatutoryDate.objects.filter(project__in=projects, due__lt=day).order_by("due", "project__name", "id")
    columns = ("project_id", "project__name", "project__owner_id", "title", "due")
    found = [OverdueDate(key, name, str(owner), title, due) for key, name, owner, title, due in rows.values_list(*columns)]
    return found if found or StatutoryDate.objects.exists() else None


def regions_below(codes: Iterable[str], region: str) -> list[RegionCount]:
    """Return the cities or counties within a region that hold the projects of these codes, where one may go down to: one query."""
    length = {2: 4, 4: 6}.get(len(region_prefix(region))) if region else 2
    if length is None:
        return []
    counts: dict[str, int] = defaultdict(int)
    for code in codes:
        if code:
            counts[code[:length].ljust(6, "0")] += 1
    counts.pop(region, None)
    names = dict(Region.objects.filter(code__in=counts).values_list("code", "name"))
    return [RegionCount(code, names.get(code, code), counts[code]) for code in sorted(counts)]
