"""Grants, reach and periods of posts."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixgate.domain.authority import (
    ADMINISTRATIVE,
    PostFact,
    Target,
    matches,
    may_meet,
    overlaps,
    reaches,
    region_prefix,
    signs_and_decides,
    unseparated,
)


@pytest.mark.parametrize(
    ("grant", "address", "covered"),
    [
        ("planning.register_project", "planning.register_project", True),
        ("planning.*", "planning.register_project", True),
        ("lifecycle.*.submit_evidence", "lifecycle.design.submit_evidence", True),
        ("lifecycle.*.submit_evidence", "lifecycle.design.decide_gate", False),
        ("lifecycle.acceptance.*", "lifecycle.acceptance.decide_gate", True),
        ("lifecycle.acceptance.*", "lifecycle.design.decide_gate", False),
        ("planning.register_project", "planning.register_project.more", False),
        ("planning.register_project.more", "planning.register_project", False),
    ],
)
def test_a_grant_covers_exactly_its_addresses(grant: str, address: str, covered: bool) -> None:
    assert matches(grant, address) is covered


@pytest.mark.parametrize(("code", "prefix"), [("440000", "44"), ("440100", "4401"), ("440106", "440106"), ("110000", "11"), ("100000", "10")])
def test_a_division_code_gives_the_prefix_of_its_descendants(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


def test_a_city_post_reaches_its_county_and_not_the_next_city() -> None:
    post = PostFact("PMO", uuid4(), "440100", None, date(2020, 1, 1), None)
    assert reaches(post, "region", Target(uuid4(), "440106"))
    assert not reaches(post, "region", Target(uuid4(), "440300"))
    assert not reaches(post, "region", Target(uuid4(), "440000"))


def test_a_post_ends_before_its_last_day() -> None:
    post = PostFact("PMO", uuid4(), "", None, date(2026, 1, 1), date(2026, 2, 1))
    assert [post.holds_on(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))] == [False, True, True, False]


DUTIES = st.sampled_from([*ADMINISTRATIVE, "OWN", "PMO", "FIN"])


@given(st.sets(DUTIES))
def test_an_administrator_of_one_kind_is_nothing_else(duties: set[str]) -> None:
    assert (unseparated(duties) == ()) is (len(duties) <= 1 or not duties & set(ADMINISTRATIVE))


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_periods_overlap_when_a_day_lies_in_both(since: date, until: date | None, other: date, end: date | None) -> None:
    days = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2026, 3, 3).toordinal())]
    shared = any(since <= day and (until is None or day < until) and other <= day and (end is None or day < end) for day in days)
    whole = (until is None or since < until) and (end is None or other < end)
    assert not shared or overlaps(since, until, other, end)
    assert shared is (overlaps(since, until, other, end) and whole)


@dataclass(frozen=True)
class Duty:
    """A duty for these tests."""

    scope: str
    grants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gate:
    """A gate for these tests."""

    title: str
    decider: str
    co_signers: tuple[str, ...]


HOME, AWAY = uuid4(), uuid4()
SCOPES = {"OWN": Duty("project"), "SUP": Duty("project"), "FIN": Duty("region"), "APR": Duty("region")}


def post(duty: str, body: UUID = HOME, region: str = "440100") -> PostFact:
    return PostFact(duty, body, region, None, date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (post("OWN"), post("SUP"), True),
        (post("OWN"), post("SUP", AWAY), False),
        (post("OWN", region="440106"), post("FIN", AWAY), True),
        (post("OWN", region="440300"), post("FIN", AWAY), False),
        (post("FIN", region="440000"), post("APR", AWAY), True),
        (post("FIN", region="440300"), post("APR", AWAY), False),
    ],
)
def test_posts_meet_where_their_reach_overlaps(one: PostFact, other: PostFact, meet: bool) -> None:
    assert may_meet(one, SCOPES[one.duty].scope, other, SCOPES[other.duty].scope) is meet
    assert may_meet(other, SCOPES[other.duty].scope, one, SCOPES[one.duty].scope) is meet


def test_nobody_is_lent_the_post_that_would_have_them_sign_and_decide() -> None:
    gates = [Gate("可研审批", "APR", ("FIN",)), Gate("上线", "OWN", ("SUP",))]
    assert signs_and_decides(post("APR"), [post("FIN", AWAY)], SCOPES, gates) == ("可研审批",)
    assert signs_and_decides(post("FIN"), [post("APR", AWAY)], SCOPES, gates) == ("可研审批",)
    assert signs_and_decides(post("OWN"), [post("SUP")], SCOPES, gates) == ("上线",)
    assert signs_and_decides(post("OWN"), [post("SUP", AWAY)], SCOPES, gates) == ()
    assert signs_and_decides(post("OWN"), [post("FIN", AWAY)], SCOPES, gates) == ()
