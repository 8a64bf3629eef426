"""Reads a checked workbook or delimited text into a rectangle of cells that remember where they stood.

Formulas are flagged, never evaluated; merged cells carry the value of their corner. This module refuses to know what a row means.
"""

import csv
import re
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from sixgate.engines.intake import guard
from sixgate.engines.intake.table import column_letter, column_number
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

openpyxl: Any = import_module("openpyxl")  # carries no types

CellValue = str | Decimal | date | None

_PEEK_ROWS = 40
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_END_OF_DATA = re.compile(rb"</(?:\w+:)?sheetData>")
_PART_NAME = "_worksheet_path"  # the library keeps it to itself
_MERGED_CELLS = 200_000
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(slots=True)
class Grid:
    """A rectangle of cells without blank rows. `rows` and `columns` are one-based places in the file; `formulas` holds such places."""

    cells: list[list[CellValue]]
    rows: list[int]
    columns: list[int]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    transposed: bool = False
    formulas: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])

    def turned(self) -> "Grid":
        """Return the grid with rows and columns exchanged; places still point into the file."""
        cells = [list(column) for column in zip(*self.cells, strict=True)]
        return Grid(cells, self.columns, self.rows, self.sheet, self.encoding, self.delimiter, not self.transposed, self.formulas)

    def place(self, row: int, column: int) -> tuple[int, str]:
        """Return the row number and column letter in the file of a cell given by its index here."""
        if self.transposed:
            return self.columns[column], column_letter(self.rows[row])
        return self.rows[row], column_letter(self.columns[column])

    def is_formula(self, row: int, column: int) -> bool:
        """Say whether the cell given by its index here holds a formula."""
        if not self.formulas:
            return False
        place = (self.columns[column], self.rows[row]) if self.transposed else (self.rows[row], self.columns[column])
        return place in self.formulas


def text_of(value: CellValue) -> str:
    """Return a cell as people would read it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if value else "0"


def rectangle(records: Iterable[tuple[int, list[CellValue]]]) -> Grid:
    """Collect numbered records into a rectangle, leaving out blank ones; refuse past the caps on columns and cells."""
    cells: list[list[CellValue]] = []
    numbers: list[int] = []
    width = count = 0
    for number, record in records:
        end = len(record)
        while end and record[end - 1] in (None, ""):
            end -= 1
        if end == 0 or all(value is None or (isinstance(value, str) and not value.strip()) for value in record[:end]):
            continue
        count += end
        if end > guard.COLUMNS or count > guard.CELLS or len(cells) >= guard.CSV_ROWS:
            raise _too_big()
        width = max(width, end)
        cells.append(record[:end])
        numbers.append(number)
    for record in cells:
        record.extend([None] * (width - len(record)))
    return Grid(cells, numbers, list(range(1, width + 1)))


def _too_big() -> Refusal:
    return Refusal("table_too_big", gettext_noop("表格过大：最多 1000 列、100 万个单元格。"), remedy=gettext_noop("请删去无关行列，或分成几份导入。"))


# Delimited text


def read_text(path: Path) -> Grid:
    """Read delimited text; the encoding and delimiter found are reported in the grid."""
    encoding = sniff_encoding(path)
    delimiter = _sniff_delimiter(path, encoding)
    grid = rectangle(_records(path, encoding, delimiter))
    grid.encoding, grid.delimiter = encoding, delimiter
    return grid


def sniff_encoding(path: Path) -> str:
    """Return utf-8-sig, utf-8, gb18030 or cp1252, the first that decodes the whole file and, for gb18030, looks like Chinese."""
    with path.open("rb") as stream:
        marked = stream.read(3) == b"\xef\xbb\xbf"
    if _decodes(path, "utf-8"):
        return "utf-8-sig" if marked else "utf-8"
    if _decodes(path, "gb18030") and _looks_chinese(path):
        return "gb18030"
    if _decodes(path, "cp1252"):
        return "cp1252"
    raise Refusal(
        "encoding_unknown",
        gettext_noop("认不出文件的文字编码（不是 UTF-8、GB18030 或 Windows-1252）。"),
        remedy=gettext_noop("请另存为“CSV UTF-8（逗号分隔）”后再上传。"),
    )


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open("r", encoding=encoding, newline="") as stream:
            while chunk := stream.read(guard.MEGABYTE):
                if "\ufffd" in chunk:
                    return False
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(path: Path) -> bool:
    """Say whether most double-byte characters lie where Chinese text lies; Western letters paired by accident do not."""
    common = other = 0
    with path.open("r", encoding="gb18030", newline="") as stream:
        while chunk := stream.read(guard.MEGABYTE):
            for char in chunk:
                if char < "\x80":
                    continue
                pair = char.encode("gb18030")
                if len(pair) == 2 and pair[1] >= 0xA1 and (pair[0] <= 0xA3 or 0xB0 <= pair[0] <= 0xF7):
                    common += 1
                else:
                    other += 1
    return common >= 4 * other


def _sniff_delimiter(path: Path, encoding: str) -> str:
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        widths: list[int] = []
        try:
            with path.open("r", encoding=encoding, newline="") as stream:
                for record in csv.reader(stream, delimiter=delimiter):
                    widths.append(len(record))
                    if len(widths) == _PEEK_ROWS:
                        break
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        score = 0 if not wide else len(wide) * 1000 // max(1, len(set(wide))) + max(wide)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[CellValue]]]:
    number = 0
    with path.open("r", encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for number, record in enumerate(reader, start=1):
                cells: list[CellValue] = [_clean(text) if text else None for text in record]
                yield number, cells
        except csv.Error as error:
            raise Refusal(
                "csv_malformed",
                gettext_noop("第 {row} 行附近的引号不成对，或有过长的单元格，无法可靠地分列。"),
                remedy=gettext_noop("请在表格软件里打开核对，另存为 .xlsx 后再上传。"),
                row=number + 1,
            ) from error


def _clean(text: str) -> str:
    if len(text) > guard.CELL_CHARACTERS:
        raise Refusal("cell_too_long", gettext_noop("有单元格超过 64 KB。"), remedy=gettext_noop("请把长文放到附件里。"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# Workbooks


@contextmanager
def open_workbook(path: Path) -> Generator[Any, None, None]:
    """Open a checked workbook for streaming, whatever its name; a package the library cannot read becomes a Refusal."""
    with path.open("rb") as stream:
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        except MemoryError:
            raise
        except Exception as error:  # the library raises many kinds on malformed parts
            raise _unreadable() from error
        try:
            yield book
        finally:
            book.close()


def _unreadable() -> Refusal:
    return Refusal("workbook_unreadable", gettext_noop("工作簿的内容无法解析。"), remedy=gettext_noop("请在表格软件里重新保存后再上传。"))


def peek_sheets(path: Path) -> list[Grid]:
    """Return the first rows of every visible worksheet, to choose between them."""
    with open_workbook(path) as book:
        return [read_sheet(path, sheet, limit=_PEEK_ROWS) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def read_workbook(path: Path, sheet_name: str) -> Grid:
    """Read one worksheet whole."""
    with open_workbook(path) as book:
        sheet = next((sheet for sheet in book.worksheets if sheet.title == sheet_name), None)
        if sheet is None:
            raise Refusal("sheet_missing", gettext_noop("工作簿里没有名为“{sheet}”的工作表。"), sheet=sheet_name)
        return read_sheet(path, sheet, limit=None)


def read_sheet(path: Path, sheet: Any, *, limit: int | None) -> Grid:
    """Read a streaming worksheet, or its first rows, with merged ranges filled from their corner."""
    formulas: set[tuple[int, int]] = set()
    try:
        sheet.reset_dimensions()
        grid = rectangle(_sheet_records(sheet, formulas, limit))
    except (Refusal, MemoryError):
        raise
    except Exception as error:  # the library raises many kinds on malformed parts
        raise _unreadable() from error
    grid.sheet, grid.formulas = str(sheet.title), formulas
    _fill_merged(grid, _merged_ranges(path, str(getattr(sheet, _PART_NAME))))
    return grid


def _sheet_records(sheet: Any, formulas: set[tuple[int, int]], limit: int | None) -> Iterator[tuple[int, list[CellValue]]]:
    for number, row in enumerate(sheet.iter_rows(max_row=limit), start=1):
        record: list[CellValue] = []
        for column, cell in enumerate(row, start=1):
            plain = _plain(cell.value)
            if plain is not None and cell.data_type == "f":
                formulas.add((number, column))
            record.append(plain)
        yield number, record


def _plain(value: object) -> CellValue:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(f"{value:.15g}")
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(" ")
    return value if isinstance(value, date) else str(value)


def _merged_ranges(path: Path, part: str) -> list[tuple[int, int, int, int]]:
    """Return merged ranges as (first column, first row, last column, last row) from what follows the sheet data."""
    tail = b""
    with zipfile.ZipFile(path) as package, package.open(part.lstrip("/")) as stream:
        ended = False
        while chunk := stream.read(guard.MEGABYTE):
            tail = (tail if ended else tail[-16:]) + chunk
            if not ended and (end := _END_OF_DATA.search(tail)):
                ended, tail = True, tail[end.end() :]
            if len(tail) > 8 * guard.MEGABYTE:
                raise _too_big()
    return [_bounds(match.decode()) for match in _MERGE.findall(tail)]


def _bounds(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = re.findall(r"[A-Z]+|[0-9]+", reference)
    return column_number(left), int(top), column_number(right), int(bottom)


def _fill_merged(grid: Grid, ranges: list[tuple[int, int, int, int]]) -> None:
    index = {number: position for position, number in enumerate(grid.rows)}
    width = len(grid.columns)
    filled = 0
    for left, top, right, bottom in ranges:
        corner = index.get(top)
        if corner is None or left > width:
            continue
        value = grid.cells[corner][left - 1]
        right = min(right, width)
        for row in range(top, min(bottom, grid.rows[-1]) + 1):
            if (position := index.get(row)) is None:
                continue
            filled += right - left + 1
            if filled > _MERGED_CELLS:
                raise _too_big()
            grid.cells[position][left - 1 : right] = [value] * (right - left + 1)
