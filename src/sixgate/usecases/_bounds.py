"""What may come in at any door: how long a text, how large a number, which days, how deep and how many. Beyond it neither ledger nor database could keep it.

This module refuses to know verbs; `Label` brings these bounds to every parameter, and so into the API's schema.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sixgate.kernel.money import MOST_FEN
from sixgate.kernel.text import gettext_noop

LINE: Final = 200
LONG: Final = 5_000
ITEMS: Final = 500
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
TOO_LONG: Final[Mapping[int, str]] = {  # the widths of columns: a text of another width has no reason to give
    6: gettext_noop("请不超过 6 个字。"),
    40: gettext_noop("请不超过 40 个字。"),
    60: gettext_noop("请不超过 60 个字。"),
    80: gettext_noop("请不超过 80 个字。"),
    120: gettext_noop("请不超过 120 个字。"),
    200: gettext_noop("请不超过 200 个字。"),
    300: gettext_noop("请不超过 300 个字。"),
    500: gettext_noop("请不超过 500 个字。"),
    5_000: gettext_noop("请不超过 5000 个字。"),
}
TOO_MANY: Final = gettext_noop("一次不超过 500 项，请分几次办理。")
NUMBER_BEYOND: Final = gettext_noop("数字超出范围，请核对单位：金额不超过 1000 亿元。")
DAY_BEYOND: Final = gettext_noop("日期须在 1900 年到 2199 年之间。")
NOT_A_DAY: Final = gettext_noop("请按 2026-11-23 的样子填写日期。")
NOT_KEPT: Final = gettext_noop("含有不能保存的字符，请删去后重填。")
NOT_WHOLE: Final = gettext_noop("请填写整数。")
NO_SUCH_PLACE: Final = gettext_noop("没有这一项，请删去。")
TOO_DEEP: Final = gettext_noop("层次太多，请按说明的结构填写。")
TOO_BIG: Final = gettext_noop("内容太多，请分几次办理。")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LOST = re.compile("[\x00\ud800-\udfff]")
_KEY = re.compile(r"[\x20-\x7e]{1,200}")
_LARGEST = 2**53 - 1  # what canonical bytes may hold
_DEEPEST = 16
_MOST_ITEMS = 5_000
_TOLD = 50


def bounded(schema: CoreSchema, longest: int, *, as_typed: bool = False) -> CoreSchema:
    """Return the schema of a parameter within the bounds; texts are taken in NFC unless they must stay as typed (passwords)."""
    if schema["type"] == "nullable":
        return {**schema, "schema": bounded(schema["schema"], longest, as_typed=as_typed)}
    if schema["type"] == "list":
        return {**schema, "max_length": ITEMS}
    if schema["type"] == "str":
        text: CoreSchema = {**schema, "max_length": longest}
        return text if as_typed else core_schema.no_info_before_validator_function(_composed, text)
    if schema["type"] == "int":
        return {**schema, "ge": -MOST_FEN, "le": MOST_FEN}
    if schema["type"] == "date":
        return core_schema.no_info_before_validator_function(_day, {**schema, "ge": FIRST_DAY, "le": LAST_DAY})
    return schema


def unfit(received: Mapping[str, object]) -> dict[str, str]:
    """Return, by place, what in received values cannot be kept whatever it is for: the first fifty."""
    return dict(islice(_unfit(received, "", 0), _TOLD))


def shown(name: str) -> str:
    """Return a name someone sent as it may be told back: short, with a question mark for what cannot be seen."""
    return "".join(char if char.isprintable() else "?" for char in name[:60])


def _unfit(value: object, place: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        yield place, TOO_DEEP
    elif isinstance(value, str):
        if _LOST.search(value):
            yield place, NOT_KEPT
    elif isinstance(value, float):
        yield place, NOT_WHOLE
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            yield place, NUMBER_BEYOND
    elif isinstance(value, Mapping | list | tuple):
        if len(value) > _MOST_ITEMS:
            yield place, TOO_BIG
            return
        for name, item in _inner(value):
            here = f"{place}.{shown(name)}".removeprefix(".")
            if not _KEY.fullmatch(name):
                yield here, NO_SUCH_PLACE
            else:
                yield from _unfit(item, here, depth + 1)


def _inner(value: Mapping[Any, object] | Sequence[object]) -> Iterator[tuple[str, object]]:
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
    return ((str(name), item) for name, item in pairs)


def _composed(value: object) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _day(value: object) -> object:
    """Read a day written in full only: the parser behind would take a bare number for a count of seconds."""
    if not isinstance(value, str):
        return value
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date_parsing", "not a day in full")
