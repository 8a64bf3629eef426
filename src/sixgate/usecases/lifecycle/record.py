"""Decisions that were made on paper: signed outside, or before this platform was in use (补录). A second person compares them with the scan."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.conf import settings

from sixgate.kernel.identity import check_document_no
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import GateRequest, Passage, PassageCheck, Project
from sixgate.records.store import FileRef, discard
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import Standing, locked, refresh, standing, target_of
from sixgate.usecases._screening import UPLOAD_SCREENING, screened, visible_words
from sixgate.usecases.lifecycle._request import ConditionInput, Paper, project_of_request, request_in, write_document, write_passage
from sixgate.usecases.lifecycle.decision import CONDITIONS, OUTCOME, REASON, fitting, not_own_papers, ready_to_decide
from sixgate.usecases.lifecycle.gate import OPEN_STATES
from sixgate.usecases.lifecycle.staged import gate_here, staged_verb

LEADERS = "LDR"
DECIDED_ON = Label(gettext_noop("决定日期"))
DECIDING_BODY = Label(gettext_noop("决定机关"))
DOCUMENT_NO = Label(gettext_noop("文号"), gettext_noop("如 穗数资〔2026〕12号。"))
SCANS = Label(gettext_noop("签批件扫描件"))


@staged_verb("record_decision", gettext_noop("登记纸面决定"))
def record_decision(
    act: Act,
    *,
    request_id: Annotated[UUID, Label(gettext_noop("过关申请"))],
    outcome: Annotated[str, OUTCOME],
    decided_on: Annotated[date, DECIDED_ON],
    deciding_body: Annotated[str, DECIDING_BODY],
    document_no: Annotated[str, DOCUMENT_NO],
    screening: Annotated[str, UPLOAD_SCREENING],
    files: Annotated[list[FileRef], SCANS],
    reason: Annotated[str, REASON] = "",
    conditions: Annotated[list[ConditionInput], CONDITIONS] = [],  # noqa: B006 - never changed; pydantic copies it
) -> Answer:
    """Record a decision signed on paper on a request's frozen state; it counts once a second person has compared it with the scan."""
    screened(act, screening, visible_words(files), lambda: discard(files))
    project = locked(act, project_of_request(request_id))
    act.permit(target_of(project))
    request = request_in(act, request_id, "open")
    here = standing(project.id, act.day)
    gate = here.pack.gates[request.gate]
    act.permit(target_of(project), duties={gate.decider, LEADERS})
    not_own_papers(act, request)
    unsigned = ready_to_decide(act, request, here)
    fitting(act, request, outcome, reason, conditions)
    paper = _paper(act, gate.title, document_no, decided_on, deciding_body, files)
    passage = write_passage(act, request, outcome, reason, conditions, paper)
    act.enter(
        "passage",
        passage.id,
        project_id=project.id,
        gate=gate.id,
        outcome=outcome,
        document_no=paper.document_no,
        decided_on=decided_on,
        deciding_body=paper.issuer,
        files=[ref.sm3 for ref in files],
        unsigned=unsigned,
        facts_digest=request.facts_digest,
    )
    return {"passage": str(passage.id), "waits_for_check": True}


@staged_verb("take_over_gate", gettext_noop("补录已批决策点"))
def take_over_gate(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    gate: Annotated[str, Label(gettext_noop("决策点"))],
    decided_on: Annotated[date, DECIDED_ON],
    deciding_body: Annotated[str, DECIDING_BODY],
    document_no: Annotated[str, DOCUMENT_NO],
    screening: Annotated[str, UPLOAD_SCREENING],
    files: Annotated[list[FileRef], SCANS] = [],  # noqa: B006 - never changed; pydantic copies it
    missing_note: Annotated[str, Label(gettext_noop("缺件说明"), gettext_noop("没有扫描件时必填：缺什么、何时补。"), multiline=True)] = "",
) -> Answer:
    """Close a gate by the record of an approval given before the 启用日; it is not judged again (2.5.4)."""
    screened(act, screening, visible_words(files), lambda: discard(files))
    project = locked(act, project_id)
    act.permit(target_of(project))
    here = standing(project.id, act.day)
    wanted = gate_here(act, here, gate)
    _not_under_way(project, gate, here)
    _before_go_live(project, decided_on)
    if not files and not missing_note.strip():
        raise InputRefused({"missing_note": gettext_noop("没有扫描件时，请写明缺什么、何时补。")})
    paper = _paper(act, wanted.title, document_no, decided_on, deciding_body, files)
    passage = Passage.objects.create(
        project=project,
        gate=gate,
        outcome="recorded",
        source="takeover",
        decided_by_id=act.actor.id,
        decided_on=decided_on,
        decided_at=act.at,
        deciding_body=paper.issuer,
        document=write_document(act, project.id, paper),
        reason=missing_note.strip(),
        event_id=act.event_id,
    )
    act.enter(
        "passage",
        passage.id,
        project_id=project.id,
        gate=gate,
        outcome="recorded",
        document_no=paper.document_no,
        decided_on=decided_on,
        deciding_body=paper.issuer,
        files=[ref.sm3 for ref in files],
        missing_note=missing_note.strip(),
    )
    return {"passage": str(passage.id), "waits_for_check": True}


@staged_verb("check_record", gettext_noop("核对补录或纸面决定"))
def check_record(
    act: Act,
    *,
    passage_id: Annotated[UUID, Label(gettext_noop("登记的决定"))],
    agrees: Annotated[bool, Label(gettext_noop("与原件一致"))],
    note: Annotated[str, Label(gettext_noop("核对意见"), multiline=True, longest=500)] = "",
) -> Answer:
    """Compare a recorded decision with its scan, as another person than the one who keyed it; agreed to, it counts."""
    project_id = Passage.objects.filter(pk=passage_id).exclude(source="system").values_list("project_id", flat=True).first()
    project = locked(act, project_id or passage_id)
    passage = Passage.objects.get(pk=passage_id)
    act.permit(target_of(project))
    gate_here(act, standing(project.id, act.day), passage.gate)
    if passage.decided_by_id == act.actor.id:
        raise Forbidden("same_hand", gettext_noop("这是您登记的，须由另一个人核对。"), remedy=gettext_noop("请由另一位有核对职责的人办理。"))
    if PassageCheck.objects.filter(passage=passage).exists():
        raise Conflict("already_checked", gettext_noop("这项登记已经核对过。"))
    if not agrees and not note.strip():
        raise Refusal("note_wanted", gettext_noop("请写明哪里与原件不一致。"), field="note")
    PassageCheck.objects.create(
        passage=passage, checked_by_id=act.actor.id, checked_at=act.at, agrees=agrees, note=note.strip(), event_id=act.event_id
    )
    act.enter("passage", passage.id, project_id=project.id, gate=passage.gate, agrees=agrees, note=note.strip())
    refresh(project, act.day)
    return {"passage": str(passage.id), "agrees": agrees}


def _paper(act: Act, gate_title: str, document_no: str, decided_on: date, body: str, files: list[FileRef]) -> Paper:
    if decided_on > act.day:
        raise InputRefused({"decided_on": gettext_noop("决定日期不能晚于今天。")})
    if not body.strip():
        raise InputRefused({"deciding_body": gettext_noop("请填写决定机关。")})
    return Paper(gate_title, check_document_no(document_no), decided_on, body.strip(), files)


def _not_under_way(project: Project, gate: str, here: Standing) -> None:
    if GateRequest.objects.filter(project=project, gate=gate, state__in=OPEN_STATES).exists():
        raise Conflict("already_requested", gettext_noop("这个决策点正在办理，不能补录。"))
    if gate in here.course.passed:
        raise Conflict("gate_passed", gettext_noop("这个决策点已经通过，不必补录。"))


def _before_go_live(project: Project, decided_on: date) -> None:
    go_live = project.owner.go_live_date or date.fromisoformat(settings.GO_LIVE_DATE)
    if decided_on >= go_live:
        raise Refusal(
            "after_go_live",
            gettext_noop("决定日期在本单位启用日 {day} 之后，不能补录，请按正常程序申请。"),
            field="decided_on",
            day=go_live,
        )
