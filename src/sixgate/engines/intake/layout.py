"""Finds the table within a grid: the header row, the orientation, and the rows that are not projects (totals, footnotes, section titles).

Whatever is left out is listed with its reason. This module refuses to know values; it only weighs headings and shapes.
"""

import re
from dataclasses import dataclass

from sixgate.engines.intake.grid import CellValue, Grid, text_of
from sixgate.engines.intake.mapping import EXACT, guess, plain
from sixgate.engines.intake.table import Dropped
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop, normalise

_HEADER_ROWS = 20
_HEADER_COLUMNS = 5
_LONG_NOTE = 60
_EXCERPT = 80

_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|本页(合|小)计|(grand |sub-? ?)?totals?)(\s*[(（:：].*)?$", re.IGNORECASE)
_NOTE = re.compile(
    r"^(注\s*[:：\d]|备注\s*[:：]|附注|说明\s*[:：]|填表|制表|填报|审核人|联系人|数据来源|资料来源|\*|※|notes?\s*[:：]|sources?\s*[:：])",
    re.IGNORECASE,
)
_SECTION = re.compile(r"^([一二三四五六七八九十]+\s*[、.．]|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+(类|部分|批))")


@dataclass(slots=True)
class Layout:
    """The table found: unique headings, the body grid under them, and what was dropped. `header` is the place of the headings in the file."""

    headings: list[str]
    body: Grid
    header: int
    dropped: list[Dropped]


def lay_out(grid: Grid, *, header: int = 0, transposed: bool | None = None) -> Layout:
    """Find header and body; `header` and `transposed` fix what the user has settled. Raise Refusal when there is no table."""
    dropped: list[Dropped] = []
    grid = _without_blank_columns(grid, dropped)
    if not grid.cells:
        raise Refusal("table_empty", gettext_noop("表里没有内容。"), remedy=gettext_noop("请确认选对了文件和工作表。"))
    if transposed is None:
        transposed = looks_transposed(grid)
    if transposed:
        grid = _without_notes(grid, dropped, body_from=1).turned()
        grid = _without_blank_rows(grid, dropped)
    at = grid.rows.index(header) if header in grid.rows else find_header(grid)
    place = grid.rows[at]
    for index in range(at):
        dropped.append(_drop(grid, index, "above_header"))
    headings = _unique([normalise(text_of(cell).replace("\n", " ")) for cell in grid.cells[at]])
    header_cells = [plain(text_of(cell)) for cell in grid.cells[at]]
    body = _cut(grid, at + 1)
    body = _without_repeats(body, header_cells, dropped)
    if not transposed:
        body = _without_notes(body, dropped, body_from=0)
    body = _without_totals(body, dropped, headings)
    return Layout(headings, body, place, sorted(dropped, key=lambda item: (item.axis, item.number)))


def header_score(cells: list[CellValue]) -> int:
    """Return how much a row looks like headings: the number of different targets it names, whole headings counted double."""
    best: dict[str, int] = {}
    for cell in cells:
        if isinstance(cell, str) and len(cell) < 400:
            target, confidence, _ = guess(cell)
            if target:
                best[target] = max(best.get(target, 0), 2 if confidence >= EXACT else 1)
    return sum(best.values())


def best_score(grid: Grid) -> int:
    """Return the header score of a grid in its better orientation, to choose between sheets."""
    rows = [header_score(row) for row in grid.cells[:_HEADER_ROWS]]
    return max([*rows, _column_score(grid)], default=0)


def looks_transposed(grid: Grid) -> bool:
    """Say whether the headings run down one of the first columns rather than along one of the first rows."""
    rows = max((header_score(row) for row in grid.cells[:_HEADER_ROWS]), default=0)
    columns = _column_score(grid)
    return columns >= 4 and columns > rows


def _column_score(grid: Grid) -> int:
    width = min(_HEADER_COLUMNS, len(grid.columns))
    return max((header_score([row[index] for row in grid.cells[:60]]) for index in range(width)), default=0)


def find_header(grid: Grid) -> int:
    """Return the index of the header row: the best scored, then the one with most different texts, then the first."""
    ranked: list[tuple[int, int, int]] = []
    for index, row in enumerate(grid.cells[:_HEADER_ROWS]):
        texts = {cell for cell in row if isinstance(cell, str) and cell.strip()}
        ranked.append((header_score(row), len(texts), -index))
    if max(score for score, _, _ in ranked) == 0:
        widest = max(texts for _, texts, _ in ranked)
        return next(-position for _, texts, position in ranked if texts * 2 >= widest)
    return -max(ranked)[2]


def _unique(headings: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result: list[str] = []
    for number, heading in enumerate(headings, start=1):
        name = heading or f"#{number}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def _filled(row: list[CellValue]) -> list[str]:
    return [text for cell in row if (text := text_of(cell).strip())]


def _drop(grid: Grid, index: int, reason: str) -> Dropped:
    axis = "column" if grid.transposed else "row"
    return Dropped(axis, grid.rows[index], reason, " ".join(_filled(grid.cells[index]))[:_EXCERPT])


def _cut(grid: Grid, start: int) -> Grid:
    return _keep(grid, list(range(start, len(grid.rows))))


def _keep(grid: Grid, indexes: list[int]) -> Grid:
    cells, rows = [grid.cells[index] for index in indexes], [grid.rows[index] for index in indexes]
    return Grid(cells, rows, grid.columns, grid.sheet, grid.encoding, grid.delimiter, grid.transposed, grid.formulas)


def _without_blank_columns(grid: Grid, dropped: list[Dropped]) -> Grid:
    kept = [index for index in range(len(grid.columns)) if any(text_of(row[index]).strip() for row in grid.cells)]
    axis = "row" if grid.transposed else "column"
    gaps = set(range(len(grid.columns))) - set(kept)
    dropped.extend(Dropped(axis, grid.columns[index], "blank", "") for index in sorted(gaps))
    if gaps:
        grid.cells = [[row[index] for index in kept] for row in grid.cells]
        grid.columns = [grid.columns[index] for index in kept]
    if grid.rows and len(grid.rows) < grid.rows[-1] <= len(grid.rows) + 1000:
        present = set(grid.rows)
        dropped.extend(Dropped("row", number, "blank", "") for number in range(1, grid.rows[-1]) if number not in present)
    return grid


def _without_blank_rows(grid: Grid, dropped: list[Dropped]) -> Grid:
    kept = [index for index, row in enumerate(grid.cells) if _filled(row)]
    dropped.extend(_drop(grid, index, "blank") for index in range(len(grid.rows)) if index not in set(kept))
    return _keep(grid, kept)


def _without_repeats(grid: Grid, header: list[str], dropped: list[Dropped]) -> Grid:
    first = next((text for text in header if text), "")
    kept: list[int] = []
    for index, row in enumerate(grid.cells):
        same = (
            first in [plain(cell) for cell in row if isinstance(cell, str) and len(cell) < 100] and [plain(text_of(cell)) for cell in row] == header
        )
        if same:
            dropped.append(_drop(grid, index, "repeated_header"))
        else:
            kept.append(index)
    return _keep(grid, kept)


def _without_notes(grid: Grid, dropped: list[Dropped], *, body_from: int) -> Grid:
    """Drop rows that hold one text only and read as a note, a section title or a merged band."""
    if len(grid.columns) < 3:
        return grid
    kept: list[int] = []
    for index, row in enumerate(grid.cells):
        texts = _filled(row)
        gap = index > 0 and grid.rows[index] > grid.rows[index - 1] + 1
        reason = _note_reason(texts, after_gap=gap) if index >= body_from else ""
        if reason:
            dropped.append(_drop(grid, index, reason))
        else:
            kept.append(index)
    return _keep(grid, kept)


def _note_reason(texts: list[str], *, after_gap: bool) -> str:
    if not texts or len(texts) > 3 and len(set(texts)) > 1:
        return ""
    if _NOTE.match(texts[0]):
        return "footnote"
    if len(set(texts)) > 1:
        return ""
    if _SECTION.match(texts[0]) or len(texts) > 2:
        return "section"
    if len(texts) == 1 and (len(texts[0]) > _LONG_NOTE or after_gap):
        return "footnote"
    return ""


def _without_totals(grid: Grid, dropped: list[Dropped], headings: list[str]) -> Grid:
    names = {index for index, heading in enumerate(headings) if guess(heading)[0] == "project_name"}
    kept: list[int] = []
    for index, row in enumerate(grid.cells):
        first = next((position for position, cell in enumerate(row) if text_of(cell).strip()), 0)
        looked_at = names | {first}
        if any(isinstance(cell := row[position], str) and _TOTAL.match(cell.strip()) for position in looked_at):
            dropped.append(_drop(grid, index, "total"))
        else:
            kept.append(index)
    return _keep(grid, kept)
