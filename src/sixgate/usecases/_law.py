"""The law in force here: the packs of the home jurisdiction, read once per process."""

import functools
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.engines.rules.overlay import select
from sixgate.engines.rules.pack import read_pack
from sixgate.engines.rules.schema import Duty, Pack


def pack_folders() -> list[Path]:
    """Return the folders of all packs delivered with the product: each holds a pack.toml."""
    root = Path(str(files("sixgate") / "regulations"))
    return sorted(path.parent for path in root.rglob("pack.toml"))


@functools.cache
def pack_for(jurisdiction: str, day: date) -> Pack:
    """Return the merged pack for a division code on a day."""
    packs = [read_pack(folder, BASE_FACTS) for folder in pack_folders()]
    merged, _looser = select(packs, jurisdiction, day)
    return merged


def duties(day: date) -> Mapping[str, Duty]:
    """Return the duties of the home jurisdiction by id."""
    return pack_for(settings.HOME_JURISDICTION, day).duties
