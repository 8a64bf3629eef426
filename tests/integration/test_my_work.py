"""The home page: whose turn it is follows from duty and law, never from who happens to look."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import Cast, acting, cast, person
from journey import all_sign, asked, hand_in, passed_first, project_of
from sixgate.records.models import Condition, Finding, GateRequest, Organisation, Project, ProjectState, User
from sixgate.usecases._frame import Actor, now, today
from sixgate.usecases.lifecycle._request import ConditionInput
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.joint import coordinate_dissent, sign_off
from sixgate.usecases.lifecycle.record import take_over_gate
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.work import desk

REASON = "绩效目标不可衡量，请写明指标"
pytestmark = pytest.mark.usefixtures("rows", "own_files")


def turns(actor: Actor) -> list[str]:
    """Return the verbs that wait for a person."""
    return [turn.name for turn in desk(actor).turns]


def waits(actor: Actor) -> list[tuple[str, str]]:
    """Return for whom a person waits and for what."""
    return [(wait.who, wait.what) for wait in desk(actor).waits]


def everyone(people: Cast) -> dict[str, list[str]]:
    """Return who has a turn, by name."""
    names = ("clerk", "head", "checker", "office", "approver", "finance", "cyber", "crypto", "planning", "leaders", "law")
    found = {name: turns(getattr(people, name)) for name in names}
    return {name: verbs for name, verbs in found.items() if verbs}


def test_a_request_waits_for_its_co_signers_then_for_the_decider() -> None:
    people = cast()
    request = asked(people, project_of(people))
    assert everyone(people) == {"cyber": ["sign_off"], "crypto": ["sign_off"], "planning": ["sign_off"]}
    assert waits(people.clerk) == [("市级会签部门", "会签")]
    all_sign(people, request)
    assert everyone(people) == {"office": ["decide_gate"]}
    assert waits(people.clerk) == [("市数据局", "决定是否过关")]
    decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    assert (everyone(people), waits(people.clerk)) == ({}, [])


def test_after_the_day_to_sign_the_decider_may_go_on_and_the_late_body_sees_how_late() -> None:
    people = cast()
    request = asked(people, project_of(people))
    GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=7))
    assert everyone(people) == {"cyber": ["sign_off"], "crypto": ["sign_off"], "planning": ["sign_off"], "office": ["decide_gate"]}
    late = desk(people.cyber)
    assert (late.overdue, late.turns[0].left, late.turns[0].late) == (1, -5, 5)


def test_a_dissent_waits_for_coordination_and_then_for_the_leading_group() -> None:
    people = cast()
    request = asked(people, project_of(people))
    sign_off["initiation"](people.cyber, request_id=request, agrees=False, opinion="与市级平台重复")
    assert everyone(people) == {"office": ["coordinate_dissent"]}
    coordinate_dissent["initiation"](people.office, request_id=request, settled=False, note="两家意见不一")
    assert everyone(people) == {"leaders": ["settle_dissent"]}


def test_a_paper_waits_for_a_second_person_never_for_the_one_who_handed_it_in() -> None:
    people = cast()
    project = project_of(people)
    hand_in(people, project, "duplicate_check", by=people.office)
    assert "check_evidence" not in turns(people.office)
    assert turns(people.checker) == ["check_evidence"]
    assert waits(people.office) == [("有核对职责的人", "核对材料")]


def test_a_decision_recorded_from_paper_waits_for_a_second_look() -> None:
    people = cast()
    project = project_of(people)
    take_over_gate["initiation"](
        people.clerk,
        project_id=project,
        gate="G01",
        decided_on=date(2025, 3, 12),
        deciding_body="市数据局",
        document_no="穗数资〔2025〕12号",
        screening="no",
        missing_note="原件在档案室，月底前补扫。",
    )
    assert everyone(people) == {
        "checker": ["check_record"],
        "office": ["check_record"],
        "approver": ["check_record"],
        "finance": ["check_record"],
        "law": ["check_record"],
    }


def test_an_open_condition_waits_for_the_deciders_side_with_its_day() -> None:
    people = cast()
    request = asked(people, project_of(people))
    all_sign(people, request)
    due = today() + timedelta(days=20)
    decide_gate["initiation"](people.office, request_id=request, outcome="conditional", conditions=[ConditionInput("补接口清单", due)])
    turn = desk(people.office).turns[0]
    assert (turn.name, turn.matter, turn.due, turn.object_id) == ("close_condition", "补接口清单", due, Condition.objects.get().id)
    assert turns(people.clerk) == []


def test_a_project_nobody_asks_for_stands_still_with_its_owner_and_says_why_it_came_back() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    assert desk(people.clerk).still_total == 0
    all_sign(people, request)
    decide_gate["initiation"](people.office, request_id=request, outcome="returned", reason=REASON)
    ProjectState.objects.update(moved_at=now() - timedelta(days=9))
    still = desk(people.clerk).still
    assert [(item.place.project_id, item.gate, item.days, item.returned) for item in still] == [(project, "G01", 9, REASON)]
    assert desk(people.office).still == ()


def test_what_is_shown_lacks_what_the_frozen_table_locks() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    request = asked(people, project, "G02")
    held = [row for row in GateRequest.objects.get(pk=request).verdicts if row["holds_back"]]
    lacks = desk(people.finance).turns[0].lacks
    assert lacks is not None
    assert (lacks.unmet + lacks.unknown, lacks.first) == (len(held), held[0]["title"])


@pytest.mark.parametrize("duty", ["OWN", "PMO", "CAC"])
def test_nothing_of_another_place_reaches_the_desk(duty: str) -> None:
    people = cast()
    asked(people, project_of(people))
    stranger = person("far", people.here.other, *([duty] if duty == "OWN" else []))
    if duty != "OWN":
        stranger.posts.create(organisation=people.here.other, duty=duty, region_code="440300", valid_from=date(2020, 1, 1))
    found = desk(acting(stranger))
    assert (found.turns, found.still, found.waits) == ((), (), ())


def test_the_desk_asks_no_more_queries_for_many_requests_than_for_one() -> None:
    people = cast()
    first = project_of(people)
    asked(people, first)
    few = _queries(people.office)
    template = GateRequest.objects.get()
    for number in range(40):
        project = Project.objects.create(name=f"项目{number}", owner=people.here.bureau, region_code="440100", registered_on=today())
        ProjectState.objects.create(project=project, next_gate="G01")
        GateRequest.objects.create(
            project=project,
            gate="G01",
            requested_by=template.requested_by,
            requested_at=template.requested_at,
            facts=[],
            verdicts=template.verdicts,
            co_signers=template.co_signers,
            order="parallel",
            sign_by=template.sign_by - timedelta(days=30),
            event=template.event,
        )
    assert desk(people.office).turns_total == 40
    assert _queries(people.office) == few + 1 <= 12  # the one more reads what the shown requests lack


def test_the_page_names_the_count_the_day_and_whom_one_waits_for() -> None:
    people = cast()
    asked(people, project_of(people))
    page = _page(people.cyber)
    assert "您手上有 <b>1 件待办</b>" in page
    assert "会签" in page
    assert "您在等<b>市级会签部门</b>，今天才交去" in _page(people.clerk)
    newcomer = person("new")
    assert "现在没有等您办的事。" in _page(acting(newcomer))


def _queries(actor: Actor) -> int:
    with CaptureQueriesContext(connection) as asked_now:
        desk(actor)
    return len(asked_now)


def _page(actor: Actor) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/").content.decode()


def test_the_cards_count_what_is_late_changed_and_found_in_the_projects_in_sight() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    amend_project(people.clerk, project_id=project, planned_finish=today() - timedelta(days=3), network="internet")
    Project.objects.create(name="没有计划的项目", owner=people.here.bureau, region_code="440100", registered_on=today())
    found = {card.name: (card.value, card.base) for card in desk(people.office).page.cards}
    findings = Finding.objects.filter(state="open").count()
    assert findings > 0
    assert found == {"projects": (2, None), "late": (1, 1), "findings": (findings, None), "changed": (1, None), "conditions": (0, None)}
    far = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    assert desk(far).page.cards == ()
