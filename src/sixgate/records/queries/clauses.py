"""Clauses a 法制 officer put in force or took out of force, as they stand in a jurisdiction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sixgate.domain.authority import region_prefix
from sixgate.records.models import ClauseActivation


@dataclass(frozen=True, slots=True)
class ClauseWord:
    """One word of an officer on one rule, on what paper, and where it holds."""

    target: str
    active: bool
    jurisdiction: str
    officer: str
    document: str
    number: str
    article: str
    signed_on: date
    text_digest: str
    note: str
    at: datetime
    event_id: UUID


def activated_on_record(jurisdiction: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the targets switched on and those switched off here; an act of 440000 also holds in 440100, the latest word on a target counts."""
    words: dict[str, bool] = {}
    for target, area, active in ClauseActivation.objects.order_by("id").values_list("target", "jurisdiction", "active"):
        if jurisdiction.startswith(region_prefix(area)):
            words[target] = active
    return frozenset(key for key, active in words.items() if active), frozenset(key for key, active in words.items() if not active)


def latest_words(jurisdiction: str) -> dict[str, ClauseWord]:
    """Return the latest word on each target that holds in a jurisdiction."""
    return {word.target: word for word in _words(jurisdiction)}


def words_on(target: str, jurisdiction: str) -> Sequence[ClauseWord]:
    """Return every word on one target that holds in a jurisdiction, latest first."""
    return [word for word in _words(jurisdiction) if word.target == target][::-1]


def _words(jurisdiction: str) -> Iterator[ClauseWord]:
    for row in ClauseActivation.objects.order_by("id").select_related("officer", "event"):
        if jurisdiction.startswith(region_prefix(row.jurisdiction)):
            yield ClauseWord(
                row.target, row.active, row.jurisdiction, row.officer.name, row.document, row.number, row.article, row.signed_on,
                row.text_digest, row.note, row.event.at, row.event_id,
            )  # fmt: skip
