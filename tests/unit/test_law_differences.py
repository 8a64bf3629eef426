"""What differs between two laws: applied to the one it gives the other; a direction is told only where it is certain."""

import itertools
from datetime import date

import pytest

from sixgate.engines.rules.differences import Side, applied, law_differences, rows_in_force
from sixgate.engines.rules.overlay import overlay
from sixgate.engines.rules.pack import activated_targets
from sixgate.usecases import _law
from unit.test_rules_overlay import DAY, Read, override, read
from unit.test_rules_pack import RULES

__all__ = ["read"]
PLACES = ("cn", "440100", "460000", "330000")
DAYS = (date(2020, 1, 1), date(2026, 11, 23))


def delivered() -> list[Side]:
    """Return the delivered laws of every place on two days."""
    found = [_law.law(place, day)[0] for place in PLACES for day in DAYS]
    return [Side(pack, day, activated_targets(pack, day)) for pack, day in zip(found, DAYS * len(PLACES), strict=True)]


def test_differences_applied_to_one_law_give_the_other() -> None:
    for before, after in itertools.permutations(delivered(), 2):
        found = law_differences(before, after)
        old, new = rows_in_force(before), rows_in_force(after)
        assert applied(old, found) == new
        assert {(item.table, item.id) for item in found} == {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def test_a_law_does_not_differ_from_itself() -> None:
    assert [law_differences(side, side) for side in delivered()] == [()] * len(delivered())


def test_a_place_that_extends_the_nation_takes_nothing_away() -> None:
    nation = Side(_law.law("cn", DAYS[1])[0], DAYS[1], frozenset())
    for place in PLACES[1:]:
        found = law_differences(nation, Side(_law.law(place, DAYS[1])[0], DAYS[1], frozenset()))
        assert {item.nature for item in found if item.table == "requirement"} <= {"added", "stricter", "changed"}


@pytest.mark.parametrize(
    ("table", "ident", "change", "accept", "nature"),
    [
        ("parameter", "limit_fen", "value = [{ value = 40, from = 2020-01-01 }]", "", "stricter"),
        ("parameter", "limit_fen", "value = [{ value = 100, from = 2020-01-01 }]", "批准", "looser"),
        ("deadline", "D1", "value = 10", "批准", "looser"),
        ("requirement", "initiation.study", 'action = "remind"', "批准", "looser"),
        ("requirement", "initiation.study", 'require = "true"', "批准", "changed"),
        ("requirement", "initiation.study", "until = 2025-06-01", "批准", "removed"),
    ],
)
def test_a_direction_is_told_only_where_it_is_certain(read: Read, table: str, ident: str, change: str, accept: str, nature: str) -> None:
    base = read(RULES)
    merged, _ = overlay(base, read(override(table, ident, change, accept), "t.city", "440100", "t.base"))
    found = law_differences(Side(base, DAY, frozenset()), Side(merged, DAY, frozenset()))
    assert [(item.table, item.id, item.nature) for item in found] == [(table, ident, nature)]


def test_putting_a_rule_in_force_is_stricter(read: Read) -> None:
    base = read(RULES.replace('action = "lock"', 'action = "activate"'))
    found = law_differences(Side(base, DAY, frozenset()), Side(base, DAY, frozenset({"initiation.study"})))
    assert [(item.id, item.nature, [(part.key, part.before, part.after) for part in item.parts]) for item in found] == [
        ("initiation.study", "stricter", [("effect", "warn", "lock")])
    ]
