"""Verbs of 授权 on one's own notices: when to be told and how, and the calendar of statutory dates. Nobody sets them for another person."""

from typing import Annotated, Any

from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import CalendarFeed, NoticePreference
from sixgate.usecases._frame import Act, Answer, Label, verb

HOURS = gettext_noop("填 0 到 23 的整点。")
LAST_HOUR = 23


@verb("authority.set_notices", gettext_noop("设置提醒"))
def set_notices(
    act: Act,
    *,
    mail: Annotated[bool, Label(gettext_noop("发邮件"), gettext_noop("不发的，只在系统里提醒。"))],
    digest_hour: Annotated[int, Label(gettext_noop("每日汇总几点发"), HOURS)],
    quiet_from: Annotated[int, Label(gettext_noop("安静时段从几点起"), gettext_noop("这段时间不发邮件；账号安全的除外。填 0 到 23 的整点。"))],
    quiet_until: Annotated[int, Label(gettext_noop("安静时段到几点止"), gettext_noop("与起点相同就没有安静时段。"))],
    days_off_quiet: Annotated[bool, Label(gettext_noop("非工作日也安静"))],
) -> Answer:
    """Keep how the actor wants to be told."""
    act.permit_self()
    hours = {"digest_hour": digest_hour, "quiet_from": quiet_from, "quiet_until": quiet_until}
    for name, hour in hours.items():
        if not 0 <= hour <= LAST_HOUR:
            raise Refusal("hour_wrong", HOURS, field=name)
    chosen: dict[str, Any] = {"mail": mail, "days_off_quiet": days_off_quiet, **hours}
    NoticePreference.objects.update_or_create(person_id=act.actor.id, defaults=chosen)
    act.enter("person", act.actor.id, **chosen)
    return {"person": str(act.actor.id)}


@verb("authority.open_calendar", gettext_noop("取得日历地址"))
def open_calendar(act: Act) -> Answer:
    """Open the actor's calendar of statutory dates at a new address; the address before it is void."""
    act.permit_self()
    row, new = CalendarFeed.objects.select_for_update().get_or_create(person_id=act.actor.id)
    if not new:
        row.version, row.is_open = row.version + 1, True
        row.save(update_fields=["version", "is_open"])
    act.enter("person", act.actor.id, number=row.version)
    return {"person": str(act.actor.id)}


@verb("authority.end_calendar", gettext_noop("停用日历地址"))
def end_calendar(act: Act) -> Answer:
    """Close the actor's calendar; its address is void at once."""
    act.permit_self()
    row = CalendarFeed.objects.select_for_update().filter(person_id=act.actor.id, is_open=True).first()
    if row is None:
        raise Conflict("no_calendar", gettext_noop("没有在用的日历地址。"))
    row.is_open = False
    row.save(update_fields=["is_open"])
    act.enter("person", act.actor.id, number=row.version)
    return {"person": str(act.actor.id)}
