"""The law in force here: the packs of the home jurisdiction, read once per process."""

import functools
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files

from sixgate.engines.rules.schema import Duty


def duties(day: date) -> Mapping[str, Duty]:
    """Return the duties in force on a day by id."""
    return _duties()


@functools.cache
def _duties() -> Mapping[str, Duty]:
    text = (files("sixgate") / "regulations/cn/project/duties.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text, parse_float=Decimal)["duty"]
    return {row["id"]: Duty(row["id"], row["title"], row["scope"], tuple(row["grants"])) for row in rows}
