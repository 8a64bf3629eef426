"""Reads a register file whole: checked, laid out, mapped, each cell a value or a problem with its place and remedy.

Pure of tables in databases; the caller decides what to keep. Every foreign file should come through `sandbox`, which runs this in a child process.
"""

import hashlib
import re
from collections.abc import Mapping as MappingABC
from datetime import date
from pathlib import Path

from sixgate.engines.intake import guard
from sixgate.engines.intake.grid import CellValue, Grid, peek_sheets, read_text, read_workbook, text_of
from sixgate.engines.intake.layout import Layout, best_score, lay_out
from sixgate.engines.intake.mapping import DATE_TARGETS, propose
from sixgate.engines.intake.table import ColumnGuess, Dropped, Mapping, Problem, RegisterRow, RegisterTable, Value
from sixgate.engines.intake.values import Amount, Day, date_order, half_width, is_absent, read_amount, read_day
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop, normalise

MESSAGES: MappingABC[str, tuple[str, str, str]] = {
    "name_missing": ("error", gettext_noop("缺少项目名称。"), gettext_noop("请补上项目名称，或删去这一行。")),
    "code_repeated": (
        "warning",
        gettext_noop("项目编号“{text}”在本表里出现不止一次。"),
        gettext_noop("请核对是否同一项目；是则合并，不是则改编号。"),
    ),
    "formula": ("error", gettext_noop("这里是公式，没有读取它的结果。"), gettext_noop("请复制该列，用“选择性粘贴—数值”替换公式。")),
    "amount_not_number": (
        "warning",
        gettext_noop("金额“{text}”不是数字，按文字保留。"),
        gettext_noop("请填一个数字，单位写在表头，例如“金额（万元）”。"),
    ),
    "amount_not_single": ("warning", gettext_noop("金额“{text}”不是单一数额，按文字保留。"), gettext_noop("请只填一个总额，分项写到备注。")),
    "amount_without_unit": (
        "warning",
        gettext_noop("金额“{text}”没有单位，分不清是元还是万元。"),
        gettext_noop("请在表头写明单位，或在列对应里选择单位。"),
    ),
    "amount_too_fine": ("warning", gettext_noop("金额“{text}”精确到了分以下。"), gettext_noop("请核对数额和单位。")),
    "amount_too_large": ("warning", gettext_noop("金额“{text}”超过 1000 亿元，按文字保留。"), gettext_noop("请核对数额和单位。")),
    "amount_not_finite": ("warning", gettext_noop("金额“{text}”不是一个数。"), gettext_noop("请填一个数字。")),
    "amount_negative": ("warning", gettext_noop("金额“{text}”是负数。"), gettext_noop("请核对；调减请写到备注。")),
    "date_impossible": ("warning", gettext_noop("没有“{text}”这一天。"), gettext_noop("请核对日期。")),
    "date_ambiguous": ("warning", gettext_noop("“{text}”分不清日和月。"), gettext_noop("请改成 2020-04-03 这样的写法，或在列对应里选择日月顺序。")),
    "date_not_readable": ("warning", gettext_noop("“{text}”不是一个日期，按文字保留。"), gettext_noop("请填 2025-09-05 这样的日期；期限写到备注。")),
}
_QUOTED = 60
_PERIOD = re.compile("期限|工期|周期|period|duration", re.IGNORECASE)  # such columns rightly hold words, "within 60 days"


def read_register(path: Path, mapping: Mapping | None = None) -> RegisterTable:
    """Read a register in this process; a saved mapping settles sheet, header and targets. Raise Refusal when the file is unusable as a whole."""
    grid, sheets_left = _read_grid(path, mapping)
    layout = _lay_out(grid, mapping)
    columns = _with_date_order(propose(layout.headings, mapping), layout.body)
    found = Mapping(columns, grid.sheet, layout.header, layout.body.transposed)
    rows = _Reader(layout, found).rows()
    dropped = (*sheets_left, *layout.dropped)
    return RegisterTable(tuple(rows), found, dropped, grid.sheet, grid.encoding, grid.delimiter, digest_of(path))


def digest_of(path: Path) -> str:
    """Return the SM3 hex of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.new("sm3")).hexdigest()


def _read_grid(path: Path, mapping: Mapping | None) -> tuple[Grid, list[Dropped]]:
    if guard.identify(path) == "csv":
        return read_text(path), []
    sheets = peek_sheets(path)
    if not sheets:
        raise Refusal("table_empty", gettext_noop("表里没有内容。"), remedy=gettext_noop("请确认选对了文件和工作表。"))
    wanted = mapping.sheet if mapping and any(sheet.sheet == mapping.sheet for sheet in sheets) else ""
    chosen = wanted or max(sheets, key=lambda sheet: (best_score(sheet), bool(sheet.cells))).sheet
    left = [Dropped("sheet", number, "other_sheet", sheet.sheet) for number, sheet in enumerate(sheets, start=1) if sheet.sheet != chosen]
    return read_workbook(path, chosen), left


def _lay_out(grid: Grid, mapping: Mapping | None) -> Layout:
    if mapping is None or not mapping.header:
        return lay_out(grid)
    header = mapping.header if _header_stands(grid, mapping) else 0
    return lay_out(grid, header=header, transposed=mapping.transposed)


def _header_stands(grid: Grid, mapping: Mapping) -> bool:
    """Say whether the saved header place still holds most of the saved headings in this file."""
    if mapping.transposed:
        if not 0 < mapping.header <= len(grid.columns):
            return False
        cells = [row[mapping.header - 1] for row in grid.cells]
    elif mapping.header in grid.rows:
        cells = grid.cells[grid.rows.index(mapping.header)]
    else:
        return False
    present = {normalise(text_of(cell)) for cell in cells}
    named = [column.heading for column in mapping.columns if not column.heading.startswith("#")]
    return 2 * sum(normalise(heading) in present for heading in named) > len(named)


def _with_date_order(columns: tuple[ColumnGuess, ...], body: Grid) -> tuple[ColumnGuess, ...]:
    texts = [
        text_of(cell)
        for column in columns
        if column.target in DATE_TARGETS and not column.date_order
        for row in body.cells
        if isinstance(cell := row[column.number - 1], str)
    ]
    order = date_order(texts)
    return tuple(
        ColumnGuess(c.number, c.heading, c.target, c.unit, c.date_order or order, c.confidence, c.reason) if c.target in DATE_TARGETS else c
        for c in columns
    )


class _Reader:
    """Turns the body of one layout into rows; keeps count of repeated keys."""

    def __init__(self, layout: Layout, mapping: Mapping) -> None:
        self.body = layout.body
        self.mapping = mapping
        self.seen: dict[str, int] = {}
        self.currency = mapping.column_of("currency")

    def rows(self) -> list[RegisterRow]:
        return [self._row(index) for index in range(len(self.body.rows))]

    def _row(self, index: int) -> RegisterRow:
        cells = self.body.cells[index]
        values: dict[str, Value] = {}
        extra: dict[str, str] = {}
        problems: list[Problem] = []
        for column in self.mapping.columns:
            cell = cells[column.number - 1]
            if cell is None or cell == "":
                continue
            if column.target and self.body.is_formula(index, column.number - 1):
                problems.append(self._problem(index, column, "formula", text_of(cell)))
            elif not column.target:
                extra[column.heading] = text_of(cell)
            elif code := self._value(column, cell, values, cells):
                problems.append(self._problem(index, column, code, text_of(cell)))
        if not values.get("project_name"):
            problems.append(self._problem(index, self.mapping.column_of("project_name"), "name_missing", ""))
        key, repeated = self._key(values)
        if repeated and values.get("project_code"):
            problems.append(self._problem(index, self.mapping.column_of("project_code"), "code_repeated", str(values["project_code"])))
        source = self.body.rows[index]
        return RegisterRow(key, values, extra, tuple(problems), source, tuple(text_of(cells[c.number - 1]) for c in self.mapping.columns))

    def _value(self, column: ColumnGuess, cell: CellValue, values: dict[str, Value], cells: list[CellValue]) -> str:
        """Put the value of one cell under its target and return a problem code or an empty string."""
        text = text_of(cell)
        if column.target == "amount":
            stated = normalise(text_of(cells[self.currency.number - 1])) if self.currency else ""
            return _put_amount(values, read_amount(text, column.unit, stated))
        if column.target in DATE_TARGETS and cell is not None:
            code = _put_day(values, column.target, read_day(cell, column.date_order))
            return "" if code == "date_not_readable" and _PERIOD.search(column.heading) else code
        if cleaned := text.strip() if column.target in ("description", "remark") else normalise(text):
            values[column.target] = cleaned
        return ""

    def _problem(self, index: int, column: ColumnGuess | None, code: str, text: str) -> Problem:
        level, message, remedy = MESSAGES[code]
        row, letter = self.body.place(index, column.number - 1 if column else 0)
        if column is None and not self.body.transposed:
            letter = ""
        params = {"text": text if len(text) <= _QUOTED else text[:_QUOTED] + "…"} if text else {}
        return Problem(code, level, self.mapping.sheet, row, letter, column.heading if column else "", message, remedy, params)

    def _key(self, values: MappingABC[str, Value]) -> tuple[str, bool]:
        if code := _folded(values.get("project_code")):
            base = f"code:{code}"
        else:
            day = values.get("notice_date") or values.get("notice_date_text")
            parts = [_folded(part) for part in (values.get("project_name"), values.get("owner_name"), values.get("stage_text"), day)]
            base = "name:" + hashlib.new("sm3", "\x1f".join(parts).encode()).hexdigest()[:32]
        self.seen[base] = self.seen.get(base, 0) + 1
        count = self.seen[base]
        return (base if count == 1 else f"{base}#{count}"), count > 1


def _folded(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return "".join(half_width(normalise(str(value))).casefold().split())


def _put_amount(values: dict[str, Value], amount: Amount) -> str:
    values.setdefault("amount_text", amount.text.strip())
    if amount.fen is not None:
        values["amount_fen"] = int(amount.fen)
    if amount.number:
        values["amount_number"] = amount.number
        values["amount_scale"] = amount.scale
        if amount.currency:
            values["currency"] = amount.currency
    return amount.problem


def _put_day(values: dict[str, Value], target: str, day: Day) -> str:
    if day.day is not None:
        values[target] = day.day
    elif not is_absent(day.text) or day.text.strip():
        values[f"{target}_text"] = day.text.strip()
        values[f"{target}_precision"] = day.precision
    return day.problem
