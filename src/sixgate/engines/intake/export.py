"""Writes rows to workbook or delimited text so that no cell becomes a formula in the reader's hands.

This module refuses to know what the rows are; it takes headings and values.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop, guarded

xlsxwriter: Any = import_module("xlsxwriter")  # carries no types

ExportValue = str | int | Decimal | date | None

XLSX_CELL_CHARACTERS = 32_767
XLSX_ROWS = 1_048_575
_SAFE_INTEGER = 10**15


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[ExportValue]]) -> None:
    """Write UTF-8 with mark (so that spreadsheet programs see the encoding) and CRLF; texts are guarded, numbers are not."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([guarded(heading) for heading in headings])
        for row in rows:
            writer.writerow([_as_text(value) for value in row])


def _as_text(value: ExportValue) -> str:
    if isinstance(value, str):
        return guarded(value.replace("\0", ""))
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[ExportValue]], *, sheet: str) -> None:
    """Write one sheet with a fixed header row; texts are guarded, dates are dates, numbers beyond 15 digits stay text."""
    with open_book(path) as book:
        page = book.add_worksheet(sheet)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            page.write_string(0, column, cell_text(heading), bold)
        for number, row in enumerate(rows, start=1):
            if number > XLSX_ROWS:
                raise Refusal("export_too_long", gettext_noop("超过一张工作表的行数，请改用 CSV。"))
            for column, value in enumerate(row):
                write_value(page, number, column, value, day)


def open_book(path: Path) -> Any:
    """Open a workbook for writing that keeps rows on disk and takes no text for a formula, link or number."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(str(path), options)


def cell_text(text: str) -> str:
    """Return guarded text that fits a workbook cell; what is too long ends in an ellipsis."""
    safe = guarded(text)
    return safe if len(safe) <= XLSX_CELL_CHARACTERS else safe[: XLSX_CELL_CHARACTERS - 1] + "…"


def write_value(page: Any, row: int, column: int, value: ExportValue, day_format: Any) -> None:
    """Write one value in the cell kind that keeps it exact."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, cell_text(value))
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, time()), day_format)
    else:
        number = Decimal(value)
        if number.is_finite() and abs(number) < _SAFE_INTEGER and Decimal(f"{float(number):.15g}") == number:
            page.write_number(row, column, float(number))
        else:
            page.write_string(row, column, format(number, "f"))
