"""Verbs of 授权 on organisations: register, rename, merge, split, end. Names and successions are history; old files keep the name of their time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from sixgate.domain.authority import Target
from sixgate.kernel.identity import check_document_no, check_uscc
from sixgate.kernel.refusal import Conflict, Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Organisation, OrganisationName, OrganisationSuccession, Post, Project, Region, System
from sixgate.records.queries.people import open_posts
from sixgate.records.queries.search import search_text
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import refresh

DOCUMENT = Label(gettext_noop("机构调整文号"), gettext_noop("照文件写，如 穗编办〔2026〕12号。"))
ON = Label(gettext_noop("自哪一天起"), gettext_noop("文件写明的日期；还没到的日子，到那天再办。"))
SHARES = Label(gettext_noop("分给"), gettext_noop("承接单位先登记。没有选的项目、系统、岗位留在原单位。"))
ENDS = Label(gettext_noop("原单位撤销"), gettext_noop("撤销的，在办项目、系统和岗位要全部分完。"))


@dataclass(frozen=True, slots=True)
class ShareInput:
    """What one successor of a split takes over."""

    successor_id: Annotated[UUID, Label(gettext_noop("承接单位"))]
    project_ids: Annotated[tuple[UUID, ...], Label(gettext_noop("项目"))] = ()
    system_ids: Annotated[tuple[UUID, ...], Label(gettext_noop("系统"))] = ()
    post_ids: Annotated[tuple[UUID, ...], Label(gettext_noop("岗位"))] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The act that merges or splits: what it does, from which day, by which paper."""

    kind: str
    on: date
    number: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an organisation owns, and the posts held there."""

    projects: list[Project]
    systems: list[System]
    posts: list[Post]


@verb("authority.register_organisation", gettext_noop("登记单位"))
def register_organisation(
    act: Act,
    *,
    name: Annotated[str, Label(gettext_noop("单位名称"), gettext_noop("写全称。"))],
    region_code: Annotated[str, Label(gettext_noop("行政区划代码"))] = "",
    uscc: Annotated[str, Label(gettext_noop("统一社会信用代码"))] = "",
    parent_id: Annotated[UUID | None, Label(gettext_noop("上级单位"))] = None,
) -> Answer:
    """Register an organisation with its first name; return its id."""
    act.permit(Target(region_code=region_code))
    if region_code and not Region.objects.filter(pk=region_code).exists():
        raise Refusal("region_unknown", gettext_noop("没有行政区划代码 {region}。"), field="region_code", region=region_code)
    code = check_uscc(uscc) if uscc.strip() else ""
    if code and Organisation.objects.filter(uscc=code).exists():
        raise Conflict("uscc_taken", gettext_noop("这个统一社会信用代码已经登记过。"), field="uscc")
    if parent_id is not None and not Organisation.objects.filter(pk=parent_id, ended_on=None).exists():
        raise Refusal("parent_unknown", gettext_noop("没有这个上级单位。"), field="parent_id")
    title = _title(name)
    organisation = Organisation.objects.create(name=title, region_id=region_code or None, uscc=code, parent_id=parent_id)
    OrganisationName.objects.create(organisation=organisation, name=title, valid_from=None, event_id=act.event_id)
    act.enter("organisation", organisation.id, name=title, region=region_code, uscc=code)
    return {"organisation": str(organisation.id)}


@verb("authority.rename_organisation", gettext_noop("单位更名"))
def rename_organisation(
    act: Act,
    *,
    organisation_id: Annotated[UUID, Label(gettext_noop("单位"))],
    name: Annotated[str, Label(gettext_noop("新名称"), gettext_noop("写全称。"))],
    valid_from: Annotated[date, ON],
    document_no: Annotated[str, DOCUMENT],
) -> Answer:
    """Give an organisation a new name from a day on; files from before keep the old one."""
    organisation = _bodies(act, [organisation_id])[0]
    _not_ahead(act, valid_from, "valid_from")
    title = _title(name)
    latest = organisation.names.order_by("-valid_from", "-id").filter(valid_from__isnull=False).first()
    if latest is not None and latest.valid_from is not None and valid_from <= latest.valid_from:
        raise Refusal("name_order", gettext_noop("上一次更名是 {day}，这一次要晚于它。"), field="valid_from", day=latest.valid_from)
    if title == organisation.name:
        raise Refusal("name_same", gettext_noop("新名称与现在的名称相同。"), field="name")
    number = check_document_no(document_no)
    if not organisation.names.exists():
        OrganisationName.objects.create(organisation=organisation, name=organisation.name, valid_from=None, event_id=act.event_id)
    OrganisationName.objects.create(organisation=organisation, name=title, valid_from=valid_from, document_no=number, event_id=act.event_id)
    before, organisation.name = organisation.name, title
    organisation.save(update_fields=["name"])
    _reword(Project.objects.filter(owner=organisation))
    act.enter("organisation", organisation.id, name=title, before=before, valid_from=valid_from, document_no=number)
    return {"organisation": str(organisation.id), "name": title}


@verb("authority.merge_organisations", gettext_noop("单位合并"))
def merge_organisations(
    act: Act,
    *,
    successor_id: Annotated[UUID, Label(gettext_noop("合并后的单位"))],
    predecessor_ids: Annotated[list[UUID], Label(gettext_noop("并入的单位"))],
    on: Annotated[date, ON],
    document_no: Annotated[str, DOCUMENT],
) -> Answer:
    """End organisations in a successor: projects, systems and open posts move to it."""
    gone = [key for key in dict.fromkeys(predecessor_ids) if key != successor_id]
    successor, *predecessors = _bodies(act, [successor_id, *gone])
    if not gone:
        raise Refusal("nothing_to_merge", gettext_noop("请选择并入的单位。"), field="predecessor_ids")
    _not_ahead(act, on)
    paper = Paper("merge", on, check_document_no(document_no))
    moved = [_hand_on(act, paper, body, successor, _holdings(body, on)) for body in predecessors]
    for body in predecessors:
        _close(body, successor, on)
    act.enter("organisation", successor.id, kind=paper.kind, on=on, document_no=paper.number, moved=moved)
    return {"organisation": str(successor.id), "moved": moved}


@verb("authority.split_organisation", gettext_noop("单位分立"))
def split_organisation(
    act: Act,
    *,
    organisation_id: Annotated[UUID, Label(gettext_noop("单位"))],
    shares: Annotated[list[ShareInput], SHARES],
    on: Annotated[date, ON],
    document_no: Annotated[str, DOCUMENT],
    ends: Annotated[bool, ENDS] = False,
) -> Answer:
    """Hand projects, systems and posts of an organisation to successors, each as the act says; what nobody takes stays."""
    ids = [share.successor_id for share in shares]
    if not ids or len(set(ids)) < len(ids) or organisation_id in ids:
        _bodies(act, [organisation_id])
        raise Refusal("successors_wrong", gettext_noop("请写出承接单位，每个写一次，不含原单位。"), field="shares")
    body, *successors = _bodies(act, [organisation_id, *ids])
    _not_ahead(act, on)
    paper = Paper("split", on, check_document_no(document_no))
    _each_once(shares)
    own = _holdings(body, on)
    moved = [_hand_on(act, paper, body, successor, _chosen(own, share)) for successor, share in zip(successors, shares, strict=True)]
    if ends:
        _check_empty(body, on)
        _close(body, successors[0], on)
    act.enter("organisation", body.id, kind=paper.kind, on=on, document_no=paper.number, moved=moved, ended=ends)
    return {"organisation": str(body.id), "moved": moved, "ended": ends}


@verb("authority.end_organisation", gettext_noop("撤销单位"))
def end_organisation(
    act: Act, *, organisation_id: Annotated[UUID, Label(gettext_noop("单位"))], on: Annotated[date, ON], document_no: Annotated[str, DOCUMENT]
) -> Answer:
    """End an organisation nobody succeeds; refused while it owns active projects or systems, or someone holds a post there."""
    body = _bodies(act, [organisation_id])[0]
    _not_ahead(act, on)
    number = check_document_no(document_no)
    _check_empty(body, on)
    _close(body, None, on)
    act.enter("organisation", body.id, kind="end", on=on, document_no=number)
    return {"organisation": str(body.id)}


def _bodies(act: Act, ids: Sequence[UUID]) -> list[Organisation]:
    """Return organisations in being for this act, locked, in the order asked; raise Invisible when one is missing, Forbidden without the duty."""
    found = {body.id: body for body in Organisation.objects.select_for_update().filter(pk__in=ids, ended_on=None).order_by("id")}
    for body in found.values():
        act.permit(Target(region_code=body.region_id or ""))
    if len(found) < len(set(ids)):
        raise Invisible
    return [found[key] for key in ids]


def _hand_on(act: Act, paper: Paper, body: Organisation, successor: Organisation, taken: Holdings) -> dict[str, object]:
    """Move what a successor takes over and write the succession; return what moved."""
    OrganisationSuccession.objects.create(
        predecessor=body, successor=successor, kind=paper.kind, on=paper.on, document_no=paper.number, event_id=act.event_id
    )
    for project in taken.projects:
        elsewhere = project.region_code != (successor.region_id or "")
        project.owner, project.region_code = successor, successor.region_id or ""
        project.version += 1
        project.save(update_fields=["owner", "region_code", "version"])
        if elsewhere:
            refresh(project, act.day)
    System.objects.filter(pk__in=[system.pk for system in taken.systems]).update(owner=successor)
    for post in taken.posts:
        _move(post, successor, paper.on)
    _reword(taken.projects)
    return {
        "from": body.id,
        "to": successor.id,
        "projects": [project.id for project in taken.projects],
        "systems": [system.id for system in taken.systems],
        "posts": [post.id for post in taken.posts],
    }


def _move(post: Post, successor: Organisation, on: date) -> None:
    """End a post at the old organisation and begin the same one at the successor."""
    Post.objects.create(
        person_id=post.person_id,
        organisation=successor,
        duty=post.duty,
        region_code=successor.region_id or "",
        project_id=post.project_id,
        sees_work_secrets=post.sees_work_secrets,
        valid_from=max(post.valid_from, on),
        valid_until=post.valid_until,
    )
    post.valid_until = max(post.valid_from, on)
    post.save(update_fields=["valid_until"])


def _holdings(body: Organisation, on: date) -> Holdings:
    """Return what an organisation owns and who holds a post there on a day or later."""
    return Holdings(
        list(Project.objects.filter(owner=body, withdrawn=False).order_by("id")),
        list(System.objects.filter(owner=body).order_by("id")),
        list(open_posts(on).filter(organisation=body).order_by("id")),
    )


def _chosen(own: Holdings, share: ShareInput) -> Holdings:
    """Return what a share names, all of it the organisation's own; raise Refusal when something is not."""
    taken = Holdings(
        [project for project in own.projects if project.id in share.project_ids],
        [system for system in own.systems if system.id in share.system_ids],
        [post for post in own.posts if post.id in share.post_ids],
    )
    if (len(taken.projects), len(taken.systems), len(taken.posts)) != tuple(len(set(ids)) for ids in _ids(share)):
        raise Refusal("share_foreign", gettext_noop("选中的项目、系统、岗位须都是原单位的。"), field="shares")
    return taken


def _ids(share: ShareInput) -> tuple[Sequence[UUID], Sequence[UUID], Sequence[UUID]]:
    return share.project_ids, share.system_ids, share.post_ids


def _each_once(shares: Sequence[ShareInput]) -> None:
    named = [key for share in shares for ids in _ids(share) for key in ids]
    if len(named) != len(set(named)):
        raise InputRefused({"shares": gettext_noop("同一个项目、系统或岗位只能分给一个单位。")})


def _check_empty(body: Organisation, on: date) -> None:
    left = _holdings(body, on)
    running = [project for project in left.projects if project.status in ("active", "suspended")]
    if running or left.systems or left.posts:
        raise Conflict(
            "organisation_in_use",
            gettext_noop("单位还有在办项目 {projects} 个、系统 {systems} 个、在任岗位 {posts} 个，不能撤销。"),
            remedy=gettext_noop("请先移交给承接的单位，或免去岗位。"),
            projects=len(running),
            systems=len(left.systems),
            posts=len(left.posts),
        )


def _close(body: Organisation, successor: Organisation | None, on: date) -> None:
    body.ended_on = on
    body.save(update_fields=["ended_on"])
    if successor is not None:
        body.children.filter(ended_on=None).exclude(pk=successor.pk).update(parent=successor)


def _reword(projects: Iterable[Project]) -> None:
    """Write anew by what words projects are found, the owner's present and former names among them."""
    for project in projects:
        former = list(project.owner.names.values_list("name", flat=True))
        words = search_text(project.name, project.owner.name, *former, project.description)
        Project.objects.filter(pk=project.pk).update(search_text=words)


def _title(name: str) -> str:
    title = normalise(name)
    if not 2 <= len(title) <= 200:
        raise Refusal("name_length", gettext_noop("单位名称须为 2 到 200 个字。"), field="name")
    return title


def _not_ahead(act: Act, day: date, field: str = "on") -> None:
    if day > act.day:
        raise Refusal("day_ahead", gettext_noop("日期还没到，请到那天再办。"), field=field)
