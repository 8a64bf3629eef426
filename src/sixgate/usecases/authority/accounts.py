"""Verbs of 授权 on accounts: open, suspend, resume, passwords. A password is set by its owner only; an administrator hands over a link that works once."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from sixgate.domain.authority import ADMINISTRATIVE, Target
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import User
from sixgate.records.queries.people import duties_held, last_of_duty, open_posts
from sixgate.usecases._frame import Act, Answer, Label, verb

PERSON = Label(gettext_noop("人员"))
REASON = Label(gettext_noop("原因"))
NEW_PASSWORD = Label(gettext_noop("新密码"), gettext_noop("至少 12 位，不用常见密码，不与登录名、姓名相似。"), secret=True)
AGAIN = Label(gettext_noop("再输一遍新密码"), secret=True)


@verb("authority.create_account", gettext_noop("建立账号"))
def create_account(
    act: Act,
    *,
    username: Annotated[str, Label(gettext_noop("登录名"), gettext_noop("一人一个，不共用；建后不改。"), longest=60)],
    name: Annotated[str, Label(gettext_noop("姓名"), longest=60)],
    email: Annotated[str, Label(gettext_noop("电子邮箱"))] = "",
) -> Answer:
    """Create an account without a usable password; answer, once, the path by which the person sets one."""
    act.permit()
    title, login = normalise(name), normalise(username)
    if not title or not login or " " in login:
        wrong = "name" if not title else "username"
        raise Refusal("name_empty", gettext_noop("请填写姓名，和不含空格的登录名。"), field=wrong)
    taken = Conflict("username_taken", gettext_noop("登录名 {username} 已被使用。"), field="username", username=login)
    if User.objects.filter(username__iexact=login).exists():
        raise taken
    try:
        user = User.objects.create_user(username=login, name=title, email=email.strip())
    except IntegrityError:
        raise taken from None
    act.once = {"path": link_path(user)}
    act.enter("person", user.id, username=login)
    return {"person": str(user.id)}


@verb("authority.suspend_account", gettext_noop("停用账号"))
def suspend_account(act: Act, *, person_id: Annotated[UUID, PERSON], reason: Annotated[str, REASON]) -> Answer:
    """Take an account out of use at once, open sessions included; posts stay on record."""
    person = _person(act, person_id)
    if person.id == act.actor.id:
        raise Forbidden("own_account", gettext_noop("不能停用自己的账号。"), remedy=gettext_noop("请由另一位系统管理员办理。"))
    if not person.is_active:
        raise Conflict("account_suspended", gettext_noop("这个账号已经停用。"))
    held = duties_held(person.id, act.day, act.day + timedelta(days=1)) & set(ADMINISTRATIVE)
    own = list(person.posts.values_list("id", flat=True))
    if any(last_of_duty(duty, act.day, without=own) for duty in held):
        raise Conflict("last_administrator", gettext_noop("停用后就没有人担任这类管理员。"), remedy=gettext_noop("请先任命接任的人。"))
    _set_active(person, active=False)
    act.enter("person", person.id, active=False, reason=_said(reason))
    return {"person": str(person.id), "active": False}


@verb("authority.resume_account", gettext_noop("恢复账号"))
def resume_account(act: Act, *, person_id: Annotated[UUID, PERSON], reason: Annotated[str, REASON]) -> Answer:
    """Put a suspended account back in use, with the password it had."""
    person = _person(act, person_id)
    if person.is_active:
        raise Conflict("account_active", gettext_noop("这个账号没有停用。"))
    _set_active(person, active=True)
    act.enter("person", person.id, active=True, reason=_said(reason))
    return {"person": str(person.id), "active": True}


@verb("authority.reset_password", gettext_noop("重置密码"))
def reset_password(act: Act, *, person_id: Annotated[UUID, PERSON]) -> Answer:
    """Make the present password useless and answer, once, a path by which the person sets a new one; it works once and for a day."""
    person = _person(act, person_id)
    if not person.is_active:
        raise Conflict("account_suspended", gettext_noop("账号停用了，不能重置密码。"), remedy=gettext_noop("请先恢复账号。"))
    person.set_unusable_password()
    person.save(update_fields=["password"])
    act.once = {"path": link_path(person)}
    act.enter("person", person.id)
    return {"person": str(person.id)}


@verb("authority.set_password", gettext_noop("设置密码"))
def set_password(
    act: Act,
    *,
    token: Annotated[str, Label(gettext_noop("链接中的凭据"), secret=True)],
    new_password: Annotated[str, NEW_PASSWORD],
    again: Annotated[str, AGAIN],
) -> Answer:
    """Set one's own password by the token of a link; the link is used up."""
    act.permit_self()
    person = User.objects.select_for_update().get(pk=act.actor.id)
    if not default_token_generator.check_token(person, token):
        raise Conflict("link_used_up", gettext_noop("这个链接已经用过，或过了有效期。"), remedy=gettext_noop("请向系统管理员再要一个。"))
    _store(person, new_password, again)
    act.enter("person", person.id, by="link")
    return {"person": str(person.id)}


@verb("authority.change_password", gettext_noop("修改密码"))
def change_password(
    act: Act,
    *,
    old_password: Annotated[str, Label(gettext_noop("现在的密码"), secret=True)],
    new_password: Annotated[str, NEW_PASSWORD],
    again: Annotated[str, AGAIN],
) -> Answer:
    """Change one's own password, knowing the present one; other sessions end."""
    act.permit_self()
    person = User.objects.select_for_update().get(pk=act.actor.id)
    if not person.check_password(old_password):
        raise Refusal("password_differs", gettext_noop("现在的密码不对。"), field="old_password")
    _store(person, new_password, again)
    act.enter("person", person.id, by="person")
    return {"person": str(person.id)}


def link_path(person: User) -> str:
    """Return the path of the page at which a person sets a password, good once."""
    return f"/set-password/{urlsafe_base64_encode(force_bytes(person.pk))}/{default_token_generator.make_token(person)}/"


def _person(act: Act, person_id: UUID) -> User:
    """Return a person for this act, locked; raise Forbidden when the actor has no such duty wherever the person holds a post."""
    act.permit()
    for region in open_posts(act.day).filter(person_id=person_id).values_list("organisation__region_id", flat=True).distinct():
        act.permit(Target(region_code=region or ""))
    person = User.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise Invisible
    return person


def _set_active(person: User, *, active: bool) -> None:
    person.is_active = active
    person.save(update_fields=["is_active"])


def _store(person: User, password: str, again: str) -> None:
    if password != again:
        raise Refusal("passwords_differ", gettext_noop("两次输入的新密码不一样。"), field="again")
    try:
        validate_password(password, person)
    except ValidationError:
        raise Refusal("password_weak", gettext_noop("新密码至少 12 位，不用常见密码，不与登录名、姓名相似。"), field="new_password") from None
    person.set_password(password)
    person.save(update_fields=["password"])


def _said(reason: str) -> str:
    if not reason.strip():
        raise Refusal("reason_wanted", gettext_noop("请写明原因。"), field="reason")
    return reason.strip()
