"""The synthetic city: the same arguments draw the same city, its acts stand in the ledger on their days, and what was planted is found."""

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from sixgate.interfaces import cli
from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.records.models import FundingLine, LedgerEvent, Organisation, Passage, Project, User
from sixgate.usecases._frame import now, pinned
from sixgate.usecases.demo import PEOPLE
from sixgate.usecases.demo.city import IN_USE_BEFORE, PLANTERS, load_city
from sixgate.usecases.demo.city_acts import MORNING_UTC
from sixgate.usecases.demo.city_bulk import EVENT, copy_projects
from sixgate.usecases.demo.city_plan import PROJECTS, sketch_city
from sixgate.usecases.demo.city_recall import found_in, measure
from sixgate.usecases.demo.city_sketch import Planted, Sketch, Times

pytestmark = pytest.mark.usefixtures("rows", "own_files")
DAY = date(2026, 11, 25)
TIMES = Times(DAY, DAY - IN_USE_BEFORE)
SMALL = 0.1
LOST = 2  # gates of one project
UNHANDED = "check.deadline_overdue"  # sound projects hand in neither notice nor filing of their contracts, and the check says so


def drawn(planter: str, seed: int) -> tuple[list[Sketch], list[Planted]]:
    """Return a whole city as sketches, and what was planted in it."""
    rng = Random(seed)
    sketches = sketch_city(TIMES, rng, 1)
    return sketches, PLANTERS[planter](sketches, TIMES, rng)


@pytest.fixture
def small(tmp_path: Path, settings: Any) -> dict[str, Any]:
    """Load a small city and return its truth."""
    truth = tmp_path / "truth.json"
    load_city(day=DAY, seed=1, scale=SMALL, planter="one", truth=truth)
    return dict(json.loads(truth.read_text(encoding="utf-8")))


@pytest.mark.parametrize("planter", PLANTERS)
def test_same_seed_draws_the_same_city_twice_and_another_seed_another(planter: str) -> None:
    assert drawn(planter, 1) == drawn(planter, 1)
    assert drawn(planter, 1) != drawn(planter, 2)


def test_a_whole_city_has_as_many_projects_as_it_says_and_no_two_of_one_name_unless_planted() -> None:
    sketches, _ = drawn("none", 1)
    assert (len(sketches), len({item.name for item in sketches})) == (PROJECTS, PROJECTS)
    assert [item.name for item in sketches if "示例" not in item.name] == []


@pytest.mark.parametrize(("planter", "kinds"), [("one", 29), ("two", 18)])
def test_every_kind_of_problem_is_planted_twice_or_more_on_projects_of_its_own(planter: str, kinds: int) -> None:
    planted = drawn(planter, 1)[1]
    counts = {kind: sum(item.kind == kind for item in planted) for kind in {item.kind for item in planted}}
    assert (len(counts), min(counts.values())) == (kinds, 2)
    assert len({item.key for item in planted}) == len(planted)


def test_a_small_city_is_true_in_its_ledger_its_people_and_its_truth(small: dict[str, Any], tmp_path: Path) -> None:
    """One load for what is asked of it: it takes half a minute."""
    acts_stand_in_the_order_of_their_days()
    every_account_is_a_demo_s_and_the_small_demo_s_are_there()
    a_bureau_was_merged_and_an_original_is_lost()
    what_was_planted_is_found_and_nothing_else(small)
    a_filled_database_takes_no_city(tmp_path)
    copies_say_so_and_hang_on_one_event(small)


def acts_stand_in_the_order_of_their_days() -> None:
    moments = list(LedgerEvent.objects.order_by("event_id").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert (moments[0].hour, max(moments).date() <= DAY) == (MORNING_UTC, True)
    assert LedgerEvent.objects.exclude(result="ok").count() == 0


def every_account_is_a_demo_s_and_the_small_demo_s_are_there() -> None:
    logins = {username for username, *_ in PEOPLE}
    assert set(User.objects.filter(username__in=logins).values_list("username", flat=True)) == logins
    assert User.objects.exclude(is_demo=True).count() == 0


def a_bureau_was_merged_and_an_original_is_lost() -> None:
    gone = Organisation.objects.get(name="市大数据中心（示例）")
    assert (gone.ended_on, Project.objects.filter(owner=gone).count()) == (TIMES.live(120), 0)
    assert Passage.objects.filter(reason__contains="遗失", source="takeover").count() == LOST


def what_was_planted_is_found_and_nothing_else(truth: dict[str, Any]) -> None:
    told = measure(truth, found_in(truth), {})
    named = [item for item in truth["planted"] if item["checks"]]
    assert (told["found"], set(told["false_by_check"]) - {UNHANDED}) == (len(named), set())


def a_filled_database_takes_no_city(tmp_path: Path) -> None:
    with pytest.raises(Conflict) as refused:
        load_city(day=DAY, scale=SMALL, truth=tmp_path / "second.json")
    assert refused.value.code == "database_filled"


def copies_say_so_and_hang_on_one_event(truth: dict[str, Any]) -> None:
    originals = [UUID(key) for key in truth["projects"].values()]
    lines = FundingLine.objects.filter(project__in=originals).count()
    assert copy_projects(originals, TIMES, 3) == 2 * len(originals)
    copies = Project.objects.filter(name__contains="示例副本")
    assert copies.count() == 2 * len(originals)
    assert FundingLine.objects.filter(project__in=copies, event__action=EVENT).count() == 2 * lines
    assert LedgerEvent.objects.filter(action=EVENT).count() == 1


@pytest.mark.parametrize(("given", "code"), [({"scale": 0}, "scale_wrong"), ({"planter": "three"}, "planter_unknown")])
def test_a_city_nobody_can_build_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        load_city(**given)
    assert refused.value.code == code


def test_production_lets_no_clock_stand_still(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Conflict) as refused, pinned(now()):
        pass
    assert refused.value.code == "clock_in_production"


def test_the_command_refuses_a_city_nobody_can_build(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "city", "--scale", "0", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "scale_wrong"
