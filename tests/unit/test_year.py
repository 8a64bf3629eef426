"""The budget year decided on plain facts: windows, one return, the order and its line."""

from datetime import date
from uuid import UUID

import pytest

from sixgate.domain.planning.year import Candidate, State, may_file, may_return, passed_over, rank, window_open

DAY = date(2026, 9, 10)


def candidate(number: int, score: int, asked_fen: int, filed_on: date = DAY) -> Candidate:
    return Candidate(UUID(int=number), score, asked_fen, filed_on)


@pytest.mark.parametrize(("day", "is_open"), [(8, False), (9, True), (11, True), (12, False)])
def test_both_days_of_a_window_count(day: int, is_open: bool) -> None:
    assert window_open(date(2026, 9, 9), date(2026, 9, 11), date(2026, 9, day)) is is_open


@pytest.mark.parametrize(
    ("state", "in_window", "complete_by", "may"),
    [
        (None, True, None, True),
        (None, False, None, False),
        ("filed", True, None, True),
        ("filed", False, None, False),
        ("returned", False, DAY, True),
        ("returned", True, date(2026, 9, 9), False),
        ("complete", True, None, False),
        ("allotted", True, None, False),
    ],
)
def test_an_application_is_filed_in_the_window_and_completed_until_its_day(
    state: State | None, in_window: bool, complete_by: date | None, may: bool
) -> None:
    assert may_file(state, in_window=in_window, complete_by=complete_by, day=DAY) is may


def test_an_application_is_returned_once() -> None:
    assert [may_return(state, returned_before=before) for state in ("filed", "complete") for before in (False, True)] == [True, False, False, False]


def test_equal_points_go_by_the_smaller_sum_then_the_earlier_day() -> None:
    given = [candidate(1, 80, 500), candidate(2, 90, 900), candidate(3, 80, 300, date(2026, 9, 12)), candidate(4, 80, 300)]
    assert [place.candidate.id.int for place in rank(given, 10_000)] == [2, 4, 3, 1]


def test_below_the_line_nobody_jumps_ahead_and_what_is_short_is_said() -> None:
    order = rank([candidate(1, 90, 600), candidate(2, 80, 700), candidate(3, 70, 100)], 1000)
    assert [(place.number, place.total_fen, place.within, place.short_fen) for place in order] == [
        (1, 600, True, 0),
        (2, 1300, False, 300),
        (3, 1400, False, 400),
    ]


def test_who_stands_ahead_of_a_chosen_one_is_named() -> None:
    order = rank([candidate(1, 90, 600), candidate(2, 80, 700), candidate(3, 70, 100)], 1000)
    assert passed_over(order, [UUID(int=1), UUID(int=3)]) == (UUID(int=2),)
    assert passed_over(order, [UUID(int=1), UUID(int=2)]) == ()
