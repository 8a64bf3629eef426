"""A pack in English: the same rules with the English texts of its en*.toml in place of the Chinese ones. Nothing that judges changes."""

import functools
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from sixgate.engines.rules.schema import EvidenceField, EvidenceKind, Option, Pack

Row = TypeVar("Row")
Texts = Mapping[str, str | tuple[str, ...]]


@functools.lru_cache(maxsize=64)
def in_english(pack: Pack) -> Pack:
    """Return the pack with English titles, remedies, helps and labels; a text without English stays as it is."""
    return replace(
        pack,
        gates=_rows(pack, "gate", pack.gates),
        duties=_rows(pack, "duty", pack.duties),
        parameters=_rows(pack, "parameter", pack.parameters),
        requirements=_rows(pack, "requirement", pack.requirements),
        deadlines=_rows(pack, "deadline", pack.deadlines),
        change_rules=_rows(pack, "change_rule", pack.change_rules),
        evidence={ident: _kind(kind, _texts(pack, "evidence", ident)) for ident, kind in pack.evidence.items()},
    )


def _texts(pack: Pack, table: str, ident: str) -> Texts:
    return pack.english.get(table, {}).get(ident, {})


def _rows(pack: Pack, table: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    return {ident: _spoken(row, _texts(pack, table, ident)) for ident, row in rows.items()}


def _spoken(row: Row, texts: Texts) -> Row:
    """Return a row with every text field that has English replaced by it."""
    names = {field.name for field in fields(row)}  # type: ignore[arg-type]  # every row of a pack is a dataclass
    changes: dict[str, Any] = {name: text for name, text in texts.items() if name in names}
    return replace(row, **changes) if changes else row  # type: ignore[type-var]


def _kind(kind: EvidenceKind, texts: Texts) -> EvidenceKind:
    return replace(_spoken(kind, texts), fields=tuple(_field(field, texts) for field in kind.fields))


def _field(field: EvidenceField, texts: Texts) -> EvidenceField:
    prefix = f"field.{field.id}."
    own = {name.removeprefix(prefix): text for name, text in texts.items() if name.startswith(prefix)}
    options = tuple(Option(option.value, str(own.get(f"options.{option.value}", option.label))) for option in field.options)
    return replace(_spoken(field, {name: text for name, text in own.items() if not name.startswith("options.")}), options=options)
