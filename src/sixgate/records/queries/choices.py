"""What a form may offer for an identifier: id and name, never more than a select can hold."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from sixgate.domain.authority import region_prefix
from sixgate.kernel.money import wan_text
from sixgate.records.models import Condition, Contract, GateRequest, Organisation, Passage, Project, Region, System

MOST = 500
Choices = tuple[tuple[str, str], ...]


def systems_of(project_id: str) -> Choices:
    """Return the systems a project builds or changes."""
    return tuple((str(key), name) for key, name in System.objects.filter(project_links__project_id=project_id).values_list("id", "name"))


def systems_to_link(projects: QuerySet[Project], project_id: str) -> Choices:
    """Return the systems of the owners the actor sees that the project is not linked to yet."""
    found = System.objects.filter(owner__projects__in=projects).exclude(project_links__project_id=project_id).distinct().order_by("name")
    return tuple((str(system.id), system.name) for system in found[:MOST])


def contracts_of(project_id: str, *, originals_only: bool = False) -> Choices:
    """Return the contracts of a project with their amounts."""
    found = Contract.objects.filter(project_id=project_id).order_by("signed_on")
    if originals_only:
        found = found.filter(original=None)
    return tuple((str(item.id), f"{item.title}（{wan_text(item.amount_fen)}）") for item in found)


def bodies() -> Choices:
    """Return the organisations in being, by name."""
    return tuple((str(key), name) for key, name in Organisation.objects.filter(ended_on=None).order_by("name").values_list("id", "name")[:MOST])


def divisions(codes: Sequence[str]) -> Choices:
    """Return the divisions within given ones, themselves included and first; all of them where a code is empty."""
    where = Q()
    for code in codes:
        where |= Q(code__startswith=region_prefix(code)) if code else Q(level__in=["province", "city"])
    found = Region.objects.filter(where).order_by("code") if codes else Region.objects.none()
    return tuple((code, f"{name}（{code}）") for code, name in found.values_list("code", "name")[:MOST])


def siblings_of(projects: QuerySet[Project], project_id: str) -> Choices:
    """Return the other active projects the actor sees of the same owner."""
    own = projects.filter(pk=project_id).values("owner_id")
    found = projects.filter(owner_id__in=own, status="active").exclude(pk=project_id).order_by("name")
    return tuple((str(project.id), project.name) for project in found[:MOST])


def starting(project_id: str) -> dict[str, object]:
    """Return what the register says of a project, for a form that corrects it."""
    project = Project.objects.get(pk=project_id)
    names = ("level", "type", "network", "secrecy", "amount_fen", "national_code", "responsible_person", "planned_start", "planned_finish", "traits")
    return {name: getattr(project, name) for name in names}


def gate_of(project_id: str, key: str) -> str:
    """Return the gate a request, a passage or a condition of a project belongs to; "" when there is no such thing."""
    found = GateRequest.objects.filter(pk=key, project_id=project_id).values_list("gate", flat=True).first()
    found = found or Passage.objects.filter(pk=key, project_id=project_id).values_list("gate", flat=True).first()
    return found or Condition.objects.filter(pk=key, passage__project_id=project_id).values_list("passage__gate", flat=True).first() or ""
