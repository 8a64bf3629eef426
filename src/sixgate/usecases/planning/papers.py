"""Papers for one project or for the projects somebody narrowed to: a briefing, a workbook with its proofs, a PDF. Who took what home stands in the ledger.

What a paper says is composed where all rooms can be read (`usecases.briefing`), by the readings pages use; work secrets are left out whoever asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from sixgate.domain.authority import ANYWHERE, Target
from sixgate.domain.axes import LEVELS, PROJECT_TYPES, STAGES
from sixgate.engines.documents.docx import write_docx
from sixgate.engines.documents.paper import Paper
from sixgate.engines.documents.pdf import write_pdf
from sixgate.engines.documents.template import fill_form
from sixgate.engines.documents.xlsx import Sheet, write_workbook
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import DocumentTemplate, Organisation
from sixgate.records.queries.portfolio import STATUSES, ProjectFilter
from sixgate.records.queries.visible import visible_projects
from sixgate.records.store import FileRef, receive, stored_path
from sixgate.usecases import _law
from sixgate.usecases._frame import Act, Actor, Answer, Label, verb
from sixgate.usecases.planning.export import ANY, CHUNK, LARGEST, narrowed

FORMATS: Final = (("docx", gettext_noop("Word 简报")), ("xlsx", gettext_noop("Excel，附证明")), ("pdf", "PDF"))
TEMPLATE: Final = Label(gettext_noop("模板"), gettext_noop("本单位上传的模板；不填时按公文格式。填了就按模板出，不看格式。"))
ONE: Final = Label(gettext_noop("项目"), gettext_noop("不填时按下面的条件为一批项目出简报。"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a paper is to be about: one project, or what a filter leaves of the register; who issues it and when; the id of its ledger entry."""

    project_id: UUID | None
    wanted: ProjectFilter
    issuer: str
    on: date
    event_id: UUID

    @property
    def kind(self) -> str:
        """Return project | portfolio."""
        return "portfolio" if self.project_id is None else "project"


@dataclass(frozen=True, slots=True)
class Contents:
    """What papers say: the briefing, the sheets, the values and lists templates may name, and the counts for the ledger."""

    name: str
    paper: Paper
    sheets: Sequence[Sheet]
    values: Mapping[str, str]
    lists: Mapping[str, Sequence[Mapping[str, str]]]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Template:
    """A bureau's form: its name, docx or xlsx, where its bytes lie."""

    name: str
    extension: str
    path: Path


Composer = Callable[[Actor, Asked], Contents]
COMPOSERS: Final[dict[str, Composer]] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Register a function as the one that composes papers of a kind."""

    def take(function: Composer) -> Composer:
        if kind in COMPOSERS:
            raise RuntimeError(f"papers of the kind {kind} are composed twice")
        COMPOSERS[kind] = function
        return function

    return take


@verb("planning.export_papers", gettext_noop("导出简报"))
def export_papers(
    act: Act,
    *,
    format: Annotated[str, Label(gettext_noop("格式"), choices=FORMATS)] = "docx",  # noqa: A002 - the field's own word
    project_id: Annotated[UUID | None, ONE] = None,
    template_id: Annotated[UUID | None, TEMPLATE] = None,
    words: Annotated[str, Label(gettext_noop("词"))] = "",
    stage: Annotated[str, Label(gettext_noop("所处阶段"), choices=(ANY, *STAGES))] = "",
    owner_id: Annotated[UUID | None, Label(gettext_noop("建设单位"))] = None,
    region_code: Annotated[str, Label(gettext_noop("行政区划代码"))] = "",
    type: Annotated[str, Label(gettext_noop("项目类型"), choices=(ANY, *PROJECT_TYPES))] = "",  # noqa: A002 - the field's own word
    level: Annotated[str, Label(gettext_noop("层级"), choices=(ANY, *LEVELS))] = "",
    status: Annotated[str, Label(gettext_noop("办理状态"), choices=(ANY, *STATUSES))] = "",
    low_fen: Annotated[int | None, Label(gettext_noop("金额不低于（万元）"))] = None,
    high_fen: Annotated[int | None, Label(gettext_noop("金额不高于（万元）"))] = None,
    year: Annotated[int | None, Label(gettext_noop("登记年度"))] = None,
) -> Answer:
    """Write a paper about one project or a narrowed list; return its name, digests and what it counted. The file waits a while to be fetched."""
    wanted = narrowed(ProjectFilter(words, stage, owner_id, region_code, type, level, status, low_fen, high_fen, year))
    told, asked = _contents(act, project_id, wanted)
    template = None if template_id is None else _template(act.actor, template_id, asked.kind)
    name = (
        f"{told.name}-{act.day.isoformat()}.{format}"
        if template is None
        else f"{told.name}-{template.name}-{act.day.isoformat()}.{template.extension}"
    )
    ref = _kept(name, lambda path: _write(path, format, told, asked) if template is None else _fill(path, template, told))
    kind, key = ("project", project_id) if project_id else ("register", "papers")
    act.enter(kind, key, project_id=project_id, sm3=ref.sm3, counts=told.counts, asked=_asked(wanted), format=format, template=template_id)
    return {"name": ref.name, "size": ref.size, "sha256": ref.sha256, "sm3": ref.sm3, "counts": dict(told.counts)}


def _contents(act: Act, project_id: UUID | None, wanted: ProjectFilter) -> tuple[Contents, Asked]:
    """Permit the act on what it is about and return what the paper says, in Chinese, with what was asked; raise Invisible for an unseen project."""
    post = act.permit(_target(act, project_id))
    issuer = Organisation.objects.values_list("name", flat=True).get(pk=post.organisation_id)
    asked = Asked(project_id, wanted, issuer, act.day, act.event_id)
    with override(settings.LANGUAGE_CODE):
        return COMPOSERS[asked.kind](act.actor, asked), asked


def _kept(name: str, write: Callable[[Path], object]) -> FileRef:
    """Write a file and put it in quarantine for the door to hand out; return its reference."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper"
        write(path)
        with path.open("rb") as source:
            return receive(iter(lambda: source.read(CHUNK), b""), name, limit=LARGEST)


def _target(act: Act, project_id: UUID | None) -> Target:
    if project_id is None:
        return ANYWHERE
    project = visible_projects(act.actor.posts, dict(_law.duties(act.day))).filter(pk=project_id).first()
    if project is None:
        raise Invisible
    return Target(project.owner_id, project.region_code, project.id)


def _write(path: Path, file_format: str, told: Contents, asked: Asked) -> None:
    if file_format == "xlsx":
        write_workbook(path, told.sheets, title=told.paper.title, author=asked.issuer)
    elif file_format == "pdf":
        write_pdf(path, told.paper)
    else:
        write_docx(path, told.paper)


def _template(actor: Actor, template_id: UUID, kind: str) -> _Template:
    bodies = {post.organisation_id for post in actor.posts}
    row = DocumentTemplate.objects.select_related("file").filter(pk=template_id, kind=kind, organisation_id__in=bodies).first()
    if row is None:
        raise Invisible
    return _Template(row.name, row.placeholders["format"], stored_path(row.file.sha256))


def _fill(path: Path, template: _Template, told: Contents) -> None:
    fill_form(template.path, path, told.values, told.lists)


def _asked(wanted: ProjectFilter) -> dict[str, Any]:
    return {name: value for name in ProjectFilter.__slots__ if (value := getattr(wanted, name)) not in ("", None, False)}
