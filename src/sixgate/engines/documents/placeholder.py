"""Names in double braces as they stand in a form's text: found, checked against the names there are, replaced. Knows no file format."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}")
BROKEN: Final = re.compile(r"\{\{|\}\}|｛｛|｝｝")
EMPTY: Final = "—"


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of text that may hold names, where it stands, and which table row it stands in ("" outside tables)."""

    text: str
    where: str
    row: str = ""


def names_in(text: str) -> list[str]:
    """Return the names of a text in order, without blanks around them."""
    return [name.strip() for name in PLACE.findall(text)]


def list_of(texts: Iterable[str]) -> str:
    """Return the list the texts of one row name, "" when they name none."""
    return next((name.partition(".")[0] for text in texts for name in names_in(text) if "." in name), "")


def replaced(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its names replaced by their values; a name without value stays a dash."""
    return PLACE.sub(lambda found: values.get(found.group(1).strip(), EMPTY) or EMPTY, text)


def row_values(group: str, values: Mapping[str, str], row: Mapping[str, str]) -> dict[str, str]:
    """Return the values that hold in one repeated row: the single ones and those of the list's item."""
    return {**values, **{f"{group}.{name}": value for name, value in row.items()}}


def checked(spots: Sequence[Spot], values: Sequence[str], lists: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names used, each once; raise Refusal naming the first that is wrong and its place, or saying that there is none."""
    known = [*values, *(f"{group}.{name}" for group, names in lists.items() for name in names)]
    used: dict[str, None] = {}
    groups: dict[str, str] = {}
    for spot in spots:
        if BROKEN.search(PLACE.sub("", spot.text)):
            raise _broken(spot)
        for name in names_in(spot.text):
            if name not in known:
                raise _unknown(name, spot, known)
            group = name.partition(".")[0] if "." in name else ""
            if group and not spot.row:
                raise _outside(name, spot)
            if group and groups.setdefault(spot.row, group) != group:
                raise _mixed(spot, groups[spot.row], group)
            used[name] = None
    if not used:
        raise Refusal("template_without_names", gettext_noop("模板里没有占位符。"), remedy=gettext_noop("请在要填的地方写占位符，如 {{项目名称}}。"))
    return list(used)


def _unknown(name: str, spot: Spot, known: Sequence[str]) -> Refusal:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return Refusal(
            "placeholder_unknown",
            gettext_noop("{where}：没有名为“{name}”的占位符，是不是“{near}”？"),
            remedy=gettext_noop("请照页面上的名称改正后再上传。"),
            where=spot.where,
            name=name,
            near=near[0],
        )
    return Refusal(
        "placeholder_unknown",
        gettext_noop("{where}：没有名为“{name}”的占位符。"),
        remedy=gettext_noop("请照页面上的名称改正后再上传。"),
        where=spot.where,
        name=name,
    )


def _broken(spot: Spot) -> Refusal:
    return Refusal(
        "placeholder_broken",
        gettext_noop("{where}：花括号不成对，或用了全角花括号。"),
        remedy=gettext_noop("占位符前后各两个半角花括号，中间只写名称。"),
        where=spot.where,
    )


def _outside(name: str, spot: Spot) -> Refusal:
    return Refusal(
        "placeholder_outside_row",
        gettext_noop("{where}：“{name}”属于列表，只能写在表格的一行里。"),
        remedy=gettext_noop("请在表格里留一行写这个列表的占位符，有几项就会变成几行。"),
        where=spot.where,
        name=name,
    )


def _mixed(spot: Spot, first: str, second: str) -> Refusal:
    return Refusal(
        "placeholder_mixed_row",
        gettext_noop("{where}：一行里写了“{first}”和“{second}”两个列表。"),
        remedy=gettext_noop("每行只写一个列表的占位符。"),
        where=spot.where,
        first=first,
        second=second,
    )
