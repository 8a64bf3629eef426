"""The law in force here: the packs of a jurisdiction, read once per process."""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.engines.rules.overlay import LooserReport, select
from sixgate.engines.rules.pack import read_pack
from sixgate.engines.rules.schema import Duty, Pack


def pack_folders() -> list[Path]:
    """Return the folders of the packs delivered with the product, then those of the place (SIXGATE_PACKS): each holds a pack.toml."""
    delivered = sorted(path.parent for path in Path(str(files("sixgate") / "regulations")).rglob("pack.toml"))
    return [*delivered, *settings.PACK_FOLDERS]


@functools.cache
def packs() -> tuple[Pack, ...]:
    """Read every pack; raise PackError naming all problems of the first bad one."""
    return tuple(read_pack(folder, BASE_FACTS) for folder in pack_folders())


@functools.lru_cache(maxsize=64)
def law(jurisdiction: str, day: date) -> tuple[Pack, Sequence[LooserReport]]:
    """Return the merged pack for a division code on a day, and what an overlay would have loosened."""
    return select(packs(), jurisdiction, day)


def duties(day: date) -> Mapping[str, Duty]:
    """Return the duties of the home jurisdiction by id."""
    return law(settings.HOME_JURISDICTION, day)[0].duties
