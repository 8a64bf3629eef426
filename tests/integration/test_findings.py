"""X-rays end to end: a contradiction appears after the act that makes it, is explained, accepted, mended, comes back; who may say what; what it costs."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import Cast, acting, cast, person, read, signed_in
from journey import WAN, hand_in, passed_first, project_of
from sixgate.interfaces import cli
from sixgate.kernel.refusal import Conflict, Forbidden, Invisible, Refusal
from sixgate.records.models import (
    Condition,
    Contract,
    EvidenceCheck,
    Finding,
    FindingWord,
    LedgerEvent,
    Organisation,
    Passage,
    Payment,
    Project,
    ProjectState,
    System,
)
from sixgate.usecases import _project
from sixgate.usecases._frame import Actor, now, today
from sixgate.usecases._registry import verbs
from sixgate.usecases.lifecycle.contract import record_contract, record_payment
from sixgate.usecases.planning.findings import accept_finding, explain_finding, reopen_finding
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.systems import register_system
from sixgate.usecases.upkeep import run_once, scan_findings

pytestmark = pytest.mark.usefixtures("rows", "own_files")
HEAD = "check.no_head"


def state_of(project: UUID, check: str) -> str:
    """Return where the one finding of a check stands, "" when there is none."""
    return Finding.objects.filter(project_id=project, check_id=check).values_list("state", flat=True).first() or ""


def finding_of(project: UUID, check: str = HEAD) -> UUID:
    return Finding.objects.get(project_id=project, check_id=check).id


def contract_of(people: Cast, project: UUID, fen: int = 100 * WAN, **given: Any) -> UUID:
    arguments = {"title": "平台开发合同", "supplier_id": people.here.other.id, "amount_fen": fen, "signed_on": today(), **given}
    return UUID(record_contract["initiation"](people.clerk, project_id=project, **arguments)["contract"])


def overpaid(contract: UUID, fen: int) -> None:
    """Store a payment the verb would refuse, as an import or another program might leave it, and look."""
    event = LedgerEvent.objects.order_by("event_id").last()
    Payment.objects.create(contract_id=contract, amount_fen=fen, paid_on=today(), event=event)
    scan_findings(now())


def test_a_missing_head_is_found_after_the_first_act_and_gone_after_it_is_named() -> None:
    people = cast()
    project = project_of(people)
    assert state_of(project, HEAD) == "open"
    amend_project(people.clerk, project_id=project, responsible_person="陈某")
    row = Finding.objects.get(project_id=project, check_id=HEAD)
    assert (row.state, row.resolved_on, row.owner_duty, row.times) == ("resolved", today(), "OWN", 1)


def test_money_paid_beyond_the_contract_is_found_on_that_contract_with_the_sums_it_rests_on() -> None:
    people = cast()
    project = project_of(people)
    contract, other = contract_of(people, project), contract_of(people, project, title="硬件合同")
    record_payment["initiation"](people.clerk, contract_id=other, amount_fen=100 * WAN, paid_on=today())
    assert state_of(project, "check.paid_over_contract") == ""
    overpaid(contract, 101 * WAN)
    row = Finding.objects.get(project_id=project, check_id="check.paid_over_contract")
    assert (row.subject_type, row.subject_id, row.subject_title) == ("contract", str(contract), "平台开发合同")
    read_facts = {fact["name"]: (fact["value"], fact["kind"]) for fact in row.facts}
    assert read_facts == {
        "contract.is_supplement": (False, "derived"),
        "contract.paid_fen": (101 * WAN, "derived"),
        "contract.amount_fen": (100 * WAN, "register"),
        "contract.supplement_fen": (0, "register"),
    }


def test_a_second_contract_of_the_year_with_one_supplier_reaching_the_threshold_is_named_on_both() -> None:
    people = cast()
    project = project_of(people)
    contract_of(people, project, 120 * WAN)
    assert state_of(project, "check.split_contracts") == ""
    contract_of(people, project, 90 * WAN, title="平台开发合同（二）")
    found = Finding.objects.filter(project_id=project, check_id="check.split_contracts", state="open").order_by("subject_title")
    assert [row.subject_title for row in found] == ["平台开发合同", "平台开发合同（二）"]


def test_a_supplement_counts_toward_its_contract_and_is_no_contract_of_its_own() -> None:
    people = cast()
    project = project_of(people)
    contract = contract_of(people, project)
    contract_of(people, project, 11 * WAN, title="补充合同", original_id=contract)
    found = Finding.objects.filter(project_id=project, check_id="check.supplement_over_ten")
    assert [(row.subject_id, row.state) for row in found] == [(str(contract), "open")]


def test_the_same_file_in_two_projects_is_found_on_each_when_next_looked_at() -> None:
    people = cast()
    first, second = project_of(people), project_of(people)
    scan_findings(now())
    found = Finding.objects.filter(check_id="check.same_file")
    facts = {row.project_id: {fact["name"]: fact["value"] for fact in row.facts} for row in found}
    assert facts == {first: {"project.same_file_count": 1}, second: {"project.same_file_count": 1}}


def test_a_decision_on_changed_facts_is_found_and_a_condition_past_its_day_only_by_the_clock() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    assert (state_of(project, "check.stale_decision"), state_of(project, "check.condition_overdue")) == ("", "")
    amend_project(people.clerk, project_id=project, network="internet")
    assert state_of(project, "check.stale_decision") == "open"
    passage = Project.objects.get(pk=project).passages.get()
    event = LedgerEvent.objects.order_by("event_id").last()
    Condition.objects.create(passage=passage, text="补材料", due_on=today() + timedelta(days=3), event=event)
    scan_findings(now() + timedelta(days=3))
    assert state_of(project, "check.condition_overdue") == ""
    scan_findings(now() + timedelta(days=4))
    assert state_of(project, "check.condition_overdue") == "open"


def test_one_person_who_hands_in_and_checks_is_found_however_the_rows_came_about() -> None:
    people = cast()
    project = project_of(people)
    assert state_of(project, "check.same_hand") == ""
    version = hand_in(people, project, "needs_survey")
    event = LedgerEvent.objects.order_by("event_id").last()
    EvidenceCheck.objects.create(version_id=version, checked_by_id=people.clerk.id, checked_at=now(), agrees=True, event=event)
    scan_findings(now())
    assert state_of(project, "check.same_hand") == "open"


def test_what_a_register_does_not_say_is_no_finding_until_somebody_works_on_the_project() -> None:
    people = cast()
    project = project_of(people)
    bare = Project.objects.get(pk=project)
    imported = Project.objects.create(name="从台账来的项目", owner=bare.owner, region_code="440100", registered_on=today(), import_key="k", type="om")
    ProjectState.objects.create(project=imported, next_gate="G01")
    scan_findings(now())
    assert not Finding.objects.filter(project=imported).exists()
    hand_in(people, imported.id, "resource_inventory", idle_count=0, unregistered_count=0)
    found = Finding.objects.filter(project=imported).order_by("check_id").values_list("check_id", flat=True)
    assert list(found) == ["check.no_head", "check.om_without_system", "check.same_file"]


def test_an_explained_finding_stays_explained_until_its_facts_change() -> None:
    people = cast()
    project = project_of(people)
    contract = contract_of(people, project)
    overpaid(contract, 101 * WAN)
    finding = finding_of(project, "check.paid_over_contract")
    answer = explain_finding(people.clerk, finding_id=finding, text="  含质保金，按补充协议支付  ")
    assert answer["state"] == "explained"
    scan_findings(now())
    assert state_of(project, "check.paid_over_contract") == "explained"
    overpaid(contract, 1)
    row = Finding.objects.get(pk=finding)
    assert (row.state, row.times, row.words.get().text) == ("open", 2, "含质保金，按补充协议支付")


def test_days_that_pass_alone_do_not_open_an_explained_finding_again() -> None:
    people = cast()
    project = project_of(people)
    later = now() + timedelta(days=200)
    scan_findings(later)
    finding = finding_of(project, "check.idle")
    explain_finding(people.clerk, finding_id=finding, text="等上级统一平台")
    ProjectState.objects.filter(pk=project).update(moved_at=now() - timedelta(days=1))
    scan_findings(later + timedelta(days=20))
    row = Finding.objects.get(project_id=project, check_id="check.idle")
    assert (row.state, row.times, row.last_seen) == ("explained", 1, today() + timedelta(days=220))


def test_an_accepted_finding_opens_again_the_day_after() -> None:
    people = cast()
    project = project_of(people)
    finding = finding_of(project)
    accept_finding(people.office, finding_id=finding, until=today() + timedelta(days=30), text="机构改革，下月明确")
    scan_findings(now() + timedelta(days=30))
    assert state_of(project, HEAD) == "accepted"
    scan_findings(now() + timedelta(days=31))
    row = Finding.objects.get(pk=finding)
    assert (row.state, row.accepted_until, row.times) == ("open", None, 2)


def test_a_finding_is_opened_again_by_a_word_and_each_word_is_on_record() -> None:
    people = cast()
    finding = finding_of(project_of(people))
    explain_finding(people.clerk, finding_id=finding, text="在办")
    reopen_finding(people.office, finding_id=finding, text="已三个月，请尽快明确")
    words = FindingWord.objects.filter(finding_id=finding).order_by("at").values_list("kind", "person_id")
    assert list(words) == [("explained", people.clerk.id), ("reopened", people.office.id)]
    acts = LedgerEvent.objects.filter(object_id=str(finding), result="ok").order_by("event_id").values_list("action", flat=True)
    assert list(acts) == ["planning.explain_finding", "planning.reopen_finding"]


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("explain_finding", {"text": "  "}, "text_wanted"),
        ("accept_finding", {"text": "可", "until": timedelta(0)}, "until_past"),
        ("accept_finding", {"text": "可", "until": timedelta(days=367)}, "until_too_far"),
        ("reopen_finding", {"text": "再看"}, "finding_open"),
    ],
)
def test_a_word_that_does_not_fit_is_refused_and_nothing_changes(name: str, given: dict[str, Any], code: str) -> None:
    people = cast()
    project = project_of(people)
    finding = finding_of(project)
    if "until" in given:
        given = {**given, "until": today() + given["until"]}
    with pytest.raises(Refusal) as refused:
        verbs()[f"planning.{name}"].run(people.office, finding_id=finding, **given)
    assert (refused.value.code, state_of(project, HEAD), FindingWord.objects.count()) == (code, "open", 0)


def test_a_resolved_finding_takes_no_more_words() -> None:
    people = cast()
    project = project_of(people)
    finding = finding_of(project)
    amend_project(people.clerk, project_id=project, responsible_person="陈某")
    with pytest.raises(Conflict) as refused:
        explain_finding(people.clerk, finding_id=finding, text="已补")
    assert refused.value.code == "finding_resolved"


ACTORS: dict[str, Callable[[Cast], Actor]] = {
    "nobody": lambda people: Actor(uuid4(), "nobody"),
    "no duty": lambda people: acting(person("idle", people.here.bureau)),
    "another duty": lambda people: people.finance,
    "elsewhere": lambda people: acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN", "PMO")),
}


def test_those_who_may_not_are_refused_and_nothing_changes() -> None:
    people = cast()
    finding = finding_of(project_of(people))
    given: dict[str, dict[str, Any]] = {
        "explain_finding": {"text": "在办"},
        "accept_finding": {"text": "可", "until": today() + timedelta(days=9)},
        "reopen_finding": {"text": "再看"},
    }
    refused: dict[str, set[str]] = {}
    actors = {**{who: make(people) for who, make in ACTORS.items()}, "the unit itself": people.clerk}
    for who, actor in actors.items():
        for name, arguments in given.items():
            if who == "the unit itself" and name != "accept_finding":
                continue
            events = LedgerEvent.objects.count()
            with pytest.raises((Forbidden, Invisible)):
                verbs()[f"planning.{name}"].run(actor, finding_id=finding, **arguments)
            refused.setdefault(name, set()).add(who)
            new = [event.result for event in LedgerEvent.objects.order_by("event_id")[events:]]
            assert (FindingWord.objects.count(), Finding.objects.get(pk=finding).state, new in ([], ["denied"])) == (0, "open", True)
    assert refused == {name: {*ACTORS, *({"the unit itself"} if name == "accept_finding" else set())} for name in given}


def test_looking_costs_the_same_queries_for_one_project_and_for_twelve() -> None:
    people = cast()
    counts: list[int] = []
    keys = [project_of(people)]
    for _round in range(2):
        with CaptureQueriesContext(connection) as caught:
            _project.examined(_project.standings(keys, today()), today())
        counts.append(len(caught))
        keys += [project_of(people) for _ in range(11)] if len(keys) == 1 else []
    assert counts[0] == counts[1]


def test_a_second_look_changes_nothing_and_the_job_says_how_many_moved() -> None:
    people = cast()
    project = project_of(people)
    Finding.objects.all().delete()
    first = run_once(now())["findings_scanned"]
    assert (first, run_once(now())["findings_scanned"]) == (Finding.objects.filter(project_id=project).count(), 0)


def test_the_list_narrows_by_state_unit_and_check_and_says_so_when_it_is_empty() -> None:
    people = cast()
    project = project_of(people)
    page = read(people.office, "/findings/")
    assert "市民卡平台升级" in page and "没有登记项目责任人" in page
    assert "没有符合条件的矛盾" in read(people.office, "/findings/?state=resolved")
    assert "没有符合条件的矛盾" in read(people.office, f"/findings/?owner={people.here.other.id}")
    assert "没有符合条件的矛盾" in read(people.office, "/findings/?check=check.idle")
    assert "没有登记项目责任人" in read(people.office, f"/findings/?check={HEAD}&owner={people.here.bureau.id}&state=open&sort=owner")
    elsewhere = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "PMO"))
    assert "项目里互相矛盾的地方会列在这里" in read(elsewhere, "/findings/")
    assert signed_in(elsewhere).get(f"/findings/{finding_of(project)}/").status_code == 404


def test_a_finding_shows_its_facts_and_leads_to_the_form_that_mends_it() -> None:
    people = cast()
    project = project_of(people)
    page = read(people.clerk, f"/findings/{finding_of(project)}/")
    assert "登记了项目责任人" in page and "还没有人说明" in page
    assert f"/projects/{project}/acts/planning.amend_project/" in page
    idle = read(people.clerk, f"/findings/{finding_of(project, 'check.idle_resources')}/")
    assert f"/projects/{project}/acts/lifecycle.initiation.submit_evidence/?kind=resource_inventory" in idle
    assert "认可一段时间" not in page and "认可一段时间" in read(people.office, f"/findings/{finding_of(project)}/")


def test_a_finding_is_explained_on_its_page_without_script() -> None:
    people = cast()
    finding = finding_of(project_of(people))
    browser = signed_in(people.clerk)
    assert browser.get(f"/findings/{finding}/explain/").status_code == 200
    assert browser.post(f"/findings/{finding}/explain/", {"text": ""}).status_code == 422
    answer = browser.post(f"/findings/{finding}/explain/", {"text": "下周明确责任人"})
    assert (answer.status_code, answer["Location"]) == (302, f"/findings/{finding}/")
    assert "下周明确责任人" in read(people.office, f"/findings/{finding}/")
    assert signed_in(people.clerk).get(f"/findings/{finding}/accept/").status_code == 403


def test_the_project_page_lists_its_findings_and_what_could_not_be_looked_at() -> None:
    people = cast()
    project = project_of(people)
    page = read(people.clerk, f"/projects/{project}/findings/")
    assert "没有登记项目责任人" in page and "看不了" in page and "还缺" in page


def test_a_system_without_project_stands_below_the_list_for_those_who_reach_its_owner() -> None:
    people = cast()
    register_system(people.clerk, name="老旧门户", owner_id=people.here.bureau.id)
    assert "老旧门户" in read(people.office, "/findings/") and "老旧门户" in read(people.clerk, "/findings/")
    elsewhere = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "PMO"))
    assert "老旧门户" not in read(elsewhere, "/findings/")
    assert System.objects.count() == 1


def test_the_command_counts_by_check_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    people = cast()
    project_of(people)
    Finding.objects.all().delete()
    assert cli.main(["xray", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    by_check = {item["id"]: item for item in told["checks"]}
    assert (told["projects"], by_check[HEAD]["found"], by_check["check.paid_over_contract"]["unknown"], Finding.objects.count()) == (1, 1, 1, 0)
    assert told["findings"] == sum(item["found"] for item in told["checks"])


def test_payments_and_contracts_of_other_owners_do_not_count() -> None:
    people = cast()
    project, other = project_of(people), Project.objects.create(name="别家的项目", owner=people.here.other, registered_on=today())
    event = LedgerEvent.objects.order_by("event_id").last()
    far = Contract.objects.create(project=other, title="别家合同", supplier=people.here.other, amount_fen=190 * WAN, signed_on=today(), event=event)
    Payment.objects.create(contract=far, amount_fen=999 * WAN, paid_on=today(), event=event)
    contract_of(people, project)
    assert (state_of(project, "check.split_contracts"), state_of(project, "check.paid_over_contract")) == ("", "")


def test_asking_and_deciding_alone_is_named() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    assert state_of(project, "check.self_decided") == ""
    event = LedgerEvent.objects.order_by("event_id").last()
    Passage.objects.create(
        project_id=project, gate="G02", outcome="passed", decided_by_id=people.clerk.id, decided_on=today(), decided_at=now(), event=event
    )
    scan_findings(now())
    assert state_of(project, "check.self_decided") == "open"
