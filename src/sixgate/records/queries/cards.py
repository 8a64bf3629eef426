"""Numbers for the cards of a desk: what stands wrong, late or changed in the projects a reader sees. Three queries, nothing gathered."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from sixgate.records.models import Condition, Finding, Project


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many projects there are, how many stand still, are late, rest on changed facts; open findings; conditions past their day."""

    projects: int
    planned: int
    late: int
    changed: int
    findings: int
    conditions: int


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
    findings = Finding.objects.filter(project__in=projects, state="open").count()
    conditions = Condition.objects.filter(passage__project__in=being, closed_event=None, due_on__lt=day).count()
    return Numbers(counted["all"], counted["planned"], counted["late"], counted["changed"], findings, conditions)
