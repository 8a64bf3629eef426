"""A paper before it has a format: title, numbered headings, paragraphs, tables, who issues it and when. Knows nothing of government.

What writers share stands here, so that the same paper reads the same as a word-processor file and as PDF.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

CHINESE_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; its number is set by its place."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `widths` are shares of the line; `right` are the columns set flush right."""

    caption: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()


Block = Heading | Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `mark` stands above the title, `note` in brackets under the date."""

    title: str
    mark: str
    issuer: str
    issued_on: date
    blocks: Sequence[Block]
    note: str = ""


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with their headings numbered 一、（一）1.（1）, each level beginning anew under the one above."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield block
            continue
        index = block.level - 1
        counts = [*counts[:index], counts[index] + 1, *[0] * (3 - index)]
        yield Heading(block.level, _number(block.level, counts[index]) + block.text)


def day_text(day: date) -> str:
    """Return a date as papers write it: Arabic figures, months and days without a leading zero."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """Return 1 to 99 in Chinese figures."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十"
    return head + (CHINESE_DIGITS[ones] if ones or not tens else "")


def characters(text: str) -> float:
    """Return how many full-width characters a text takes on the line."""
    return sum(1 if ord(char) > 0x2E7F else 0.5 for char in text)


def signature_indents(issuer: str, day: str) -> tuple[float, float]:
    """Return how far issuer and date stand from the right edge, in characters: the date by four, the issuer centred over it."""
    over = (characters(issuer) - characters(day)) / 2
    return max(4 - over, 0), max(4, over)


def _number(level: int, count: int) -> str:
    return (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")[level - 1]
