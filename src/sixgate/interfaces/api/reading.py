"""The operations that only read: what the register, a project, a gate and the ledger show on their pages, within what the caller may see."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from inspect import Parameter, signature
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest

from sixgate.interfaces.api.document import describe_query
from sixgate.interfaces.api.door import actor_from, api
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import ledger as ledger_rows
from sixgate.records.queries import portfolio
from sixgate.records.queries.dossier_view import ProjectHead, project_head
from sixgate.records.queries.ledger import EventProof, LedgerFilter, LedgerPage, ledger_page
from sixgate.records.queries.portfolio import ProjectFilter, ProjectPage, project_list
from sixgate.usecases._frame import Actor, Label, Verb
from sixgate.usecases._input import TWICE, InputRefused, arguments_of
from sixgate.usecases._registry import verbs, visible_to
from sixgate.usecases.ledger import open_event, reader_of
from sixgate.usecases.lifecycle.reading import gate_panel, kind_schema
from sixgate.usecases.lifecycle.reading.shapes import GatePanel
from sixgate.usecases.planning.export import narrowed
from sixgate.usecases.planning.rating_sheet import DifferenceList, RatingSheet, differences, rating_sheet

AFTER: Final = Label(gettext_noop("下一页"), gettext_noop("上一次回答里的 after，原样带回。"), multiline=True)
BEFORE: Final = Label(gettext_noop("上一页"), gettext_noop("上一次回答里的 before，原样带回。"), multiline=True)
RESULTS: Final = (("", gettext_noop("不限")), ("ok", gettext_noop("已办")), ("denied", gettext_noop("被拒绝")), ("error", gettext_noop("出错")))


def _projects(actor: Actor, *, after: Annotated[str, AFTER] = "", before: Annotated[str, BEFORE] = "", **wanted: Any) -> ProjectPage:
    asked = narrowed(ProjectFilter(**wanted))
    _turns(lambda cursor: portfolio.turns(asked, cursor), after, before)
    return project_list(visible_to(actor), asked, after=after, before=before)


def _ledger(
    actor: Actor,
    *,
    action: Annotated[str, Label(gettext_noop("办了什么"), gettext_noop("操作的地址，如 planning.register_project。"))] = "",
    person: Annotated[str, Label(gettext_noop("经办人"))] = "",
    person_id: Annotated[UUID | None, Label(gettext_noop("经办人编号"))] = None,
    project: Annotated[str, Label(gettext_noop("项目名称"))] = "",
    project_id: Annotated[UUID | None, Label(gettext_noop("项目编号"))] = None,
    object_id: Annotated[str, Label(gettext_noop("所办对象的编号"))] = "",
    result: Annotated[str, Label(gettext_noop("结果"), choices=RESULTS)] = "",
    since: Annotated[date | None, Label(gettext_noop("从哪天"))] = None,
    until: Annotated[date | None, Label(gettext_noop("到哪天"))] = None,
    after: Annotated[str, AFTER] = "",
    before: Annotated[str, BEFORE] = "",
) -> LedgerPage:
    _turns(ledger_rows.turns, after, before)
    wanted = LedgerFilter(action, person, person_id, project, project_id, object_id, result, since, until)
    return ledger_page(reader_of(actor), wanted, ZoneInfo(settings.TIME_ZONE), after=after, before=before)


def _kind(_actor: Actor, *, jurisdiction: Annotated[str, Label(gettext_noop("行政区划代码"), gettext_noop("不写时是本平台所在地。"))] = "") -> str:
    if jurisdiction and jurisdiction not in load_divisions():
        raise Refusal("region_unknown", gettext_noop("没有行政区划代码 {region}。"), field="jurisdiction", region=jurisdiction[:20])
    return jurisdiction


def _read(operation_id: str, title: str, run: Callable[..., Any], parameters: dict[str, Parameter]) -> Verb:
    """Return a read as the input knows a verb: named parameters with labels; they stand in the document as its query."""
    read = Verb(operation_id, title, parameters, run)
    describe_query(read)
    return read


def _own(run: Callable[..., Any]) -> dict[str, Parameter]:
    found = signature(run, eval_str=True).parameters
    return {name: parameter for name, parameter in found.items() if parameter.kind is Parameter.KEYWORD_ONLY}


def _asked(read: Verb, request: HttpRequest) -> Any:
    """Return what a read answers to the query of a request; raise InputRefused for what it does not know or finds twice."""
    twice = {name: TWICE for name, values in request.GET.lists() if len(values) > 1}
    if twice:
        raise InputRefused(twice)
    return read.run(actor_from(request), **arguments_of(read, request.GET.dict()))


def _turns(belongs: Callable[[str], bool], after: str, before: str) -> None:
    wrong = {
        name: gettext_noop("这个翻页标记不是这一列表的，请从第一页重新取。")
        for name, cursor in (("after", after), ("before", before))
        if not belongs(cursor)
    }
    if wrong:
        raise InputRefused(wrong)


NARROWING: Final = verbs()["planning.export_register"].parameters  # the register is narrowed in one way, whether shown or taken home
PROJECTS: Final = _read(
    "project_list",
    gettext_noop("项目台账"),
    _projects,
    {**{item.name: NARROWING[item.name] for item in fields(ProjectFilter)}, **_own(_projects)},
)
LEDGER: Final = _read("ledger", gettext_noop("存证账本"), _ledger, _own(_ledger))
KIND: Final = _read("evidence_kind", gettext_noop("材料的登记项"), _kind, _own(_kind))


@api.get(
    "/projects",
    operation_id=PROJECTS.address,
    summary=PROJECTS.title,
    description=gettext_noop("您看得到的项目，每页 50 个；after 非空时还有下一页。total 最多数到 1000，capped 说明还有更多。"),
    tags=["planning"],
    response=ProjectPage,
)
def projects(request: HttpRequest) -> ProjectPage:
    """Return a page of the projects the caller sees, narrowed and sorted as the register page is."""
    page: ProjectPage = _asked(PROJECTS, request)
    return page


@api.get(
    "/projects/{project_id}",
    operation_id="project",
    summary=gettext_noop("一个项目"),
    description=gettext_noop("登记的内容、合同和支付合计、所处阶段、已过的决策点。"),
    tags=["planning"],
    response=ProjectHead,
)
def project(request: HttpRequest, project_id: UUID) -> ProjectHead:
    """Return one project: its register entry, money, where it stands, what stands under its gates."""
    head = project_head(visible_to(actor_from(request)), project_id)
    if head is None:
        raise Invisible
    return head


@api.get(
    "/projects/{project_id}/gates/{gate}",
    operation_id="gate_panel",
    summary=gettext_noop("决策点的判定"),
    description=gettext_noop("逐项要求的判定、条款和证据，会签到哪一步，批准后什么变了。"),
    tags=["lifecycle"],
    response=GatePanel,
)
def gate(request: HttpRequest, project_id: UUID, gate: str) -> GatePanel:
    """Return everything about one gate of one project: verdicts with clauses and proofs, joint sign-off, what went stale."""
    panel = gate_panel(actor_from(request), project_id, gate)
    if panel.gate != gate:
        raise Invisible
    return panel


@api.get(
    "/projects/{project_id}/rating",
    operation_id="project_rating",
    summary=gettext_noop("自评与依据"),
    description=gettext_noop("单位的自评和答复；依据给出的信心，逐个因素。单位先答复的期限内，别的读者看不到比较（comparison 为空）。"),
    tags=["planning"],
    response=RatingSheet,
)
def rating(request: HttpRequest, project_id: UUID) -> RatingSheet:
    """Return a project's self-rating beside the evidence, as the caller may see it."""
    return rating_sheet(actor_from(request), project_id)


@api.get(
    "/differences",
    operation_id="rating_differences",
    summary=gettext_noop("证据与自评差异"),
    description=gettext_noop("您看得到的项目里自评与依据差得多的，差得最多的在前；另有多少相符、说不出、还在单位先答复的期限内。"),
    tags=["planning"],
    response=DifferenceList,
)
def rating_differences(request: HttpRequest) -> DifferenceList:
    """Return where self-ratings and evidence differ among the projects the caller sees."""
    return differences(actor_from(request))


@api.get(
    "/evidence_kinds/{kind}",
    operation_id=KIND.address,
    summary=KIND.title,
    description=gettext_noop("提交这种材料时 fields 的 JSON Schema，按这个地区今天适用的规则包。"),
    tags=["lifecycle"],
    response=dict[str, Any],
)
def evidence_kind(request: HttpRequest, kind: str) -> dict[str, Any]:
    """Return the JSON Schema of the fields of a kind of evidence, as the pack of a jurisdiction declares it today."""
    return kind_schema(kind, _asked(KIND, request))


@api.get(
    "/ledger",
    operation_id=LEDGER.address,
    summary=LEDGER.title,
    description=gettext_noop("您看得到的存证，从新到旧，每页 50 条；审计员看得到全部。"),
    tags=["ledger"],
    response=LedgerPage,
)
def ledger(request: HttpRequest) -> LedgerPage:
    """Return a page of the acts the caller may read, newest first."""
    page: LedgerPage = _asked(LEDGER, request)
    return page


@api.get(
    "/ledger/{event_id}",
    operation_id="ledger_event",
    summary=gettext_noop("一条存证"),
    description=gettext_noop("记录头的原样字节、当时说了什么，以及刚才重新核对的结果。"),
    tags=["ledger"],
    response=EventProof,
)
def ledger_event(request: HttpRequest, event_id: UUID) -> EventProof:
    """Return one act with its proof, recomputed now from the stored bytes."""
    return open_event(actor_from(request), event_id)
