"""The portfolio as of a day: the gate waited for then, stages, lateness, years; unknown amounts are counted apart, never summed as zero."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sixgate.domain.planning.overview import (
    ProjectAt,
    Slippage,
    by_unit,
    funnel,
    gate_at,
    late_days,
    money_by_year,
    slippage,
    slipped_days,
    stage_at,
)

STAGES = {"G01": "initiation", "G02": "initiation", "G04": "procurement", "G09": "acceptance", "G10": "operations"}
DAY = date(2026, 6, 1)


def project(**given: object) -> ProjectAt:
    """Return a project of one body, waiting for its first gate."""
    base: dict[str, object] = {"owner": "市人社局", "owner_id": "1", "region": "440100", "amount_fen": 100, "waits_for": "G01"}
    return ProjectAt(**{**base, **given})  # type: ignore[arg-type]


def test_the_gate_of_a_day_is_the_one_passed_next() -> None:
    one = project(waits_for="G10", passed=[("G01", date(2026, 1, 5)), ("G02", date(2026, 3, 1)), ("G04", date(2026, 6, 1))])
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 5, 31), date(2026, 6, 1)]
    assert [gate_at(one, day) for day in days] == ["G01", "G02", "G04", "G10"]
    assert [stage_at(one, day, STAGES) for day in days] == ["initiation", "initiation", "procurement", "operations"]


def test_a_project_is_late_until_it_was_accepted_and_without_a_plan_nobody_knows() -> None:
    accepted = [("G09", date(2026, 5, 11))]
    assert late_days(project(planned_finish=date(2026, 5, 1)), DAY, "G09") == 31
    assert late_days(project(planned_finish=date(2026, 5, 1), passed=accepted), DAY, "G09") == 10
    assert late_days(project(planned_finish=date(2026, 7, 1)), DAY, "G09") == 0
    assert late_days(project(), DAY, "G09") is None


def test_every_stage_is_named_and_unknown_amounts_are_counted_apart() -> None:
    found = funnel([project(), project(amount_fen=None), project(waits_for="G04", amount_fen=7)], DAY, STAGES)
    assert [(item.stage, item.projects, item.amount_fen, item.known) for item in found] == [
        ("initiation", 2, 100, 1),
        ("design", 0, 0, 0),
        ("procurement", 1, 7, 1),
        ("delivery", 0, 0, 0),
        ("acceptance", 0, 0, 0),
        ("operations", 0, 0, 0),
    ]


def test_units_come_by_their_number_of_projects_with_what_is_late() -> None:
    late = project(planned_finish=date(2026, 5, 1))
    found = by_unit([late, project(), project(owner="市教育局", owner_id="2", amount_fen=None)], DAY, STAGES, "G09")
    assert [(unit.name, unit.projects, unit.amount_fen, unit.known, unit.late) for unit in found] == [
        ("市人社局", 2, 200, 2, 1),
        ("市教育局", 1, 0, 0, 0),
    ]


def test_years_without_a_kind_of_money_say_so() -> None:
    found = money_by_year([(2025, "ldb", 5), (2025, "lgi", 7), (2025, "ldb", 1)], [(2026, 9)], [])
    assert [(year.year, dict(year.by_source), year.funded_fen, year.contracted_fen, year.paid_fen) for year in found] == [
        (2025, {"ldb": 6, "lgi": 7}, 13, None, None),
        (2026, {}, None, 9, None),
    ]


@given(
    st.lists(st.tuples(st.sampled_from(sorted(STAGES)), st.dates(date(2024, 1, 1), date(2027, 1, 1))), max_size=6),
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
)
def test_the_stages_of_a_day_hold_every_project_once(passed: list[tuple[str, date]], day: date) -> None:
    many = [project(passed=sorted(passed, key=lambda item: item[1])), project()]
    assert sum(item.projects for item in funnel(many, day, STAGES)) == len(many)


def test_slippage_is_reckoned_from_the_first_plan_and_says_of_how_many() -> None:
    first, accepted = date(2026, 1, 1), [("G09", date(2026, 2, 1))]
    known = [
        project(planned_finish=date(2026, 5, 1), first_finish=first),  # still open: late until today at least
        project(planned_finish=date(2026, 8, 1), first_finish=first),
        project(planned_finish=date(2026, 8, 1), first_finish=first, passed=accepted),
        project(planned_finish=date(2026, 8, 1)),
    ]
    assert [slipped_days(item, DAY, "G09") for item in known] == [151, 212, 31, 0]
    assert slippage([*known, project()], DAY, "G09") == Slippage(31, 212, 4)
    assert slippage([project()], DAY, "G09") is None
