"""What a message says. Outside the intranet: that something waits, how much, and where to look; no project, no person, no document.

Inside: the lines as well, which name projects and gates and never the content of a document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves."""

    subject: str
    text: str


def outside(waiting: int, news: int, link: str) -> Letter:
    """Return the message for places outside the intranet: nothing in it tells what it is about."""
    counted = [f"{waiting} 件待办" if waiting else "", f"{news} 条未读提醒" if news else ""]
    said = "、".join(part for part in counted if part)
    return Letter("您有待办", f"您有待办：{said}。请登录系统查看：{link}" if said else f"您有待办，请登录系统查看：{link}")


def inside(waiting: int, turns: Sequence[str], news: Sequence[str], link: str) -> Letter:
    """Return the digest for readers inside the intranet: what waits, then what is new; long lists are cut and say so."""
    parts: list[str] = []
    if waiting:
        parts += [f"等您办的 {waiting} 件：", *_lines(turns, waiting), ""]
    if news:
        parts += [f"新的提醒 {len(news)} 条：", *_lines(news, len(news)), ""]
    return Letter(f"六关：{waiting} 件待办，{len(news)} 条新提醒", "\n".join([*parts, f"办理：{link}"]))


def robot_text(waiting: int, link: str) -> str:
    """Return what a group's robot says: a count and a link."""
    return f"您有待办：本单位共 {waiting} 件。请登录系统查看：{link}"


def _lines(lines: Sequence[str], total: int) -> list[str]:
    shown = [f"· {line}" for line in lines[:MOST_LINES]]
    return [*shown, f"……另有 {total - len(shown)} 件，请登录查看。"] if total > len(shown) else shown
