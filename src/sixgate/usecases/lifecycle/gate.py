"""Asking for a gate: the state is frozen, the verdicts stand beside it, the bodies to sign are named with their day."""

from typing import Annotated, Any
from uuid import UUID

from sixgate.domain.lifecycle.frozen import differences, digest
from sixgate.domain.lifecycle.gate import GateJudgement, GateRow
from sixgate.domain.lifecycle.wording import clause_text
from sixgate.engines.rules.schema import Gate
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.workcalendar import national
from sixgate.records.models import GateRequest, Project
from sixgate.usecases import _law
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._project import Standing, locked, refresh, standing, target_of
from sixgate.usecases.lifecycle.staged import gate_here, staged_verb

OPEN_STATES = ("open", "coordination", "leading_group")


@staged_verb("request_gate", gettext_noop("申请过关"))
def request_gate(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    gate: Annotated[str, Label(gettext_noop("决策点"))],
) -> Answer:
    """Ask for a gate to be decided on the state of this moment; an earlier request whose state has changed is replaced."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    here = standing(project.id, act.day)
    wanted = gate_here(act, here, gate)
    _may_be_asked(here, gate)
    frozen = here.freeze(gate)
    _replace_changed(project, gate, frozen)
    request = _create(act, project, wanted, here, frozen)
    act.enter(
        "gate_request",
        request.id,
        project_id=project.id,
        gate=gate,
        pack_digest=request.pack_digest,
        facts_digest=request.facts_digest,
        sign_by=request.sign_by,
        co_signers=[item["duty"] for item in request.co_signers],
    )
    refresh(project, act.day)
    return {"request": str(request.id), "opens": not any(row["holds_back"] for row in request.verdicts), "sign_by": request.sign_by.isoformat()}


def verdict_table(judgement: GateJudgement) -> list[dict[str, Any]]:
    """Return the rows of a judgement as they are frozen beside a request."""
    return [_verdict_row(row) for row in judgement.rows]


def _verdict_row(row: GateRow) -> dict[str, Any]:
    return {
        "id": row.requirement.id,
        "title": row.requirement.title,
        "subject_id": row.outcome.subject_id,
        "verdict": row.outcome.verdict.value,
        "effect": row.outcome.effect,
        "holds_back": row.holds_back,
        "clause": [clause_text(clause) for clause in row.requirement.clauses],
        "reads": [fact.name for fact in row.outcome.facts_read],
        "missing": list(row.outcome.missing),
    }


def _may_be_asked(here: Standing, gate: str) -> None:
    if gate in here.course.open or gate in here.stale():
        return
    if gate in here.course.passed:
        raise Conflict("gate_passed", gettext_noop("这个决策点已经通过，依据的事实没有变化，不必再申请。"))
    raise Conflict(
        "gate_not_yet",
        gettext_noop("前面的决策点还没有通过，现在不能申请。"),
        remedy=gettext_noop("请先办理前面的决策点；启用本平台之前已批的，用“补录”登记。"),
    )


def _replace_changed(project: Project, gate: str, frozen: list[dict[str, Any]]) -> None:
    earlier = GateRequest.objects.filter(project=project, gate=gate, state__in=OPEN_STATES).first()
    if earlier is None:
        return
    if not differences(earlier.facts, frozen):
        raise Conflict(
            "already_requested", gettext_noop("已经申请过，正在会签或等待决定。"), remedy=gettext_noop("材料有变化时可以重新申请，原申请随之作废。")
        )
    earlier.state = "cancelled"
    earlier.save(update_fields=["state"])


def _create(act: Act, project: Project, gate: Gate, here: Standing, frozen: list[dict[str, Any]]) -> GateRequest:
    duties = _law.duties(act.day)
    judgement = here.judge(gate.id)
    return GateRequest.objects.create(
        project=project,
        gate=gate.id,
        requested_by_id=act.actor.id,
        requested_at=act.at,
        pack_digest=judgement.pack_digest,
        facts_digest=digest(frozen),
        facts=frozen,
        verdicts=verdict_table(judgement),
        co_signers=[{"duty": duty, "title": duties[duty].title, "organisation": None} for duty in gate.co_signers],
        order=gate.order,
        sign_by=national().add_workdays(act.day, gate.sign_workdays),
        event_id=act.event_id,
    )
