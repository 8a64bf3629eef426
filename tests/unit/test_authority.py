"""Grants, reach and periods of posts."""

from datetime import date
from uuid import uuid4

import pytest

from sixgate.domain.authority import PostFact, Target, matches, reaches, region_prefix


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
