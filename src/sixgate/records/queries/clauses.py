"""Clauses a 法制 officer put in force or took out of force, as they stand in a jurisdiction."""

from sixgate.domain.authority import region_prefix
from sixgate.records.models import ClauseActivation


def activated_on_record(jurisdiction: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the targets switched on and those switched off here; an act of 440000 also holds in 440100, the latest word on a target counts."""
    words: dict[str, bool] = {}
    for target, area, active in ClauseActivation.objects.order_by("id").values_list("target", "jurisdiction", "active"):
        if jurisdiction.startswith(region_prefix(area)):
            words[target] = active
    return frozenset(key for key, active in words.items() if active), frozenset(key for key, active in words.items() if not active)
