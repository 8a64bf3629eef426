"""The project page: the six posts, the panel of a gate, each section, for those who may see the project and nobody else."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import Cast, cast, person, read, signed_in
from journey import WAN, asked, passed_first, project_of
from sixgate.records.models import Contract, LedgerEvent
from sixgate.usecases._frame import Actor, today
from sixgate.usecases.lifecycle.change import file_change
from sixgate.usecases.lifecycle.contract import record_contract, record_payment
from sixgate.usecases.lifecycle.joint import sign_off
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.life import suspend_project
from sixgate.usecases.planning.systems import link_system, register_system

pytestmark = pytest.mark.usefixtures("rows", "own_files")
TABS = ("evidence", "deadlines", "money", "systems", "changes", "history", "people")


def shown(actor: Actor, project: UUID, rest: str = "") -> str:
    """Return a project's page without runs of blanks."""
    return read(actor, f"/projects/{project}/{rest}")


def rich(people: Cast) -> UUID:
    """Store a project that has passed a gate and holds an entry in every section."""
    project = project_of(people)
    passed_first(people, project)
    amend_project(people.clerk, project_id=project, traits={"is_fixed_asset": True})
    contract = UUID(
        record_contract["initiation"](
            people.clerk,
            project_id=project,
            title="开发合同",
            supplier_id=people.here.other.id,
            amount_fen=900 * WAN,
            signed_on=today() - timedelta(days=90),
        )["contract"]
    )
    record_contract["initiation"](
        people.clerk,
        project_id=project,
        title="补充合同",
        supplier_id=people.here.other.id,
        amount_fen=60 * WAN,
        signed_on=today(),
        original_id=contract,
    )
    record_payment["initiation"](people.clerk, contract_id=contract, amount_fen=270 * WAN, paid_on=today(), voucher="P-001")
    system = register_system(people.clerk, name="市民卡系统", owner_id=people.here.bureau.id, mlps_level=3, traits={"public_facing": True})
    link_system(people.clerk, project_id=project, system_id=UUID(system["system"]))
    file_change["initiation"](people.clerk, project_id=project, title="增加自助终端", reason="新增终端须接入", increase_fen=120 * WAN)
    return project


def test_the_posts_show_what_was_passed_where_it_stands_and_what_went_stale() -> None:
    people = cast()
    page = shown(people.clerk, rich(people))
    assert page.count('<span class="post">') == 6
    assert '<li class="now stale" aria-current="step"><span class="post"></span><b>立项</b><small>下一关 立项批复' in page
    assert "入库与年度申报批准后有变" in page
    assert "金额 <span" in page
    assert ">1,400.00 万元<" in page


def test_the_panel_says_why_the_gate_is_shut_and_offers_what_the_readers_post_may_do() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    clerk, finance = shown(people.clerk, project), shown(people.finance, project)
    assert "立项批复 · 现在不能打开" in clerk
    assert f'/projects/{project}/acts/lifecycle.initiation.request_gate/?gate=G02">申请过关' in clerk
    assert "申请过关" not in finance
    assert "提交材料" in clerk


def test_a_requested_gate_shows_every_word_and_the_day_to_sign() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    sign_off["initiation"](people.cyber, request_id=request, agrees=False, opinion="未说明数据出境")
    page = shown(people.office, project, "gates/G01/")
    assert "入库与年度申报 · 有不同意见，正在协调" in page
    assert "未说明数据出境" in page
    assert f"lifecycle.initiation.coordinate_dissent/?request_id={request}" in page


def test_every_section_shows_its_entries() -> None:
    people = cast()
    project = rich(people)
    pages = {tab: shown(people.clerk, project, f"{tab}/") for tab in TABS}
    assert "合计 960.00 万元，已支付 270.00 万元" in pages["money"]
    assert "占合同 28%" in pages["money"]
    assert "第 3 级" in pages["systems"]
    assert "增加 120.00 万元" in pages["changes"]
    assert "绩效目标表" in pages["evidence"]
    assert "建设单位复核人" in pages["people"]
    assert pages["history"].count('<code class="sg-digest"') == LedgerEvent.objects.filter(project_id=project).count()


def test_a_payment_is_offered_once_there_is_a_contract_and_is_recorded_from_the_page() -> None:
    people = cast()
    bare, project = project_of(people), rich(people)
    address = "acts/lifecycle.initiation.record_payment/"
    assert [f'/projects/{key}/{address}">登记支付' in shown(people.clerk, key, "money/") for key in (bare, project)] == [False, True]
    contract = Contract.objects.get(project_id=project, original=None)
    given = {"contract_id": str(contract.id), "amount_fen": "30.5", "paid_on": str(today()), "voucher": "P-002", "idempotency_key": "pay"}
    assert signed_in(people.clerk).post(f"/projects/{project}/{address}", given).status_code == 302
    assert list(contract.payments.order_by("id").values_list("amount_fen", "voucher")) == [(270 * WAN, "P-001"), (30 * WAN + WAN // 2, "P-002")]


def test_history_turns_its_pages_and_shows_every_act_once() -> None:
    people = cast()
    project = project_of(people)
    for number in range(60):
        amend_project(people.clerk, project_id=project, responsible_person=f"责任人{number}")
    client = signed_in(people.clerk)
    first = client.get(f"/projects/{project}/history/").content.decode()
    cursor = re.search(r'rel="next" href="([^"]+)"', first)
    assert cursor is not None
    second = client.get(cursor.group(1)).content.decode()
    digests = [re.findall(r'title="([0-9a-f]{64})"', page) for page in (first, second)]
    assert [len(found) for found in digests] == [50, LedgerEvent.objects.filter(project_id=project).count() - 50]
    assert len({*digests[0], *digests[1]}) == len(digests[0]) + len(digests[1])


def test_a_suspended_project_says_so_and_offers_to_resume() -> None:
    people = cast()
    project = project_of(people)
    suspend_project(people.clerk, project_id=project, reason="资金未到位")
    page = shown(people.clerk, project)
    assert "起暂停：资金未到位。期限停止计算，恢复后接着算。" in page
    assert "planning.resume_project" in page
    assert "planning.suspend_project" not in page


@pytest.mark.parametrize("rest", ["", "gates/G01/", *(f"{tab}/" for tab in TABS)])
def test_who_may_not_see_a_project_gets_the_answer_of_one_that_is_not_there(rest: str) -> None:
    people = cast()
    project = project_of(people)
    client = Client()
    client.force_login(person("far", people.here.other, "OWN"), backend="django.contrib.auth.backends.ModelBackend")
    nothing = uuid4()
    hidden, absent = client.get(f"/projects/{project}/{rest}"), client.get(f"/projects/{nothing}/{rest}")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert _plain(hidden.content).replace(str(project).encode(), b"") == _plain(absent.content).replace(str(nothing).encode(), b"")


def test_an_unknown_gate_or_section_is_not_found() -> None:
    people = cast()
    project = project_of(people)
    client = signed_in(people.clerk)
    assert [client.get(f"/projects/{project}/{rest}").status_code for rest in ("gates/G99/", "nothing/")] == [404, 404]


@pytest.mark.parametrize(("tab", "most"), [("money/", 34), ("deadlines/", 34), ("systems/", 16), ("changes/", 17), ("history/", 17), ("people/", 16)])
def test_a_section_reads_a_fixed_number_of_queries(tab: str, most: int) -> None:
    people = cast()
    project = rich(people)
    client = signed_in(people.clerk)
    with CaptureQueriesContext(connection) as asked_now:
        client.get(f"/projects/{project}/{tab}")
    assert len(asked_now) <= most


def _plain(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_the_deadlines_page_tells_what_runs_from_which_day_and_stands_still_in_a_pause() -> None:
    people = cast()
    project = project_of(people)
    assert "现在没有在计时的期限。" in shown(people.clerk, project, "deadlines/")
    signed = today() - timedelta(days=60)
    record_contract["procurement"](
        people.clerk, project_id=project, title="开发合同", supplier_id=people.here.other.id, amount_fen=WAN, signed_on=signed
    )
    page = shown(people.clerk, project, "deadlines/")
    overdue = {name: page.count(f"签订日 {signed}") > 0 and name in page for name in ("已过期限", "个工作日</b>", "· 开发合同")}
    assert overdue == dict.fromkeys(overdue, True)
    suspend_project(people.clerk, project_id=project, reason="资金未到位")
    assert "项目暂停中，期限停止计算，恢复后接着算。" in shown(people.clerk, project, "deadlines/")
