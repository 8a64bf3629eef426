"""Funding lines by source and budget year, and the axes of a project that decide which rules apply."""

from datetime import date
from typing import Annotated
from uuid import UUID

from sixgate.domain.axes import FUNDING, LEVELS, NETWORKS, PROJECT_TRAITS, PROJECT_TYPES, SECRECY
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import FundingLine
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, refresh, target_of

UNCHANGED = (("", gettext_noop("不改")),)
FIRST_YEAR = 2000


@verb("planning.add_funding", gettext_noop("登记资金"))
def add_funding(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    source: Annotated[str, Label(gettext_noop("资金来源"), choices=FUNDING)],
    budget_year: Annotated[int, Label(gettext_noop("预算年度"))],
    amount_fen: Annotated[int, Label(gettext_noop("金额（万元）"), gettext_noop("调减登记为负数。"))],
    document_no: Annotated[str, Label(gettext_noop("下达文号"), longest=80)] = "",
) -> Answer:
    """Record money of one source in one budget year; a correction is another line, a negative one takes back."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    if not FIRST_YEAR <= budget_year <= act.day.year + 5:
        raise InputRefused({"budget_year": gettext_noop("预算年度须在 2000 年以后、五年以内。")})
    if amount_fen == 0:
        raise InputRefused({"amount_fen": gettext_noop("金额不能为零。")})
    line = FundingLine.objects.create(
        project=project,
        source=source,
        budget_year=budget_year,
        amount_fen=amount_fen,
        document_no=document_no.strip(),
        event_id=act.event_id,
    )
    act.enter("funding_line", line.id, project_id=project.id, source=source, budget_year=budget_year, amount_fen=amount_fen)
    refresh(project, act.day)
    return {"funding_line": str(line.id)}


@verb("planning.amend_project", gettext_noop("补正项目登记"))
def amend_project(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    level: Annotated[str, Label(gettext_noop("层级"), choices=(*UNCHANGED, *LEVELS))] = "",
    type: Annotated[str, Label(gettext_noop("项目类型"), choices=(*UNCHANGED, *PROJECT_TYPES))] = "",  # noqa: A002 - the field's own word
    network: Annotated[str, Label(gettext_noop("网络"), choices=(*UNCHANGED, *NETWORKS))] = "",
    secrecy: Annotated[str, Label(gettext_noop("密级"), choices=(*UNCHANGED, *SECRECY))] = "",
    amount_fen: Annotated[int | None, Label(gettext_noop("金额（万元）"))] = None,
    national_code: Annotated[str, Label(gettext_noop("在线平台项目代码"), longest=40)] = "",
    responsible_person: Annotated[str, Label(gettext_noop("项目责任人"), gettext_noop("写姓名，不写岗位。"), longest=60)] = "",
    planned_start: Annotated[date | None, Label(gettext_noop("计划开始日"))] = None,
    planned_finish: Annotated[date | None, Label(gettext_noop("计划完成日"))] = None,
    traits: Annotated[dict[str, bool], Label(gettext_noop("项目属性"), gettext_noop("知道的才填。"), choices=PROJECT_TRAITS)] = {},  # noqa: B006
) -> Answer:
    """Correct or complete what the register says of a project; approvals that rest on a changed axis turn stale."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    if any(name not in dict(PROJECT_TRAITS) for name in traits):
        raise InputRefused({"traits": gettext_noop("项目属性中有不认识的名称。")})
    if amount_fen is not None and amount_fen < 0:
        raise InputRefused({"amount_fen": gettext_noop("金额不能小于零。")})
    given = {
        "level": level,
        "type": type,
        "network": network,
        "secrecy": secrecy,
        "amount_fen": amount_fen,
        "national_code": national_code.strip(),
        "responsible_person": responsible_person.strip(),
        "planned_start": planned_start,
        "planned_finish": planned_finish,
    }
    changed = {name: value for name, value in given.items() if value not in ("", None) and value != getattr(project, name)}
    new_traits = {name: value for name, value in traits.items() if project.traits.get(name) is not value}
    if not changed and not new_traits:
        raise InputRefused({"project_id": gettext_noop("没有要改的内容。")})
    before = {name: getattr(project, name) for name in changed} | {name: project.traits.get(name) for name in new_traits}
    for name, value in changed.items():
        setattr(project, name, value)
    project.traits = {**project.traits, **new_traits}
    project.version += 1
    project.save(update_fields=[*changed, "traits", "version"])
    act.enter("project", project.id, project_id=project.id, before=before, after={**changed, **new_traits})
    stale = refresh(project, act.day).stale()
    return {"project": str(project.id), "changed": sorted({**changed, **new_traits}), "stale_gates": sorted(stale)}
