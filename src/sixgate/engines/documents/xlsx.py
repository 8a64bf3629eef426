"""Writes sheets of typed values to a workbook in which no cell becomes a formula, link or macro. Knows nothing of government."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from sixgate.kernel.text import guarded

xlsxwriter: Any = import_module("xlsxwriter")  # carries no types

Value = str | int | Decimal | date | datetime | None
CELL_CHARACTERS: Final = 32_767
MOST_ROWS: Final = 1_048_575
SAFE_INTEGER: Final = 10**15
A3, A4, WIDE = 8, 9, 8  # paper sizes by their number in the format; from how many columns on the larger one
OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its width in characters, `money` for amounts with two decimals, `mixed` for values of all kinds set flush left."""

    heading: str
    width: int = 14
    money: bool = False
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: columns and rows of values; a naive moment is written as it stands."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str, author: str) -> None:
    """Write the sheets with fixed heads, filters and print set-up; dates are dates, numbers beyond 15 digits stay text."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": title, "author": author})
        formats = _Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, formats)


class _Formats:
    """The looks of a cell, each wrapping its text and standing at the top."""

    def __init__(self, book: Any) -> None:
        look = {"font_name": "宋体", "font_size": 10.5, "valign": "top", "border": 1, "border_color": "#B8C0CC"}
        self.text = book.add_format({**look, "text_wrap": True})
        self.head = book.add_format({**look, "bold": True, "bg_color": "#E8EEF5", "text_wrap": True, "valign": "vcenter"})
        self.day = book.add_format({**look, "num_format": "yyyy-mm-dd", "align": "left"})
        self.moment = book.add_format({**look, "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.number = book.add_format({**look, "num_format": "#,##0.######"})
        self.whole = book.add_format({**look, "num_format": "#,##0"})
        self.mixed = book.add_format({**look, "num_format": "#,##0.00####", "align": "left"})
        self.mixed_whole = book.add_format({**look, "num_format": "#,##0", "align": "left"})
        self.money = book.add_format({**look, "num_format": "#,##0.00####"})


def _write(page: Any, sheet: Sheet, formats: _Formats) -> None:
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(A3 if len(sheet.columns) > WIDE else A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C— &P —")
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, _cell_text(column.heading), formats.head)
    for number, row in enumerate(sheet.rows[:MOST_ROWS], start=1):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _write_value(page, number, index, value, column, formats)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _write_value(page: Any, row: int, index: int, value: Value, column: Column, formats: _Formats) -> None:
    if value is None or value == "":
        page.write_blank(row, index, None, formats.text)
    elif isinstance(value, str):
        page.write_string(row, index, _cell_text(value), formats.text)
    elif isinstance(value, datetime):
        page.write_datetime(row, index, value, formats.moment)
    elif isinstance(value, date):
        page.write_datetime(row, index, datetime.combine(value, time()), formats.day)
    else:
        _write_number(page, row, index, Decimal(value), column, formats)


def _write_number(page: Any, row: int, index: int, number: Decimal, column: Column, formats: _Formats) -> None:
    if number.is_finite() and abs(number) < SAFE_INTEGER and Decimal(f"{float(number):.15g}") == number:
        whole = number == number.to_integral_value()
        if column.mixed:
            look = formats.mixed_whole if whole else formats.mixed
        else:
            look = formats.money if column.money else formats.whole if whole else formats.number
        page.write_number(row, index, float(number), look)
    else:
        page.write_string(row, index, format(number, "f"), formats.text)


def _cell_text(text: str) -> str:
    safe = guarded(text.replace("\0", ""))
    return safe if len(safe) <= CELL_CHARACTERS else safe[: CELL_CHARACTERS - 1] + "…"
