"""The money of a budget year: allotting what was accepted, within the cap of its call."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.db.models import Sum

from sixgate.domain.authority import Target
from sixgate.domain.planning.year import Candidate, passed_over, rank
from sixgate.kernel.refusal import Conflict, Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import FundingLine, YearApplication, YearCall
from sixgate.records.queries.year import visible_calls
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, refresh

DECIDERS = ("FIN", "LDR")
MOST = 200


@verb("planning.allot_budget", gettext_noop("下达资金"))
def allot_budget(
    act: Act,
    *,
    call_id: Annotated[UUID, Label(gettext_noop("申报通知"))],
    application_ids: Annotated[list[UUID], Label(gettext_noop("下达给"), gettext_noop("按排序列出，按申请金额下达。一次最多 200 项。"))],
    document_no: Annotated[str, Label(gettext_noop("下达文号"), longest=80)],
    allotted_on: Annotated[date, Label(gettext_noop("下达日期"))],
    reason: Annotated[str, Label(gettext_noop("越过排序的理由"), gettext_noop("没有按排序的，须写明。"), multiline=True)] = "",
) -> Answer:
    """Allot what the chosen applications ask, all or none, never beyond the cap; out of order only with a reason. Each becomes a funding line."""
    call = _locked_call(act, call_id)
    act.permit(Target(region_code=call.region_code), duties=DECIDERS)
    _fit(application_ids, document_no, allotted_on, act.day)
    waiting = list(YearApplication.objects.select_for_update(of=("self",)).filter(call=call, state="complete").order_by("pk"))
    chosen = [row for row in waiting if row.id in application_ids]
    if len(chosen) != len(application_ids):
        raise Conflict("application_not_accepted", gettext_noop("选中的有不在等待下达的。"), remedy=gettext_noop("请刷新清单重新选择。"))
    if any(row.accepted_by_id == act.actor.id for row in chosen):
        raise Conflict("own_score", gettext_noop("自己评分的，不能自己下达。"), remedy=gettext_noop("请由另一位工作人员办理。"))
    left = call.cap_fen - allotted_fen(call)
    order = rank([candidate(row) for row in waiting], left)
    skipped = passed_over(order, application_ids)
    if skipped and not reason.strip():
        raise InputRefused({"reason": gettext_noop("没有按排序下达，请写明理由。")})
    total = sum(row.asked_fen for row in chosen)
    if total > left:
        raise Conflict(
            "cap_exceeded",
            gettext_noop("选中的合计超过剩余额度 {over} 元。"),
            remedy=gettext_noop("请少选几项。"),
            over=f"{(total - left) / 100:,.2f}",
        )
    for row in sorted(chosen, key=lambda item: item.project_id):
        _allot(act, call, row, document_no.strip())
    act.enter(
        "year_call", call.id, document_no=document_no.strip(), allotted_on=allotted_on, reason=reason.strip(), total_fen=total,
        allotted=[{"application": row.id, "project": row.project_id, "source": row.source, "amount_fen": row.asked_fen} for row in chosen],
        order=[[place.candidate.id, place.candidate.score, place.candidate.asked_fen] for place in order], passed_over=skipped,
    )  # fmt: skip
    return {"call": str(call.id), "allotted": len(chosen), "total_fen": total}


def candidate(row: YearApplication) -> Candidate:
    """Return an accepted application as the order reads it."""
    return Candidate(row.id, row.score or 0, row.asked_fen, row.filed_on)


def allotted_fen(call: YearCall) -> int:
    """Return what was allotted under a call so far."""
    return YearApplication.objects.filter(call=call, state="allotted").aggregate(total=Sum("asked_fen"))["total"] or 0


def _locked_call(act: Act, call_id: UUID) -> YearCall:
    if not visible_calls(act.actor.posts).filter(pk=call_id).exists():
        raise Invisible
    return YearCall.objects.select_for_update().get(pk=call_id)


def _fit(application_ids: list[UUID], document_no: str, allotted_on: date, day: date) -> None:
    wrong: dict[str, str] = {}
    if not application_ids or len(application_ids) > MOST or len(set(application_ids)) != len(application_ids):
        wrong["application_ids"] = gettext_noop("请选择 1 到 200 项，不能重复。")
    if not document_no.strip():
        wrong["document_no"] = gettext_noop("请填写下达文号。")
    if allotted_on > day:
        wrong["allotted_on"] = gettext_noop("下达日期不能晚于今天。")
    if wrong:
        raise InputRefused(wrong)


def _allot(act: Act, call: YearCall, row: YearApplication, document_no: str) -> None:
    project = locked(act, row.project_id)
    row.funding_line = FundingLine.objects.create(
        project=project,
        source=row.source,
        budget_year=call.budget_year,
        amount_fen=row.asked_fen,
        document_no=document_no,
        event_id=act.event_id,
    )
    row.state, row.event_id = "allotted", act.event_id
    row.save(update_fields=["funding_line", "state", "event"])
    refresh(project, act.day)
