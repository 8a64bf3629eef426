"""A word-processor form: where its names stand, and the form filled in, also where a name is split over runs of different looks."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from sixgate.engines.documents.placeholder import PLACE, Spot, list_of, replaced, row_values

PARAGRAPH, TEXT, ROW, CELL, TABLE, BREAK, RUN = (qn(f"w:{name}") for name in ("p", "t", "tr", "tc", "tbl", "br", "r"))
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def spots(path: Path) -> list[Spot]:
    """Return every paragraph that may hold a name, with its place in words."""
    return [spot for title, root in _roots(Document(str(path))) for spot in _spots(title, root)]


def fill(path: Path, filled: Path, values: Mapping[str, str], lists: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Write the form filled in; a list's row is repeated for every item, an empty list leaves one row of dashes."""
    document = Document(str(path))
    for _title, root in _roots(document):
        listed = [row for row in root.iter(ROW) if list_of(_text(line) for line in _own_lines(row))]
        inside = {line for row in listed for line in row.iter(PARAGRAPH)}
        for line in [line for line in root.iter(PARAGRAPH) if line not in inside]:
            _put(line, values)
        for row in listed:
            _repeat(row, values, lists)
    document.save(str(filled))


def _roots(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield the text's own tree and those of heads and feet, each with what it is called."""
    yield "正文", document.element.body
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")):
            yield "页眉" if relation.reltype.endswith("/header") else "页脚", relation.target_part.element


def _spots(title: str, root: Any) -> Iterator[Spot]:
    rows: dict[Any, str] = {}
    for number, table in enumerate(root.iter(TABLE), 1):
        for index, row in enumerate(table.iterchildren(ROW), 1):
            rows[row] = f"{title}第{number}个表格第{index}行"
    count = 0
    for line in root.iter(PARAGRAPH):
        row = next((item for item in line.iterancestors(ROW)), None)
        count += row is None
        if text := _text(line):
            where = f"{title}第{count}段" if row is None else f"{rows.get(row, title)}第{_column(line)}格"
            yield Spot(text, where, "" if row is None else rows.get(row, ""))


def _column(line: Any) -> int:
    cell = next(line.iterancestors(CELL))
    return 1 + sum(1 for _before in cell.itersiblings(CELL, preceding=True))


def _repeat(row: Any, values: Mapping[str, str], lists: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    group = list_of(_text(line) for line in _own_lines(row))
    before = row
    for item in lists.get(group, ()) or ({},):
        made = copy.deepcopy(row)
        for line in made.iter(PARAGRAPH):
            _put(line, row_values(group, values, item))
        before.addnext(made)
        before = made
    row.getparent().remove(row)


def _own_lines(row: Any) -> Iterator[Any]:
    """Yield the paragraphs of a row but not those of a table inside it."""
    return (line for line in row.iter(PARAGRAPH) if next(line.iterancestors(ROW)) is row)


def _pieces(line: Any) -> list[Any]:
    """Return the pieces of text of a paragraph in order, without those of a box anchored in it."""
    return [piece for piece in line.iter(TEXT) if next(piece.iterancestors(PARAGRAPH)) is line]


def _text(line: Any) -> str:
    return "".join(piece.text or "" for piece in _pieces(line))


def _put(line: Any, values: Mapping[str, str]) -> None:
    """Replace every name, from the last to the first; what replaces it takes the look of its first brace."""
    pieces = _pieces(line)
    whole = "".join(piece.text or "" for piece in pieces)
    for found in reversed(list(PLACE.finditer(whole))):
        _cut(pieces, found.start(), found.end(), replaced(found.group(), values))
    for piece in pieces:
        piece.set(SPACE, "preserve")
        _break(piece)


def _cut(pieces: Sequence[Any], start: int, end: int, value: str) -> None:
    at = 0
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            piece.text = text[:first] + (value if start >= at else "") + text[last:]
        at += len(text)


def _break(piece: Any) -> None:
    """Turn line ends inside a value into breaks."""
    first, *rest = (piece.text or "").split("\n")
    if rest:
        piece.text = first
        after = piece
        for text in rest:
            for made, content in ((piece.makeelement(BREAK), None), (piece.makeelement(TEXT), text)):
                made.text = content
                after.addnext(made)
                after = made
