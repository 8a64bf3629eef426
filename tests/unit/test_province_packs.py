"""Hainan and Zhejiang: what holds in their cities, that nothing of theirs locks unsigned, and that a place below cannot loosen it unseen."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.domain.lifecycle.gate import judge_gate
from sixgate.engines.rules.english import in_english
from sixgate.engines.rules.evaluate import effect, judge_requirement
from sixgate.engines.rules.overlay import select
from sixgate.engines.rules.pack import read_pack
from sixgate.engines.rules.report import count_rules
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance

DAY = date(2026, 11, 23)
NOBODY: frozenset[str] = frozenset()
NATION, HANGZHOU, HAIKOU = "cn", "330100", "460100"

ADDED = {
    HANGZHOU: ["zhejiang.infeasibility_study", "zhejiang.independent_assessment", "zhejiang.joint_review"],
    HAIKOU: ["hainan.prelim_expert_review", "hainan.archive_originals", "hainan.handled_in_system"],
}
COUNTS = {
    NATION: {
        "kind": {"law": 117, "habit": 93, "local": 12},
        "confidence": {"verified": 72, "secondary": 25, "known": 104, "unsure": 21},
        "action": {"lock": 58, "activate": 61, "remind": 103},
    },
    HANGZHOU: {
        "kind": {"law": 117, "habit": 93, "local": 15},
        "confidence": {"verified": 75, "secondary": 25, "known": 104, "unsure": 21},
        "action": {"lock": 58, "activate": 64, "remind": 103},
    },
    HAIKOU: {
        "kind": {"law": 117, "habit": 93, "local": 15},
        "confidence": {"verified": 75, "secondary": 25, "known": 104, "unsure": 21},
        "action": {"lock": 58, "activate": 64, "remind": 103},
    },
}
CO_SIGNERS = {
    "G01": ("DRC", "CAC", "CRY"),
    "G02": ("EXP", "CAC", "CRY", "FIN"),
    "G03": ("EXP", "FIN"),
    "G04": ("FIN", "LEG"),
    "G05": ("AGT", "LEG"),
    "G06": ("SPV", "SUP"),
    "G07": ("OWN_NET", "CAC", "CRY", "PSB", "SPV"),
    "G08": ("EXP", "SPV", "SUP"),
    "G09": ("EXP", "AUD", "ARC", "FIN", "CAC", "CRY"),
    "G10": ("PMO",),
    "G11": ("CAC", "ARC", "SEC"),
}
LOCKS = {
    "G01": {"initiation.secrecy_screening"},
    "G02": {
        "initiation.project_proposal",
        "initiation.feasibility_study",
        "initiation.crypto_plan",
        "initiation.approval",
        "initiation.national_code",
    },
    "G03": {"design.preliminary_design", "design.budget_estimate", "design.approval"},
    "G04": {"procurement.documents"},
    "G05": {"procurement.award", "procurement.challenge_freeze", "procurement.contract", "procurement.data_terms"},
    "G06": {"delivery.start_conditions"},
    "G07": {"acceptance.crypto_before_online"},
    "G09": {"acceptance.archive", "acceptance.final_acceptance"},
    "G10": {"operations.portal_budget"},
    "G11": {"operations.decommission_important"},
    "duty": {
        "procurement.contract_notice",
        "procurement.contract_filing",
        "procurement.contract_change_notice",
        "acceptance.final_accounts",
        "operations.annual_crypto_cii",
        "operations.cii_assessment",
        "operations.data_risk",
    },
    "contract": {"acceptance.contract_performance"},
}


@pytest.fixture(scope="module")
def packs() -> tuple[Pack, ...]:
    """Return every delivered pack."""
    folders = sorted(path.parent for path in Path(str(files("sixgate") / "regulations")).rglob("pack.toml"))
    return tuple(read_pack(folder, BASE_FACTS) for folder in folders)


@pytest.fixture
def below(tmp_path: Path) -> Callable[[str, str, str], Pack]:
    """Return a function that writes a throw-away city pack over a delivered one and reads it."""

    def _below(extends: str, jurisdiction: str, rules: str) -> Pack:
        header = f'[pack]\nid = "t.city"\ntitle = "试"\nversion = "1"\njurisdiction = "{jurisdiction}"\nextends = "{extends}"\n'
        (tmp_path / "pack.toml").write_text(header + rules, encoding="utf-8")
        return read_pack(tmp_path, BASE_FACTS)

    return _below


def at(packs: tuple[Pack, ...], place: str, on: date = DAY) -> Pack:
    return select(packs, place, on)[0]


def sheet(facts: Mapping[str, FactValue], subject: str = "project") -> FactSheet:
    return FactSheet(subject, "1", "例", {name: Fact(name, value, Provenance("given", "例")) for name, value in facts.items()})


def verdict(pack: Pack, rule: str, facts: Mapping[str, FactValue], on: date = DAY) -> str:
    requirement = pack.requirements[rule]
    return judge_requirement(pack, requirement, sheet(facts, requirement.subject), on, NOBODY).verdict.value


def locking(pack: Pack, activated: frozenset[str] = NOBODY) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in pack.requirements.values():
        if effect(rule, activated) == "lock":
            found.setdefault(rule.gate or rule.duty, set()).add(rule.id)
    return found


@pytest.mark.parametrize(("place", "lineage"), [(HANGZHOU, ("cn.project", "cn.zhejiang")), (HAIKOU, ("cn.project", "cn.hainan"))])
def test_a_city_stands_under_its_province_and_no_override_of_the_province_is_looser(
    packs: tuple[Pack, ...], place: str, lineage: tuple[str, ...]
) -> None:
    merged, reports = select(packs, place, DAY)
    assert (merged.lineage, reports) == (lineage, [])
    assert at(packs, place[:2] + "0000").digest_sm3 == merged.digest_sm3


def test_rules_are_counted_by_kind_confidence_and_action(packs: tuple[Pack, ...]) -> None:
    assert {place: count_rules(at(packs, place)) for place in COUNTS} == COUNTS


def test_a_province_adds_its_rules_and_takes_none_away(packs: tuple[Pack, ...]) -> None:
    nation = list(at(packs, NATION).requirements)
    assert {place: list(at(packs, place).requirements) for place in ADDED} == {place: nation + added for place, added in ADDED.items()}


def test_rules_of_a_province_are_local_and_wait_for_the_officer(packs: tuple[Pack, ...]) -> None:
    for place, added in ADDED.items():
        rules = [at(packs, place).requirements[ident] for ident in added]
        standing = {(rule.kind, rule.scope, rule.action, rule.confidence, effect(rule, NOBODY)) for rule in rules}
        assert standing == {("local", "local", "activate", "verified", "warn")}
        assert {effect(rule, frozenset(added)) for rule in rules} == {"lock"}
        assert {clause.article for rule in rules for clause in rule.clauses} == {""}


def test_what_locks_in_a_province_is_what_locks_in_the_nation(packs: tuple[Pack, ...]) -> None:
    assert {place: locking(at(packs, place)) for place in COUNTS} == dict.fromkeys(COUNTS, LOCKS)


def test_deadlines_and_change_rules_lock_alike_in_every_place(packs: tuple[Pack, ...]) -> None:
    for place in COUNTS:
        pack = at(packs, place)
        assert Counter(effect(rule, NOBODY) for rule in pack.deadlines.values()) == {"lock": 24, "warn": 15, "remind": 6}
        assert [rule.id for rule in pack.change_rules.values() if effect(rule, NOBODY) == "lock"] == ["A2", "A3", "B1", "B2", "B5", "C3"]


def test_five_departments_sign_the_approval_in_zhejiang_and_every_other_gate_is_signed_as_in_the_nation(packs: tuple[Pack, ...]) -> None:
    signed = {place: {gate.id: gate.co_signers for gate in at(packs, place).gates.values()} for place in COUNTS}
    five = ("EXP", "DRC", "CAC", "CRY", "FIN", "PMO")
    assert signed == {NATION: CO_SIGNERS, HANGZHOU: {**CO_SIGNERS, "G02": five}, HAIKOU: CO_SIGNERS}


def test_every_override_of_a_province_says_why(packs: tuple[Pack, ...]) -> None:
    found = {pack.header.id: [(item.table, item.id) for item in pack.overrides if item.reason] for pack in packs}
    assert found["cn.zhejiang"] == [("gate", "G02"), ("duty", "CRY"), ("requirement", "initiation.duplicate_check")]
    assert found["cn.hainan"] == [
        ("parameter", "prelim_before_online"),
        ("parameter", "filing_before_prelim"),
        ("parameter", "crypto_gate_mode"),
        ("requirement", "acceptance.prelim_before_online"),
        ("requirement", "acceptance.filing_before_prelim"),
        ("requirement", "initiation.crypto_plan_opinion"),
        ("gate", "G07"),
        ("gate", "G08"),
    ]


def test_an_overridden_text_is_spoken_in_english_too(packs: tuple[Pack, ...]) -> None:
    nation, zhejiang, hainan = (in_english(at(packs, place)) for place in (NATION, HANGZHOU, HAIKOU))
    assert zhejiang.duties["CRY"].title == "Confidential communications department (cryptography)"
    assert {gate for gate in nation.gates if nation.gates[gate].exceptions != zhejiang.gates[gate].exceptions} == {"G02"}
    assert {gate for gate in nation.gates if nation.gates[gate].exceptions != hainan.gates[gate].exceptions} == {"G07", "G08"}
    changed = [rule for rule in nation.requirements if nation.requirements[rule].remedy != hainan.requirements[rule].remedy]
    assert changed == ["initiation.crypto_plan_opinion"]


PRELIMINARY_FAILED: dict[str, FactValue] = {
    "project.level": "province",
    "project.type": "new",
    "project.is_fixed_asset": False,
    "evidence.preliminary_acceptance.conclusion": "fail",
}


def test_failed_preliminary_acceptance_keeps_a_provincial_project_offline_only_in_hainan(packs: tuple[Pack, ...]) -> None:
    rule = "acceptance.prelim_before_online"
    found = {place: verdict(at(packs, place), rule, PRELIMINARY_FAILED) for place in COUNTS}
    assert found == {NATION: "not_applicable", HANGZHOU: "not_applicable", HAIKOU: "unmet"}
    assert verdict(at(packs, HAIKOU), rule, {**PRELIMINARY_FAILED, "project.level": "city"}) == "not_applicable"
    assert verdict(at(packs, HAIKOU), rule, {**PRELIMINARY_FAILED, "project.type": "om"}) == "not_applicable"
    assert verdict(at(packs, HAIKOU), rule, PRELIMINARY_FAILED, date(2023, 12, 31)) == "not_applicable"


def test_going_live_is_held_back_in_hainan_once_the_officer_activated_the_rule(packs: tuple[Pack, ...]) -> None:
    pack, rule = at(packs, HAIKOU), "acceptance.prelim_before_online"
    facts = sheet({**PRELIMINARY_FAILED, "project.has_software_dev": False, "project.mobile_app": False, "project.network": "gov_extranet"})
    system = FactSheet("system", "S", "系统", sheet({"system.is_cii": False, "system.mlps_level": 2}).facts)

    def holding(activated: frozenset[str]) -> list[str]:
        judged = judge_gate(pack, "G07", facts, {"system": [system]}, on=DAY, activated=activated)
        return [row.requirement.id for row in judged.rows if row.holds_back]

    assert (holding(NOBODY), holding(frozenset({rule}))) == ([], [rule])


def test_a_level_two_system_without_certificate_is_warned_before_preliminary_acceptance_only_in_hainan(packs: tuple[Pack, ...]) -> None:
    facts: dict[str, FactValue] = {"project.level": "province", "project.type": "new", "system.mlps_level": 2}
    found = {place: verdict(at(packs, place), "acceptance.filing_before_prelim", facts) for place in COUNTS}
    assert found == {NATION: "not_applicable", HANGZHOU: "not_applicable", HAIKOU: "unknown"}


def test_an_assessment_of_the_cryptography_plan_is_wanted_by_itself_only_in_hainan(packs: tuple[Pack, ...]) -> None:
    facts: dict[str, FactValue] = {"project.type": "new", "system.is_cii": False, "system.mlps_level": 3}
    found = {place: verdict(at(packs, place), "initiation.crypto_plan_opinion", facts) for place in COUNTS}
    assert found == {NATION: "not_applicable", HANGZHOU: "not_applicable", HAIKOU: "unknown"}


def test_a_duplicate_in_the_application_catalogue_fails_the_report_that_the_nation_would_pass(packs: tuple[Pack, ...]) -> None:
    rule, report = "initiation.duplicate_check", "evidence.duplicate_check"
    facts: dict[str, FactValue] = {
        f"{report}.conclusion": "pass",
        f"{report}.unexplained_count": 0,
        "evidence.catalogue_search.conclusion": "duplicate",
    }
    nation, hangzhou = at(packs, NATION), at(packs, HANGZHOU)
    assert (verdict(nation, rule, {name: facts[name] for name in facts if report in name}), verdict(hangzhou, rule, facts)) == ("met", "unmet")
    assert verdict(hangzhou, rule, {name: facts[name] for name in facts if report in name}) == "unknown"
    assert effect(hangzhou.requirements[rule], frozenset({rule})) == "remind"


def test_provincial_review_does_not_reach_city_projects(packs: tuple[Pack, ...]) -> None:
    pack = at(packs, HANGZHOU)
    found = {level: [verdict(pack, rule, {"project.level": level}) for rule in ADDED[HANGZHOU]] for level in ("province", "city")}
    assert found == {"province": ["unknown"] * 3, "city": ["not_applicable"] * 3}


LOOSER = [
    ("cn.hainan", "460100", "parameter", "prelim_before_online", "value = [{ value = false, from = 2020-01-01 }]"),
    ("cn.hainan", "460100", "parameter", "filing_before_prelim", "value = [{ value = false, from = 2020-01-01 }]"),
    ("cn.hainan", "460100", "parameter", "crypto_gate_mode", 'value = [{ value = "soft", from = 2020-01-01 }]'),
    ("cn.hainan", "460100", "requirement", "hainan.archive_originals", 'action = "remind"'),
    ("cn.hainan", "460100", "requirement", "hainan.prelim_expert_review", "require = 'evidence.prelim_expert_review.conclusion == \"pass\"'"),
    ("cn.zhejiang", "330100", "requirement", "zhejiang.joint_review", 'when = "false"'),
    ("cn.zhejiang", "330100", "requirement", "initiation.duplicate_check", "require = 'evidence.duplicate_check.conclusion == \"pass\"'"),
]


@pytest.mark.parametrize(("province", "place", "table", "ident", "change"), LOOSER)
def test_a_city_that_loosens_its_province_is_reported_and_not_taken(
    packs: tuple[Pack, ...], below: Callable[[str, str, str], Pack], province: str, place: str, table: str, ident: str, change: str
) -> None:
    rules = f'[[override]]\ntable = "{table}"\nid = "{ident}"\nreason = "本市从宽"\nset = {{ {change} }}\n'
    merged, reports = select((*packs, below(province, place, rules)), place, DAY)
    before = at(packs, place)
    assert [(report.pack_id, report.id, report.taken, bool(report.findings)) for report in reports] == [("t.city", ident, False, True)]
    assert (merged.parameters, merged.requirements) == (before.parameters, before.requirements)


def test_a_city_may_set_its_own_co_signers(packs: tuple[Pack, ...], below: Callable[[str, str, str], Pack]) -> None:
    rules = '[[override]]\ntable = "gate"\nid = "G02"\nreason = "市级项目不联审"\nset = { co_signers = ["EXP", "CAC", "CRY", "FIN"] }\n'
    merged, reports = select((*packs, below("cn.zhejiang", "330100", rules)), "330100", DAY)
    assert (merged.gates["G02"].co_signers, reports) == (CO_SIGNERS["G02"], [])
