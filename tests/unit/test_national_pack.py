"""The national pack against the stage table of the domain reference: every row is there, at its gate, and what is only habit never locks."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from sixgate.domain.lifecycle.deadline import judge_deadlines
from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.engines.rules.pack import read_pack
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance
from sixgate.kernel.workcalendar import national

# Row → where the table puts it (several where one row speaks of several moments): 1.7 and 1.7a stand under 107, 1.10 under 110.
ROWS = {
    **dict.fromkeys((100, 102, 103, 109, 110), {"G01"}),
    **dict.fromkeys((101, 104, 105, 106, 107, 108, 111, 112, 113), {"G02"}),
    **dict.fromkeys((201, 202, 203, 204, 205, 206, 207, 208, 209), {"G03"}),
    **dict.fromkeys((301, 302, 303, 304), {"G04"}),
    305: {"G05"},
    306: {"G05", "duty"},
    307: {"G06"},
    308: {"duty"},
    401: {"G06"},
    **dict.fromkeys((402, 408), {"G08"}),
    **dict.fromkeys((403, 404, 409), {"duty"}),
    **dict.fromkeys((405, 406), {"G07"}),
    407: {"G07", "duty"},
    **dict.fromkeys((500, 516, 517), {"G07"}),
    501: {"G08", "duty"},
    502: {"G08"},
    503: {"G07", "G08"},
    **dict.fromkeys((504, 505, 508, 510, 511, 512), {"G09"}),
    506: {"G07", "G09"},
    507: {"G07", "duty"},
    509: {"G09", "duty"},
    513: {"contract"},
    514: {"duty"},
    **dict.fromkeys((602, 603, 604, 605, 606, 607), {"duty"}),
    **dict.fromkeys((608, 609), {"G10"}),
    **dict.fromkeys((610, 611), {"G11"}),
}
# The parameters that describe a place and that people read, and the one that only a city's pack reads.
TOLD_ONLY = {
    "simplified_amount_limit",
    "project_types",
    "approving_authority",
    "fixed_asset_rule",
    "leading_group_amount",
    "review_workdays",
    "doc_correction_workdays",
    "ops_free_warranty_months_min",
    "ops_free_warranty_months_max",
}


@pytest.fixture(scope="module")
def nation() -> Pack:
    """Return the national pack."""
    return read_pack(Path(str(files("sixgate") / "regulations" / "cn" / "project")), BASE_FACTS)


def test_every_row_of_the_stage_table_stands_at_its_gate(nation: Pack) -> None:
    found: dict[int, set[str]] = {}
    for rule in (item for item in nation.requirements.values() if item.duty != "check"):
        found.setdefault(rule.row, set()).add(rule.gate or rule.duty)
    assert found == ROWS


def test_a_law_rests_on_a_clause_and_a_verified_one_on_a_text_that_was_seen(nation: Pack) -> None:
    laws = [rule for rule in nation.requirements.values() if rule.kind == "law"]
    assert [rule.id for rule in laws if not rule.clauses] == []
    assert [rule.id for rule in laws if rule.confidence == "verified" and not any(clause.text_seen for clause in rule.clauses)] == []


def test_an_article_is_named_only_where_the_text_was_seen(nation: Pack) -> None:
    rules = (*nation.requirements.values(), *nation.deadlines.values(), *nation.change_rules.values())
    assert [(rule.id, clause.document) for rule in rules for clause in rule.clauses if clause.article and not clause.text_seen] == []


def test_every_parameter_but_the_descriptive_ones_is_read_by_a_rule(nation: Pack) -> None:
    texts = [text for rule in nation.requirements.values() for text in (rule.when, rule.require)]
    texts += [rule.when for rule in (*nation.gates.values(), *nation.deadlines.values(), *nation.change_rules.values())]
    read = {
        name.removeprefix("parameter.") for text in texts if text for name in nation.language.compile(text).reads if name.startswith("parameter.")
    }
    read |= {deadline.parameter for deadline in nation.deadlines.values() if deadline.parameter}
    by_confidence = {name for name in nation.parameters if name.startswith("confidence.")}  # read by the domain, test_confidence.py
    assert set(nation.parameters) - read - by_confidence == TOLD_ONLY


ACCEPTED: Mapping[str, FactValue] = {
    "project.is_fixed_asset": True,
    "evidence.preliminary_acceptance.completed_on": date(2024, 1, 31),
    "evidence.trial_run_report.started_on": date(2024, 3, 1),
    "evidence.trial_run_report.ended_on": date(2024, 7, 1),
    "evidence.archive_acceptance.applied_on": date(2024, 7, 1),
    "evidence.final_acceptance.built_on": date(2024, 6, 30),
    "evidence.final_acceptance.concluded_on": date(2024, 9, 2),
    "evidence.crypto_assessment.issued_on": date(2024, 5, 6),
    "system.online_on": date(2024, 5, 6),
    "system.mlps_level": 2,
}
EVERYWHERE = {
    "acceptance.preliminary_due": date(2024, 3, 1),
    "acceptance.trial_run_longest": date(2024, 9, 2),
    "acceptance.crypto_filing": date(2024, 6, 5),
    "acceptance.mlps_filing": date(2024, 6, 5),
    "acceptance.archive_reply": date(2024, 7, 15),
    "acceptance.final_application_due": date(2024, 7, 31),
    "acceptance.final_filing": date(2024, 9, 24),
    "acceptance.asset_handover": date(2024, 10, 8),
}
CENTRAL_TOO = {
    "acceptance.preliminary_acceptance": date(2024, 7, 31),
    "acceptance.final_application": date(2024, 12, 30),
    "operations.self_evaluation_opens": date(2025, 9, 2),
    "operations.self_evaluation": date(2026, 9, 2),
}


@pytest.mark.parametrize(("central", "due"), [(False, EVERYWHERE), (True, {**EVERYWHERE, **CENTRAL_TOO})])
def test_periods_of_acceptance_fall_due_and_half_years_bind_central_projects_only(nation: Pack, central: bool, due: dict[str, date]) -> None:
    facts = {name: Fact(name, value, Provenance("given", "例")) for name, value in {**ACCEPTED, "project.is_central": central}.items()}
    states = judge_deadlines(nation, FactSheet("project", "1", "例", facts), {}, national(), today=date(2024, 12, 31))
    assert {state.id: state.due for state in states if state.due is not None} == due
