"""Confidence from facts: a worked example for each factor, what is not known left out, and the delivered weights whole."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.domain.planning.confidence import FACTORS, Confidence, Scale, Weights, gap_bp, judge_confidence, wants_answer
from sixgate.engines.rules.pack import read_pack
from sixgate.kernel.provenance import Fact, FactValue, Provenance
from sixgate.usecases.planning.confidence import weights_on

TODAY = date(2026, 11, 25)
FULL = {"slippage": 365, "replans": 4, "stale": 5000, "overdue": 3, "missing": 8000, "ahead": 5000, "idle": 180, "findings": 5}
FREE = {"ahead": 1000, "idle": 30}


def weights(known_least_bp: int = 0, **weight_bp: int) -> Weights:
    """Return weights that hold the named factors, all of them alike where none is named."""
    chosen = weight_bp or dict.fromkeys(FACTORS, 1000)
    scales = {name: Scale(weight, FULL[name], FREE.get(name, 0)) for name, weight in chosen.items()}
    return Weights("测试", scales, known_least_bp, {"green": 9000, "amber": 6000, "red": 2500}, 2000, 10)


def sheet(values: dict[str, FactValue]) -> dict[str, Fact]:
    """Return facts by name."""
    return {name: Fact(name, value, Provenance("given", "例")) for name, value in values.items()}


def judged(values: dict[str, FactValue], used: Weights | None = None) -> Confidence:
    """Return the confidence on the day of the tests."""
    return judge_confidence(sheet(values), used or weights(), today=TODAY)


PLAN: dict[str, FactValue] = {"plan.first_finish": date(2027, 1, 1), "plan.finish": date(2027, 1, 1)}
PROGRESS: dict[str, FactValue] = {"gate.all": 10, "gate.passed": 4}
WORKED: list[tuple[str, dict[str, FactValue], int, int]] = [
    ("slippage", PLAN, 0, 0),
    ("slippage", {**PLAN, "plan.finish": date(2027, 3, 15)}, 73, 2000),
    ("slippage", {**PLAN, "plan.finish": date(2026, 12, 1)}, 0, 0),
    ("slippage", {"plan.first_finish": date(2026, 5, 29), "plan.finish": date(2026, 5, 29)}, 180, 4931),
    ("slippage", {"plan.first_finish": date(2026, 5, 1), "plan.finish": date(2026, 5, 1), "plan.finished_on": date(2026, 5, 11)}, 10, 273),
    ("slippage", {"plan.first_finish": date(2020, 1, 1), "plan.finish": date(2027, 1, 1)}, 2557, 10_000),
    ("replans", {"plan.changes": 0}, 0, 0),
    ("replans", {"plan.changes": 1}, 1, 2500),
    ("replans", {"plan.changes": 9}, 9, 10_000),
    ("stale", {"approval.resting": 4, "approval.stale": 1}, 2500, 5000),
    ("stale", {"approval.resting": 2, "approval.stale": 2}, 10_000, 10_000),
    ("overdue", {"period.begun": 5, "period.overdue": 0}, 0, 0),
    ("overdue", {"period.begun": 5, "period.overdue": 1}, 1, 3333),
    ("missing", {"gate.wanted": 10, "gate.unknown": 4}, 4000, 5000),
    ("missing", {"gate.wanted": 10, "gate.unknown": 10}, 10_000, 10_000),
    ("ahead", {**PROGRESS, "money.contract_fen": 1000, "money.paid_fen": 700}, 3000, 5000),
    ("ahead", {**PROGRESS, "money.contract_fen": 1000, "money.paid_fen": 300}, 0, 0),
    ("ahead", {**PROGRESS, "plan.start": date(2026, 1, 1), "plan.first_finish": date(2026, 12, 31)}, 5010, 10_000),
    ("ahead", {**PROGRESS, "money.contract_fen": 1000, "money.paid_fen": 480}, 800, 0),
    ("idle", {"act.last": date(2026, 11, 5)}, 20, 0),
    ("idle", {"act.last": date(2026, 8, 12)}, 105, 5000),
    ("findings", {"finding.known": 2, "finding.open": 0}, 0, 0),
    ("findings", {"finding.known": 2, "finding.open": 2}, 2, 4000),
]


@pytest.mark.parametrize(("name", "values", "amount", "trouble"), WORKED)
def test_a_factor_gives_the_amount_and_trouble_of_its_worked_example(name: str, values: dict[str, FactValue], amount: int, trouble: int) -> None:
    told = judged(values, weights(**{name: 1000}))
    (factor,) = told.factors
    assert (factor.id, factor.amount, factor.trouble_bp, factor.taken_bp) == (name, amount, trouble, trouble)
    assert told.bp == 10_000 - trouble


UNKNOWN: list[tuple[str, dict[str, FactValue]]] = [
    ("slippage", {}),
    ("slippage", {"plan.finish": date(2027, 1, 1)}),
    ("replans", {}),
    ("stale", {}),
    ("overdue", {"period.begun": 0, "period.overdue": 0}),
    ("missing", {"gate.wanted": 0, "gate.unknown": 0}),
    ("ahead", {"money.contract_fen": 1000, "money.paid_fen": 700}),
    ("ahead", {**PROGRESS, "money.contract_fen": 1000}),
    ("ahead", {**PROGRESS, "plan.start": date(2026, 12, 31), "plan.first_finish": date(2026, 1, 1)}),
    ("idle", {}),
    ("idle", {"act.last": date(2026, 1, 1), "act.paused": True}),
    ("idle", {"act.last": date(2026, 1, 1), "plan.finished_on": date(2025, 12, 1)}),
    ("findings", {}),
]


@pytest.mark.parametrize(("name", "values"), UNKNOWN)
def test_a_factor_without_its_facts_is_unknown_and_says_what_is_lacking(name: str, values: dict[str, FactValue]) -> None:
    told = judged(values, weights(**{name: 1000}))
    (factor,) = told.factors
    assert (told.bp, told.known_bp, factor.amount, factor.trouble_bp, factor.taken_bp) == (None, 0, None, None, 0)
    assert factor.lacking.endswith("。")


def test_what_is_not_known_is_left_out_and_the_rest_carries_the_whole_weight() -> None:
    told = judged({"plan.changes": 2, "gate.wanted": 4, "gate.unknown": 0}, weights(slippage=5000, replans=3000, missing=2000))
    assert (told.bp, told.known_bp) == (7000, 5000)
    assert [(factor.id, factor.taken_bp) for factor in told.factors] == [("replans", 3000), ("missing", 0), ("slippage", 0)]


@pytest.mark.parametrize(("least", "expected"), [(5000, 7000), (5001, None)])
def test_there_is_no_confidence_where_less_of_the_weight_is_known_than_is_wanted(least: int, expected: int | None) -> None:
    used = weights(least, slippage=5000, replans=3000, missing=2000)
    assert judged({"plan.changes": 2, "gate.wanted": 4, "gate.unknown": 0}, used).bp == expected


def test_every_fact_a_factor_read_stands_beside_it() -> None:
    told = judged({**PLAN, "plan.changes": 1, "act.last": TODAY}, weights(slippage=1000, idle=1000))
    assert {factor.id: [fact.name for fact in factor.facts] for factor in told.factors} == {
        "slippage": ["plan.first_finish", "plan.finish"],
        "idle": ["act.last"],
    }


@pytest.mark.parametrize(
    ("colour", "changes", "gap", "wanted"),
    [("green", 1, 1500, False), ("green", 2, 4000, True), ("amber", 1, -1500, False), ("red", 0, -7500, True), ("", 0, None, False)],
)
def test_a_wide_gap_on_either_side_wants_an_answer(colour: str, changes: int, gap: int | None, wanted: bool) -> None:
    used = weights(replans=1000)
    found = gap_bp(colour, judged({"plan.changes": changes}, used), used)
    assert (found, wants_answer(found, used)) == (gap, wanted)


def test_no_gap_is_told_where_there_is_no_confidence() -> None:
    used = weights(replans=1000)
    assert gap_bp("green", judged({}, used), used) is None


def test_the_delivered_weights_name_every_factor_and_make_up_the_whole() -> None:
    pack = read_pack(Path(str(files("sixgate") / "regulations/cn/project")), BASE_FACTS)
    used = weights_on(pack, TODAY)
    assert (set(used.scales), sum(scale.weight_bp for scale in used.scales.values())) == (set(FACTORS), 10_000)
    assert (used.version, used.known_least_bp, used.gap_bp, used.answer_workdays) == ("2026-11", 5000, 2000, 10)
    assert used.stated_bp == {"green": 9000, "amber": 6000, "red": 2500}
    assert {name: (scale.full, scale.free) for name, scale in used.scales.items()} == {name: (FULL[name], FREE.get(name, 0)) for name in FACTORS}
    read = {f"confidence.{kind}_{name}" for name in FACTORS for kind in ("weight", "full")} | {
        f"confidence.free_{name}" for name in ("slippage", *FREE)
    }
    read |= {f"confidence.{name}" for name in ("version", "known_least", "gap", "answer_workdays", "stated_green", "stated_amber", "stated_red")}
    assert {name for name in pack.parameters if name.startswith("confidence.")} == read


def test_before_the_weights_begin_nothing_counts() -> None:
    pack = read_pack(Path(str(files("sixgate") / "regulations/cn/project")), BASE_FACTS)
    used = weights_on(pack, date(2019, 12, 31))
    assert (used.version, dict(used.scales), judge_confidence(sheet({"plan.changes": 9}), used, today=TODAY).bp) == ("", {}, None)
