"""The delivered packs: a change is judged on all axes at once; a city's activations lock, its neighbours only warn."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.engines.rules.evaluate import effect, judge_change
from sixgate.engines.rules.overlay import select
from sixgate.engines.rules.pack import activated_targets, english_gaps, read_pack, uncovered
from sixgate.engines.rules.report import run_cases
from sixgate.engines.rules.schema import Pack, Rule
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance

DAY = date(2026, 11, 23)
NOBODY: frozenset[str] = frozenset()
WAN = 1_000_000


@pytest.fixture(scope="module")
def packs() -> tuple[Pack, ...]:
    """Return every delivered pack."""
    folders = sorted(path.parent for path in Path(str(files("sixgate") / "regulations")).rglob("pack.toml"))
    return tuple(read_pack(folder, BASE_FACTS) for folder in folders)


def at(packs: tuple[Pack, ...], jurisdiction: str, on: date = DAY) -> Pack:
    return select(packs, jurisdiction, on)[0]


def change(answers: Mapping[str, FactValue], project: Mapping[str, FactValue]) -> FactSheet:
    no = dict.fromkeys(
        [
            "goal_changed",
            "site_changed",
            "major_change",
            "equivalent_swap",
            "reduces_scope",
            "party_changed",
            "cross_year",
            "cross_project",
            "cross_account",
            "needs_more_budget",
            "terms_changed",
        ],
        False,
    )
    amounts = {"approved_fen": 1000 * WAN, "total_after_fen": 1000 * WAN, "contract_original_fen": 500 * WAN}
    values = {f"change.{name}": value for name, value in {**no, **amounts, **answers}.items()}
    values |= {f"project.{name}": value for name, value in project.items()}
    return FactSheet("change", "C1", "变更", {name: Fact(name, value, Provenance("given", "例")) for name, value in values.items()})


def hits(pack: Pack, sheet: FactSheet, activated: frozenset[str] = NOBODY) -> list[tuple[str, str]]:
    return [(found.rule_id, found.effect) for found in judge_change(pack, sheet, DAY, activated) if found.answer == "hit"]


EIGHT_PERCENT_MORE: dict[str, FactValue] = {
    "touches_approval": True,
    "within_three_cases": True,
    "needs_contract_change": True,
    "same_subject": True,
    "increase_fen": 40 * WAN,
    "decrease_fen": 40 * WAN,
    "adjust_fen": 40 * WAN,
    "cumulative_adjust_fen": 40 * WAN,
    "supplement_fen": 40 * WAN,
    "supplement_total_fen": 40 * WAN,
}


def test_eight_percent_more_of_the_same_stands_on_all_three_axes_at_once(packs: tuple[Pack, ...]) -> None:
    central: dict[str, FactValue] = {"is_central": True, "is_fixed_asset": True, "funding": ("cbi",)}
    found = hits(at(packs, "cn"), change(EIGHT_PERCENT_MORE, central))
    assert found == [("A4", "warn"), ("B1", "lock"), ("B5", "lock"), ("C1", "remind")]


def test_filing_rule_holds_for_a_local_project_only_where_the_city_activated_it(packs: tuple[Pack, ...]) -> None:
    local: dict[str, FactValue] = {"is_central": False, "is_fixed_asset": True, "funding": ("lgi",)}
    sheet = change(EIGHT_PERCENT_MORE, local)
    city = at(packs, "440100")
    without = [("B1", "lock"), ("B5", "lock"), ("C1", "remind")]
    assert hits(at(packs, "cn"), sheet) == without
    assert hits(city, sheet, activated_targets(city, DAY)) == [("A4", "lock"), *without]


def test_over_the_estimate_and_over_ten_percent_show_side_by_side(packs: tuple[Pack, ...]) -> None:
    answers = {
        **EIGHT_PERCENT_MORE,
        "total_after_fen": 1100 * WAN,
        "increase_fen": 100 * WAN,
        "decrease_fen": 0,
        "adjust_fen": 100 * WAN,
        "cumulative_adjust_fen": 100 * WAN,
        "supplement_fen": 100 * WAN,
        "supplement_total_fen": 100 * WAN,
        "needs_more_budget": True,
    }
    central: dict[str, FactValue] = {"is_central": True, "is_fixed_asset": True, "funding": ("cbi",)}
    found = [rule for rule, _ in hits(at(packs, "cn"), change(answers, central))]
    assert found == ["A3", "A3a", "B2", "B5", "C3"]


def test_every_delivered_pack_holds_its_cases_and_has_all_english_in_its_own_place(packs: tuple[Pack, ...]) -> None:
    for place in {pack.header.jurisdiction for pack in packs if not pack.header.template}:
        pack = at(packs, place, date.max)
        assert [(result.case.target, result.case.name) for result in run_cases(pack) if not result.passed] == []
        assert (uncovered(pack), english_gaps(pack)) == ((), ())


def test_demo_city_locks_what_it_activated_and_says_that_it_is_an_example(packs: tuple[Pack, ...]) -> None:
    city = at(packs, "440100")
    acts = activated_targets(city, DAY)
    rules: dict[str, Rule] = {**city.requirements, **city.deadlines, **city.change_rules}
    assert city.lineage == ("cn.project", "cn.city_template", "cn.demo_city")
    assert {effect(rules[target], acts) for target in acts} == {"lock"}
    local = [rule for rule in city.requirements.values() if rule.scope != "national" and rule.kind != "habit" and rule.action != "remind"]
    assert {effect(rule, acts) for rule in local if rule.id not in acts} == {"warn"}
    assert all("示例" in text for act in city.activations for text in (act.officer, act.document, act.number, act.note))
    assert "示例" in city.header.title


def test_demo_city_activates_nothing_before_its_acts_were_signed(packs: tuple[Pack, ...]) -> None:
    assert activated_targets(at(packs, "440100", date(2026, 3, 15)), date(2026, 3, 15)) == frozenset()


def test_template_holds_only_where_a_city_extends_it(packs: tuple[Pack, ...]) -> None:
    assert "cn.city_template" not in at(packs, "330100").lineage
