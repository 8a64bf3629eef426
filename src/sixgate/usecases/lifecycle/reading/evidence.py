"""Evidence as pages show it: every place with its versions, one version beside its scan, the form a kind declares."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from sixgate.domain.axes import STAGE_TITLES
from sixgate.domain.lifecycle.evidence import fact_value
from sixgate.domain.lifecycle.wording import value_text
from sixgate.engines.rules.schema import EvidenceKind, Pack
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Contract, EvidenceFile, EvidenceVersion, Project, ProjectSystem
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import law_for, target_of
from sixgate.usecases.lifecycle.evidence import OWNER
from sixgate.usecases.lifecycle.reading._rights import duty_title, holds, opens_secrets, speaks_english
from sixgate.usecases.lifecycle.reading.shapes import EvidencePlace, EvidenceVersionLine, FileLine

LEFT_EMPTY = gettext_noop("没有填")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of evidence of one subject goes, with the versions there, newest first."""

    kind: EvidenceKind
    subject_id: str
    subject_title: str
    versions: Sequence[EvidenceVersion]

    @property
    def state(self) -> str:
        """Return where the place stands: what counts wins over what is newer and not yet looked at."""
        states = [version_state(version, self.kind, self.versions) for version in self.versions]
        return next((state for state in ("counts", "waiting_check", "disagreed", "withdrawn") if state in states), "missing")


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One version on its own page, with what the reader may do."""

    project_id: str
    project: str
    place: EvidencePlace
    version: EvidenceVersionLine
    may_check: bool
    may_withdraw: bool
    stage: str


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    """What the form of a kind needs: the declared fields and the subjects to choose from."""

    project_id: str
    project: str
    kind: EvidenceKind
    stage_title: str
    supplier: str
    subjects: tuple[tuple[str, str], ...]


def evidence_form(actor: Actor, project_id: UUID, kind_id: str) -> EvidenceForm:
    """Return what the form of a kind needs for a project; raise Invisible when the reader cannot see it or there is no such kind."""
    project = seen(actor, project_id)
    kind = law_for(project.region_code, today(), english=speaks_english())[0].evidence.get(kind_id)
    if kind is None:
        raise Invisible
    return EvidenceForm(
        str(project.id), project.name, kind, STAGE_TITLES[kind.stage], duty_title(kind.supplier), tuple(subjects_of(project, kind.subject))
    )


def evidence_place(actor: Actor, project_id: UUID, stage: str | None = None) -> tuple[EvidencePlace, ...]:
    """Return every place of evidence of a project in the order of stages, of one stage where it is named."""
    project = seen(actor, project_id)
    pack, _ = law_for(project.region_code, today(), english=speaks_english())
    wanted = _wanted_by(pack)
    found = [place for place in places(project, pack).values() if stage is None or place.kind.stage == stage]
    return tuple(_shown(actor, project, pack, place, wanted.get(place.kind.id, 0)) for place in found)


def evidence_page(actor: Actor, version_id: UUID) -> EvidencePage:
    """Return one version with its fields and files; raise Invisible when the reader cannot see its project."""
    version = EvidenceVersion.objects.filter(pk=version_id).select_related("evidence").first()
    if version is None:
        raise Invisible
    project = seen(actor, version.evidence.project_id)
    pack, _ = law_for(project.region_code, today(), english=speaks_english())
    subject = version.evidence.system_id or version.evidence.contract_id or ""
    place = places(project, pack).get((version.evidence.kind, str(subject)))
    if place is None:
        raise Invisible
    shown = _shown(actor, project, pack, place, _wanted_by(pack).get(place.kind.id, 0))
    line = next(item for item in shown.versions if item.id == str(version_id))
    stage = place.kind.stage
    may_withdraw = line.state != "withdrawn" and holds(
        actor, f"lifecycle.{stage}.withdraw_evidence", target_of(project), {OWNER, place.kind.supplier}
    )
    may_check = line.state == "waiting_check" and shown.may_check and version.submitted_by_id != actor.id and not line.hidden
    return EvidencePage(str(project.id), project.name, shown, line, may_check, may_withdraw, stage)


def places(project: Project, pack: Pack) -> dict[tuple[str, str], Place]:
    """Return every place evidence of a project can go to, by kind and subject id ("" for the project), in the order of stages."""
    given: dict[tuple[str, str], list[EvidenceVersion]] = defaultdict(list)
    for version in _versions(project):
        subject = version.evidence.system_id or version.evidence.contract_id or ""
        given[version.evidence.kind, str(subject)].append(version)
    subjects = {name: subjects_of(project, name) for name in ("project", "system", "contract")}
    order = list(STAGE_TITLES)
    found: dict[tuple[str, str], Place] = {}
    for kind in sorted(pack.evidence.values(), key=lambda item: order.index(item.stage)):
        for key, title in subjects[kind.subject]:
            found[kind.id, key] = Place(kind, key, title, given.get((kind.id, key), ()))
    return found


def subjects_of(project: Project, subject: str) -> list[tuple[str, str]]:
    """Return id and title of the subjects a project has: itself (""), its systems, or its contracts."""
    if subject == "system":
        links = ProjectSystem.objects.filter(project=project).select_related("system").order_by("id")
        return [(str(link.system_id), link.system.name) for link in links]
    if subject == "contract":
        return [(str(contract.id), contract.title) for contract in Contract.objects.filter(project=project).order_by("id")]
    return [("", "")]


def version_state(version: EvidenceVersion, kind: EvidenceKind, among: Sequence[EvidenceVersion]) -> str:
    """Return the state of a version among those of its place."""
    own = _own_state(version, kind)
    newer = [item for item in among if item.number > version.number]
    return "replaced" if own == "counts" and any(_own_state(item, kind) == "counts" for item in newer) else own


def seen(actor: Actor, project_id: UUID) -> Project:
    """Return a project the reader may see; raise Invisible otherwise."""
    visible = visible_projects(actor.posts, dict(_law.duties(today())))
    project = visible.select_related("owner", "state").filter(pk=project_id).first()
    if project is None:
        raise Invisible
    return project


def _own_state(version: EvidenceVersion, kind: EvidenceKind) -> str:
    if hasattr(version, "withdrawal"):
        return "withdrawn"
    checks = list(version.checks.all())
    if not checks:
        return "waiting_check" if kind.second_check else "counts"
    return "counts" if all(check.agrees for check in checks) else "disagreed"


def _versions(project: Project) -> Sequence[EvidenceVersion]:
    found = EvidenceVersion.objects.filter(evidence__project=project).select_related("evidence", "submitted_by", "withdrawal")
    return list(found.prefetch_related("checks__checked_by", "files__file").order_by("-number"))


def _wanted_by(pack: Pack) -> Mapping[str, int]:
    wanted: dict[str, int] = defaultdict(int)
    for requirement in pack.requirements.values():
        for kind in requirement.evidence if requirement.duty != "check" else ():
            wanted[kind] += 1
    return wanted


def _shown(actor: Actor, project: Project, pack: Pack, place: Place, wanted_by: int) -> EvidencePlace:
    kind, target = place.kind, target_of(project)
    secrets = opens_secrets(actor, target)
    state = place.state
    newest = place.versions[0] if place.versions else None
    return EvidencePlace(
        kind.id,
        kind.title,
        kind.help,
        kind.stage,
        STAGE_TITLES[kind.stage],
        place.subject_title,
        place.subject_id,
        duty_title(kind.supplier),
        wanted_by,
        state,
        holds(actor, f"lifecycle.{kind.stage}.submit_evidence", target, {OWNER, kind.supplier}),
        newest is not None
        and version_state(newest, kind, place.versions) == "waiting_check"
        and newest.submitted_by_id != actor.id
        and holds(actor, f"lifecycle.{kind.stage}.check_evidence", target),
        tuple(_line(pack, place, version, sealed=version.work_secret and not secrets) for version in place.versions),
    )


def _line(pack: Pack, place: Place, version: EvidenceVersion, *, sealed: bool) -> EvidenceVersionLine:
    checks = list(version.checks.all())
    withdrawal = getattr(version, "withdrawal", None)
    return EvidenceVersionLine(
        str(version.id),
        version.number,
        version.submitted_by.name,
        version.submitted_at,
        version_state(version, place.kind, place.versions),
        checks[0].checked_by.name if checks else "",
        checks[0].checked_at if checks else None,
        withdrawal.reason if withdrawal else checks[0].note if checks else "",
        () if sealed else tuple(_file(item, version) for item in version.files.all()),
        version.work_secret,
        sealed,
        () if sealed else tuple(_fields(pack, place.kind, version)),
    )


def _fields(pack: Pack, kind: EvidenceKind, version: EvidenceVersion) -> list[tuple[str, str]]:
    """Return label and value of every declared field, also of those left empty."""
    keyed = [(field, version.fields.get(field.id)) for field in kind.fields if field.type != "file"]
    return [
        (field.label, gettext(LEFT_EMPTY) if value is None else value_text(pack, f"evidence.{kind.id}.{field.id}", fact_value(field, value), gettext))
        for field, value in keyed
    ]


def _file(item: EvidenceFile, version: EvidenceVersion) -> FileLine:
    others = EvidenceFile.objects.filter(file_id=item.file_id).exclude(version__evidence__project_id=version.evidence.project_id)
    names = others.values_list("version__evidence__project__name", flat=True).distinct()[:5]
    return FileLine(str(item.id), item.name, item.file.size, item.file.sm3, item.file.sha256, tuple(names))
