"""Rows as written: TOML files into tables, typed reading key by key, every problem collected with file, table, id and remedy."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, TypeVar

from sixgate.engines.rules.schema import SourceRow
from sixgate.kernel.text import gettext_noop

TABLES: Final = ("gate", "duty", "parameter", "evidence", "requirement", "deadline", "change_rule", "activation", "override", "case")

_WHERE: Final = gettext_noop("文件 {file}，表 {table}，编号“{id}”：{what}。请{remedy}。")
T = TypeVar("T")
NO_DATE: Final = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class PackProblem:
    """One thing wrong in a pack; `message` is complete for a person."""

    file: str
    table: str
    id: str
    message: str


class PackError(Exception):
    """Carries all problems of a pack at once."""

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message for problem in problems))


class Problems(list[PackProblem]):
    """Collects problems while the reading goes on."""

    def add(self, file: str, table: str, ident: str, what: str, remedy: str) -> None:
        """Append one problem with its full message."""
        message = _WHERE.format(file=file, table=table, id=ident or "—", what=what, remedy=remedy)
        self.append(PackProblem(file, table, ident, message))


def read_rows(folder: Traversable | Path, problems: Problems) -> tuple[SourceRow, ...]:
    """Return the rows of every `*.toml` in the folder, files by name, rows in the order written."""
    rows: list[SourceRow] = []
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    if not files:
        problems.add(folder.name, "pack", "", gettext_noop("文件夹中没有 .toml 文件"), gettext_noop("核对文件夹路径"))
    for item in files:
        try:
            tables = tomllib.loads(item.read_text(encoding="utf-8"), parse_float=Decimal)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.add(item.name, "", "", gettext_noop("不是有效的 TOML（{error}）").format(error=error), gettext_noop("修正该处语法"))
            continue
        for name, content in tables.items():
            rows += _rows(item.name, name, content, problems)
    return tuple(rows)


def _rows(file: str, table: str, content: Any, problems: Problems) -> list[SourceRow]:
    if table in ("pack", "english") and isinstance(content, dict):
        return [SourceRow(file, table, content)]  # pyright: ignore[reportUnknownArgumentType]
    if table not in TABLES:
        problems.add(file, table, "", gettext_noop("没有这个表"), gettext_noop("按规则包格式改用正确的表名"))
        return []
    items: list[Any] = content if isinstance(content, list) else []  # pyright: ignore[reportUnknownVariableType]
    if not items or not all(isinstance(item, dict) for item in items):
        problems.add(file, table, "", gettext_noop("写法不对"), gettext_noop("用 [[{table}]] 逐条书写").format(table=table))
        return []
    return [SourceRow(file, table, item) for item in items]


class Row:
    """Reads one row key by key; a wrong or absent key is a problem and yields a harmless value. `finish` refuses keys nobody asked for."""

    def __init__(self, source: SourceRow, problems: Problems, data: Any = None, place: str = "") -> None:
        self.source = source
        self.problems = problems
        self.data: dict[str, Any] = dict(source.data) if data is None else data
        self.place = place
        self._asked: set[str] = set()

    def complain(self, what: str, remedy: str) -> None:
        """Record a problem of this row."""
        self.problems.add(self.source.file, self.source.table, self.source.id, what, remedy)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; required when no default is given."""
        return self._get(key, str, default, "", gettext_noop("文字"))

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return a yes/no."""
        return self._get(key, bool, default, False, "true/false")

    def integer(self, key: str, default: int | None = None) -> int:
        """Return a whole number."""
        return self._get(key, int, default, 0, gettext_noop("整数"))

    def integer_or_none(self, key: str) -> int | None:
        """Return a whole number or None when the key is absent."""
        return self.integer(key) if key in self.data else None

    def day(self, key: str) -> date:
        """Return a required date."""
        return self._get(key, date, None, NO_DATE, gettext_noop("日期（如 2026-01-01）"))

    def day_or_none(self, key: str) -> date | None:
        """Return a date or None when the key is absent."""
        return self.day(key) if key in self.data else None

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return one of the allowed texts."""
        value = self.text(key, default)
        if value not in allowed and isinstance(self.data.get(key), str):
            what = gettext_noop("“{key}”的值“{value}”不在可选范围").format(key=self.place + key, value=value)
            self.complain(what, gettext_noop("改为 {allowed} 之一").format(allowed="、".join(item or '""' for item in allowed)))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when absent."""
        items = self._get(key, list, [], [], gettext_noop("文字列表"))
        if all(isinstance(item, str) for item in items):
            return tuple(items)
        self._wrong(key, gettext_noop("文字列表"))
        return ()

    def table(self, key: str) -> dict[str, Any]:
        """Return a required inner table as written."""
        empty: dict[str, Any] = {}
        return self._get(key, dict, None, empty, gettext_noop("表"))

    def rows(self, key: str) -> list["Row"]:
        """Return inner rows, empty when absent."""
        items = self._get(key, list, [], [], gettext_noop("表的列表"))
        if not all(isinstance(item, dict) for item in items):
            self._wrong(key, gettext_noop("表的列表"))
            return []
        return [Row(self.source, self.problems, item, f"{self.place}{key}.") for item in items]

    def anything(self, key: str) -> Any:
        """Return a required value whatever its type."""
        return self._get(key, object, None, None, gettext_noop("值"))

    def finish(self) -> None:
        """Refuse the keys that were written but mean nothing here."""
        for key in self.data.keys() - self._asked:
            what = gettext_noop("没有“{key}”这一项").format(key=self.place + key)
            self.complain(what, gettext_noop("删除它，或改为正确的名称"))

    def _get(self, key: str, kind: type[T], default: T | None, fallback: T, expected: str) -> T:
        self._asked.add(key)
        if key not in self.data:
            if default is not None:
                return default
            self.complain(gettext_noop("缺少“{key}”").format(key=self.place + key), gettext_noop("补上（{kind}）").format(kind=expected))
            return fallback
        value = self.data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int) or (isinstance(value, datetime) and kind is date):
            self._wrong(key, expected)
            return fallback
        return value

    def _wrong(self, key: str, expected: str) -> None:
        what = gettext_noop("“{key}”的类型不对").format(key=self.place + key)
        self.complain(what, gettext_noop("改为{kind}").format(kind=expected))
