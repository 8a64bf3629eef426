"""Verbs on evidence: handing in, the second person's check, taking back. What the pack declares is what a person may key."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet

from sixgate.domain.lifecycle.evidence import may_check, read_fields
from sixgate.engines.ledger.canonical import canonical, sm3_hex
from sixgate.engines.rules.schema import EvidenceKind
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import (
    Contract,
    Evidence,
    EvidenceCheck,
    EvidenceFile,
    EvidenceVersion,
    Post,
    Project,
    ProjectSystem,
    Withdrawal,
)
from sixgate.records.store import FileRef, adopt, discard
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, refresh, standing, target_of
from sixgate.usecases._screening import UPLOAD_SCREENING, screened, visible_words
from sixgate.usecases.lifecycle.staged import kind_here, stage_of, staged_verb

OWNER = "OWN"


@staged_verb("submit_evidence", gettext_noop("提交材料"))
def submit_evidence(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    kind: Annotated[str, Label(gettext_noop("材料"))],
    screening: Annotated[str, UPLOAD_SCREENING],
    fields: Annotated[dict[str, Any], Label(gettext_noop("登记项"), gettext_noop("照原件填写。"))],
    files: Annotated[list[FileRef], Label(gettext_noop("原件扫描件或电子件"))] = [],  # noqa: B006 - never changed; pydantic copies it
    system_id: Annotated[UUID | None, Label(gettext_noop("所属系统"))] = None,
    contract_id: Annotated[UUID | None, Label(gettext_noop("所属合同"))] = None,
    work_secret: Annotated[bool, Label(gettext_noop("属于工作秘密"))] = False,
) -> Answer:
    """Hand in one version of one kind of evidence with its files; it becomes fact when it needs no check or a second person agreed."""
    screened(act, screening, visible_words(files), lambda: discard(files))
    project = locked(act, project_id)
    here = standing(project.id, act.day)
    wanted = kind_here(act, here, kind)
    act.permit(target_of(project), duties={OWNER, wanted.supplier})
    values, wrong = read_fields(wanted, fields)
    if wanted.files and not files:
        wrong["files"] = gettext_noop("请附上原件的扫描件或电子件。")
    if wrong:
        raise InputRefused({name if name == "files" else f"fields.{name}": reason for name, reason in wrong.items()})
    place = _place(project, wanted, system_id, contract_id)
    version = _store(act, place, values, work_secret or wanted.work_secret)
    digests = [_attach(version, ref) for ref in files]
    act.enter(
        "evidence",
        version.id,
        project_id=project.id,
        kind=kind,
        number=version.number,
        fields_digest=sm3_hex(canonical(values)),
        files=digests,
        work_secret=version.work_secret,
    )
    refresh(project, act.day)
    return {"version": str(version.id), "number": version.number, "waits_for_check": wanted.second_check}


@staged_verb("check_evidence", gettext_noop("核对材料"))
def check_evidence(
    act: Act,
    *,
    version_id: Annotated[UUID, Label(gettext_noop("材料版本"))],
    agrees: Annotated[bool, Label(gettext_noop("与原件一致"))],
    note: Annotated[str, Label(gettext_noop("核对意见"), gettext_noop("不一致时写明哪一项、原件是什么。"), multiline=True, longest=500)] = "",
) -> Answer:
    """Record the second person's look at a version against its scan (2.5.7: another person, not a beneficiary)."""
    version = _version(version_id)
    project = locked(act, version.evidence.project_id)
    post = act.permit(target_of(project))
    _stage_fits(act, project, version)
    if hasattr(version, "withdrawal") or version.checks.exists():
        raise Conflict("already_checked", gettext_noop("这一版已经核对过，或已撤回。"))
    if version.work_secret and not post.sees_work_secrets:
        raise Forbidden("work_secret", gettext_noop("这份材料是工作秘密，您的岗位不能查看。"))
    submitter_body = Post.objects.filter(person_id=version.submitted_by_id).values_list("organisation_id", flat=True).first()
    reason = may_check(version.submitted_by_id, act.actor.id, submitter_body, post.organisation_id, project.owner_id)
    if reason:
        raise Forbidden("same_hand", reason, remedy=gettext_noop("请由另一位有核对职责的人办理。"))
    if not agrees and not note.strip():
        raise Refusal("note_wanted", gettext_noop("请写明哪一项与原件不一致。"), field="note")
    EvidenceCheck.objects.create(
        version=version, checked_by_id=act.actor.id, checked_at=act.at, agrees=agrees, note=note.strip(), event_id=act.event_id
    )
    act.enter("evidence", version.id, project_id=project.id, kind=version.evidence.kind, number=version.number, agrees=agrees, note=note.strip())
    refresh(project, act.day)
    return {"version": str(version.id), "agrees": agrees}


@staged_verb("withdraw_evidence", gettext_noop("撤回材料"))
def withdraw_evidence(
    act: Act,
    *,
    version_id: Annotated[UUID, Label(gettext_noop("材料版本"))],
    reason: Annotated[str, Label(gettext_noop("撤回原因"), multiline=True, longest=500)],
) -> Answer:
    """Take a version back; it stays readable and stops counting, and approvals that rest on it turn stale."""
    version = _version(version_id)
    project = locked(act, version.evidence.project_id)
    _stage_fits(act, project, version)
    kind = standing(project.id, act.day).pack.evidence[version.evidence.kind]
    act.permit(target_of(project), duties={OWNER, kind.supplier})
    if hasattr(version, "withdrawal"):
        raise Conflict("already_withdrawn", gettext_noop("这一版已经撤回。"))
    if not reason.strip():
        raise Refusal("reason_wanted", gettext_noop("请写明撤回原因。"), field="reason")
    Withdrawal.objects.create(version=version, withdrawn_by_id=act.actor.id, reason=reason.strip(), event_id=act.event_id)
    act.enter("evidence", version.id, project_id=project.id, kind=version.evidence.kind, number=version.number, reason=reason.strip())
    refresh(project, act.day)
    return {"version": str(version.id)}


def _place(project: Project, kind: EvidenceKind, system_id: UUID | None, contract_id: UUID | None) -> Evidence:
    """Return the place for a kind of evidence of its subject; raise InputRefused when the subject is not named or not the project's."""
    subject: dict[str, UUID | None] = {"system_id": None, "contract_id": None}
    if kind.subject == "system":
        if system_id is None or not ProjectSystem.objects.filter(project=project, system_id=system_id).exists():
            raise InputRefused({"system_id": gettext_noop("请选择本项目关联的系统；还没有的，先登记系统。")})
        subject["system_id"] = system_id
    if kind.subject == "contract":
        if contract_id is None or not Contract.objects.filter(project=project, pk=contract_id).exists():
            raise InputRefused({"contract_id": gettext_noop("请选择本项目的合同；还没有的，先登记合同。")})
        subject["contract_id"] = contract_id
    found = Evidence.objects.filter(project=project, kind=kind.id, **subject).first()
    return found or Evidence.objects.create(project=project, kind=kind.id, **subject)


def _store(act: Act, place: Evidence, values: dict[str, Any], work_secret: bool) -> EvidenceVersion:
    place.latest_number += 1
    place.save(update_fields=["latest_number"])
    return EvidenceVersion.objects.create(
        evidence=place,
        number=place.latest_number,
        fields=values,
        submitted_by_id=act.actor.id,
        submitted_at=act.at,
        work_secret=work_secret,
        event_id=act.event_id,
    )


def _attach(version: EvidenceVersion, ref: FileRef) -> str:
    EvidenceFile.objects.create(version=version, field="", name=ref.name, file=adopt(ref))
    return ref.sm3


def _version(version_id: UUID) -> EvidenceVersion:
    found: QuerySet[EvidenceVersion] = EvidenceVersion.objects.select_related("evidence", "withdrawal")
    version = found.filter(pk=version_id).first()
    if version is None:
        raise Invisible
    return version


def _stage_fits(act: Act, project: Project, version: EvidenceVersion) -> None:
    kind = standing(project.id, act.day).pack.evidence.get(version.evidence.kind)
    if kind is None or kind.stage != stage_of(act):
        raise Refusal("stage_differs", gettext_noop("这份材料不属于这个阶段。"), field="version_id")
