"""Keyed fields of evidence at the edges of what may be kept."""

from datetime import date

import pytest

from sixgate.domain.lifecycle.evidence import DAY_BEYOND, NOT_A_DATE, NOT_TEXT, read_fields
from sixgate.engines.rules.schema import EvidenceKind
from sixgate.usecases import _law


def first_with(kind_of_field: str) -> tuple[EvidenceKind, str]:
    """Return a kind of evidence and the name of its first field of a type."""
    kinds = _law.law("440100", date(2026, 11, 23))[0].evidence.values()
    return next((kind, field.id) for kind in kinds for field in kind.fields if field.type == kind_of_field)


@pytest.mark.parametrize(
    ("given", "kept", "reason"),
    [
        ("1900-01-01", "1900-01-01", None),
        ("2199-12-31", "2199-12-31", None),
        ("1899-12-31", None, DAY_BEYOND),
        ("9999-12-31", None, DAY_BEYOND),
        ("2026-02-30", None, NOT_A_DATE),
        ("20260101", None, NOT_A_DATE),
    ],
)
def test_a_day_is_kept_only_within_three_centuries(given: str, kept: str | None, reason: str | None) -> None:
    kind, name = first_with("date")
    values, wrong = read_fields(kind, {name: given})
    assert (values.get(name), wrong.get(name)) == (kept, reason)


@pytest.mark.parametrize("given", [1, True, ["a"], {"a": "b"}], ids=str)
def test_what_is_no_text_is_not_written_down_as_one(given: object) -> None:
    kind, name = first_with("text")
    values, wrong = read_fields(kind, {name: given})
    assert (values.get(name), wrong[name]) == (None, NOT_TEXT)
