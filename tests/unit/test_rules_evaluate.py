"""Judging: four verdicts with their facts, scopes, dates, subjects and effects."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sixgate.engines.rules.evaluate import CENTRAL_ONLY, NO_SYSTEM, NOT_IN_FORCE, Outcome, effect, judge, judge_change, judge_requirement
from sixgate.engines.rules.pack import read_pack
from sixgate.engines.rules.report import RequirementUnknown, count_rules, explain, run_cases
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance
from unit.test_rules_pack import HEADER, RULES, VOCABULARY

DAY = date(2025, 6, 1)
NOBODY: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Return the trial pack."""
    folder: Path = tmp_path_factory.mktemp("pack")
    (folder / "pack.toml").write_text(HEADER + RULES, encoding="utf-8")
    return read_pack(folder, VOCABULARY)


def sheet(facts: Mapping[str, FactValue], kind: str = "project", ident: str = "P1") -> FactSheet:
    return FactSheet(kind, ident, ident, {name: Fact(name, value, Provenance("given", "试")) for name, value in facts.items()})


def one(pack: Pack, ident: str, facts: Mapping[str, FactValue], on: date = DAY, activated: frozenset[str] = NOBODY) -> Outcome:
    return judge_requirement(pack, pack.requirements[ident], sheet(facts), on, activated)


@pytest.mark.parametrize(
    ("facts", "verdict", "missing"),
    [
        ({"project.amount_fen": 90, "evidence.study.conclusion": "pass"}, "met", ()),
        ({"project.amount_fen": 90, "evidence.study.conclusion": "fail"}, "unmet", ()),
        ({"project.amount_fen": 90}, "unknown", ("evidence.study.conclusion",)),
        ({"evidence.study.conclusion": "pass"}, "unknown", ("project.amount_fen",)),
        ({"project.amount_fen": 80}, "not_applicable", ()),
    ],
)
def test_verdict_follows_the_facts(pack: Pack, facts: Mapping[str, FactValue], verdict: str, missing: tuple[str, ...]) -> None:
    outcome = one(pack, "initiation.study", facts)
    assert (outcome.verdict, outcome.missing) == (verdict, missing)


def test_parameter_of_the_day_is_read_as_a_fact_with_its_source(pack: Pack) -> None:
    facts: dict[str, FactValue] = {"project.amount_fen": 90}
    assert one(pack, "initiation.study", facts, date(2024, 12, 31)).verdict == "not_applicable"
    read = {fact.name: (fact.value, fact.provenance.kind, fact.provenance.reference) for fact in one(pack, "initiation.study", facts).facts_read}
    assert read == {"parameter.limit_fen": (80, "parameter", "某文件"), "project.amount_fen": (90, "given", "")}


def test_requirement_outside_its_period_does_not_apply(pack: Pack) -> None:
    outcome = one(pack, "initiation.study", {}, date(2019, 12, 31))
    assert (outcome.verdict, outcome.reason, outcome.facts_read) == ("not_applicable", NOT_IN_FORCE, ())


def test_central_rule_binds_central_projects_or_where_activated(pack: Pack) -> None:
    amount: dict[str, FactValue] = {"project.amount_fen": 2000}
    local = one(pack, "initiation.central", amount | {"project.is_central": False})
    assert (local.verdict, local.reason) == ("not_applicable", CENTRAL_ONLY)
    assert one(pack, "initiation.central", amount).missing == ("project.is_central",)
    central = one(pack, "initiation.central", amount | {"project.is_central": True})
    assert (central.verdict, central.effect) == ("unmet", "warn")
    activated = one(pack, "initiation.central", amount, activated=frozenset({"initiation.central"}))
    assert (activated.verdict, activated.effect) == ("unmet", "lock")


def test_only_verified_national_or_activated_rules_lock(pack: Pack) -> None:
    rule = pack.requirements["initiation.study"]
    every = frozenset({rule.id})
    assert effect(rule, NOBODY) == "lock"
    assert effect(replace(rule, action="activate"), NOBODY) == "warn"
    assert effect(replace(rule, action="activate", confidence="known"), every) == "lock"
    assert effect(replace(rule, confidence="known"), NOBODY) == "warn"
    assert effect(replace(rule, scope="local"), NOBODY) == "warn"
    assert effect(replace(rule, kind="habit"), every) == "remind"
    assert effect(replace(rule, action="remind"), every) == "remind"


def test_system_requirement_is_judged_for_each_system_with_the_project_facts(pack: Pack) -> None:
    systems = {
        "system": [sheet({"system.mlps_level": 1}, "system", "S1"), sheet({"system.mlps_level": 3}, "system", "S2"), sheet({}, "system", "S3")]
    }
    found = judge(pack, pack.requirements.values(), sheet({"project.type": "new"}), systems, DAY, NOBODY)
    assert [(item.requirement_id, item.subject_id, item.verdict.value) for item in found] == [
        ("initiation.study", "P1", "unknown"),
        ("initiation.central", "P1", "unknown"),
        ("initiation.system", "S1", "unmet"),
        ("initiation.system", "S2", "met"),
        ("initiation.system", "S3", "unknown"),
    ]


def test_no_system_registered_is_one_unknown(pack: Pack) -> None:
    rule = [pack.requirements["initiation.system"]]
    (found,) = judge(pack, rule, sheet({"project.type": "new"}), {}, DAY, NOBODY)
    assert (found.verdict, found.subject_type, found.reason) == ("unknown", "system", NO_SYSTEM)
    (other,) = judge(pack, rule, sheet({"project.type": "om"}), {"system": []}, DAY, NOBODY)
    assert other.verdict == "not_applicable"


def test_change_is_hit_missed_or_unknown(pack: Pack) -> None:
    answers = [judge_change(pack, sheet(facts), DAY, NOBODY)[0].answer for facts in ({"change.increase_fen": 11}, {"change.increase_fen": 10}, {})]
    assert answers == ["hit", "miss", "unknown"]


def test_cases_run_and_rules_are_counted_and_explained(pack: Pack) -> None:
    assert [result.passed for result in run_cases(pack)] == [True, True, True, True]
    assert count_rules(pack)["action"] == {"lock": 3, "activate": 1, "remind": 1}
    told = explain(pack, "initiation.study")
    assert [use.origin for use in told.facts] == ["evidence", "parameter", "register"]
    assert ([item.id for item in told.parameters], len(told.cases), told.effect) == (["limit_fen"], 3, "lock")
    with pytest.raises(RequirementUnknown):
        explain(pack, "nothing")
