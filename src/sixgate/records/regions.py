"""Keeps the rows of divisions equal to the delivered list. Reference rows: no act of a person, so no ledger entry."""

from sixgate.kernel.identity import LEVELS, load_divisions
from sixgate.records.models import Region


def load_regions() -> int:
    """Store divisions that are new or renamed, parents first; return how many. What is no longer in the list stays: old rows point at it."""
    known = {row.code: (row.name, row.level, row.parent_id) for row in Region.objects.all()}
    wanted = {item.code: (item.name, item.level, item.parent or None) for item in load_divisions().values()}
    changed = [code for code, row in wanted.items() if known.get(code) != row]
    for level in LEVELS:
        rows = [Region(code=code, name=wanted[code][0], level=level, parent_id=wanted[code][2]) for code in changed if wanted[code][1] == level]
        Region.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "level", "parent"], batch_size=500)
    return len(changed)
