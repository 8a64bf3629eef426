"""Calibration: its arithmetic on cases worked by hand, the following of names, no look ahead, and the delivered numbers made again from the data."""

import importlib.util
import json
import math
import os
import random
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sixgate.usecases.planning.calibration import calibration

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SIXGATE_DATA", str(ROOT.parent / "shared/data"))) / "portfolios"
needs_data = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="SIXGATE_DATA is absent")]


def loaded(name: str) -> ModuleType:
    """Return a script as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script() -> Iterator[Any]:
    """Give the script; its neighbours stand beside it on the path until the tests are done."""
    before = list(sys.path)
    yield loaded("calibrate_confidence")
    sys.path[:] = before


@pytest.fixture(scope="module")
def numbers() -> Any:
    """Give the arithmetic."""
    return loaded("calibration_numbers")


def test_brier_is_the_mean_squared_distance(numbers: Any) -> None:
    assert numbers.brier([1.0, 0.0, 0.5, 0.2], [1.0, 0.0, 1.0, 1.0]) == pytest.approx((0 + 0 + 0.25 + 0.64) / 4)


def test_separation_counts_the_pairs_told_in_the_right_order(numbers: Any) -> None:
    assert numbers.separation([0.9, 0.4, 0.4, 0.1], [1.0, 1.0, 0.0, 0.0]) == 3.5 / 4
    assert numbers.separation([0.9, 0.4], [1.0, 1.0]) == 0.5


def test_reliability_gives_each_band_its_pairs_mean_and_share(numbers: Any) -> None:
    assert numbers.reliability([0.05, 0.15, 0.18, 0.95], [0.0, 0.0, 1.0, 1.0]) == [
        {"low": 0.0, "high": 0.1, "pairs": 1, "told": 0.05, "came": 0.0},
        {"low": 0.1, "high": 0.2, "pairs": 2, "told": 0.165, "came": 0.5},
        {"low": 0.6, "high": 1.0, "pairs": 1, "told": 0.95, "came": 1.0},
    ]


def test_the_interval_draws_whole_projects_and_is_the_same_for_the_same_seed(numbers: Any) -> None:
    alike = numbers.interval([0.3] * 6, [1, 1, 2, 2, 3, 3], random.Random(1), 200)
    one_project = numbers.interval([0.0, 1.0], [1, 1], random.Random(1), 200)
    two = numbers.interval([0.0, 1.0], [1, 2], random.Random(1), 200)
    assert (alike, one_project, two) == ((0.3, 0.3), (0.5, 0.5), (0.0, 1.0))
    assert numbers.interval([0.1, 0.9, 0.4], [1, 2, 3], random.Random(7), 500) == numbers.interval([0.1, 0.9, 0.4], [1, 2, 3], random.Random(7), 500)


def test_a_logistic_model_finds_the_shares_of_two_groups_but_for_its_ridge(numbers: Any) -> None:
    rows = [(0.0,)] * 400 + [(1.0,)] * 400
    came = [1.0] * 80 + [0.0] * 320 + [1.0] * 280 + [0.0] * 120
    model = numbers.Logistic.fit(rows, came)
    assert (model.tell((0.0,)), model.tell((1.0,))) == (pytest.approx(0.2, abs=0.01), pytest.approx(0.7, abs=0.01))
    assert model.tell((None,)) == pytest.approx(model.tell((0.5,)))


def test_a_model_taught_by_a_column_that_never_differs_tells_the_share(numbers: Any) -> None:
    model = numbers.Logistic.fit([(3.0, None)] * 10, [1.0] * 4 + [0.0] * 6)
    assert model.tell((3.0, None)) == pytest.approx(0.4)
    assert math.isfinite(model.tell((9.0, 1.0)))


def seen(script: Any, year: int, name: str, finish: date | None = None, level: int | None = 2, family: str = "moj") -> Any:
    return script.Seen(year, name, family, level, date(2012, 1, 1), finish, 10.0, 0.0, 6, 8)


def test_a_project_is_followed_through_brackets_and_small_changes_but_not_to_another_phase_or_department(script: Any) -> None:
    old = [
        seen(script, 2014, name, family=family)
        for name, family in (("Rail (formerly X)", "dft"), ("New Wales Prison", "moj"), ("Schools 1", "dfe"), ("IT Transformation", "dwp"))
    ]
    new = [
        seen(script, 2015, name, family=family)
        for name, family in (("Rail Programme", "dft"), ("North Wales Prison", "moj"), ("Schools 2", "dfe"), ("IT Transformations", "nca"))
    ]
    assert script.link(old, new) == {0: 0, 1: 1}


def test_a_name_that_stands_twice_is_not_followed(script: Any) -> None:
    twice = [seen(script, 2014, "Hosting"), seen(script, 2014, "Hosting Programme")]
    assert script.link(twice, [seen(script, 2015, "Hosting", family="dwp")]) == {}


def test_what_is_known_in_a_year_never_comes_from_a_later_one(script: Any) -> None:
    years = [
        seen(script, 2014, "A", date(2016, 1, 1)),
        seen(script, 2015, "A", date(2017, 1, 1)),
        seen(script, 2016, "A", date(2020, 1, 1), level=4),
    ]
    used = script.weights()
    pairs = script.pairs_of([script.Chain(years)], used)
    short = script.pairs_of([script.Chain(years[:2])], used)
    assert pairs[0] == short[0]
    assert [(pair.year, pair.seasoned, pair.doubt, pair.slip) for pair in pairs] == [(2014, False, False, True), (2015, True, True, True)]
    assert pairs[1].signal < pairs[0].signal


def test_the_page_reads_the_delivered_numbers_and_answers_by_their_intervals() -> None:
    found = calibration()
    assert [(item.id, item.pairs, item.happened) for item in found.outcomes] == [("doubt", 399, 115), ("slip", 391, 85)]
    assert [(item.derived.answer, item.rating.answer) for item in found.outcomes] == [("worse", "same"), ("same", "same")]
    assert {score.answer for item in found.outcomes for score in item.scores if score.less_low <= 0 <= score.less_high} == {"same"}
    for item in found.outcomes:
        assert [sum(band.pairs for band in bands) for _, bands in item.reliability] == [item.pairs, item.pairs]


class TestOnTheData:
    """The delivered numbers made again."""

    pytestmark = needs_data

    def test_the_delivered_numbers_and_documents_are_what_the_data_give(self, script: Any) -> None:
        found = script.calibrate(script.chains_of(DATA))
        assert json.loads(script.NUMBERS.read_text(encoding="utf-8")) == json.loads(json.dumps(found))
        for name, english in (("calibration.md", True), ("calibration.zh.md", False)):
            assert (ROOT / "docs" / name).read_text(encoding="utf-8") == script.page(found, english=english)

    def test_the_delivered_numbers_name_no_project(self, script: Any) -> None:
        text = script.NUMBERS.read_text(encoding="utf-8")
        names = {seen.name for chain in script.chains_of(DATA) for seen in chain.years}
        assert [name for name in names if name in text] == []
