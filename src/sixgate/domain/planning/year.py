"""The budget year 年度: when a call is open, completing an application once, the order of applications and the line where the money ends.

Knows applications as plain facts; who may do what, and the rows, are elsewhere. Money is whole 分. All of it is habit of the product, not law.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from sixgate.kernel.text import gettext_noop

State = Literal["filed", "returned", "complete", "allotted"]
STATES: Final[dict[str, str]] = {
    "filed": gettext_noop("等待核对"),
    "returned": gettext_noop("退回补正"),
    "complete": gettext_noop("已受理"),
    "allotted": gettext_noop("已下达"),
}
TOP_SCORE: Final = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """An accepted application as the order reads it: points 0–100, money asked, day filed."""

    id: UUID
    score: int
    asked_fen: int
    filed_on: date


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order: the sum down to here, whether it is within the cap, and what is short where it is not."""

    number: int
    candidate: Candidate
    total_fen: int
    within: bool
    short_fen: int


def window_open(opens_on: date, closes_on: date, day: date) -> bool:
    """Return whether a call takes applications on a day; its last day counts."""
    return opens_on <= day <= closes_on


def may_file(state: State | None, *, in_window: bool, complete_by: date | None, day: date) -> bool:
    """Return whether an application may be filed or filed anew: in the window until it is accepted; once returned, until the day named for it."""
    if state == "returned":
        return complete_by is not None and day <= complete_by
    return in_window and state in (None, "filed")


def may_return(state: State, *, returned_before: bool) -> bool:
    """Return whether an application may be sent back: once only, with everything that is wanting (一次性告知)."""
    return state == "filed" and not returned_before


def may_accept(state: State, *, complete_by: date | None, day: date) -> bool:
    """Return whether an application may be scored: once filed; one returned and not completed by its day is scored as it stands."""
    return state == "filed" or (state == "returned" and complete_by is not None and day > complete_by)


def rank(candidates: Iterable[Candidate], cap_fen: int) -> tuple[Place, ...]:
    """Return the order: more points first, then the smaller sum, then the earlier filed, then the identifier; no place below the line is moved above it."""
    ordered = sorted(candidates, key=lambda item: (-item.score, item.asked_fen, item.filed_on, item.id))
    places: list[Place] = []
    total, within = 0, True
    for number, item in enumerate(ordered, start=1):
        total += item.asked_fen
        within = within and total <= cap_fen
        places.append(Place(number, item, total, within, max(0, total - cap_fen)))
    return tuple(places)


def passed_over(order: Iterable[Place], chosen: Collection[UUID]) -> tuple[UUID, ...]:
    """Return who stands ahead of a chosen one without being chosen, in order; empty when the order is kept."""
    ids = [place.candidate.id for place in order]
    last = max((number for number, key in enumerate(ids) if key in chosen), default=-1)
    return tuple(key for key in ids[: last + 1] if key not in chosen)
