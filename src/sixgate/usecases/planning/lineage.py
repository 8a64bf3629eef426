"""Splitting and merging projects: amounts are handed on and must add up; who came from whom stays on record (2.5.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from sixgate.kernel.money import wan_text
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Contract, GateRequest, Project, ProjectLineage, ProjectState, ProjectSystem
from sixgate.records.queries.search import search_text
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, refresh, target_of

PARTS = Label(gettext_noop("拆分为"), gettext_noop("至少两个项目，金额合计等于原项目金额；系统和合同逐个分配。"))
COPIED = ("owner_id", "region_code", "level", "type", "network", "secrecy", "description", "responsible_person", "currency")


@dataclass(frozen=True, slots=True)
class PartInput:
    """One part of a split: its name, its share in 分, and the systems and contracts it takes."""

    name: Annotated[str, Label(gettext_noop("项目名称"), longest=300)]
    amount_fen: Annotated[int, Label(gettext_noop("金额（万元）"))]
    system_ids: Annotated[tuple[UUID, ...], Label(gettext_noop("系统"))] = ()
    contract_ids: Annotated[tuple[UUID, ...], Label(gettext_noop("合同"))] = ()


@verb("planning.split_project", gettext_noop("拆分项目"))
def split_project(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    parts: Annotated[list[PartInput], PARTS],
    reason: Annotated[str, Label(gettext_noop("原因"), multiline=True)],
    document_no: Annotated[str, Label(gettext_noop("决定文件"))] = "",
) -> Answer:
    """Split a project into parts whose amounts add up to it; the original ends, its systems and contracts are handed on."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    _nothing_pending(project)
    _check_parts(project, parts, reason)
    made = [_part(act, project, part) for part in parts]
    _close(project, "split")
    act.enter(
        "project",
        project.id,
        project_id=project.id,
        status="split",
        into=[{"project": item.id, "name": item.name, "amount_fen": item.amount_fen} for item in made],
        reason=reason.strip(),
        document_no=document_no.strip(),
    )
    for item in made:
        refresh(item, act.day)
    return {"project": str(project.id), "parts": [str(item.id) for item in made]}


@verb("planning.merge_projects", gettext_noop("合并项目"))
def merge_projects(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("并入的项目"))],
    merged_ids: Annotated[list[UUID], Label(gettext_noop("被合并的项目"))],
    reason: Annotated[str, Label(gettext_noop("原因"), multiline=True)],
    document_no: Annotated[str, Label(gettext_noop("决定文件"))] = "",
) -> Answer:
    """Merge projects into one: amounts are added where all are known, systems and contracts move over, the others end."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    if not merged_ids or project_id in merged_ids or len(set(merged_ids)) != len(merged_ids):
        raise InputRefused({"merged_ids": gettext_noop("请选择一个或多个别的项目，不能重复。")})
    if not reason.strip():
        raise InputRefused({"reason": gettext_noop("请写明原因。")})
    others = [locked(act, item) for item in sorted(merged_ids)]
    for other in others:
        act.permit(target_of(other))
        _nothing_pending(other)
        _take_over(act, project, other)
    project.version += 1
    project.save(update_fields=["amount_fen", "version"])
    act.enter(
        "project",
        project.id,
        project_id=project.id,
        merged=[item.id for item in others],
        amount_fen=project.amount_fen,
        reason=reason.strip(),
        document_no=document_no.strip(),
    )
    stale = refresh(project, act.day).stale()
    return {"project": str(project.id), "merged": [str(item.id) for item in others], "stale_gates": sorted(stale)}


def _check_parts(project: Project, parts: Sequence[PartInput], reason: str) -> None:
    wrong: dict[str, str] = {}
    if not reason.strip():
        wrong["reason"] = gettext_noop("请写明原因。")
    if len(parts) < 2 or any(not 2 <= len(normalise(part.name)) <= 300 or part.amount_fen < 0 for part in parts):
        wrong["parts"] = gettext_noop("至少拆成两个项目，每个都要有名称和不小于零的金额。")
    if wrong:
        raise InputRefused(wrong)
    if project.amount_fen is not None and sum(part.amount_fen for part in parts) != project.amount_fen:
        raise Conflict(
            "amounts_differ",
            gettext_noop("各部分金额合计 {sum} 万元，与原项目 {whole} 万元不等。"),
            field="parts",
            sum=wan_text(sum(part.amount_fen for part in parts)),
            whole=wan_text(project.amount_fen),
        )
    systems = set(ProjectSystem.objects.filter(project=project).values_list("system_id", flat=True))
    _all_given(systems, [key for part in parts for key in part.system_ids], once=False)
    contracts = set(Contract.objects.filter(project=project).values_list("pk", flat=True))
    _all_given(contracts, [key for part in parts for key in part.contract_ids], once=True)


def _all_given(owned: set[UUID], given: Sequence[UUID], *, once: bool) -> None:
    if set(given) != owned or (once and len(given) != len(owned)):
        raise InputRefused({"parts": gettext_noop("原项目的每个系统、每份合同都要分到某一部分，合同只能分给一个。")})


def _part(act: Act, project: Project, part: PartInput) -> Project:
    title = normalise(part.name)
    made = Project.objects.create(
        name=title,
        amount_fen=part.amount_fen,
        traits=dict(project.traits),
        registered_on=act.day,
        screened_on=project.screened_on,
        search_text=search_text(title, project.owner.name, project.description),
        **{name: getattr(project, name) for name in COPIED},
    )
    ProjectState.objects.create(project=made, next_gate="G01")
    ProjectLineage.objects.create(source=project, target=made, kind="split", amount_fen=part.amount_fen, event_id=act.event_id)
    for system_id in part.system_ids:
        ProjectSystem.objects.create(project=made, system_id=system_id, event_id=act.event_id)
    Contract.objects.filter(pk__in=part.contract_ids).update(project=made)
    return made


def _take_over(act: Act, project: Project, other: Project) -> None:
    known = project.amount_fen is not None and other.amount_fen is not None
    project.amount_fen = (project.amount_fen or 0) + (other.amount_fen or 0) if known else None
    ProjectLineage.objects.create(source=other, target=project, kind="merge", amount_fen=other.amount_fen, event_id=act.event_id)
    linked = set(ProjectSystem.objects.filter(project=project).values_list("system_id", flat=True))
    for system_id in ProjectSystem.objects.filter(project=other).values_list("system_id", flat=True):
        if system_id not in linked:
            ProjectSystem.objects.create(project=project, system_id=system_id, event_id=act.event_id)
    Contract.objects.filter(project=other).update(project=project)
    _close(other, "merged")


def _nothing_pending(project: Project) -> None:
    if GateRequest.objects.filter(project=project, state__in=["open", "coordination", "leading_group"]).exists():
        raise Conflict("gate_pending", gettext_noop("项目有决策点正在办理，请先办结。"))


def _close(project: Project, status: str) -> None:
    project.status = status
    project.version += 1
    project.save(update_fields=["status", "version"])
