"""Clauses put in force by a 法制 officer: the gate locks where it only warned, here and below, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest

from factories import CITY, acting, person, scan, world
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records.models import ClauseActivation, Organisation, ScreeningStop
from sixgate.records.queries.clauses import activated_on_record, latest_words
from sixgate.usecases._frame import today
from sixgate.usecases._project import law_for
from sixgate.usecases.authority.clauses import activate_clause, revoke_clause, standings

pytestmark = pytest.mark.usefixtures("rows", "own_files")
PAPER: dict[str, Any] = {"document": "市级政务信息化项目管理办法", "number": "穗府办[2026]3", "signed_on": today()}


def officer(username: str = "he", region: str = CITY) -> Any:
    """Return a 法制 officer of a region."""
    return acting(person(username, Organisation.objects.create(name=f"{region}司法行政部门", region_id=region), "LEG"))


def warning() -> str:
    """Return a requirement that only warns in the city."""
    return next(item.rule.id for item in standings(CITY, today()) if item.effect == "warn" and item.table == "requirement" and not item.fixed)


def effect_of(target: str, jurisdiction: str = CITY) -> str:
    """Return what a rule does at a place."""
    return next(item.effect for item in standings(jurisdiction, today()) if item.rule.id == target)


def test_a_clause_locks_once_an_officer_signed_it_and_warns_again_when_revoked() -> None:
    he, target = officer(), warning()
    activate_clause(he, target=target, jurisdiction=CITY, article="第十二条", **PAPER)
    assert effect_of(target) == "lock"
    assert target in law_for(CITY, today())[1]
    word = latest_words(CITY)[target]
    assert (word.active, word.number, word.article, word.signed_on) == (True, "穗府办〔2026〕3号", "第十二条", today())
    revoke_clause(he, target=target, jurisdiction=CITY, **PAPER)
    assert effect_of(target) == "warn"
    assert activated_on_record(CITY) == (frozenset(), frozenset({target}))
    assert ClauseActivation.objects.count() == 2


def test_a_word_of_the_province_holds_in_its_cities_and_not_beyond() -> None:
    target = warning()
    activate_clause(officer("sheng", "440000"), target=target, jurisdiction="440000", **PAPER)
    assert [target in activated_on_record(place)[0] for place in ("440000", CITY, "440106", "330100")] == [True, True, True, False]


def test_a_city_does_not_revoke_what_the_province_put_in_force() -> None:
    target = warning()
    activate_clause(officer("sheng", "440000"), target=target, jurisdiction="440000", **PAPER)
    with pytest.raises(Conflict, match="只能由上级停用"):
        revoke_clause(officer(), target=target, jurisdiction=CITY, **PAPER)
    assert effect_of(target) == "lock"


def test_an_officer_speaks_for_their_own_place() -> None:
    with pytest.raises(Forbidden):
        activate_clause(officer(), target=warning(), jurisdiction="440000", **PAPER)
    assert ClauseActivation.objects.count() == 0


def test_what_the_pack_put_in_force_can_be_taken_out_on_a_paper() -> None:
    he = officer()
    target = next(item.rule.id for item in standings(CITY, today()) if item.by_pack and not item.fixed)
    with pytest.raises(Conflict, match="已经启用"):
        activate_clause(he, target=target, jurisdiction=CITY, **PAPER)
    revoke_clause(he, target=target, jurisdiction=CITY, **PAPER)
    assert effect_of(target) == "warn"


def test_habits_unsure_rules_and_the_law_of_the_land_are_not_switched() -> None:
    he = officer()
    rules = {(item.rule.kind, item.rule.confidence, item.effect): item for item in standings(CITY, today()) if item.fixed}
    assert {item.fixed for item in rules.values()} >= {"产品惯例只作提醒，不能改成锁定。", "全国都要遵守，不用启用，也不能停用。"}
    for item in rules.values():
        for verb in (activate_clause, revoke_clause):
            with pytest.raises(Conflict) as refusal:
                verb(he, target=item.rule.id, jurisdiction=CITY, **PAPER)
            assert refusal.value.code == "clause_fixed"
    assert ClauseActivation.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"target": "no.such.rule"}, "target"),
        ({"document": " "}, "document"),
        ({"number": "第三号"}, "number"),
        ({"signed_on": today() + timedelta(days=1)}, "signed_on"),
    ],
)
def test_a_word_without_rule_paper_or_day_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        activate_clause(officer(), **{"target": warning(), "jurisdiction": CITY, **PAPER, **given})
    assert refusal.value.field == field
    assert ClauseActivation.objects.count() == 0


def test_the_text_is_kept_by_its_digest_after_the_screening() -> None:
    he, target, text = officer(), warning(), scan("管理办法")
    for answer in ("", "unsure"):
        with pytest.raises(Refusal):
            activate_clause(he, target=target, jurisdiction=CITY, text=text, screening=answer, **PAPER)
    assert (ClauseActivation.objects.count(), ScreeningStop.objects.count()) == (0, 1)
    text = scan("管理办法")
    activate_clause(he, target=target, jurisdiction=CITY, text=text, screening="no", **PAPER)
    assert ClauseActivation.objects.get().text_digest == text.sm3


def test_the_world_stands_without_words() -> None:
    world()
    assert activated_on_record(CITY) == (frozenset(), frozenset())
