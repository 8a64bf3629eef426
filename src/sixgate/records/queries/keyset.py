"""Keyset paging: pages of a sorted list, forward and back, that cost the same at any depth. This module refuses to know what the rows mean.

An order compares its columns one after another; the last is unique. Rows whose first column is not known come last, whichever way one sorts.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

_LOST = re.compile("[\x00\ud800-\udfff]")  # what no column holds


@dataclass(frozen=True, slots=True)
class Order:
    """The columns compared in turn. All values of the first lie within `span`: saying so lets a database begin at an index of that column.

    A text has no highest value in every collation: leave its end None. `nullable` says that the first column may be unknown.
    """

    columns: tuple[str, ...]
    span: tuple[str | int | datetime, int | datetime | None]
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one page and the cursors of the pages around it; an empty cursor means there is none."""

    rows: list[dict[str, Any]]
    before: str
    after: str


def slice_of(
    found: QuerySet[Any, Any], columns: Sequence[str], order: Order, *, size: int, descending: bool = False, after: str = "", before: str = ""
) -> Slice:
    """Return the page after or before a cursor, the first page without one; a cursor that cannot be read counts as none."""
    wanted = found.values(*dict.fromkeys((*columns, *order.columns)))
    start = _read(before or after, order)
    backward = bool(before) and start is not None
    try:
        rows = _rows(wanted, order, start, size + 1, descending != backward, unknown_first=backward)
    except (ValidationError, ValueError):
        return slice_of(found, columns, order, size=size, descending=descending)
    if start is not None and (not rows or (backward and len(rows) <= size)):
        return slice_of(found, columns, order, size=size, descending=descending)
    more, rows = len(rows) > size, rows[:size]
    if backward:
        rows.reverse()
    has_before, has_after = (more, True) if backward else (start is not None and bool(rows), more)
    return Slice(rows, _cursor(rows[0], order) if has_before else "", _cursor(rows[-1], order) if has_after else "")


def _rows(
    wanted: QuerySet[Any, Any], order: Order, start: list[Any] | None, count: int, downward: bool, *, unknown_first: bool
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for unknown in _segments(order, start, unknown_first):
        columns = order.columns[1:] if unknown else order.columns
        part = wanted.filter(_part(order, unknown))
        if start is not None and unknown == (order.nullable and start[0] is None):
            part = part.filter(_beyond(columns, start[-len(columns) :], "lt" if downward else "gt"))
        rows += part.order_by(*(f"-{name}" if downward else name for name in columns))[: count - len(rows)]
        if len(rows) >= count:
            break
    return rows


def _part(order: Order, unknown: bool) -> Q:
    name, (least, most) = order.columns[0], order.span
    if unknown:
        return Q(**{f"{name}__isnull": True})
    return Q(**{f"{name}__gte": least}) & (Q() if most is None else Q(**{f"{name}__lte": most}))


def _segments(order: Order, start: list[Any] | None, unknown_first: bool) -> list[bool]:
    """Return which parts are read in turn: the known (False) and the unknown (True), from the one the cursor stands in."""
    parts = [False] if not order.nullable else [True, False] if unknown_first else [False, True]
    return parts[parts.index(start[0] is None) :] if order.nullable and start is not None else parts


def _beyond(columns: Sequence[str], values: Sequence[Any], side: str) -> Q:
    """Return "after these values" in a form an index range answers: c1 ≥ v1 and (c1 > v1 or …)."""
    name, value = columns[0], values[0]
    if len(columns) == 1:
        return Q(**{f"{name}__{side}": value})
    return Q(**{f"{name}__{side}e": value}) & (Q(**{f"{name}__{side}": value}) | _beyond(columns[1:], values[1:], side))


def _cursor(row: Mapping[str, Any], order: Order) -> str:
    values = [_plain(row[name]) for name in order.columns]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).decode().rstrip("=")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value


def readable(cursor: str, order: Order) -> bool:
    """Tell whether a cursor was made for this order; an empty one stands for the first page."""
    return not cursor or _read(cursor, order) is not None


def _read(cursor: str, order: Order) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(order.columns):
        return None
    unknown = values[0] is None and order.nullable
    fits = (unknown or _fits(values[0], order.span[0])) and all(map(_fits_rest, order.columns[1:], values[1:]))
    return values if fits else None


def _fits(value: object, like: str | int | datetime) -> bool:
    """Tell whether a value from a cursor is of a column's kind; anyone can write a cursor."""
    if isinstance(like, int):
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63
    if not isinstance(value, str) or _LOST.search(value):
        return False
    try:
        return isinstance(like, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _fits_rest(column: str, value: object) -> bool:
    try:
        return _fits(value, "") and (not column.endswith("id") or UUID(str(value)) is not None)
    except ValueError:
        return False
