"""Verbs of 授权 on posts: appoint, end, hand over, lend. Old posts end, half-open; what they did stays theirs."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from sixgate.domain.authority import ADMINISTRATIVE, SEPARATION_CLAUSE, PostFact, Target, overlaps, signs_and_decides, unseparated
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Delegation, Organisation, Post, Project, User
from sixgate.records.queries.people import duties_held, last_of_duty, open_posts, posts_of
from sixgate.usecases import _law
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._project import law_for

REASON = Label(gettext_noop("原因或依据"), gettext_noop("写明事由，有任免文件的写文号。"))


@verb("authority.appoint_person", gettext_noop("任命岗位"))
def appoint_person(
    act: Act,
    *,
    person_id: Annotated[UUID, Label(gettext_noop("人员"))],
    organisation_id: Annotated[UUID, Label(gettext_noop("单位"))],
    duty: Annotated[str, Label(gettext_noop("职责"))],
    valid_from: Annotated[date, Label(gettext_noop("起始日"))],
    project_id: Annotated[
        UUID | None, Label(gettext_noop("只限哪个项目"), gettext_noop("评审专家、承建、监理等外部单位的人，岗位只在一个项目里。"))
    ] = None,
    valid_until: Annotated[date | None, Label(gettext_noop("终止日（不含当日）"))] = None,
    sees_work_secrets: Annotated[bool, Label(gettext_noop("可查看工作秘密"), gettext_noop("逐人授权；不随委托转给别人。"))] = False,
) -> Answer:
    """Give a person a post from a day on; return its id. System, security and audit administration stay in three persons with no other post."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id, ended_on=None).first()
    person = User.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    project = Project.objects.filter(pk=project_id).first() if project_id else None
    if organisation is None or person is None or (project_id and project is None):
        raise Invisible
    act.permit(Target(region_code=project.region_code if project else organisation.region_id or ""))
    if duty not in _law.duties(act.day):
        raise Refusal("duty_unknown", gettext_noop("没有职责 {duty}。"), field="duty", duty=duty)
    if valid_until is not None and valid_until <= valid_from:
        raise Refusal("period_reversed", gettext_noop("终止日须晚于起始日。"), field="valid_until")
    _not_oneself(act, person.id)
    _stay_apart(person.id, {duty}, valid_from, valid_until)
    post = Post.objects.create(
        person=person,
        organisation=organisation,
        duty=duty,
        region_code=organisation.region_id or "",
        project=project,
        valid_from=valid_from,
        valid_until=valid_until,
        sees_work_secrets=sees_work_secrets,
    )
    act.enter(
        "post",
        post.id,
        project_id=project_id,
        person=person.id,
        organisation=organisation.id,
        duty=duty,
        valid_from=valid_from,
        valid_until=valid_until,
        sees_work_secrets=sees_work_secrets,
    )
    return {"post": str(post.id)}


@verb("authority.end_post", gettext_noop("免去岗位"))
def end_post(
    act: Act,
    *,
    post_id: Annotated[UUID, Label(gettext_noop("岗位"))],
    from_day: Annotated[date, Label(gettext_noop("自哪一天起不再担任"))],
    reason: Annotated[str, REASON],
) -> Answer:
    """End a post: it is in force until the day before; loans of it end with it."""
    post = _post(act, post_id)
    _in_future(act, from_day)
    if post.valid_until is not None and post.valid_until <= from_day:
        raise Conflict("post_ended", gettext_noop("这个岗位到那天已经终止。"), field="from_day")
    _someone_stays(post, from_day)
    _end(post, from_day)
    act.enter("post", post.id, person=post.person_id, duty=post.duty, until=post.valid_until, reason=_said(reason))
    return {"post": str(post.id), "until": str(post.valid_until)}


@verb("authority.hand_over_posts", gettext_noop("移交岗位"))
def hand_over_posts(
    act: Act,
    *,
    person_id: Annotated[UUID, Label(gettext_noop("移交人"))],
    organisation_id: Annotated[UUID, Label(gettext_noop("单位"))],
    successor_id: Annotated[UUID, Label(gettext_noop("接任人"))],
    from_day: Annotated[date, Label(gettext_noop("自哪一天起由接任人担任"))],
    reason: Annotated[str, REASON],
) -> Answer:
    """Hand every open post of a person at an organisation to a successor from a day on; what waited for the one then waits for the other."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    people = {row.id: row for row in User.objects.select_for_update().filter(pk__in=[person_id, successor_id]).order_by("id")}
    successor = people.get(successor_id)
    if organisation is None or person_id not in people or successor is None or not successor.is_active:
        raise Invisible
    act.permit(Target(region_code=organisation.region_id or ""))
    _in_future(act, from_day)
    if person_id == successor_id:
        raise Refusal("same_person", gettext_noop("接任人不能是移交人自己。"), field="successor_id")
    _not_oneself(act, successor_id)
    posts = list(open_posts(from_day).select_for_update().filter(person_id=person_id, organisation_id=organisation_id).order_by("id"))
    if not posts:
        raise Conflict("nothing_to_hand_over", gettext_noop("到那天，移交人在这个单位没有岗位。"))
    for post in posts:
        _stay_apart(successor_id, {item.duty for item in posts}, max(post.valid_from, from_day), post.valid_until, field="successor_id")
    taken = [_taken_over(post, successor, from_day) for post in posts]
    act.enter(
        "person",
        person_id,
        organisation=organisation_id,
        successor=successor_id,
        from_day=from_day,
        reason=_said(reason),
        posts=[{"old": old.id, "new": new, "duty": old.duty} for old, new in zip(posts, taken, strict=True)],
    )
    return {"person": str(person_id), "posts": [str(key) for key in taken]}


@verb("authority.delegate_post", gettext_noop("委托岗位"))
def delegate_post(
    act: Act,
    *,
    post_id: Annotated[UUID, Label(gettext_noop("岗位"))],
    delegate_id: Annotated[UUID, Label(gettext_noop("受托人"))],
    valid_from: Annotated[date, Label(gettext_noop("起始日"))],
    valid_until: Annotated[date, Label(gettext_noop("终止日（不含当日）"))],
    reason: Annotated[str, REASON],
) -> Answer:
    """Lend a post for a time; the loan cannot be lent on, and work secrets do not go with it."""
    post = _post(act, post_id)
    delegate = User.objects.select_for_update().filter(pk=delegate_id, is_active=True).first()
    if delegate is None:
        raise Invisible
    _in_future(act, valid_from, "valid_from")
    if valid_until <= valid_from:
        raise Refusal("period_reversed", gettext_noop("终止日须晚于起始日。"), field="valid_until")
    if post.valid_from > valid_from or (post.valid_until is not None and post.valid_until < valid_until):
        raise Refusal("beyond_post", gettext_noop("委托的时间超出了岗位本身的任期。"), field="valid_until")
    if delegate.id == post.person_id:
        raise Refusal("same_person", gettext_noop("受托人不能是任职人自己。"), field="delegate_id")
    _not_oneself(act, delegate.id)
    if any(overlaps(loan.valid_from, loan.valid_until, valid_from, valid_until) for loan in post.delegations.all()):
        raise Conflict("already_lent", gettext_noop("这段时间里，岗位已经委托给别人。"), remedy=gettext_noop("请先结束原来的委托。"))
    _stay_apart(delegate.id, {post.duty}, valid_from, valid_until, field="delegate_id")
    _not_both_hands(act, post, delegate.id, valid_from)
    loan = Delegation.objects.create(post=post, delegate=delegate, valid_from=valid_from, valid_until=valid_until, reason=_said(reason))
    act.enter(
        "delegation", loan.id, post=post.id, person=post.person_id, delegate=delegate.id, duty=post.duty,
        valid_from=valid_from, valid_until=valid_until, reason=loan.reason,
    )  # fmt: skip
    return {"delegation": str(loan.id)}


@verb("authority.end_delegation", gettext_noop("结束委托"))
def end_delegation(act: Act, *, delegation_id: Annotated[UUID, Label(gettext_noop("委托"))], reason: Annotated[str, REASON]) -> Answer:
    """End a loan from today on."""
    loan = Delegation.objects.select_for_update().filter(pk=delegation_id).select_related("post__organisation").first()
    if loan is None:
        raise Invisible
    act.permit(Target(region_code=loan.post.organisation.region_id or ""))
    if loan.valid_until <= act.day:
        raise Conflict("delegation_ended", gettext_noop("这项委托已经结束。"))
    loan.valid_until = max(act.day, loan.valid_from)
    loan.save(update_fields=["valid_until"])
    act.enter("delegation", loan.id, post=loan.post_id, delegate=loan.delegate_id, until=loan.valid_until, reason=_said(reason))
    return {"delegation": str(loan.id), "until": str(loan.valid_until)}


def _post(act: Act, post_id: UUID) -> Post:
    """Return a post for this act, locked; raise Invisible when there is none, Forbidden when the actor may not touch it."""
    post = Post.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=post_id).first()
    if post is None:
        raise Invisible
    act.permit(Target(region_code=post.organisation.region_id or ""))
    return post


def _not_oneself(act: Act, person_id: UUID) -> None:
    if person_id == act.actor.id:
        raise Forbidden("own_post", gettext_noop("不能给自己任命、移交或委托岗位。"), remedy=gettext_noop("请由另一位安全管理员办理。"))


def _stay_apart(person_id: UUID, duties: Iterable[str], since: date, until: date | None, *, field: str = "duty") -> None:
    """Raise Conflict when, within a period, a person would hold an administrator's duty beside any other duty."""
    clash = unseparated({*duties, *duties_held(person_id, since, until)})
    if clash:
        titles = [_law.duties(since)[duty].title for duty in clash if duty in _law.duties(since)]
        raise Conflict(
            "administrators_apart",
            gettext_noop("一个人不能同时担任：{duties}。系统、安全、审计三员分立，也不兼任业务岗位。"),
            field=field,
            clause=SEPARATION_CLAUSE,
            remedy=gettext_noop("请另选一人，或先免去原来的岗位。"),
            duties="、".join(titles),
        )


def _not_both_hands(act: Act, post: Post, delegate_id: UUID, since: date) -> None:
    """Raise Conflict when the delegate would both sign and decide a gate."""
    lent = PostFact(post.duty, post.organisation_id, post.region_code, post.project_id, post.valid_from, post.valid_until)
    pack, _ = law_for(post.region_code, act.day)
    both = signs_and_decides(lent, posts_of(delegate_id, since), _law.duties(act.day), pack.gates.values())
    if both:
        raise Conflict(
            "signs_and_decides",
            gettext_noop("受托人在这些决定点既会签又决定：{gates}。"),
            field="delegate_id",
            remedy=gettext_noop("请委托给不参与这些决定点的人。"),
            gates="、".join(both),
        )


def _someone_stays(post: Post, from_day: date) -> None:
    """Raise Conflict when nobody would be left who can give posts or open accounts."""
    if post.duty in ADMINISTRATIVE and last_of_duty(post.duty, from_day, without=[post.id]):
        raise Conflict(
            "last_administrator", gettext_noop("这是最后一位{duty}，免去后就没有人能办这类事。"), remedy=gettext_noop("请先任命接任的人。"),
            duty=_law.duties(from_day)[post.duty].title,
        )  # fmt: skip


def _taken_over(post: Post, successor: User, from_day: date) -> UUID:
    """End a post and return the successor's: the same duty at the same place, or the one they already have there for as long."""
    since = max(post.valid_from, from_day)
    same = {"person": successor, "organisation_id": post.organisation_id, "duty": post.duty, "project_id": post.project_id}
    until = post.valid_until
    held = open_posts(since).filter(**same, valid_from__lte=since, valid_until=until, sees_work_secrets=post.sees_work_secrets).first()
    if held is None:
        held = Post.objects.create(
            **same, region_code=post.region_code, valid_from=since, valid_until=until, sees_work_secrets=post.sees_work_secrets
        )
    _end(post, from_day)
    return held.id


def _end(post: Post, from_day: date) -> None:
    post.valid_until = max(post.valid_from, from_day)
    post.save(update_fields=["valid_until"])


def _in_future(act: Act, day: date, field: str = "from_day") -> None:
    if day < act.day:
        raise Refusal("day_past", gettext_noop("日期不能早于今天：已经办过的事仍归原来的人。"), field=field)


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refusal("reason_wanted", gettext_noop("请写明原因或依据。"), field="reason")
    return reason.strip()[:200]
