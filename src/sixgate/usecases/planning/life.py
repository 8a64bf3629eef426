"""The life of a project beside its gates: suspended with its clocks, resumed, terminated, cancelled (2.5.6)."""

from typing import Annotated
from uuid import UUID

from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Contract, GateRequest, Pause, Project
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._project import locked, target_of

REASON = Label(gettext_noop("原因"), multiline=True, longest=500)
DOCUMENT = Label(gettext_noop("决定文件"), gettext_noop("文号或会议纪要编号。"), longest=80)


@verb("planning.suspend_project", gettext_noop("暂停项目"))
def suspend_project(
    act: Act, *, project_id: Annotated[UUID, Label(gettext_noop("项目"))], reason: Annotated[str, REASON], document_no: Annotated[str, DOCUMENT] = ""
) -> Answer:
    """Suspend a project; its clocks stand still from today."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    pause = Pause.objects.create(
        project=project, reason=_said(reason), document_no=document_no.strip(), from_day=act.day, until_day=None, event_id=act.event_id
    )
    _set(project, "suspended")
    act.enter("project", project.id, project_id=project.id, status="suspended", pause=pause.id, reason=pause.reason, document_no=pause.document_no)
    return {"project": str(project.id), "status": project.status}


@verb("planning.resume_project", gettext_noop("恢复项目"))
def resume_project(
    act: Act, *, project_id: Annotated[UUID, Label(gettext_noop("项目"))], reason: Annotated[str, REASON], document_no: Annotated[str, DOCUMENT] = ""
) -> Answer:
    """Resume a suspended project; its clocks go on from today."""
    project = locked(act, project_id, even_closed=True)
    act.permit(target_of(project))
    if project.status != "suspended":
        raise Conflict("not_suspended", gettext_noop("项目没有暂停，不需要恢复。"))
    Pause.objects.filter(project=project, until_day=None).update(until_day=act.day)
    _set(project, "active")
    act.enter("project", project.id, project_id=project.id, status="active", reason=_said(reason), document_no=document_no.strip())
    return {"project": str(project.id), "status": project.status}


@verb("planning.terminate_project", gettext_noop("终止项目"))
def terminate_project(
    act: Act, *, project_id: Annotated[UUID, Label(gettext_noop("项目"))], reason: Annotated[str, REASON], document_no: Annotated[str, DOCUMENT]
) -> Answer:
    """End a project that will not be built further. Money was spent, so the paper that decides it is wanted; open requests lapse."""
    return _end(act, project_id, "terminated", reason, document_no)


@verb("planning.cancel_project", gettext_noop("撤销项目"))
def cancel_project(
    act: Act, *, project_id: Annotated[UUID, Label(gettext_noop("项目"))], reason: Annotated[str, REASON], document_no: Annotated[str, DOCUMENT]
) -> Answer:
    """Take back a project that has not begun: refused once a contract is signed, which calls for termination."""
    if Contract.objects.filter(project_id=project_id).exists():
        locked(act, project_id, even_closed=True)
        raise Conflict(
            "contract_signed", gettext_noop("项目已签合同，不能撤销。"), remedy=gettext_noop("请按终止办理：审计或清算、资产处置、合同处理。")
        )
    return _end(act, project_id, "cancelled", reason, document_no)


def _end(act: Act, project_id: UUID, status: str, reason: str, document_no: str) -> Answer:
    project = locked(act, project_id, even_closed=True)
    act.permit(target_of(project))
    if project.status not in ("active", "suspended"):
        raise Conflict("already_ended", gettext_noop("项目已经结束，不能再办这件事。"))
    if not document_no.strip():
        raise Refusal("document_wanted", gettext_noop("请填写决定文件的文号。"), field="document_no")
    Pause.objects.filter(project=project, until_day=None).update(until_day=act.day)
    GateRequest.objects.filter(project=project, state__in=["open", "coordination", "leading_group"]).update(state="cancelled")
    _set(project, status)
    act.enter("project", project.id, project_id=project.id, status=status, reason=_said(reason), document_no=document_no.strip())
    return {"project": str(project.id), "status": status}


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refusal("reason_wanted", gettext_noop("请写明原因。"), field="reason")
    return reason.strip()


def _set(project: Project, status: str) -> None:
    project.status = status
    project.version += 1
    project.save(update_fields=["status", "version"])
