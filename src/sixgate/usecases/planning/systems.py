"""The register of systems, and which project builds or changes which (n:m)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from sixgate.domain.authority import Target
from sixgate.domain.axes import SYSTEM_TRAITS
from sixgate.kernel.refusal import Conflict, Invisible
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Organisation, ProjectSystem, System
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, refresh, target_of

TRAITS = Label(gettext_noop("系统属性"), gettext_noop("知道的才填；没有填的，判为“待补”。"), choices=SYSTEM_TRAITS)


@verb("planning.register_system", gettext_noop("登记系统"))
def register_system(
    act: Act,
    *,
    name: Annotated[str, Label(gettext_noop("系统名称"), longest=300)],
    owner_id: Annotated[UUID, Label(gettext_noop("主管单位"))],
    code: Annotated[str, Label(gettext_noop("总目录编码"), longest=40)] = "",
    mlps_level: Annotated[int | None, Label(gettext_noop("等保级别"), gettext_noop("一至五级，未定级的不填。"))] = None,
    online_on: Annotated[date | None, Label(gettext_noop("投运日期"))] = None,
    traits: Annotated[dict[str, bool], TRAITS] = {},  # noqa: B006 - never changed; pydantic copies it
) -> Answer:
    """Register a system; return its id."""
    owner = Organisation.objects.filter(pk=owner_id, ended_on=None).first()
    if owner is None:
        raise Invisible
    act.permit(Target(owner.id, owner.region_id or ""))
    title = normalise(name)
    _check(title, mlps_level, traits)
    if code and System.objects.filter(code=code.strip()).exists():
        raise Conflict("system_code_taken", gettext_noop("总目录编码 {given} 已登记过系统。"), field="code", given=code.strip())
    system = System.objects.create(name=title, owner=owner, code=code.strip(), mlps_level=mlps_level, online_on=online_on, traits=dict(traits))
    act.enter("system", system.id, name=title, owner=owner.id, code=system.code, mlps_level=mlps_level, traits=traits)
    return {"system": str(system.id)}


@verb("planning.link_system", gettext_noop("关联系统"))
def link_system(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    system_id: Annotated[UUID, Label(gettext_noop("系统"))],
) -> Answer:
    """Say that a project builds or changes a system."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    system = System.objects.filter(pk=system_id).first()
    if system is None:
        raise Invisible
    if ProjectSystem.objects.filter(project=project, system=system).exists():
        raise Conflict("already_linked", gettext_noop("这个系统已经关联到本项目。"))
    link = ProjectSystem.objects.create(project=project, system=system, event_id=act.event_id)
    act.enter("project_system", link.id, project_id=project.id, system=system.id)
    refresh(project, act.day)
    return {"link": str(link.id)}


def _check(title: str, mlps_level: int | None, traits: dict[str, bool]) -> None:
    wrong = {f"traits.{name}": gettext_noop("没有这一项，请删去。") for name in traits if name not in dict(SYSTEM_TRAITS)}
    if not 2 <= len(title) <= 300:
        wrong["name"] = gettext_noop("系统名称须为 2 到 300 个字。")
    if mlps_level is not None and not 1 <= mlps_level <= 5:
        wrong["mlps_level"] = gettext_noop("等保级别为一至五级。")
    if wrong:
        raise InputRefused(wrong)
