"""What verbs on one project share: the locked row, its dossier under the law in force there, and the projection kept true."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from sixgate.domain.authority import Target
from sixgate.domain.lifecycle.check_facts import Decided
from sixgate.domain.lifecycle.course import Course, Passed, course_of
from sixgate.domain.lifecycle.frozen import Difference, differences, freeze, material_names
from sixgate.domain.lifecycle.gate import GateJudgement, applicable_gates, judge_gate
from sixgate.engines.rules.english import in_english
from sixgate.engines.rules.evaluate import Outcome
from sixgate.engines.rules.pack import activated_targets
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.refusal import Conflict, Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import GateRequest, Passage, Project, ProjectState
from sixgate.records.queries.checked import Looked, links_of, looked_at
from sixgate.records.queries.clauses import activated_on_record
from sixgate.records.queries.dossier import Dossier, dossiers
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _checks, _law
from sixgate.usecases._frame import SHANGHAI, Act

OWNER = "OWN"
_EXAMINING: Final[ContextVar[bool]] = ContextVar("examining", default=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A project's facts, the law that holds for it on a day, and how far it has come."""

    project_id: UUID
    on: date
    pack: Pack
    activated: frozenset[str]
    dossier: Dossier
    course: Course
    applicable: frozenset[str]
    passages: tuple[Passage, ...]

    def judge(self, gate: str) -> GateJudgement:
        """Return the verdict table of one gate."""
        return judge_gate(self.pack, gate, self.dossier.project, self.dossier.subjects, on=self.on, activated=self.activated)

    def freeze(self, gate: str) -> list[dict[str, Any]]:
        """Return the material facts of one gate as they are now."""
        return freeze(self.dossier.project, self.dossier.subjects, material_names(self.pack, gate))

    def since(self, request: GateRequest) -> tuple[Difference, ...]:
        """Return what differs now from the state frozen at a request."""
        return differences(request.facts, self.freeze(request.gate))

    def stale(self) -> dict[str, tuple[Difference, ...]]:
        """Return the gates whose decision rests on facts that have changed since, with what changed."""
        found: dict[str, tuple[Difference, ...]] = {}
        for passage in self.passages:
            if passage.gate in self.course.passed and passage.request is not None:
                found[passage.gate] = self.since(passage.request)
        return {gate: changed for gate, changed in found.items() if changed}


def locked(act: Act, project_id: UUID, *, even_closed: bool = False) -> Project:
    """Return the project for this act, locked until it ends; raise Invisible when the actor cannot see it, Conflict when it is not active."""
    visible = visible_projects(act.actor.posts, dict(_law.duties(act.day))).filter(pk=project_id).exists()
    project = Project.objects.select_for_update(of=("self",)).select_related("owner", "state").filter(pk=project_id).first() if visible else None
    if project is None:
        raise Invisible
    if project.status != "active" and not even_closed:
        raise Conflict(
            "project_not_active",
            gettext_noop("项目不在办理中，现在不能做这件事。"),
            remedy=gettext_noop("暂停的项目请先恢复；已终止、撤销或并入别的项目的，不再办理。"),
        )
    return project


def target_of(project: Project) -> Target:
    """Return what an act on this project touches."""
    return Target(project.owner_id, project.region_code, project.id)


def law_for(region_code: str, on: date, *, english: bool = False) -> tuple[Pack, frozenset[str]]:
    """Return the pack that holds in a region on a day (with English texts for a reader who wants them) and the rules activated there.

    A rule is activated by the pack or by an officer's word on record; the latest word counts.
    """
    jurisdiction = region_code or settings.HOME_JURISDICTION
    pack, _ = _law.law(jurisdiction, on)
    switched_on, switched_off = activated_on_record(jurisdiction)
    return in_english(pack) if english else pack, (activated_targets(pack, on) | switched_on) - switched_off


def standing(project_id: UUID, on: date, *, english: bool = False) -> Standing:
    """Return where one project stands on a day."""
    return standings([project_id], on, english=english)[project_id]


def standings(project_ids: Collection[UUID], on: date, *, english: bool = False) -> dict[UUID, Standing]:
    """Return where projects stand, with facts gathered in bulk for each region's law."""
    regions = dict(Project.objects.filter(pk__in=project_ids).values_list("pk", "region_code"))
    passages = _passages(project_ids)
    found: dict[UUID, Standing] = {}
    for region in sorted(set(regions.values())):
        pack, activated = law_for(region, on, english=english)
        here = [key for key, code in regions.items() if code == region]
        for key, dossier in dossiers(here, pack.evidence).items():
            applicable = applicable_gates(pack, dossier.project, on)
            history = passages.get(key, ())
            course = course_of(pack.gates, applicable, _passed(history))
            found[key] = Standing(key, on, pack, activated, dossier, course, applicable, _latest(history))
    return found


def refresh(project: Project, on: date) -> Standing:
    """Write the projection row of a project from its history; return where it stands now."""
    now = standing(project.id, on)
    ProjectState.objects.filter(pk=project.id).update(
        stage=now.course.stage,
        next_gate=now.course.next_gate,
        gates_passed=dict(now.course.passed),
        stale_gates={gate: len(changed) for gate, changed in now.stale().items()},
    )
    if _EXAMINING.get():
        _checks.keep({project.id: (now.pack, examined({project.id: now}, on, moved_on=on)[project.id])}, on)
    return now


@contextmanager
def unexamined() -> Iterator[None]:
    """Let acts go by without a look by the checks while examples are loaded; who does so scans afterwards."""
    token = _EXAMINING.set(False)
    try:
        yield
    finally:
        _EXAMINING.reset(token)


def scan(project_ids: Collection[UUID], on: date) -> int:
    """Look at projects and keep what the checks found, in one transaction that locks them; return how many findings are new or moved."""
    with transaction.atomic():
        keys = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=project_ids).order_by("pk").values_list("pk", flat=True))
        found = standings(keys, on)
        outcomes = examined(found, on)
        return _checks.keep({key: (found[key].pack, outcomes[key]) for key in keys}, on)


def examined(found: Mapping[UUID, Standing], on: date, *, moved_on: date | None = None) -> dict[UUID, tuple[Outcome, ...]]:
    """Return what the checks say of projects; `moved_on` is given inside an act, whose own moment is not yet written."""
    looked = looked_at(list(found), on)
    systems = {UUID(sheet.subject_id) for here in found.values() for sheet in here.dossier.subjects.get("system", ())}
    links = {str(key): count for key, count in links_of(systems).items()}
    return {
        key: _checks.look(_checks.Law(here.pack, here.activated), here.dossier, looked[key].seen, _so_far(here, looked[key], moved_on), links, on)
        for key, here in found.items()
    }


def _so_far(here: Standing, looked: Looked, moved_on: date | None) -> _checks.Course:
    decided = [_decided(here, item, looked) for item in here.passages if item.gate in here.course.passed]
    acted = looked.moved_at.astimezone(SHANGHAI).date() if looked.moved_at is not None else None
    return _checks.Course(decided, len(here.stale()), moved_on or acted, looked.pauses)


def _decided(here: Standing, passage: Passage, looked: Looked) -> Decided:
    """Say how a gate was decided; an owner's own gate may be decided by who handed in its papers, not by who asked for it."""
    owners = here.pack.gates[passage.gate].decider == OWNER if passage.gate in here.pack.gates else False
    asked = passage.request is not None and passage.request.requested_by_id == passage.decided_by_id
    own = asked or (not owners and passage.decided_by_id in looked.submitters)
    system = passage.source == "system"
    return Decided(passage.gate, passage.decided_on, system, system and own)


def _passages(project_ids: Collection[UUID]) -> dict[UUID, tuple[Passage, ...]]:
    rows: dict[UUID, list[Passage]] = {}
    found = (
        Passage.objects.filter(project_id__in=project_ids)
        .select_related("request", "check_made", "decided_by", "document")
        .order_by("decided_at", "id")
    )
    for passage in found:
        rows.setdefault(passage.project_id, []).append(passage)
    return {key: tuple(value) for key, value in rows.items()}


def counts(passage: Passage) -> bool:
    """Tell whether a passage counts: decided here, or recorded from paper and agreed to by a second person."""
    if passage.source == "system":
        return True
    check = getattr(passage, "check_made", None)
    return check is not None and check.agrees


def _passed(passages: Iterable[Passage]) -> list[Passed]:
    return [Passed(item.gate, item.outcome, item.source, counts(item)) for item in passages]


def _latest(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    latest = {passage.gate: passage for passage in passages if counts(passage)}
    return tuple(latest.values())
