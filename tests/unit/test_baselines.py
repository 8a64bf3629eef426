"""Every plan is kept: the original stays first whatever came later, a plan set again to the same is no new one, and what is not told is not made up."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sixgate.domain.planning.baselines import Baselines, Kept, Moved, Plan, Source, Step, moved, plans

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=999)


def source(number: int) -> Source:
    """Return the act of a day."""
    return Source(f"e{number}", NOON + timedelta(days=number), "amended")


def test_the_original_stays_first_and_an_act_that_tells_only_what_was_is_read_from_the_next() -> None:
    steps = [Step(source(2), date(2026, 9, 1), date(2027, 1, 1)), Step(source(1), date(2026, 6, 1))]
    told = [Plan(date(2026, 6, 1)), Plan(date(2026, 9, 1), source(1)), Plan(date(2027, 1, 1), source(2))]
    assert list(plans(steps, date(2027, 1, 1), LATER)) == told


def test_a_day_in_the_past_has_the_plan_of_that_day() -> None:
    kept = Kept(finish=[Step(source(5), date(2026, 6, 1), date(2026, 9, 1))])
    day = kept.until(NOON, date(2026, 9, 1), None)
    assert (list(day.finish), day.times, day.shift_days, day.shift_fen) == ([Plan(date(2026, 6, 1))], 0, 0, None)


def test_a_change_that_tells_only_by_how_much_is_undone_and_an_amount_cut_to_nothing_is_not_guessed() -> None:
    def less(net: int) -> "Step[int]":
        return Step(source(1), None, told=False, undo=lambda after: None if after in (None, 0) and net < 0 else (after or 0) - net)

    assert [plan.value for plan in plans([less(30)], 130, LATER)] == [100, 130]
    assert [plan.value for plan in plans([less(-30)], 0, LATER)] == [0]


def test_sums_are_over_projects_set_anew_and_what_is_not_known_is_left_out() -> None:
    one = Baselines((Plan(date(2026, 1, 1)), Plan(date(2026, 1, 11), source(1)), Plan(date(2026, 1, 6), source(2))), ())
    two = Baselines((), (Plan(100), Plan(250, source(1))))
    still = Baselines((Plan(date(2026, 1, 1)),), (Plan(5),))
    assert moved([one, two, still]) == Moved(2, ((1, 1), (2, 1)), 5, 1, 150, 1)
    assert moved([still]) == Moved()


def test_one_act_on_finish_and_amount_counts_once() -> None:
    both = Baselines((Plan(date(2026, 1, 1)), Plan(date(2026, 2, 1), source(1))), (Plan(1), Plan(2, source(1))))
    assert both.times == 1


@given(st.lists(st.dates(date(2025, 1, 1), date(2028, 1, 1)), min_size=1, max_size=8))
def test_plans_walked_back_are_the_plans_that_were_set(values: list[date]) -> None:
    steps = [Step(source(number), before, after) for number, (before, after) in enumerate(zip(values, values[1:], strict=False))]
    wanted = [value for at, value in enumerate(values) if at == 0 or values[at - 1] != value]
    assert [plan.value for plan in plans(steps[::-1], values[-1], LATER)] == wanted
