"""What leads a home page: each hat its five cards, every card a way that opens, greens not to be believed, another hat on a click; few queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import Cast, acting, cast, person, signed_in
from journey import hand_in, passed_first, project_of
from sixgate.records.models import Finding, LedgerEvent, Post, Project, System
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._registry import verbs
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.systems import link_system, register_system
from sixgate.usecases.work import desk
from sixgate.usecases.work.hats import HATS, ON

pytestmark = pytest.mark.usefixtures("rows", "own_files")
MOST_QUERIES = {"OWN": 26}  # an owner's page judges its gates as one looks; the others stay within fifteen


@pytest.fixture
def people() -> Cast:
    """Give a city with a late project that passed its first gate and rated itself green, and a system."""
    found = cast()
    project = project_of(found)
    passed_first(found, project)
    amend_project(found.clerk, project_id=project, planned_finish=today() - timedelta(days=3))
    verbs()["planning.rate_project"].run(found.clerk, project_id=project, colour="green", note="", on=today())
    system = register_system(found.clerk, name="市民卡平台", owner_id=found.here.bureau.id, online_on=today() - timedelta(days=500))
    link_system(found.clerk, project_id=project, system_id=System.objects.get(pk=system["system"]).id)
    return found


def holder(people: Cast, duty: str) -> Actor:
    """Return somebody with one duty; of the project where the duty is of one."""
    project = Project.objects.order_by("pk").first()
    someone = person(duty.lower(), people.here.bureau, duty)
    if _law.duties(today())[duty].scope == "project" and duty not in ("OWN", "OWN_CHECK", "OWN_NET"):
        Post.objects.filter(person=someone).update(project=project)
    return acting(someone)


@pytest.mark.parametrize("duty", sorted({min(duties) for duties in HATS.values()} | {"FIN", "SYSADMIN"}))
def test_every_hat_has_at_most_five_cards_and_each_opens_its_proof(people: Cast, duty: str) -> None:
    actor = holder(people, duty)
    client = signed_in(actor)
    page = client.get("/").content.decode()
    ways = re.findall(r'<p class="v"><a href="([^"]+)">([^<]+)</a>', page)
    hat = desk(actor).page.hat
    seen = duty != "SYSADMIN"
    assert len(ways) == (len(ON[hat]) if seen else 0) <= 5
    broken = {way: client.get(way.replace("&amp;", "&")).status_code for way, _value in ways if not way.startswith("#")}
    assert {way: code for way, code in broken.items() if code != 200} == {}
    assert [way for way, _value in ways if way.startswith("#") and f'id="{way[1:]}"' not in page] == []


@pytest.mark.parametrize("duty", sorted({min(duties) for duties in HATS.values()} | {"FIN"}))
def test_the_number_on_a_card_is_the_number_behind_it(people: Cast, duty: str) -> None:
    client = signed_in(holder(people, duty))
    page = client.get("/").content.decode()
    for way, value in re.findall(r'<p class="v"><a href="(/findings/[^"]+)">([^<]+)</a>', page):
        behind = client.get(way.replace("&amp;", "&")).content.decode()
        counted = re.search(r"共 ([0-9,]+) 个", behind)
        assert (way, value) == (way, counted.group(1) if counted else value)
        if value not in ("—", "0"):
            assert counted is not None, way


def test_the_director_is_told_which_green_not_to_believe_and_what_to_ask(people: Cast) -> None:
    page = desk(people.office).page
    (doubt,) = page.doubts
    rule = _law.law("440100", today())[0].requirements["check.finish_passed"]
    assert (page.hat, page.doubts_total, doubt.title, doubt.ask, doubt.rated_on) == ("director", 1, rule.title, rule.remedy, today())
    shown = signed_in(people.office).get("/").content.decode()
    assert ("<b>1 个项目</b>自评是绿" in shown, rule.remedy in shown) == (True, True)


def test_a_unit_that_says_red_itself_is_not_doubted(people: Cast) -> None:
    project = Project.objects.get()
    verbs()["planning.rate_project"].run(people.clerk, project_id=project.id, colour="red", note="要延期", on=today())
    assert (desk(people.office).page.doubts, desk(people.office).page.doubts_total) == ((), 0)


def test_the_owner_is_told_what_the_next_gate_lacks_by_which_clause(people: Cast) -> None:
    (still,) = [item for item in desk(people.clerk).still if item.gate == "G02"]
    row = signed_in(people.clerk).get("/").content.decode()
    assert (still.lacks.unmet + still.lacks.unknown > 0, bool(still.remedy), still.clause.startswith("《")) == (True, True, True)
    assert (still.remedy[:20] in row, still.clause in row) == (True, True)


def test_papers_nobody_checked_are_counted_for_the_owner_until_they_are(people: Cast) -> None:
    project = Project.objects.get()
    version = hand_in(people, project.id, "feasibility_study")
    assert {card.name: card.value for card in desk(people.clerk).page.cards}["unchecked"] == 1
    verbs()["lifecycle.initiation.check_evidence"].run(people.checker, version_id=version, agrees=True)
    assert {card.name: card.value for card in desk(people.clerk).page.cards}["unchecked"] == 0


def test_whoever_has_two_hats_chooses_one_and_it_is_remembered(people: Cast) -> None:
    both = acting(person("both", people.here.bureau, "OWN", "PMO"))
    client = signed_in(both)
    assert "不要轻信的绿灯" in client.get("/").content.decode()
    assert "不要轻信的绿灯" not in client.get("/?hat=owner").content.decode()
    assert "不要轻信的绿灯" not in client.get("/").content.decode()
    assert "不要轻信的绿灯" in client.get("/?hat=nobody").content.decode()


def test_the_auditor_counts_the_acts_of_this_month(people: Cast) -> None:
    auditor = holder(people, "AUDITOR")
    cards = {card.name: card.value for card in desk(auditor).page.cards}
    since = today().replace(day=1)
    entered = LedgerEvent.objects.filter(at__date__gte=since, result="ok").count()
    assert (cards["acts"], cards["denied"], cards["exports"], cards["self_decided"]) == (entered, 0, 0, None)


@pytest.mark.parametrize("duty", sorted({min(duties) for duties in HATS.values()}))
def test_more_projects_ask_no_more_queries(people: Cast, duty: str) -> None:
    actor = holder(people, duty)
    few = queries(actor)
    for _number in range(6):
        project_of(people)
    assert Finding.objects.count() > 0
    more = queries(actor)
    assert (more <= MOST_QUERIES.get(duty, 15), more - few <= 2) == (True, True), (few, more)


def queries(actor: Actor) -> int:
    with CaptureQueriesContext(connection) as asked:
        desk(actor)
    return len(asked)
