"""A workbook form: where its names stand, and the form filled in. What is filled in is text and never becomes a formula."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from sixgate.engines.documents.placeholder import Spot, list_of, names_in, replaced, row_values
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop, guarded

openpyxl: Any = import_module("openpyxl")  # half its names are untyped

MOST_CELLS = 200_000


def spots(path: Path) -> list[Spot]:
    """Return every cell that holds text, with its place in words; raise Refusal for too many cells or a formula below a list."""
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    return [spot for page in book.worksheets for spot in _spots(page)]


def fill(path: Path, filled: Path, values: Mapping[str, str], lists: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Write the form filled in; a list's row is repeated for every item and pushes down what stands below it."""
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    for page in book.worksheets:
        for number in range(page.max_row, 0, -1):
            group = list_of(_text(cell) for cell in page[number])
            if group:
                _repeat(page, number, [row_values(group, values, item) for item in lists.get(group, ()) or ({},)])
            else:
                _put(page[number], values)
    book.save(filled)


def _spots(page: Any) -> Iterator[Spot]:
    if page.max_row * page.max_column > MOST_CELLS:
        raise Refusal(
            "template_too_many_cells", gettext_noop("工作表“{sheet}”太大。"), remedy=gettext_noop("请删去空行空列后再上传。"), sheet=page.title
        )
    found = [
        Spot(_text(cell), f"工作表“{page.title}”{cell.coordinate}", f"{page.title}!{cell.row}")
        for row in page.iter_rows()
        for cell in row
        if _text(cell)
    ]
    if any("." in name for spot in found for name in names_in(spot.text)):
        formula = next((cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"), "")
        if formula:
            raise Refusal(
                "template_formula_with_list",
                gettext_noop("工作表“{sheet}”{cell}：有列表的工作表不能有公式，行数变了公式会错。"),
                remedy=gettext_noop("请去掉公式，或把列表移到另一张工作表。"),
                sheet=page.title,
                cell=formula,
            )
    yield from found


def _text(cell: Any) -> str:
    return cell.value if isinstance(cell.value, str) and cell.data_type != "f" else ""


def _put(cells: Sequence[Any], values: Mapping[str, str]) -> None:
    for cell in cells:
        if names_in(_text(cell)):
            cell.value = guarded(replaced(_text(cell), values))
            cell.data_type = "s"


def _repeat(page: Any, number: int, items: Sequence[Mapping[str, str]]) -> None:
    pattern = [(cell.column, _text(cell), copy(cell._style)) for cell in page[number]]
    height = page.row_dimensions[number].height
    merged = [copy(area) for area in page.merged_cells.ranges]
    more = len(items) - 1
    if more:
        _push_down(page, number, more, merged)
    across = [area for area in merged if area.min_row == area.max_row == number]
    for index, values in enumerate(items):
        page.row_dimensions[number + index].height = height
        for column, text, style in pattern:
            cell = page.cell(number + index, column)
            if index and any(area.min_col < column <= area.max_col for area in across):
                continue
            cell._style = copy(style)
            if index and text or names_in(text):
                cell.value = guarded(replaced(text, values))
                cell.data_type = "s"
        if index:
            for area in across:
                page.merge_cells(
                    f"{openpyxl.utils.get_column_letter(area.min_col)}{number + index}:{openpyxl.utils.get_column_letter(area.max_col)}{number + index}"
                )


def _push_down(page: Any, number: int, more: int, merged: Sequence[Any]) -> None:
    below = [area for area in merged if area.min_row > number]
    heights = {row: page.row_dimensions[row].height for row in range(number + 1, page.max_row + 1)}
    for area in below:
        page.unmerge_cells(area.coord)
    page.insert_rows(number + 1, more)
    for row, height in heights.items():
        page.row_dimensions[row + more].height = height
    for area in below:
        area.shift(row_shift=more)
        page.merge_cells(area.coord)
