"""The values of a register read from a foreign file: rows, what was dropped and why, problems with their places.

Everything here turns into JSON and back, because it crosses a process boundary. This module refuses to know files.
"""

from collections.abc import Mapping as MappingABC
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from sixgate.kernel.text import normalise

Value = str | int | date


def column_letter(number: int) -> str:
    """Return the letters of a one-based column number: 1 is A, 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the one-based number of column letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell or row, where, and what to do. `level` is error (row unusable as is) or warning (kept as text).

    `column` is the letter in the user's sheet, empty when the whole row is meant; texts are templates filled from `params`.
    """

    code: str
    level: str
    sheet: str
    row: int
    column: str
    heading: str
    message: str
    remedy: str
    params: MappingABC[str, str] = field(default_factory=dict[str, str])

    def text(self) -> str:
        """Return the filled Chinese message."""
        return self.message.format(**self.params)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row, column or sheet that was not read, and why. `axis` is row | column | sheet; `reason` is a code, `text` the start of what stood there."""

    axis: str
    number: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """Which target a heading stands for. `target` is empty for columns kept under extra; `confidence` is percent; `number` is one-based along the header."""

    number: int
    heading: str
    target: str
    unit: str = ""
    date_order: str = ""
    confidence: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read: sheet, header place, orientation and one guess per column. The user corrects it and keeps it for the next time.

    `header` is the one-based row (column when transposed) of the headings in the file.
    """

    columns: tuple[ColumnGuess, ...]
    sheet: str = ""
    header: int = 0
    transposed: bool = False

    def with_target(self, heading: str, target: str, *, unit: str = "", date_order: str = "") -> "Mapping":
        """Return the mapping with one heading sent to another target (empty: kept under extra); the target leaves its former column."""
        wanted = normalise(heading)
        columns: list[ColumnGuess] = []
        for column in self.columns:
            if normalise(column.heading) == wanted:
                columns.append(replace(column, target=target, unit=unit or column.unit, date_order=date_order, confidence=100, reason="user"))
            elif target and column.target == target:
                columns.append(replace(column, target="", confidence=100, reason="user"))
            else:
                columns.append(column)
        return replace(self, columns=tuple(columns))

    def column_of(self, target: str) -> ColumnGuess | None:
        """Return the column mapped to a target, if any."""
        return next((column for column in self.columns if column.target == target), None)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: MappingABC[str, Any]) -> "Mapping":
        """Rebuild a stored mapping."""
        columns = tuple(ColumnGuess(**column) for column in data["columns"])
        return cls(columns, data.get("sheet", ""), data.get("header", 0), data.get("transposed", False))


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One project as it stands in the file. `values` by target, `extra` by heading, `cells` the raw texts in the order of the mapping's columns.

    `source` is the one-based row (column when transposed) in the file. Money in `amount_fen` only when it is CNY and exact.
    """

    key: str
    values: MappingABC[str, Value]
    extra: MappingABC[str, str]
    problems: tuple[Problem, ...]
    source: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A register read whole. `digest` is the SM3 hex of the file; `encoding` and `delimiter` are empty for workbooks."""

    rows: tuple[RegisterRow, ...]
    mapping: Mapping
    dropped: tuple[Dropped, ...]
    sheet: str
    encoding: str
    delimiter: str
    digest: str

    def problems(self) -> list[Problem]:
        """Return the problems of all rows in reading order."""
        return [problem for row in self.rows for problem in row.problems]


def table_to_json(table: RegisterTable) -> dict[str, Any]:
    """Return the table as plain JSON values; dates become {"date": ISO}."""
    rows = [
        {
            "key": row.key,
            "values": {name: {"date": value.isoformat()} if isinstance(value, date) else value for name, value in row.values.items()},
            "extra": dict(row.extra),
            "problems": [asdict(problem) for problem in row.problems],
            "source": row.source,
            "cells": list(row.cells),
        }
        for row in table.rows
    ]
    return {
        "rows": rows,
        "mapping": table.mapping.to_json(),
        "dropped": [asdict(dropped) for dropped in table.dropped],
        "sheet": table.sheet,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "digest": table.digest,
    }


def table_from_json(data: MappingABC[str, Any]) -> RegisterTable:
    """Rebuild a table from its JSON values."""
    rows = tuple(
        RegisterRow(
            key=row["key"],
            values={name: _value_from_json(value) for name, value in row["values"].items()},
            extra=row["extra"],
            problems=tuple(Problem(**problem) for problem in row["problems"]),
            source=row["source"],
            cells=tuple(row["cells"]),
        )
        for row in data["rows"]
    )
    dropped = tuple(Dropped(**item) for item in data["dropped"])
    return RegisterTable(rows, Mapping.from_json(data["mapping"]), dropped, data["sheet"], data["encoding"], data["delimiter"], data["digest"])


def _value_from_json(value: Any) -> Value:
    return value if isinstance(value, str | int) else date.fromisoformat(value["date"])
