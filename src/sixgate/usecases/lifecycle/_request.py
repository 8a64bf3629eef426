"""What verbs on a gate request share: the request in its state, the joint sign-off so far, and writing a passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from sixgate.domain.lifecycle.joint import CoSigner, JointState, Word, joint_state
from sixgate.kernel.refusal import Conflict, Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Condition, DocumentFile, GateRequest, OfficialDocument, Passage
from sixgate.records.store import FileRef, adopt
from sixgate.usecases._frame import Act, Label
from sixgate.usecases._project import standing
from sixgate.usecases.lifecycle.staged import stage_of

MOVED_ON = {
    "open": gettext_noop("这项申请没有待协调的不同意见。"),
    "coordination": gettext_noop("有单位不同意，正在协调。"),
    "leading_group": gettext_noop("协调不成，正等领导小组议定。"),
    "decided": gettext_noop("这项申请已经决定。"),
    "cancelled": gettext_noop("这项申请已作废：材料变化后重新申请了。"),
}


@dataclass(frozen=True, slots=True)
class ConditionInput:
    """A condition of a conditional approval as it is keyed."""

    text: Annotated[str, Label(gettext_noop("条件"), longest=500)]
    due_on: Annotated[date, Label(gettext_noop("完成期限"))]


@dataclass(frozen=True, slots=True)
class Paper:
    """A decision signed on paper: 文号, date, issuing body, scans."""

    title: str
    document_no: str
    issued_on: date
    issuer: str
    files: Sequence[FileRef]


def project_of_request(request_id: UUID) -> UUID:
    """Return the project a gate request belongs to; raise Invisible when there is no such request."""
    found = GateRequest.objects.filter(pk=request_id).values_list("project_id", flat=True).first()
    if found is None:
        raise Invisible
    return found


def request_in(act: Act, request_id: UUID, state: str) -> GateRequest:
    """Return a request of the act's stage in the wanted state, read under the project's lock; raise Conflict when it has moved on."""
    request = GateRequest.objects.get(pk=request_id)
    gate = standing(request.project_id, act.day).pack.gates.get(request.gate)
    if gate is None or gate.stage != stage_of(act):
        raise Refusal("stage_differs", gettext_noop("这项申请不属于这个阶段。"), field="request_id")
    if request.state != state:
        raise Conflict("request_moved_on", MOVED_ON[request.state], remedy=gettext_noop("请刷新页面查看最新进展。"))
    return request


def joint_of(request: GateRequest) -> JointState:
    """Return who has spoken and who may speak now."""
    steps = list(request.dissent_steps.values_list("kind", flat=True))
    words = [Word(item.duty, item.round, item.agrees) for item in request.sign_offs.all()]
    signers = [CoSigner(item["duty"], item["title"]) for item in request.co_signers]
    return joint_state(signers, words, request.order, steps.count("settled"), overruled="overruled" in steps)


def move(request: GateRequest, state: str) -> None:
    """Set the state of a request."""
    request.state = state
    request.save(update_fields=["state"])


def write_passage(
    act: Act, request: GateRequest, outcome: str, reason: str, conditions: Sequence[ConditionInput] = (), paper: Paper | None = None
) -> Passage:
    """Write what was decided on a request's frozen state and close the request."""
    passage = Passage.objects.create(
        project_id=request.project_id,
        gate=request.gate,
        request=request,
        outcome=outcome,
        source="paper" if paper else "system",
        decided_by_id=act.actor.id,
        decided_on=paper.issued_on if paper else act.day,
        decided_at=act.at,
        deciding_body=paper.issuer if paper else "",
        document=write_document(act, request.project_id, paper) if paper else None,
        reason=reason.strip(),
        pack_digest=request.pack_digest,
        facts_digest=request.facts_digest,
        event_id=act.event_id,
    )
    for condition in conditions:
        Condition.objects.create(passage=passage, text=condition.text.strip(), due_on=condition.due_on, event_id=act.event_id)
    move(request, "decided")
    return passage


def write_document(act: Act, project_id: UUID, paper: Paper) -> OfficialDocument:
    """Store an official paper with its scans."""
    document = OfficialDocument.objects.create(
        project_id=project_id,
        title=paper.title,
        document_no=paper.document_no,
        issued_on=paper.issued_on,
        issuer=paper.issuer,
        event_id=act.event_id,
    )
    for ref in paper.files:
        DocumentFile.objects.create(document=document, name=ref.name, file=adopt(ref))
    return document
