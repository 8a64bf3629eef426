"""The register as pages need it: plain dataclasses from scoped querysets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from sixgate.domain.authority import PostFact
from sixgate.kernel.money import wan_text
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import LedgerEvent, Organisation, Project, User

PAGE = 50
UNKNOWN = "—"
STAGES = (
    ("initiation", gettext_noop("立项")),
    ("design", gettext_noop("设计")),
    ("procurement", gettext_noop("采购")),
    ("delivery", gettext_noop("实施")),
    ("acceptance", gettext_noop("验收")),
    ("operations", gettext_noop("运维")),
)
STAGE_TITLES = dict(STAGES)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One line of the register."""

    id: str
    name: str
    owner: str
    stage: str
    amount: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Lines and the key to go on from; `after` is empty on the last page."""

    rows: list[ProjectRow]
    after: str


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


def project_list(projects: QuerySet[Project], words: str, after: str) -> ProjectPage:
    """Return a page of projects by name, keyset-paged by `name|id`; every word must occur."""
    found = projects.select_related("owner", "state").order_by("name", "id")
    for word in words.lower().split():
        found = found.filter(search_text__contains=word)
    if "|" in after:
        name, _, key = after.rpartition("|")
        found = found.filter(Q(name__gt=name) | Q(name=name, id__gt=key))
    rows = list(found[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return ProjectPage([_row(project) for project in rows[:PAGE]], f"{last.name}|{last.id}" if last else "")


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


def organisations_for(posts: Iterable[PostFact]) -> tuple[tuple[str, str], ...]:
    """Return the organisations the posts belong to, for a choice."""
    ids = {post.organisation_id for post in posts}
    return tuple((str(pk), name) for pk, name in Organisation.objects.filter(pk__in=ids, ended_on=None).order_by("name").values_list("id", "name"))


def _row(project: Project) -> ProjectRow:
    amount = UNKNOWN if project.amount_fen is None else wan_text(project.amount_fen)
    return ProjectRow(str(project.id), project.name, project.owner.name, STAGE_TITLES[project.state.stage], amount)


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
