"""What differs between two states of the law: a place and the nation, one day and another. Pure; it knows packs, not who reads them.

A difference counts as stricter or looser only where that is certain; an expression written otherwise is only "changed".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from sixgate.engines.rules.evaluate import effect
from sixgate.engines.rules.schema import ChangeRule, Deadline, EvidenceKind, Pack, Parameter, Requirement

NATURES: Final = ("added", "stricter", "looser", "changed", "removed")
TABLES: Final = ("requirement", "deadline", "change_rule", "parameter", "evidence", "gate")
_EFFECT_RANK: Final = {"remind": 0, "warn": 1, "lock": 2}
_UNSEEN: Final = frozenset({"id", "row", "values", "action"})  # our own numbering, or told by a key of its own
_WORDING: Final = frozenset({"title", "help", "remedy", "confidence", "checked_on", "clauses", "source", "kind", "order"})

Key = tuple[str, str]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """The law of one place on one day, and the rules activated there."""

    pack: Pack
    on: date
    activated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One key that differs; None where the side has no such row or value."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LawDifference:
    """One row that differs, of which nature, and every key of it that does."""

    table: str
    id: str
    nature: str
    parts: tuple[Part, ...]


def rows_in_force(side: Side) -> dict[Key, Row]:
    """Return every row that holds on a day as {(table, id): {key: value}}; a requirement or parameter out of force is not there."""
    pack = side.pack
    found: dict[Key, Row] = {}
    for table, items in _tables(pack):
        for ident, item in items.items():
            if isinstance(item, Requirement) and not item.in_force(side.on):
                continue
            row = {field.name: getattr(item, field.name) for field in fields(item) if field.name not in _UNSEEN}
            if isinstance(item, Parameter):
                value = item.value_on(side.on)
                if value is None:
                    continue
                row["value"] = value.value
            if isinstance(item, Requirement | Deadline | ChangeRule):
                row["effect"] = effect(item, side.activated)
            found[table, ident] = row
    return found


def law_differences(before: Side, after: Side) -> tuple[LawDifference, ...]:
    """Return what must be changed in the one law to have the other, in the order of tables and rows."""
    old, new = rows_in_force(before), rows_in_force(after)
    order = {key: index for index, key in enumerate(dict.fromkeys((*new, *old)))}
    keys = sorted(order, key=lambda key: (TABLES.index(key[0]), order[key]))
    found = [_difference(key, old.get(key), new.get(key)) for key in keys]
    return tuple(item for item in found if item.parts)


def applied(rows: Mapping[Key, Row], found: Sequence[LawDifference]) -> dict[Key, Row]:
    """Return the rows as they are once the differences are applied."""
    then: dict[Key, Row] = dict(rows)
    for item in found:
        key = (item.table, item.id)
        if item.nature == "removed":
            del then[key]
        else:
            then[key] = {**then.get(key, {}), **{part.key: part.after for part in item.parts}}
    return then


def _tables(pack: Pack) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (
        ("requirement", pack.requirements),
        ("deadline", pack.deadlines),
        ("change_rule", pack.change_rules),
        ("parameter", pack.parameters),
        ("evidence", pack.evidence),
        ("gate", pack.gates),
    )


def _difference(key: Key, old: Row | None, new: Row | None) -> LawDifference:
    then: Row = old or {}
    now: Row = new or {}
    names: list[str] = [*now, *(name for name in then if name not in now)]
    parts = tuple(Part(name, then.get(name), now.get(name)) for name in names if old is None or new is None or then.get(name) != now.get(name))
    if old is None or new is None:
        return LawDifference(*key, "added" if old is None else "removed", parts)
    return LawDifference(*key, _nature(key[0], parts, then), parts)


def _nature(table: str, parts: Sequence[Part], old: Row) -> str:
    """Say stricter or looser only when every key that bears on the judgement moved that one way."""
    ways = {_way(table, part, old) for part in parts if part.key not in _WORDING}
    return {1: "stricter", -1: "looser"}.get(ways.pop(), "changed") if len(ways) == 1 else "changed"


def _way(table: str, part: Part, old: Row) -> int:
    """Return 1 for stricter, -1 for looser, 0 for a key whose direction cannot be told."""
    if part.key == "effect":
        return _sign(_EFFECT_RANK[part.after] - _EFFECT_RANK[part.before])
    if part.key == "value" and not isinstance(part.before, str) and not isinstance(part.after, str):
        bound = old.get("stricter") if table == "parameter" else {"floor": "higher", "ceiling": "lower"}.get(old.get("bound", ""), "")
        return {"higher": 1, "lower": -1}.get(bound or "", 0) * _sign(part.after - part.before)
    if table == "evidence" and part.key in ("second_check", "files", "work_secret"):
        return 1 if part.after else -1
    if table == "evidence" and part.key == "fields":
        return _asked_more(part)
    return 0


def _asked_more(part: Part) -> int:
    before, after = ({field.id for field in side if field.required} for side in (part.before, part.after))
    return 0 if before == after else 1 if before < after else -1 if after < before else 0


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def title_of(side: Side, table: str, ident: str) -> str:
    """Return what a person calls a row, its id where this side has none."""
    found = dict(_tables(side.pack))[table].get(ident)
    return str(found.title) if found is not None else ident


def kinds_named(side: Side, idents: Sequence[str]) -> tuple[str, ...]:
    """Return the titles of kinds of evidence by id."""
    known: Mapping[str, EvidenceKind] = side.pack.evidence
    return tuple(known[ident].title if ident in known else ident for ident in idents)
