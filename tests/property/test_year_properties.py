"""The order of applications: whole, the same however they come, and never beyond the cap above the line."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sixgate.domain.planning.year import Candidate, rank

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 1000).map(lambda number: UUID(int=number)),
        st.integers(0, 3),
        st.integers(1, 5),
        st.integers(0, 3).map(lambda days: date(2026, 9, 1) + timedelta(days)),
    ),
    unique_by=lambda item: item.id,
    max_size=12,
)


@given(CANDIDATES, st.integers(0, 40), st.randoms(use_true_random=False))
def test_the_order_is_whole_and_does_not_depend_on_how_they_come(candidates: list[Candidate], cap: int, chance: Random) -> None:
    mixed = list(candidates)
    chance.shuffle(mixed)
    order = rank(candidates, cap)
    assert (rank(mixed, cap), {place.candidate for place in order}, len(order)) == (order, set(candidates), len(candidates))


@given(CANDIDATES, st.integers(0, 40))
def test_what_is_above_the_line_never_exceeds_the_cap_and_the_line_is_one(candidates: list[Candidate], cap: int) -> None:
    order = rank(candidates, cap)
    within = [place.within for place in order]
    assert sum(place.candidate.asked_fen for place in order if place.within) <= cap
    assert within == sorted(within, reverse=True)
    assert [place.short_fen > 0 for place in order] == [not item for item in within]
