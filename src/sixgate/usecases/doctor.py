"""The doctor: looks at everything the service stands on and says of each thing how it is and what to do. Changes nothing; acts for nobody.

Four words: `ok`, `attention` (works, somebody should look), `broken` (does not work, or is not safe), `not_run` (could not be looked at: never taken
for ok). The doors decide who may ask: `sixgate doctor` for who keeps the machine, `/readyz` for who watches it.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError

from sixgate.engines.rules.rows import PackError
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.workcalendar import national
from sixgate.records.queries import health
from sixgate.records.queries.notices import delivery_trouble
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI

LEAST_DISK: Final = 1024**3
LOW_DISK: Final = 5 * 1024**3
CLOCK_STOPPED: Final = timedelta(minutes=10)
SKEW: Final = timedelta(seconds=5)
GIVEN_UP_LATELY: Final = timedelta(days=7)
NEXT_YEAR_BY: Final = (12, 1)  # the State Council arranges a year in the last quarter of the one before


@dataclass(frozen=True, slots=True)
class Sign:
    """How one thing is: a word, a sentence with its parts, and what to do when it is not ok."""

    name: str
    title: str
    state: str
    said: str
    remedy: str = ""
    parts: Mapping[str, object] = field(default_factory=dict[str, object])


Look = Callable[[datetime], Sign]


def examine(at: datetime, names: Iterable[str] = ()) -> list[Sign]:
    """Return the signs of all things, or of the named ones; one that cannot be looked at is `not_run`, not passed over."""
    wanted = tuple(names) or tuple(LOOKS)
    return [_look(name, at) for name in wanted]


def worst(signs: Iterable[Sign]) -> str:
    """Return the worst word among signs; what was not looked at is worse than what needs attention."""
    order = ("ok", "attention", "not_run", "broken")
    return max((sign.state for sign in signs), key=order.index, default="not_run")


def beat(at: datetime, ran: Mapping[str, int], failed: Iterable[str]) -> None:
    """Write down that the clock lives, what it did and what failed; the doctor and the metrics read it."""
    path = beat_path()
    known = last_beat() or {"jobs": {}}
    jobs = {**known["jobs"], **{name: {"at": at.isoformat(), "count": count} for name, count in ran.items()}}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"at": at.isoformat(), "jobs": jobs, "failed": sorted(failed)}), encoding="utf-8")
    part.replace(path)


def last_beat() -> dict[str, Any] | None:
    """Return what the clock wrote down last, None when it never ran here or the note cannot be read."""
    try:
        found = json.loads(beat_path().read_text(encoding="utf-8"))
        datetime.fromisoformat(found["at"])
        return {"at": found["at"], "jobs": dict(found["jobs"]), "failed": list(found["failed"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def beat_path() -> Path:
    """Return where the clock's note lies."""
    return settings.VAR / "clock.json"


def _look(name: str, at: datetime) -> Sign:
    title, look = LOOKS[name]
    try:
        sign = look(at)
    except (DatabaseError, OSError, PackError) as error:
        said = gettext_noop("没能查看：{error}")
        return Sign(name, title, "not_run", said, gettext_noop("请先排除这个原因，再查一次。"), {"error": f"{type(error).__name__}"})
    return Sign(name, title, sign.state, sign.said, sign.remedy, sign.parts)


def _ok(said: str, **parts: object) -> Sign:
    return Sign("", "", "ok", said, "", parts)


def _database(_at: datetime) -> Sign:
    if health.database_answers():
        return _ok(gettext_noop("有应答"))
    return Sign("", "", "broken", gettext_noop("没有应答"), gettext_noop("请核对 DATABASE_URL 和数据库服务。"))


def _migrations(_at: datetime) -> Sign:
    missing = health.unapplied_migrations()
    if not missing:
        return _ok(gettext_noop("表结构与程序版本一致"))
    remedy = gettext_noop("请先备份，再运行 python -m django migrate。")
    return Sign(
        "", "", "broken", gettext_noop("有 {count} 步表结构升级没有做：{names}"), remedy, {"count": len(missing), "names": ", ".join(missing)}
    )


def _walls(_at: datetime) -> Sign:
    missing = health.missing_triggers()
    if not missing:
        return _ok(gettext_noop("存证和历史只能追加，触发器齐全"))
    remedy = gettext_noop("请运行 python -m django migrate，它会补齐触发器；并查明是谁去掉的。")
    return Sign("", "", "broken", gettext_noop("缺 {count} 个触发器：{names}"), remedy, {"count": len(missing), "names": ", ".join(missing)})


def _durability(_at: datetime) -> Sign:
    unsafe = health.unsafe_settings()
    if not unsafe:
        return _ok(gettext_noop("断电不丢已确认的写入"))
    said = "; ".join(f"{name}={value}（{must}）" for name, (value, must) in unsafe.items())
    return Sign("", "", "broken", gettext_noop("数据库设置不安全：{settings}"), gettext_noop("请改回括号中的值。"), {"settings": said})


def _clocks(at: datetime) -> Sign:
    latest = health.ledger_tail().latest
    if latest is not None and latest > at + SKEW:
        remedy = gettext_noop("请核对本机时间和时间同步；时间倒退会让期限和存证的先后不可信。")
        return Sign("", "", "broken", gettext_noop("最近一条存证的时间 {latest} 晚于本机时间"), remedy, {"latest": latest.isoformat()})
    apart = abs(health.database_clock() - at)
    if apart > SKEW:
        remedy = gettext_noop("请为两台机器配置同一个时间源。")
        return Sign("", "", "attention", gettext_noop("本机与数据库的时间相差 {seconds} 秒"), remedy, {"seconds": int(apart.total_seconds())})
    return _ok(gettext_noop("本机与数据库的时间一致"))


def _disk(_at: datetime) -> Sign:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.VAR).free
    parts = {"free": f"{free / 1024**3:.1f}"}
    if free < LEAST_DISK:
        return Sign("", "", "broken", gettext_noop("只剩 {free} GB"), gettext_noop("请立即腾出空间：写满后一切办理都会失败。"), parts)
    if free < LOW_DISK:
        return Sign("", "", "attention", gettext_noop("只剩 {free} GB"), gettext_noop("请安排扩容或清理。"), parts)
    return _ok(gettext_noop("剩 {free} GB"), **parts)


def _job_clock(at: datetime) -> Sign:
    note = last_beat()
    if note is None:
        return Sign(
            "", "", "attention", gettext_noop("这里没有运行过"), gettext_noop("请用 make run 启动，或另起 python -m sixgate.interfaces.clock。")
        )
    silent = at - datetime.fromisoformat(note["at"])
    parts: dict[str, object] = {"minutes": int(silent.total_seconds() // 60), "failed": ", ".join(note["failed"])}
    if silent > CLOCK_STOPPED:
        return Sign("", "", "broken", gettext_noop("已停 {minutes} 分钟"), gettext_noop("请重新启动服务，并看日志里它为什么停。"), parts)
    if note["failed"]:
        return Sign("", "", "attention", gettext_noop("在运行，但有任务失败：{failed}"), gettext_noop("原因在日志里，任务会自动重试。"), parts)
    return _ok(gettext_noop("在运行"))


def _packs(at: datetime) -> Sign:
    day = at.astimezone(SHANGHAI).date()
    pack, looser = _law.law(settings.HOME_JURISDICTION, day)
    parts = {"count": len(pack.requirements), "looser": len(looser)}
    if looser:
        remedy = gettext_noop("请法制人员看：地方放宽之处不会自动采用。")
        return Sign("", "", "attention", gettext_noop("{count} 条要求有效，地方有 {looser} 处放宽"), remedy, parts)
    return _ok(gettext_noop("{count} 条要求有效"), **parts)


def _calendar(at: datetime) -> Sign:
    day = at.astimezone(SHANGHAI).date()
    wanted = [day.year, *([day.year + 1] if (day.month, day.day) >= NEXT_YEAR_BY else [])]
    missing = [str(year) for year in wanted if national().is_provisional(date(year, 6, 1))]
    if missing:
        remedy = gettext_noop("请导入国务院办公厅的放假安排；在此之前，期限都是暂定的。")
        return Sign("", "", "attention", gettext_noop("缺 {years} 年的放假调休安排"), remedy, {"years": "、".join(missing)})
    return _ok(gettext_noop("放假调休安排齐全"))


def _deliveries(at: datetime) -> Sign:
    failing, given_up, ever = delivery_trouble(at - GIVEN_UP_LATELY)
    if failing or given_up:
        remedy = gettext_noop("请系统管理员打开“提醒”里的“发送”，看是哪一处、为什么。")
        said = gettext_noop("{failing} 件屡送不到，最近七天 {given_up} 件不再送")
        return Sign("", "", "attention", said, remedy, {"failing": failing, "given_up": given_up})
    return _ok(gettext_noop("发出的都送到了") if ever else gettext_noop("尚未发送过"))


LOOKS: Final[Mapping[str, tuple[str, Look]]] = {
    "database": (gettext_noop("数据库"), _database),
    "migrations": (gettext_noop("表结构"), _migrations),
    "walls": (gettext_noop("只追加"), _walls),
    "durability": (gettext_noop("落盘"), _durability),
    "clocks": (gettext_noop("时间"), _clocks),
    "disk": (gettext_noop("磁盘"), _disk),
    "clock": (gettext_noop("定时任务"), _job_clock),
    "packs": (gettext_noop("规则包"), _packs),
    "calendar": (gettext_noop("工作日历"), _calendar),
    "deliveries": (gettext_noop("发送"), _deliveries),
}
READY: Final = ("database", "migrations", "walls", "packs", "disk")
