"""Verbs of 顶层设计: the register of projects and systems."""

from typing import Annotated
from uuid import UUID

from sixgate.domain.authority import Target
from sixgate.domain.axes import LEVELS, NETWORKS, PROJECT_TYPES, SECRECY
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Organisation, Project, ProjectState
from sixgate.records.queries.search import search_text
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._screening import ANSWERS, screened


@verb("planning.register_project", gettext_noop("登记项目"))
def register_project(
    act: Act,
    *,
    name: Annotated[str, Label(gettext_noop("项目名称"), gettext_noop("与申报文件一致，不写简称。"), longest=300)],
    owner_id: Annotated[UUID, Label(gettext_noop("建设单位"))],
    screening: Annotated[
        str,
        Label(
            gettext_noop("本项目是否涉及国家秘密"),
            gettext_noop("名称、批复、经费标有密级，涉密系统或网络，处理国家秘密，由保密或机要渠道审批：任一为“是”，都不能在这里登记。"),
            ANSWERS,
        ),
    ],
    level: Annotated[str, Label(gettext_noop("层级"), choices=LEVELS)],
    type: Annotated[str, Label(gettext_noop("项目类型"), choices=PROJECT_TYPES)],  # noqa: A002 - the field's own word
    network: Annotated[str, Label(gettext_noop("网络"), choices=NETWORKS)],
    secrecy: Annotated[str, Label(gettext_noop("密级"), choices=SECRECY)] = "internal",
    amount_fen: Annotated[int | None, Label(gettext_noop("金额（万元）"))] = None,
    description: Annotated[str, Label(gettext_noop("建设内容"), multiline=True)] = "",
    responsible_person: Annotated[str, Label(gettext_noop("项目责任人"), gettext_noop("写姓名，不写岗位。"), longest=60)] = "",
) -> Answer:
    """Register one project after the secrecy screening (保守国家秘密法 第二十九至三十一条); return its id."""
    screened(act, screening)
    owner = Organisation.objects.filter(pk=owner_id, ended_on=None).first()
    if owner is None:
        raise Invisible
    act.permit(Target(owner.id, owner.region_id or ""))
    title = normalise(name)
    _check(title, amount_fen)
    project = Project.objects.create(
        name=title,
        owner=owner,
        region_code=owner.region_id or "",
        level=level,
        type=type,
        network=network,
        secrecy=secrecy,
        amount_fen=amount_fen,
        description=description.strip(),
        responsible_person=responsible_person.strip(),
        registered_on=act.day,
        screened_on=act.day,
        search_text=search_text(title, owner.name, description),
    )
    ProjectState.objects.create(project=project, next_gate="G01")
    act.enter(
        "project", project.id, project_id=project.id, name=title, owner=owner.id, level=level, type=type, network=network, amount_fen=amount_fen
    )
    return {"project": str(project.id)}


def _check(title: str, amount_fen: int | None) -> None:
    if not 2 <= len(title) <= 300:
        raise Refusal("name_length", gettext_noop("项目名称须为 2 到 300 个字。"), field="name")
    if amount_fen is not None and amount_fen < 0:
        raise Refusal("amount_negative", gettext_noop("金额不能小于零。"), field="amount_fen")
