"""A budget year from the call to the money: filed, returned once, accepted, allotted within the cap; by those whose part it is, on pages too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from factories import CITY, Cast, acting, cast, person, read, signed_in
from journey import WAN
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible
from sixgate.records.models import FundingLine, LedgerEvent, Organisation, Post, Project, YearApplication, YearCall
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._input import InputRefused
from sixgate.usecases._registry import named_actor, verbs
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.year import accept_application, apply_for_year, open_call, return_application
from sixgate.usecases.planning.year_money import allot_budget

pytestmark = pytest.mark.usefixtures("rows", "own_files")
FILED = {"source": "ldb", "goals": "一网通办率达到九成", "need": "去年已批可研"}


def called(people: Cast, cap_fen: int = 1000 * WAN) -> UUID:
    """Open a call for a fortnight."""
    given = {"title": "市级信息化项目", "document_no": "穗数〔2026〕9号", "opens_on": today(), "closes_on": today() + timedelta(days=14)}
    answer = open_call(people.office, region_code=CITY, budget_year=today().year + 1, cap_fen=cap_fen, **given)
    return UUID(answer["call"])


def registered(people: Cast, name: str = "市民卡平台升级") -> UUID:
    return UUID(
        register_project(
            people.clerk, name=name, owner_id=people.here.bureau.id, screening="no", level="city", type="upgrade", network="gov_extranet"
        )["project"]
    )


def filed(people: Cast, call: UUID, asked_fen: int = 600 * WAN, name: str = "市民卡平台升级") -> UUID:
    answer = apply_for_year(people.clerk, project_id=registered(people, name), call_id=call, asked_fen=asked_fen, **FILED)
    return UUID(answer["application"])


def accepted(people: Cast, call: UUID, score: int, asked_fen: int = 600 * WAN, name: str = "市民卡平台升级") -> UUID:
    key = filed(people, call, asked_fen, name)
    accept_application(people.office, application_id=key, score=score, score_note="目标明确")
    return key


def allot(actor: Actor, call: UUID, *keys: UUID, **given: Any) -> dict[str, Any]:
    return allot_budget(actor, call_id=call, application_ids=list(keys), document_no="穗财〔2026〕7号", allotted_on=today(), **given)


def test_what_is_allotted_becomes_a_funding_line_and_an_entry() -> None:
    people = cast()
    call = called(people)
    key = accepted(people, call, 90)
    answer = allot(people.finance, call, key)
    row = YearApplication.objects.select_related("funding_line").get()
    line = FundingLine.objects.get()
    assert (line.project_id, line.source, line.budget_year, line.amount_fen, line.document_no) == (
        row.project_id,
        "ldb",
        today().year + 1,
        600 * WAN,
        "穗财〔2026〕7号",
    )
    assert (row.state, row.funding_line, str(line.event_id)) == ("allotted", line, answer["event"])
    assert LedgerEvent.objects.filter(action="planning.allot_budget", result="ok").count() == 1


def test_an_application_is_returned_once_completed_and_then_taken_as_it_is() -> None:
    people = cast()
    call = called(people)
    key = filed(people, call)
    return_application(people.office, application_id=key, wanting="缺绩效指标", complete_by=today() + timedelta(days=5))
    with pytest.raises(Conflict, match="等待核对"):
        accept_application(people.office, application_id=key, score=50, score_note="一般")
    project = YearApplication.objects.get().project_id
    again = apply_for_year(people.clerk, project_id=project, call_id=call, asked_fen=500 * WAN, **FILED)
    row = YearApplication.objects.get()
    assert (again["application"], row.state, row.asked_fen) == (str(key), "filed", 500 * WAN)
    with pytest.raises(Conflict, match="只有一次"):
        return_application(people.office, application_id=key, wanting="还缺", complete_by=today() + timedelta(days=5))


def test_what_was_not_completed_in_time_is_scored_as_it_stands() -> None:
    people = cast()
    call = called(people)
    key = filed(people, call)
    return_application(people.office, application_id=key, wanting="缺绩效指标", complete_by=today() + timedelta(days=5))
    page = read(people.office, f"/year/{call}/")
    YearApplication.objects.update(complete_by=today() - timedelta(days=1))
    over = read(people.office, f"/year/{call}/")
    assert [f"/year/applications/{key}/accept/" in text for text in (page, over)] == [False, True]
    accept_application(people.office, application_id=key, score=40, score_note="没有补正，按原有内容评分")
    assert YearApplication.objects.values_list("state", "score").get() == ("complete", 40)


def test_what_was_filed_is_changed_from_what_it_says() -> None:
    people = cast()
    call = called(people)
    key = filed(people, call)
    link = f"/projects/{YearApplication.objects.get().project_id}/acts/planning.apply_for_year/?call_id={call}&amp;source=ldb"
    page = read(people.clerk, f"/year/{call}/")
    assert (f'{link}">修改申报' in page, link in read(people.office, f"/year/{call}/")) == (True, False)
    return_application(people.office, application_id=key, wanting="缺绩效指标", complete_by=today() + timedelta(days=5))
    assert f'{link}">去补正' in read(people.clerk, f"/year/{call}/")
    form = read(people.clerk, link.replace("&amp;", "&"))
    assert [word for word in ("要补正：缺绩效指标", 'value="600"', "一网通办率达到九成", "去年已批可研") if word not in form] == []
    assert 'name="source"' not in form


def test_outside_the_window_nothing_is_filed_and_once_accepted_nothing_is_changed() -> None:
    people = cast()
    call = called(people)
    accepted(people, call, 70)
    with pytest.raises(Conflict, match="已经受理"):
        apply_for_year(people.clerk, project_id=YearApplication.objects.get().project_id, call_id=call, asked_fen=WAN, **FILED)
    YearCall.objects.update(opens_on=today() + timedelta(days=3))
    with pytest.raises(Conflict, match="不在申报期内"):
        filed(people, call, name="别的项目")
    assert YearApplication.objects.count() == 1


def test_the_cap_holds_and_leaving_the_order_wants_a_reason() -> None:
    people = cast()
    call = called(people)
    first, second = accepted(people, call, 90), accepted(people, call, 80, 500 * WAN, "教育云")
    with pytest.raises(Conflict, match="超过剩余额度"):
        allot(people.finance, call, first, second)
    with pytest.raises(InputRefused) as wrong:
        allot(people.finance, call, second)
    assert (set(wrong.value.fields), FundingLine.objects.count()) == ({"reason"}, 0)
    assert allot(people.leaders, call, second, reason="省里限期完成")["total_fen"] == 500 * WAN
    with pytest.raises(Conflict, match="超过剩余额度"):
        allot(people.finance, call, first)
    assert YearApplication.objects.filter(state="allotted").count() == 1


def test_two_allotments_at_once_never_exceed_one_cap() -> None:
    people = cast()
    call = called(people)
    keys = [accepted(people, call, 90, 400 * WAN, f"项目{number}") for number in range(4)]

    def one(key: UUID) -> str:
        try:
            return str(allot(people.finance, call, key, reason="分批下达")["allotted"])
        except Conflict as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(one, keys))
    assert answers == ["1", "1", "cap_exceeded", "cap_exceeded"]
    assert sum(FundingLine.objects.values_list("amount_fen", flat=True)) == 800 * WAN


def test_who_files_does_not_score_and_who_scores_does_not_allot() -> None:
    people = cast()
    call = called(people)
    key = filed(people, call)
    Post.objects.create(
        person_id=people.clerk.id, organisation_id=people.office.posts[0].organisation_id, duty="PMO", region_code=CITY, valid_from=today()
    )
    both = _again(people.clerk)
    with pytest.raises(Conflict, match="自己申报"):
        accept_application(both, application_id=key, score=99, score_note="很好")
    accept_application(people.office, application_id=key, score=60, score_note="尚可")
    Post.objects.create(
        person_id=people.office.id, organisation_id=people.office.posts[0].organisation_id, duty="FIN", region_code=CITY, valid_from=today()
    )
    with pytest.raises(Conflict, match="自己评分"):
        allot(_again(people.office), call, key)


def _again(actor: Actor) -> Actor:
    return named_actor(actor.name, "cli")


@pytest.mark.parametrize("name", ["open_call", "apply_for_year", "return_application", "accept_application", "allot_budget"])
def test_nobody_else_does_an_act_of_the_year(name: str) -> None:
    people = cast()
    call = called(people)
    key = accepted(people, call, 90) if name == "allot_budget" else filed(people, call)
    given: dict[str, dict[str, Any]] = {
        "open_call": {
            "region_code": CITY, "budget_year": today().year + 1, "title": "又一次", "document_no": "穗数〔2026〕10号",
            "opens_on": today(), "closes_on": today(), "cap_fen": WAN,
        },
        "apply_for_year": {"project_id": YearApplication.objects.get().project_id, "call_id": call, "asked_fen": WAN, **FILED},
        "return_application": {"application_id": key, "wanting": "缺", "complete_by": today() + timedelta(days=1)},
        "accept_application": {"application_id": key, "score": 1, "score_note": "差"},
        "allot_budget": {"call_id": call, "application_ids": [key], "document_no": "穗财〔2026〕8号", "allotted_on": today()},
    }  # fmt: skip
    elsewhere = Organisation.objects.create(name="省外某局", region_id=None)
    duty = {"apply_for_year": "OWN", "allot_budget": "FIN"}.get(name, "PMO")
    far = person("far", elsewhere, duty)
    Post.objects.filter(person=far).update(region_code="330100")
    wrong = people.clerk if name != "apply_for_year" else people.office
    before = list(YearApplication.objects.values()), YearCall.objects.count()
    for actor in (Actor(uuid4(), "nobody"), acting(person("idle")), wrong, acting(far)):
        with pytest.raises((Forbidden, Invisible)):
            verbs()[f"planning.{name}"].run(actor, **given[name])
    assert (list(YearApplication.objects.values()), YearCall.objects.count()) == before
    right = {"apply_for_year": people.clerk, "allot_budget": people.finance}.get(name, people.office)
    assert "event" in verbs()[f"planning.{name}"].run(right, **given[name])


def test_the_pages_lead_from_the_call_to_the_money() -> None:
    people = cast()
    assert "还没有申报通知" in read(people.clerk, "/year/")
    call = called(people)
    waiting = registered(people, "教育云")
    form = f"/projects/{waiting}/acts/planning.apply_for_year/"
    sent = signed_in(people.clerk).post(f"{form}?call_id={call}", {"source": "ldb", "asked_fen": "300", "goals": "目标", "need": "需要"})
    row = YearApplication.objects.get()
    assert (sent.status_code, row.asked_fen) == (302, 300 * WAN)
    assert "受理并评分" in read(people.office, f"/year/{call}/")
    sent = signed_in(people.office).post(f"/year/applications/{row.id}/accept/", {"score": "88", "score_note": "好"})
    assert (sent.status_code, sent["Location"]) == (302, f"/year/{call}/")
    assert "教育云" in read(people.finance, f"/year/{call}/allot/")
    assert signed_in(people.clerk).get(f"/year/{call}/allot/").status_code == 404
    given = {"application_ids": [str(row.id)], "document_no": "穗财〔2026〕7号", "allotted_on": today().isoformat()}
    assert signed_in(people.finance).post(f"/year/{call}/allot/", given).status_code == 302
    assert "穗财〔2026〕7号" in read(people.clerk, f"/year/{call}/?state=allotted")


def test_the_page_asks_as_often_for_many_as_for_few() -> None:
    people = cast()
    call = called(people)
    key = filed(people, call)
    browser = signed_in(people.office)
    browser.get(f"/year/{call}/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/year/{call}/")
    model = YearApplication.objects.get(pk=key)
    owner = Project.objects.get()
    projects = [Project(name=f"项目{n}", owner=owner.owner, region_code=CITY, registered_on=today()) for n in range(300)]
    Project.objects.bulk_create(projects)
    YearApplication.objects.bulk_create(
        YearApplication(call_id=call, project=item, source="ldb", asked_fen=WAN, goals="目标", need="需要", filed_on=today(),
                        filed_by_id=model.filed_by_id, event_id=model.event_id)
        for item in projects[:200]
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page = browser.get(f"/year/{call}/")
    assert (len(many), page.status_code) == (len(few), 200)
    assert len(many) <= 15
