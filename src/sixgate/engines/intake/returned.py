"""Hands a register back to who sent it: their rows as they were, wrong cells coloured, and what to do in the last column.

The texts are passed through `say`, so that the door chooses the language. This module refuses to know why a rule holds.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sixgate.engines.intake.export import cell_text, open_book
from sixgate.engines.intake.table import Problem, RegisterRow, RegisterTable
from sixgate.kernel.text import gettext_noop

REMEDY_HEADING = gettext_noop("问题与处理")
SOURCE_HEADING = gettext_noop("原位置")
SHEET_NAME = gettext_noop("退回修改")
_COLOURS = {"error": "#F8CBAD", "warning": "#FFF2CC"}


def same(text: str) -> str:
    """Return the text as it is: the language of the product's sources."""
    return text


def write_returned(path: Path, table: RegisterTable, *, only_problems: bool = False, say: Callable[[str], str] = same) -> int:
    """Write the workbook and return how many rows carry a problem; a corrected copy reads back with the same headings."""
    marked = 0
    with open_book(path) as book:
        page = book.add_worksheet(say(SHEET_NAME))
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        headings = [*(column.heading for column in table.mapping.columns), say(REMEDY_HEADING), say(SOURCE_HEADING)]
        for column, heading in enumerate(headings):
            page.write_string(0, column, cell_text(heading), bold)
        formats = {level: book.add_format({"bg_color": colour}) for level, colour in _COLOURS.items()}
        number = 0
        for row in table.rows:
            marked += bool(row.problems)
            if row.problems or not only_problems:
                number += 1
                _write_row(page, number, row, table, formats, say)
    return marked


def _write_row(
    page: Any,
    number: int,
    row: RegisterRow,
    table: RegisterTable,
    formats: dict[str, Any],
    say: Callable[[str], str],
) -> None:
    at: dict[str, Problem] = {}
    for problem in row.problems:
        at.setdefault(problem.heading, problem)
    for index, column in enumerate(table.mapping.columns):
        found, text = at.get(column.heading), row.cells[index]
        colour = formats[found.level] if found else None
        if text:
            page.write_string(number, index, cell_text(text), colour)
        elif found:
            page.write_blank(number, index, None, colour)
        if found:
            page.write_comment(number, index, _sentence(found, say))
    width = len(table.mapping.columns)
    if row.problems:
        worst = "error" if any(problem.level == "error" for problem in row.problems) else "warning"
        page.write_string(number, width, cell_text("\n".join(_placed(problem, say) for problem in row.problems)), formats[worst])
    page.write_string(number, width + 1, str(row.source))


def _sentence(problem: Problem, say: Callable[[str], str]) -> str:
    return say(problem.message).format(**problem.params) + say(problem.remedy)


def _placed(problem: Problem, say: Callable[[str], str]) -> str:
    return f"{problem.heading or problem.column}: {_sentence(problem, say)}"
