"""Verbs of 授权 on people: accounts, posts, delegation."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.db import IntegrityError

from sixgate.domain.authority import Target
from sixgate.kernel.refusal import Conflict, Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Organisation, Post, User
from sixgate.usecases import _law
from sixgate.usecases._frame import Act, Answer, Label, verb


@verb("authority.create_account", gettext_noop("建立账号"))
def create_account(
    act: Act,
    *,
    username: Annotated[str, Label(gettext_noop("登录名"))],
    name: Annotated[str, Label(gettext_noop("姓名"))],
    email: Annotated[str, Label(gettext_noop("电子邮箱"))] = "",
) -> Answer:
    """Create an account without a usable password; the person sets one at first sign-in through a one-time link."""
    act.permit()
    if User.objects.filter(username=username).exists():
        raise Conflict("username_taken", gettext_noop("登录名 {username} 已被使用。"), field="username", username=username)
    try:
        user = User.objects.create_user(username=username, name=normalise(name), email=email)
    except IntegrityError:
        raise Conflict("username_taken", gettext_noop("登录名 {username} 已被使用。"), field="username", username=username) from None
    act.enter("person", user.id, username=username)
    return {"person": str(user.id)}


@verb("authority.appoint_person", gettext_noop("任命岗位"))
def appoint_person(
    act: Act,
    *,
    person_id: Annotated[UUID, Label(gettext_noop("人员"))],
    organisation_id: Annotated[UUID, Label(gettext_noop("单位"))],
    duty: Annotated[str, Label(gettext_noop("职责"))],
    valid_from: Annotated[date, Label(gettext_noop("起始日"))],
    valid_until: Annotated[date | None, Label(gettext_noop("终止日（不含当日）"))] = None,
    sees_work_secrets: Annotated[bool, Label(gettext_noop("可查看工作秘密"))] = False,
) -> Answer:
    """Give a person a post from a day on; return its id."""
    organisation = Organisation.objects.filter(pk=organisation_id, ended_on=None).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if organisation is None or person is None:
        raise Invisible
    act.permit(Target(region_code=organisation.region_id or ""))
    if duty not in _law.duties(act.day):
        raise Refusal("duty_unknown", gettext_noop("没有职责 {duty}。"), field="duty", duty=duty)
    if valid_until is not None and valid_until <= valid_from:
        raise Refusal("period_reversed", gettext_noop("终止日须晚于起始日。"), field="valid_until")
    post = Post.objects.create(
        person=person,
        organisation=organisation,
        duty=duty,
        region_code=organisation.region_id or "",
        valid_from=valid_from,
        valid_until=valid_until,
        sees_work_secrets=sees_work_secrets,
    )
    act.enter("post", post.id, person=person.id, organisation=organisation.id, duty=duty, valid_from=valid_from, valid_until=valid_until)
    return {"post": str(post.id)}
