"""One project as its page shows it: plain dataclasses, read in a fixed number of queries. Verdicts are not read here."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from sixgate.domain.axes import STAGES
from sixgate.kernel.money import wan_text
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import LedgerEvent, Project, User
from sixgate.records.queries.portfolio import UNKNOWN


@dataclass(frozen=True, slots=True)
class StagePost:
    """One of the six posts on the line."""

    title: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class PastAct:
    """One ledger event in words."""

    at: datetime
    title: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """What the project page shows."""

    id: str
    name: str
    owner: str
    responsible: str
    amount: str
    known_amount: bool
    description: str
    stages: list[StagePost]
    history: list[PastAct]


def project_card(projects: QuerySet[Project], project_id: str) -> ProjectCard | None:
    """Return what the page of one visible project shows."""
    project = projects.select_related("owner", "state").filter(pk=project_id).first()
    if project is None:
        return None
    return ProjectCard(
        str(project.id),
        project.name,
        project.owner.name,
        project.responsible_person,
        UNKNOWN if project.amount_fen is None else wan_text(project.amount_fen),
        project.amount_fen is not None,
        project.description,
        _line(project.state.stage),
        _history(project),
    )


def _line(stage: str) -> list[StagePost]:
    here = [name for name, _ in STAGES].index(stage)
    states = ["done" if index < here else "now" if index == here else "" for index in range(len(STAGES))]
    return [
        StagePost(title, state, gettext_noop("正在办理") if state == "now" else UNKNOWN) for (_, title), state in zip(STAGES, states, strict=True)
    ]


def _history(project: Project) -> list[PastAct]:
    events = list(LedgerEvent.objects.filter(project_id=project.id).order_by("-at")[:50])
    names = dict(User.objects.filter(pk__in={event.actor_id for event in events}).values_list("id", "name"))
    return [
        PastAct(event.at, event.action, names.get(event.actor_id, UNKNOWN) if event.actor_id else UNKNOWN, event.commitment[:12]) for event in events
    ]
