"""Turning pages of a list that is narrowed by its address."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Turn:
    """What paging.html needs: addresses of the pages around this one, empty where there is none, and a word on the whole."""

    before: str
    after: str
    total_text: str


def turn_of(here: str, given: Mapping[str, str], before: str, after: str, total_text: str = "") -> Turn:
    """Return the addresses of the pages around this one, with the list narrowed as it is."""
    return Turn(_address(here, given, "before", before), _address(here, given, "after", after), total_text)


def _address(here: str, given: Mapping[str, str], side: str, cursor: str) -> str:
    if not cursor:
        return ""
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in {**given, side: cursor}.items() if value})
    return f"{here}?{query.urlencode()}"
