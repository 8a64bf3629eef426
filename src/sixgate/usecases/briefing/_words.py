"""The words papers share: marks, notes, codes by their title, values as the pages write them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet

from sixgate.domain.axes import FUNDING, LEVELS, NETWORKS, PROJECT_TYPES
from sixgate.domain.lifecycle.wording import RULE_WORDS
from sixgate.engines.documents.paper import day_text
from sixgate.kernel.money import FEN_PER_WAN, wan_text
from sixgate.kernel.verdict import VERDICT_LABELS
from sixgate.records.models import Project
from sixgate.records.queries.portfolio import STATUSES
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI, Actor, today
from sixgate.usecases.lifecycle.reading.deadlines import DeadlineLine
from sixgate.usecases.lifecycle.reading.proof import SEALED

MARK: Final = "非正式文本　待用印"
NOT_KNOWN: Final = "—"
SECRET: Final = "工作秘密，不随件带出"
NOTE: Final = "本件由六关依据台账、材料和存证生成，未经用印不作为正式公文；金额单位为万元；属于工作秘密的内容以“工作秘密，不随件带出”代替"
TITLES: Final = {"level": dict(LEVELS), "type": dict(PROJECT_TYPES), "network": dict(NETWORKS), "status": dict(STATUSES), "funding": dict(FUNDING)}
VERDICTS: Final = {verdict.value: label for verdict, label in VERDICT_LABELS.items()}
EFFECTS, KINDS = RULE_WORDS["effect"], RULE_WORDS["kind"]
DEADLINES: Final = {
    "overdue": "已过期限", "near": "快到期", "running": "计时中", "unknown": "待补", "late": "超期办结", "early": "时间不足", "met": "按期",
}  # fmt: skip


def without_secrets(actor: Actor) -> Actor:
    """Return the actor as one whose posts open no work secret: what a paper is composed for."""
    return replace(actor, posts=tuple(replace(post, sees_work_secrets=False) for post in actor.posts))


def visible_to(actor: Actor) -> QuerySet[Project]:
    """Return the projects an actor may see."""
    return visible_projects(actor.posts, dict(_law.duties(today())))


def open_text(value: str) -> str:
    """Return a value as it may leave: what is sealed on the page is replaced by the fixed words."""
    return SECRET if value == SEALED else value


def wan(fen: int | None) -> str:
    """Write 分 as 万元 as the pages do, a dash where the amount is not known."""
    return NOT_KNOWN if fen is None else wan_text(fen)


def wan_number(fen: int | None) -> Decimal | None:
    """Return 分 as 万元 exactly, for a cell."""
    return None if fen is None else Decimal(fen) / FEN_PER_WAN


def day(value: date | None) -> str:
    """Write a date as papers do, a dash where there is none."""
    return NOT_KNOWN if value is None else day_text(value)


def moment(value: datetime | None) -> datetime | None:
    """Return a moment by the clock on the wall, for a cell."""
    return None if value is None else value.astimezone(SHANGHAI).replace(tzinfo=None, second=0, microsecond=0)


def titled(axis: str, code: str) -> str:
    """Return a code by its title, a dash where there is none."""
    return TITLES[axis].get(code, code) or NOT_KNOWN


def listed(items: Sequence[str], most: int = 5) -> str:
    """Return the first few items in one breath, and how many there are when some are left out."""
    return "、".join(items[:most]) + (f"等{len(items)}项" if len(items) > most else "")


def left(line: DeadlineLine) -> str:
    """Write how long a period still runs, or by how much it is past, in its own unit."""
    unit = "个工作日" if line.in_workdays else "个自然日"
    if line.done is not None:
        return f"{day_text(line.done)}办结"
    if line.left is None:
        return NOT_KNOWN
    return f"已过{line.past}{unit}" if line.past else f"还有{line.left}{unit}"
