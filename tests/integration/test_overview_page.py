"""The overview: what the reader sees and nobody else, as of a day, with numbers that lead to the register; a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import CITY, acting, cast, person, read, signed_in
from journey import WAN, passed_first, project_of
from sixgate.domain.planning.baselines import Moved
from sixgate.domain.planning.overview import Slippage
from sixgate.records.models import Finding, Organisation, Project, StatutoryDate
from sixgate.usecases._frame import today
from sixgate.usecases.lifecycle.change import file_change
from sixgate.usecases.lifecycle.contract import record_contract
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.overview import overview

pytestmark = pytest.mark.usefixtures("rows", "own_files")


def test_the_page_says_in_words_what_the_tables_say_and_leads_to_the_projects() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    record_contract["procurement"](
        people.clerk, project_id=project, title="合同", supplier_id=people.here.other.id, amount_fen=900 * WAN, signed_on=today()
    )
    amend_project(people.clerk, project_id=project, planned_finish=today() - timedelta(days=12))
    page = read(people.office, "/overview/")
    said = {
        "共有 <b>1 个项目</b>，其中 1 个知道金额，合计 <b>1,280.00 万元</b>。": True,
        "<b>1 个</b>过了计划完成日还没有终验。": True,
        '<td class="n" data-label="过了几天">12</td>': True,
        'data-label="签订合同" data-value="900.000000">900.00</td>': True,
        '<a href="/projects/?&amp;stage=initiation">1</a>': True,
    }
    assert {text: text in page for text in said} == said


def test_every_plan_is_kept_the_original_shown_with_each_later_one_and_its_act() -> None:
    people = cast()
    project = project_of(people)
    first, then, last = (today() + timedelta(days=days) for days in (30, 60, 130))
    amend_project(people.clerk, project_id=project, planned_finish=first)
    amend_project(people.clerk, project_id=project, planned_finish=then)
    file_change["initiation"](people.clerk, project_id=project, title="增加适老化改造", reason="新要求", increase_fen=20 * WAN, planned_finish=last)
    seen = overview(people.office)
    (row,) = seen.replanned
    assert [plan.value for plan in row.plans.finish] == [first, then, last]
    assert [plan.value for plan in row.plans.amount] == [1280 * WAN, 1300 * WAN]
    assert seen.moved == Moved(1, ((2, 1),), 100, 1, 20 * WAN, 1)
    assert seen.slippage == Slippage(100, 100, 1)
    page = read(people.office, "/overview/")
    source = row.plans.finish[-1].source
    assert source is not None
    said = {
        f"{first:%Y-%m-%d}<br>1,280.00 万元",
        "+100 天",
        "+20.00 万元",
        f'href="/ledger/{source.event}/">申报变更“增加适老化改造”',
        "改过 2 次的 1 个",
    }
    assert {text for text in said if text not in page} == set()


def test_what_waits_and_what_is_overdue_stands_at_its_body_and_nobody_knows_it_for_a_day_past() -> None:
    people = cast()
    project = project_of(people)
    before = Finding.objects.filter(project_id=project).count()  # what the checks found by themselves
    assert (overview(people.office).overdue, "过期的期限" in read(people.office, "/overview/")) == (None, True)
    Finding.objects.create(
        project_id=project, check_id="check.x", subject_type="project", subject_id=str(project), subject_title="x", owner_duty="OWN",
        facts=[], facts_digest="", first_seen=today(), last_seen=today(),
    )  # fmt: skip
    StatutoryDate.objects.create(project_id=project, deadline="d", title="立项批复后报送", due=today() - timedelta(days=3), provisional=False)
    StatutoryDate.objects.create(project_id=project, deadline="e", title="还没到的", due=today(), provisional=False)
    seen, bureau = overview(people.office), str(people.here.bureau.id)
    assert (seen.findings, seen.overdue_by_unit) == ({bureau: before + 1}, {bureau: 1})
    page = read(people.office, f"/overview/?owner={bureau}")
    assert (f'<a href="/findings/?owner={bureau}">{before + 1}</a>' in page, "立项批复后报送" in page, "还没到的" in page) == (True, True, False)
    Project.objects.filter(pk=project).update(registered_on=today() - timedelta(days=9))
    past = overview(people.office, today() - timedelta(days=1))
    assert (past.projects, past.findings, past.overdue) == (1, None, None)


def test_a_day_in_the_past_shows_what_was_registered_by_then() -> None:
    people = cast()
    project_of(people)
    assert overview(people.office, today() - timedelta(days=1)).projects == 0
    assert "还没有这样的项目。" in read(people.office, f"/overview/?on={today() - timedelta(days=1)}")
    assert overview(people.office, today() + timedelta(days=9)).on == today()


def test_a_reader_elsewhere_sees_none_of_it_and_a_wrong_day_is_named() -> None:
    people = cast()
    project_of(people)
    stranger = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    assert overview(stranger).projects == 0
    answer = signed_in(people.office).get("/overview/?on=昨天")
    assert (answer.status_code, "请按 2026-11-23 的样子填写日期" in answer.content.decode()) == (422, True)


def test_one_goes_down_from_region_to_body() -> None:
    people = cast()
    project_of(people)
    assert [(item.code, item.projects) for item in overview(people.office, region="440000").regions] == [(CITY, 1)]
    assert overview(people.office, owner_id=people.here.other.id).projects == 0
    assert overview(people.office, owner_id=people.here.bureau.id).projects == 1


def test_many_projects_ask_no_more_queries_than_one() -> None:
    people = cast()
    project_of(people)
    client = signed_in(people.office)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/overview/").status_code == 200
        counts.append(len(asked))
        Project.objects.bulk_create([Project(name=f"项目{n}", owner=people.here.bureau, region_code=CITY, registered_on=today()) for n in range(30)])
    assert counts[0] == counts[1] <= 18
