"""会签 and what follows a dissent: coordination by the project office, then the leading group. A dissent is never only sent back."""

from typing import Annotated
from uuid import UUID

from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import DissentStep, GateRequest, SignOff
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._project import locked, refresh, target_of
from sixgate.usecases.lifecycle._request import joint_of, move, project_of_request, request_in, write_passage
from sixgate.usecases.lifecycle.staged import staged_verb


@staged_verb("sign_off", gettext_noop("会签"))
def sign_off(
    act: Act,
    *,
    request_id: Annotated[UUID, Label(gettext_noop("过关申请"))],
    agrees: Annotated[bool, Label(gettext_noop("同意"))],
    opinion: Annotated[str, Label(gettext_noop("意见"), gettext_noop("不同意时必填，写明理由和希望怎样改。"), multiline=True)] = "",
) -> Answer:
    """Give one body's word on a request; a no opens coordination."""
    project = locked(act, project_of_request(request_id))
    act.permit(target_of(project))
    request = request_in(act, request_id, "open")
    state = joint_of(request)
    wanted = {item["duty"] for item in request.co_signers}
    mine = {post.duty for post in act.actor.posts}
    post = act.permit(target_of(project), duties=(mine & set(state.next)) or wanted)
    if post.duty not in state.next:
        raise Conflict("not_your_turn", gettext_noop("现在不轮到您会签：您已签过，或前一家还没有签。"))
    if not agrees and not opinion.strip():
        raise Refusal("opinion_wanted", gettext_noop("不同意时请写明理由。"), field="opinion")
    word = SignOff.objects.create(
        request=request,
        duty=post.duty,
        round=state.round,
        person_id=act.actor.id,
        organisation_id=post.organisation_id,
        agrees=agrees,
        opinion=opinion.strip(),
        at=act.at,
        event_id=act.event_id,
    )
    if not agrees:
        move(request, "coordination")
    act.enter(
        "gate_request", request.id, project_id=project.id, gate=request.gate, duty=post.duty, round=word.round, agrees=agrees, opinion=word.opinion
    )
    return {"request": str(request.id), "state": request.state}


@staged_verb("coordinate_dissent", gettext_noop("协调不同意见"))
def coordinate_dissent(
    act: Act,
    *,
    request_id: Annotated[UUID, Label(gettext_noop("过关申请"))],
    settled: Annotated[bool, Label(gettext_noop("已协调一致"), gettext_noop("一致的，持不同意见的单位重新会签；不一致的，报领导小组议定。"))],
    note: Annotated[str, Label(gettext_noop("协调情况"), multiline=True)],
) -> Answer:
    """Record the outcome of coordination: settled opens a new round for those who dissented, otherwise the leading group takes it."""
    project = locked(act, project_of_request(request_id))
    act.permit(target_of(project))
    request = request_in(act, request_id, "coordination")
    kind = "settled" if settled else "escalated"
    _step(act, request, kind, note, "")
    move(request, "open" if settled else "leading_group")
    act.enter("gate_request", request.id, project_id=project.id, gate=request.gate, step=kind, note=note.strip())
    return {"request": str(request.id), "state": request.state}


@staged_verb("settle_dissent", gettext_noop("领导小组议定"))
def settle_dissent(
    act: Act,
    *,
    request_id: Annotated[UUID, Label(gettext_noop("过关申请"))],
    goes_on: Annotated[bool, Label(gettext_noop("继续办理"), gettext_noop("继续的，由决定人决定；不继续的，退回建设单位。"))],
    resolution_no: Annotated[str, Label(gettext_noop("决议编号"), longest=80)],
    note: Annotated[str, Label(gettext_noop("议定内容"), multiline=True)],
) -> Answer:
    """Record the leading group's word on a dissent: the dissent is overruled, or upheld and the request returned."""
    project = locked(act, project_of_request(request_id))
    act.permit(target_of(project))
    request = request_in(act, request_id, "leading_group")
    if not resolution_no.strip():
        raise Refusal("resolution_wanted", gettext_noop("请填写决议编号。"), field="resolution_no")
    kind = "overruled" if goes_on else "upheld"
    _step(act, request, kind, note, resolution_no)
    if goes_on:
        move(request, "open")
    else:
        write_passage(act, request, "returned", note)
    act.enter("gate_request", request.id, project_id=project.id, gate=request.gate, step=kind, note=note.strip(), resolution_no=resolution_no.strip())
    refresh(project, act.day)
    return {"request": str(request.id), "state": request.state}


def _step(act: Act, request: GateRequest, kind: str, note: str, document_no: str) -> None:
    if not note.strip():
        raise Refusal("note_wanted", gettext_noop("请写明情况。"), field="note")
    DissentStep.objects.create(
        request=request, kind=kind, person_id=act.actor.id, note=note.strip(), document_no=document_no.strip(), at=act.at, event_id=act.event_id
    )
