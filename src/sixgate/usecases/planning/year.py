"""The budget year up to acceptance: the call, the application of a unit, its one return to be completed, its acceptance with points."""

from datetime import date
from typing import Annotated, Any, Final, cast
from uuid import UUID

from sixgate.domain.authority import Target, region_prefix
from sixgate.domain.axes import FUNDING
from sixgate.domain.planning.year import TOP_SCORE, State, may_accept, may_file, may_return, window_open
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.refusal import Conflict, Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Project, YearApplication, YearCall
from sixgate.records.queries.year import visible_calls
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, target_of

OFFICE: Final = ("PMO",)
UNIT: Final = ("OWN",)


@verb("planning.open_call", gettext_noop("发布申报通知"))
def open_call(
    act: Act,
    *,
    region_code: Annotated[str, Label(gettext_noop("行政区划"), longest=6)],
    budget_year: Annotated[int, Label(gettext_noop("预算年度"))],
    title: Annotated[str, Label(gettext_noop("通知名称"), longest=120)],
    document_no: Annotated[str, Label(gettext_noop("通知文号"), longest=80)],
    opens_on: Annotated[date, Label(gettext_noop("申报开始"))],
    closes_on: Annotated[date, Label(gettext_noop("申报截止"), gettext_noop("截止当天仍可申报。"))],
    cap_fen: Annotated[int, Label(gettext_noop("年度总额度（万元）"), gettext_noop("下达合计不会超过它。"))],
) -> Answer:
    """Open a call for applications of a budget year in a region, with its window and how much there is to allot."""
    act.permit(Target(region_code=region_code), duties=OFFICE)
    wrong: dict[str, str] = {}
    if region_code not in load_divisions():
        wrong["region_code"] = gettext_noop("没有这个行政区划代码。")
    if not act.day.year - 1 <= budget_year <= act.day.year + 5:
        wrong["budget_year"] = gettext_noop("预算年度须在去年以后、五年以内。")
    if not title.strip():
        wrong["title"] = gettext_noop("请填写通知名称。")
    if not document_no.strip():
        wrong["document_no"] = gettext_noop("请填写通知文号。")
    if closes_on < opens_on or closes_on < act.day:
        wrong["closes_on"] = gettext_noop("截止日不能早于开始日，也不能已经过去。")
    if cap_fen <= 0:
        wrong["cap_fen"] = gettext_noop("额度须大于零。")
    if wrong:
        raise InputRefused(wrong)
    given: dict[str, Any] = {"budget_year": budget_year, "opens_on": opens_on, "closes_on": closes_on, "cap_fen": cap_fen}
    texts: dict[str, Any] = {"region_code": region_code, "title": title.strip(), "document_no": document_no.strip()}
    call = YearCall.objects.create(**given, **texts, event_id=act.event_id)
    act.enter("year_call", call.id, **given, **texts)
    return {"call": str(call.id)}


@verb("planning.apply_for_year", gettext_noop("申报年度资金"))
def apply_for_year(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    call_id: Annotated[UUID, Label(gettext_noop("申报通知"))],
    source: Annotated[str, Label(gettext_noop("资金来源"), choices=FUNDING)],
    asked_fen: Annotated[int, Label(gettext_noop("申请金额（万元）"), gettext_noop("有几种来源的，分别申报。"))],
    goals: Annotated[str, Label(gettext_noop("绩效目标"), multiline=True)],
    need: Annotated[str, Label(gettext_noop("为什么今年要做"), multiline=True)],
    plan: Annotated[str, Label(gettext_noop("支撑的规划"), longest=200)] = "",
) -> Answer:
    """File what a project asks of one source under a call, file it anew while the window is open, or complete it once it was returned."""
    project = locked(act, project_id)
    act.permit(target_of(project), duties=UNIT)
    call = _call(act, call_id, project)
    _fit(asked_fen, goals, need)
    found = YearApplication.objects.select_for_update(of=("self",)).filter(call=call, project=project, source=source).first()
    state = cast("State | None", found.state if found else None)
    in_window = window_open(call.opens_on, call.closes_on, act.day)
    if not may_file(state, in_window=in_window, complete_by=found.complete_by if found else None, day=act.day):
        raise _closed(call, state)
    row = found or YearApplication(call=call, project=project, source=source)
    row.asked_fen, row.goals, row.need, row.plan = asked_fen, goals.strip(), need.strip(), plan.strip()
    row.state, row.filed_by_id, row.event_id = "filed", act.actor.id, act.event_id
    row.filed_on = row.filed_on or act.day
    row.save()
    act.enter(
        "year_application", row.id, project_id=project.id, call=call.id, source=source, asked_fen=asked_fen,
        goals=row.goals, need=row.need, plan=row.plan, completes=state == "returned",
    )  # fmt: skip
    return {"application": str(row.id)}


@verb("planning.return_application", gettext_noop("退回补正"))
def return_application(
    act: Act,
    *,
    application_id: Annotated[UUID, Label(gettext_noop("申报"))],
    wanting: Annotated[str, Label(gettext_noop("要补正的全部内容"), gettext_noop("只能退回一次，请一次写全。"), multiline=True)],
    complete_by: Annotated[date, Label(gettext_noop("补正截止日"))],
) -> Answer:
    """Return an application to be completed by a day, once only, naming everything that is wanting."""
    row = checked(act, application_id)
    if not may_return(cast("State", row.state), returned_before=row.returned_on is not None):
        raise Conflict(
            "application_not_returnable",
            gettext_noop("这份申报不能退回补正：补正只有一次，须在受理以前。"),
            remedy=gettext_noop("已经补正过的，按现有内容受理并如实评分。"),
        )
    if not wanting.strip():
        raise InputRefused({"wanting": gettext_noop("请写明要补正的内容。")})
    if complete_by <= act.day:
        raise InputRefused({"complete_by": gettext_noop("补正截止日须在今天以后。")})
    row.state, row.returned_on, row.wanting, row.complete_by, row.event_id = "returned", act.day, wanting.strip(), complete_by, act.event_id
    row.save()
    act.enter("year_application", row.id, project_id=row.project_id, wanting=row.wanting, complete_by=complete_by)
    return {"application": str(row.id)}


@verb("planning.accept_application", gettext_noop("受理并评分"))
def accept_application(
    act: Act,
    *,
    application_id: Annotated[UUID, Label(gettext_noop("申报"))],
    score: Annotated[int, Label(gettext_noop("评分（0 到 100）"), gettext_noop("分高的在前；同分的，金额小的在前，再看谁先申报。"))],
    score_note: Annotated[str, Label(gettext_noop("评分理由"), multiline=True)],
) -> Answer:
    """Accept an application with its points and why, as it stands where it was not completed in time; the points put it in its place."""
    row = checked(act, application_id)
    if not may_accept(cast("State", row.state), complete_by=row.complete_by, day=act.day):
        raise Conflict("application_not_filed", gettext_noop("这份申报现在不在等待核对。"), remedy=gettext_noop("请刷新清单，看它办到了哪一步。"))
    if not 0 <= score <= TOP_SCORE:
        raise InputRefused({"score": gettext_noop("评分须在 0 到 100 之间。")})
    if not score_note.strip():
        raise InputRefused({"score_note": gettext_noop("请写明评分理由。")})
    row.state, row.score, row.score_note, row.accepted_by_id, row.event_id = "complete", score, score_note.strip(), act.actor.id, act.event_id
    row.save()
    act.enter("year_application", row.id, project_id=row.project_id, score=score, score_note=row.score_note, asked_fen=row.asked_fen)
    return {"application": str(row.id)}


def checked(act: Act, application_id: UUID) -> YearApplication:
    """Return an application for the office's act, its project and itself locked; raise Conflict where the actor filed it."""
    project_id = YearApplication.objects.filter(pk=application_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise Invisible
    project = locked(act, project_id)
    act.permit(target_of(project), duties=OFFICE)
    row = YearApplication.objects.select_for_update(of=("self",)).get(pk=application_id)
    if row.filed_by_id == act.actor.id:
        raise Conflict("own_application", gettext_noop("自己申报的，不能自己核对和评分。"), remedy=gettext_noop("请由另一位工作人员办理。"))
    return row


def _call(act: Act, call_id: UUID, project: Project) -> YearCall:
    call = visible_calls(act.actor.posts).filter(pk=call_id).first()
    if call is None:
        raise InputRefused({"call_id": gettext_noop("没有这份申报通知，请从列表中选择。")})
    if not project.region_code.startswith(region_prefix(call.region_code)):
        raise InputRefused({"call_id": gettext_noop("这份通知不包括项目所在的地区。")})
    return call


def _fit(asked_fen: int, goals: str, need: str) -> None:
    wrong: dict[str, str] = {}
    if asked_fen <= 0:
        wrong["asked_fen"] = gettext_noop("金额须大于零。")
    if not goals.strip():
        wrong["goals"] = gettext_noop("请填写绩效目标。")
    if not need.strip():
        wrong["need"] = gettext_noop("请写明为什么今年要做。")
    if wrong:
        raise InputRefused(wrong)


def _closed(call: YearCall, state: State | None) -> Conflict:
    if state in ("complete", "allotted"):
        return Conflict("application_accepted", gettext_noop("这份申报已经受理，不能再改。"), remedy=gettext_noop("确需改动的，请与项目管理处联系。"))
    if state == "returned":
        return Conflict("completion_over", gettext_noop("补正截止日已过。"), remedy=gettext_noop("项目管理处按现有内容评分。"))
    return Conflict(
        "call_not_open",
        gettext_noop("现在不在申报期内：{opens_on} 至 {closes_on}。"),
        remedy=gettext_noop("请留意下一次申报通知。"),
        opens_on=call.opens_on.isoformat(),
        closes_on=call.closes_on.isoformat(),
    )


__all__ = ["accept_application", "apply_for_year", "open_call", "return_application"]
