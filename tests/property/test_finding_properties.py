"""What holds of a finding whatever happens to it: who may move it where, that it never vanishes unseen, and that looking twice changes nothing."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from sixgate.domain.planning.finding import MOST_ACCEPTED, Standing, State, accepted, after_look, explained, gone, taken_up_again
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.verdict import Verdict

FIRST = date(2026, 1, 1)
DAYS = some.dates(FIRST, FIRST + timedelta(days=400))
DIGESTS = some.sampled_from(["a", "b"])
LOOKS = some.lists(some.tuples(some.sampled_from(list(Verdict)), DIGESTS, some.integers(0, 30)), max_size=12)
WORDS = some.sampled_from(["explain", "accept", "reopen", "nothing"])
HISTORY = some.lists(some.tuples(some.sampled_from(list(Verdict)), DIGESTS, some.integers(0, 30), WORDS), max_size=12)


def spoken(before: Standing | None, word: str, on: date) -> Standing | None:
    """Return a standing after a word somebody says of it; a word that does not fit changes nothing."""
    if before is None or word == "nothing":
        return before
    try:
        if word == "accept":
            state, until = accepted(before.state, on + timedelta(days=20), on), on + timedelta(days=20)
        else:
            state, until = (explained if word == "explain" else taken_up_again)(before.state), None
    except Refusal:
        return before
    return Standing(state, before.facts_digest, before.first_seen, before.last_seen, until, None, before.times)


@given(HISTORY)
def test_a_place_is_open_after_it_was_found_unless_something_was_said_of_these_very_facts(history: list[tuple[Verdict, str, int, str]]) -> None:
    standing: Standing | None = None
    on = FIRST
    for verdict, digest, days, word in history:
        on += timedelta(days=days)
        before = standing
        standing = after_look(before, verdict, digest, on)
        if verdict is Verdict.UNMET:
            assert standing is not None
            kept = before is not None and before.state in (State.EXPLAINED, State.ACCEPTED) and before.facts_digest == digest
            lapsed = before is not None and before.accepted_until is not None and on > before.accepted_until
            assert standing.state is (before.state if before is not None and kept and not lapsed else State.OPEN)
            assert (standing.last_seen, standing.facts_digest, standing.resolved_on) == (on, digest, None)
        elif verdict is Verdict.UNKNOWN:
            assert standing == before
        elif standing is not None:
            assert standing.state is State.RESOLVED
        standing = spoken(standing, word, on)


@given(HISTORY, some.sampled_from(list(Verdict)), DIGESTS)
def test_looking_twice_on_a_day_changes_nothing_more(history: list[tuple[Verdict, str, int, str]], verdict: Verdict, digest: str) -> None:
    standing: Standing | None = None
    on = FIRST
    for seen, facts, days, word in history:
        on += timedelta(days=days)
        standing = spoken(after_look(standing, seen, facts, on), word, on)
    once = after_look(standing, verdict, digest, on)
    assert after_look(once, verdict, digest, on) == once


@given(LOOKS)
def test_the_first_day_stays_and_the_number_of_openings_never_falls(looks: list[tuple[Verdict, str, int]]) -> None:
    standing: Standing | None = None
    on = FIRST
    for verdict, digest, days in looks:
        on += timedelta(days=days)
        after = after_look(standing, verdict, digest, on)
        if standing is not None:
            assert after is not None and after.first_seen == standing.first_seen and after.times >= standing.times
            back = standing.state is State.RESOLVED and after.state is State.OPEN
            assert after.times == standing.times + (1 if back else 0)
        standing = after


@given(some.sampled_from(list(State)), DAYS, DAYS)
def test_nothing_is_accepted_for_a_past_day_or_more_than_a_year(state: State, until: date, on: date) -> None:
    try:
        after = accepted(state, until, on)
    except Refusal:
        assert state is State.RESOLVED or until <= on or until > on + MOST_ACCEPTED
    else:
        assert (after, state is State.RESOLVED, on < until <= on + MOST_ACCEPTED) == (State.ACCEPTED, False, True)


@given(some.sampled_from(list(State)), DAYS)
def test_what_is_gone_is_resolved_once(state: State, on: date) -> None:
    before = Standing(state, "a", FIRST, FIRST, None, FIRST if state is State.RESOLVED else None)
    after = gone(before, on)
    assert (after.state, after.resolved_on, gone(after, on + timedelta(days=1))) == (State.RESOLVED, before.resolved_on or on, after)
