"""Verbs of 授权 on the places messages go to: a program that takes events, a group's robot. A system administrator's work; the secret is told once.

A webhook's host must be one the environment names (NOTICES_HOSTS); a robot is named here, its address and secret stay in the environment.
"""

import ipaddress
from datetime import date, datetime, time
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from sixgate.domain.authority import Target, matches
from sixgate.kernel.identity import first_uuid_at
from sixgate.kernel.refusal import Conflict, Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Endpoint, Organisation
from sixgate.usecases._derived import webhook_secret
from sixgate.usecases._frame import REGISTRY, SHANGHAI, Act, Answer, Label, verb

ENDPOINT = Label(gettext_noop("接收端"))
KINDS = (
    ("webhook", gettext_noop("程序（Webhook）")),
    ("dingtalk", gettext_noop("钉钉机器人")),
    ("wecom", gettext_noop("企业微信机器人")),
    ("feishu", gettext_noop("飞书机器人")),
)
LONGEST_URL = 500


@verb("authority.add_endpoint", gettext_noop("添加接收端"))
def add_endpoint(
    act: Act,
    *,
    name: Annotated[str, Label(gettext_noop("接收端名称"), longest=60)],
    kind: Annotated[str, Label(gettext_noop("接收端种类"), choices=KINDS)],
    url: Annotated[
        str, Label(gettext_noop("接收地址"), gettext_noop("程序填，须为 https，主机须在部署设置 NOTICES_HOSTS 里。"), longest=LONGEST_URL)
    ] = "",
    acts: Annotated[list[str] | None, Label(gettext_noop("接收哪些办理"), gettext_noop("程序选，不选就是全部。"))] = None,
    robot: Annotated[
        str, Label(gettext_noop("机器人的设置名"), gettext_noop("机器人选，是部署设置 NOTICES_ROBOTS 里的名称；地址和密钥不在这里填。"), longest=40)
    ] = "",
    organisation_id: Annotated[UUID | None, Label(gettext_noop("给哪个单位的群"), gettext_noop("机器人选，每个工作日说该单位共有几件待办。"))] = None,
) -> Answer:
    """Add a place messages go to, from now on; answer, once, the secret its signatures are checked with."""
    act.permit(Target(region_code=settings.HOME_JURISDICTION))
    title = normalise(name)
    if not title:
        raise Refusal("name_empty", gettext_noop("请填写接收端的名称。"), field="name")
    if Endpoint.objects.filter(name=title, ended_at=None).exists():
        raise Conflict("endpoint_named", gettext_noop("已有同名的接收端在用。"), field="name")
    row = Endpoint(name=title, kind=kind, made_at=act.at, cursor=act.event_id, floor=act.event_id)
    if kind == "webhook":
        row.url, row.acts = fit_url(url), _patterns(acts or [])
    else:
        row.robot, row.organisation_id = _robot(robot), _body(organisation_id)
    row.save(force_insert=True)
    if kind == "webhook":
        act.once = {"secret": webhook_secret(row.id, 1)}
    act.enter("endpoint", row.id, name=title, kind=kind, url=row.url, acts=row.acts, robot=row.robot, organisation_id=row.organisation_id)
    return {"endpoint": str(row.id)}


@verb("authority.end_endpoint", gettext_noop("停用接收端"))
def end_endpoint(act: Act, *, endpoint_id: Annotated[UUID, ENDPOINT], reason: Annotated[str, Label(gettext_noop("原因"))]) -> Answer:
    """Send nothing more to a place; what was sent stays on record."""
    row = _endpoint(act, endpoint_id)
    if not reason.strip():
        raise Refusal("reason_wanted", gettext_noop("请写明原因。"), field="reason")
    row.ended_at = act.at
    row.save(update_fields=["ended_at"])
    act.enter("endpoint", row.id, reason=reason.strip())
    return {"endpoint": str(row.id)}


@verb("authority.rotate_endpoint", gettext_noop("更换签名密钥"))
def rotate_endpoint(act: Act, *, endpoint_id: Annotated[UUID, ENDPOINT]) -> Answer:
    """Sign with a new secret, told once; for a day the old one signs beside it."""
    row = _webhook(act, endpoint_id)
    row.secret_version += 1
    row.rotated_at = act.at
    row.save(update_fields=["secret_version", "rotated_at"])
    act.once = {"secret": webhook_secret(row.id, row.secret_version)}
    act.enter("endpoint", row.id, number=row.secret_version)
    return {"endpoint": str(row.id)}


@verb("authority.replay_endpoint", gettext_noop("重发"))
def replay_endpoint(
    act: Act,
    *,
    endpoint_id: Annotated[UUID, ENDPOINT],
    since: Annotated[date, Label(gettext_noop("从哪天的办理起"), gettext_noop("编号与上次相同，接收的程序据此认出重复的。"))],
) -> Answer:
    """Send every act from a day on again, with the same ids, in a new round."""
    row = _webhook(act, endpoint_id)
    if since > act.day:
        raise Refusal("day_ahead", gettext_noop("不能晚于今天。"), field="since")
    start = datetime.combine(since, time(), SHANGHAI)
    row.floor = row.cursor = first_uuid_at(int(start.timestamp() * 1000))
    row.round += 1
    row.save(update_fields=["floor", "cursor", "round"])
    act.enter("endpoint", row.id, since=since, round=row.round)
    return {"endpoint": str(row.id), "round": row.round}


def fit_url(url: str) -> str:
    """Return the address of a webhook; raise Refusal when it is none, not https, or its host is not one the environment names."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        host, _port = (parts.hostname or "").casefold(), parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.username is not None or parts.fragment or not text.isascii() or any(mark.isspace() for mark in text):
        raise Refusal("url_wrong", gettext_noop("请填写完整的地址，如 https://example.gov.cn/hook；不带用户名和 #。"), field="url")
    if parts.scheme != "https" and not (parts.scheme == "http" and not settings.PRODUCTION and _loopback(host)):
        raise Refusal("url_not_https", gettext_noop("地址须以 https:// 开头。"), field="url")
    if host not in settings.NOTICES_HOSTS:
        raise Refusal(
            "host_not_named",
            gettext_noop("部署设置没有允许向 {host} 发送。"),
            field="url",
            remedy=gettext_noop("请运维人员把主机名加到 NOTICES_HOSTS，重启后再添加。"),
            host=host,
        )
    return text


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _patterns(acts: list[str]) -> list[str]:
    for pattern in acts:
        if not any(matches(pattern, address) for address in REGISTRY):
            raise Refusal("act_unknown", gettext_noop("没有这样的办理：{act_given}。"), field="acts", act_given=pattern)
    return sorted(set(acts)) or ["*"]


def _robot(robot: str) -> str:
    if robot.strip() not in settings.NOTICES_ROBOTS:
        raise Refusal(
            "robot_not_named",
            gettext_noop("部署设置 NOTICES_ROBOTS 里没有这个名称。"),
            field="robot",
            remedy=gettext_noop("请运维人员加上机器人的地址，重启后再添加。"),
        )
    return robot.strip()


def _body(organisation_id: UUID | None) -> UUID:
    if organisation_id is None or not Organisation.objects.filter(pk=organisation_id).exists():
        raise Refusal("organisation_wanted", gettext_noop("请选择单位。"), field="organisation_id")
    return organisation_id


def _endpoint(act: Act, endpoint_id: UUID) -> Endpoint:
    act.permit(Target(region_code=settings.HOME_JURISDICTION))
    row = Endpoint.objects.select_for_update(of=("self",)).filter(pk=endpoint_id).first()
    if row is None:
        raise Invisible
    if row.ended_at is not None:
        raise Conflict("endpoint_ended", gettext_noop("这个接收端已经停用。"))
    return row


def _webhook(act: Act, endpoint_id: UUID) -> Endpoint:
    row = _endpoint(act, endpoint_id)
    if row.kind != "webhook":
        raise Conflict("no_webhook", gettext_noop("机器人没有签名密钥，也不重发；密钥在部署设置里更换。"))
    return row
