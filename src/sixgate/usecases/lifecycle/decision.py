"""Deciding a gate on its frozen state. The tool advises; the person the duty names decides, once, and not on their own papers."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from sixgate.domain.lifecycle.course import OUTCOMES
from sixgate.domain.lifecycle.frozen import differences
from sixgate.engines.rules.schema import Gate
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Condition, EvidenceVersion, GateRequest
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import Standing, locked, refresh, standing, target_of
from sixgate.usecases.lifecycle._request import ConditionInput, joint_of, project_of_request, request_in, write_passage
from sixgate.usecases.lifecycle.gate import verdict_table
from sixgate.usecases.lifecycle.staged import staged_verb

OUTCOME_LABELS = {
    "passed": gettext_noop("通过"),
    "conditional": gettext_noop("有条件通过"),
    "returned": gettext_noop("退回"),
    "override": gettext_noop("附理由越过"),
}
OUTCOME = Label(gettext_noop("决定"), choices=tuple((key, OUTCOME_LABELS[key]) for key in OUTCOMES))
REASON = Label(gettext_noop("理由"), gettext_noop("退回和附理由越过时必填。"), multiline=True)
CONDITIONS = Label(gettext_noop("条件"), gettext_noop("有条件通过时，逐条写明要做什么、哪天之前。"))
SHORTEST_REASON = 10


@staged_verb("decide_gate", gettext_noop("决定是否过关"))
def decide_gate(
    act: Act,
    *,
    request_id: Annotated[UUID, Label(gettext_noop("过关申请"))],
    outcome: Annotated[str, OUTCOME],
    reason: Annotated[str, REASON] = "",
    conditions: Annotated[list[ConditionInput], CONDITIONS] = [],  # noqa: B006 - never changed; pydantic copies it
) -> Answer:
    """Decide a gate on the state frozen at the request; refused when that state has changed, when words are missing or on one's own papers."""
    project = locked(act, project_of_request(request_id))
    act.permit(target_of(project))
    request = request_in(act, request_id, "open")
    here = standing(project.id, act.day)
    gate = here.pack.gates[request.gate]
    act.permit(target_of(project), duties={gate.decider})
    not_own_papers(act, request)
    unsigned = ready_to_decide(act, request, here)
    fitting(act, request, outcome, reason, conditions)
    passage = write_passage(act, request, outcome, reason, conditions)
    act.enter(
        "passage",
        passage.id,
        project_id=project.id,
        gate=gate.id,
        outcome=outcome,
        reason=reason.strip(),
        conditions=[{"text": item.text, "due_on": item.due_on} for item in conditions],
        pack_digest=request.pack_digest,
        facts_digest=request.facts_digest,
        unsigned=unsigned,
        overridden=[row["id"] for row in request.verdicts if row["holds_back"]] if outcome == "override" else [],
    )
    refresh(project, act.day)
    return {"passage": str(passage.id), "outcome": outcome}


@staged_verb("close_condition", gettext_noop("办结条件"))
def close_condition(
    act: Act,
    *,
    condition_id: Annotated[UUID, Label(gettext_noop("条件"))],
    note: Annotated[str, Label(gettext_noop("办结情况"), gettext_noop("写明做了什么、凭据在哪里。"), multiline=True, longest=500)],
) -> Answer:
    """Close a dated condition of an approval; the decider's side closes it, not the one who owes it."""
    project_id = Condition.objects.filter(pk=condition_id).values_list("passage__project_id", flat=True).first()
    project = locked(act, project_id or condition_id)
    condition = Condition.objects.select_related("passage").get(pk=condition_id)
    gate: Gate = standing(project.id, act.day).pack.gates[condition.passage.gate]
    act.permit(target_of(project), duties={gate.decider})
    if condition.closed_event_id is not None:
        raise Conflict("condition_closed", gettext_noop("这个条件已经办结。"))
    if not note.strip():
        raise Refusal("note_wanted", gettext_noop("请写明办结情况。"), field="note")
    condition.closed_event_id = act.event_id
    condition.closed_note = note.strip()
    condition.save(update_fields=["closed_event_id", "closed_note"])
    act.enter("condition", condition.id, project_id=project.id, gate=gate.id, note=note.strip())
    return {"condition": str(condition.id)}


def not_own_papers(act: Act, request: GateRequest) -> None:
    """Refuse the person who asked for the gate or keyed evidence it rests on (交材料与决定分属两个人)."""
    versions = {row["reference"] for row in request.facts if row["kind"] == "evidence"}
    hands = {*EvidenceVersion.objects.filter(pk__in=versions).values_list("submitted_by_id", flat=True), request.requested_by_id}
    if act.actor.id in hands:
        raise Forbidden("own_papers", gettext_noop("申请或材料由您经手，须由另一个人决定。"), remedy=gettext_noop("请由有决定职责的另一位同志办理。"))


def ready_to_decide(act: Act, request: GateRequest, here: Standing) -> list[str]:
    """Refuse while words are awaited or the state is no longer the frozen one; return the duties that let their day pass."""
    joint = joint_of(request)
    if joint.missing and act.day <= request.sign_by:
        titles = {item["duty"]: item["title"] for item in request.co_signers}
        raise Conflict(
            "words_awaited",
            gettext_noop("还有单位没有会签：{names}；会签期限到 {day}。"),
            remedy=gettext_noop("期满未签的，可以决定，并注明未签单位。"),
            day=request.sign_by,
            names="、".join(titles[duty] for duty in joint.missing),
        )
    changed = differences(request.facts, here.freeze(request.gate))
    if changed or _verdicts(request.verdicts) != _verdicts(verdict_table(here.judge(request.gate))):
        raise Conflict(
            "state_changed",
            gettext_noop("申请以后，依据的事实或规则变了 {count} 处，不能按原来的状态决定。"),
            remedy=gettext_noop("请建设单位按现在的状态重新申请。"),
            count=max(len(changed), 1),
        )
    return list(joint.missing)


def fitting(act: Act, request: GateRequest, outcome: str, reason: str, conditions: Sequence[ConditionInput]) -> None:
    """Refuse an outcome that does not fit the verdicts, a missing reason, or a condition without text or future day."""
    holding = [row for row in request.verdicts if row["holds_back"]]
    if outcome in ("passed", "conditional") and holding:
        raise Conflict(
            "requirements_hold_back",
            gettext_noop("有 {count} 项锁定要求没有满足：{names}。"),
            remedy=gettext_noop("请退回补正；确有必要的，可以附理由越过，越过会公开计数。"),
            count=len(holding),
            names="、".join(row["title"] for row in holding),
        )
    if outcome == "override" and not holding:
        raise Conflict("nothing_to_override", gettext_noop("没有要求挡住，不需要越过，直接通过即可。"))
    if outcome in ("returned", "override") and len(reason.strip()) < SHORTEST_REASON:
        raise InputRefused({"reason": gettext_noop("请写明理由，不少于 10 个字。")})
    if (outcome == "conditional") != bool(conditions):
        raise InputRefused({"conditions": gettext_noop("有条件通过须写明条件，其他决定不带条件。")})
    if any(not item.text.strip() or item.due_on < act.day for item in conditions):
        raise InputRefused({"conditions": gettext_noop("每个条件都要写明内容和今天以后的日期。")})


def _verdicts(table: Sequence[dict[str, object]]) -> set[tuple[object, ...]]:
    return {(row["id"], row["subject_id"], row["verdict"], row["effect"]) for row in table}
