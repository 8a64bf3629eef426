"""A gate from request to decision: frozen, signed jointly with a dissent, decided once, stale when a material fact changes."""

from datetime import date, timedelta
from typing import Any

import pytest

from factories import cast, filled, scan
from journey import WAN, all_sign, asked, hand_in, passed_first, project_of
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records.models import EvidenceVersion, GateRequest, LedgerEvent, Passage, Project
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import standing
from sixgate.usecases.lifecycle._request import ConditionInput
from sixgate.usecases.lifecycle.change import file_change
from sixgate.usecases.lifecycle.contract import record_contract, record_payment
from sixgate.usecases.lifecycle.decision import close_condition, decide_gate
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence, withdraw_evidence
from sixgate.usecases.lifecycle.joint import coordinate_dissent, settle_dissent, sign_off
from sixgate.usecases.lifecycle.reading import gate_panel
from sixgate.usecases.lifecycle.record import check_record, record_decision, take_over_gate
from sixgate.usecases.planning.funding import amend_project

pytestmark = pytest.mark.usefixtures("rows", "own_files")


def test_a_gate_is_asked_for_signed_decided_and_the_line_moves_on() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    all_sign(people, request)
    decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    state = Project.objects.get(pk=project).state
    assert (state.next_gate, state.gates_passed, state.stale_gates) == ("G02", {"G01": "passed"}, {})
    acts = list(LedgerEvent.objects.filter(project_id=project).order_by("at").values_list("action", flat=True))
    assert acts == [
        "planning.register_project",
        "planning.add_funding",
        *["lifecycle.initiation.submit_evidence", "lifecycle.initiation.check_evidence"] * 2,
        "lifecycle.initiation.request_gate",
        *["lifecycle.initiation.sign_off"] * 3,
        "lifecycle.initiation.decide_gate",
    ]


def test_a_decision_waits_for_every_word_until_the_day_has_passed() -> None:
    people = cast()
    request = asked(people, project_of(people))
    sign_off["initiation"](people.cyber, request_id=request, agrees=True)
    with pytest.raises(Conflict, match="还有单位没有会签：发展改革部门、密码管理部门"):
        decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=1))
    assert decide_gate["initiation"](people.office, request_id=request, outcome="passed")["outcome"] == "passed"


def test_a_dissent_is_coordinated_and_the_dissenting_body_speaks_again() -> None:
    people = cast()
    request = asked(people, project_of(people))
    with pytest.raises(Refusal, match="请写明理由"):
        sign_off["initiation"](people.cyber, request_id=request, agrees=False)
    assert sign_off["initiation"](people.cyber, request_id=request, agrees=False, opinion="未说明数据出境")["state"] == "coordination"
    with pytest.raises(Conflict, match="正在协调"):
        decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    coordinate_dissent["initiation"](people.office, request_id=request, settled=True, note="已补充说明，不出境")
    with pytest.raises(Forbidden):
        sign_off["initiation"](people.office, request_id=request, agrees=True)
    for actor in (people.cyber, people.planning, people.crypto):
        sign_off["initiation"](actor, request_id=request, agrees=True)
    with pytest.raises(Conflict, match="不轮到您"):
        sign_off["initiation"](people.cyber, request_id=request, agrees=True)
    assert decide_gate["initiation"](people.office, request_id=request, outcome="passed")["outcome"] == "passed"


@pytest.mark.parametrize(("goes_on", "state", "outcome"), [(True, "open", None), (False, "decided", "returned")])
def test_what_coordination_cannot_settle_the_leading_group_does(goes_on: bool, state: str, outcome: str | None) -> None:
    people = cast()
    request = asked(people, project_of(people))
    sign_off["initiation"](people.cyber, request_id=request, agrees=False, opinion="与市级平台重复")
    coordinate_dissent["initiation"](people.office, request_id=request, settled=False, note="两家意见不一")
    answer = settle_dissent["initiation"](people.leaders, request_id=request, goes_on=goes_on, resolution_no="领〔2026〕3号", note="按专题会意见办")
    passage = Passage.objects.filter(request_id=request).first()
    assert (answer["state"], passage and passage.outcome) == (state, outcome)
    if goes_on:
        sign_off["initiation"](people.planning, request_id=request, agrees=True)
        sign_off["initiation"](people.crypto, request_id=request, agrees=True)
        assert decide_gate["initiation"](people.office, request_id=request, outcome="passed")["outcome"] == "passed"


def test_nobody_decides_on_their_own_papers() -> None:
    people = cast()
    project = project_of(people)
    hand_in(people, project, "duplicate_check", by=people.office)
    version = EvidenceVersion.objects.get(evidence__kind="duplicate_check")
    with pytest.raises(Forbidden, match="另一个人核对"):
        check_evidence["initiation"](people.office, version_id=version.id, agrees=True)
    check_evidence["initiation"](people.checker, version_id=version.id, agrees=True)
    request = asked(people, project)
    all_sign(people, request)
    with pytest.raises(Forbidden, match="须由另一个人决定"):
        decide_gate["initiation"](people.office, request_id=request, outcome="passed")


def test_what_locks_holds_the_gate_and_only_a_reasoned_override_passes() -> None:
    people = cast()
    project = project_of(people)
    amend_project(people.clerk, project_id=project, traits={"is_fixed_asset": True})
    passed_first(people, project)
    request = asked(people, project, "G02")
    GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=1))
    held = [row.id for row in gate_panel(people.approver, project, "G02").rows if row.holds_back]
    assert {"initiation.project_proposal", "initiation.feasibility_study", "initiation.approval"} <= set(held)
    with pytest.raises(Conflict, match=f"有 {len(held)} 项锁定要求没有满足"):
        decide_gate["initiation"](people.approver, request_id=request, outcome="passed")
    with pytest.raises(InputRefused):
        decide_gate["initiation"](people.approver, request_id=request, outcome="override", reason="急")
    decide_gate["initiation"](people.approver, request_id=request, outcome="override", reason="省级专题会议决定先行建设，材料后补")
    assert Project.objects.get(pk=project).state.gates_passed["G02"] == "override"


def test_evidence_counts_only_when_checked_and_stops_counting_when_withdrawn() -> None:
    people = cast()
    project = project_of(people)

    def verdict() -> str:
        return next(row.verdict for row in gate_panel(people.clerk, project, "G01").rows if row.id == "initiation.duplicate_check")

    assert verdict() == "unknown"
    first = hand_in(people, project, "duplicate_check", unexplained_count=0, conclusion="pass")
    assert verdict() == "unknown"
    check_evidence["initiation"](people.checker, version_id=first, agrees=False, note="份数与原件不符")
    assert verdict() == "unknown"
    second = hand_in(people, project, "duplicate_check", unexplained_count=0, conclusion="pass")
    check_evidence["initiation"](people.checker, version_id=second, agrees=True)
    assert verdict() == "met"
    withdraw_evidence["initiation"](people.clerk, version_id=second, reason="报告作废")
    assert verdict() == "unknown"


def test_a_material_change_makes_the_approval_stale_and_says_what_changed() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    answer = amend_project(people.clerk, project_id=project, network="internet")
    assert answer["stale_gates"] == ["G01"]
    panel = gate_panel(people.clerk, project, "G01")
    assert [(line.label, line.before, line.after) for line in panel.changes] == [("网络", "政务外网", "互联网")]
    assert [act.address for act in panel.acts] == ["lifecycle.initiation.request_gate"]
    amend_project(people.clerk, project_id=project, network="gov_extranet")
    assert Project.objects.get(pk=project).state.stale_gates == {}


def test_a_request_on_a_state_that_changed_cannot_be_decided_but_asked_anew() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    all_sign(people, request)
    with pytest.raises(Conflict, match="已经申请过"):
        asked(people, project)
    amend_project(people.clerk, project_id=project, network="internet")
    with pytest.raises(Conflict, match="变了 1 处"):
        decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    again = asked(people, project)
    assert GateRequest.objects.get(pk=request).state == "cancelled"
    all_sign(people, again)
    decide_gate["initiation"](people.office, request_id=again, outcome="passed")


def test_a_conditional_approval_has_dated_conditions_its_decider_closes() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    all_sign(people, request)
    with pytest.raises(InputRefused):
        decide_gate["initiation"](people.office, request_id=request, outcome="conditional")
    with pytest.raises(InputRefused):
        decide_gate["initiation"](
            people.office, request_id=request, outcome="conditional", conditions=[ConditionInput("补绩效目标", today() - timedelta(days=1))]
        )
    decide_gate["initiation"](
        people.office, request_id=request, outcome="conditional", conditions=[ConditionInput("补绩效目标", today() + timedelta(days=30))]
    )
    condition = Passage.objects.get().conditions.get()
    with pytest.raises(Forbidden):
        close_condition["initiation"](people.clerk, condition_id=condition.id, note="已补")
    close_condition["initiation"](people.office, condition_id=condition.id, note="目标表已收，见材料第2版")
    with pytest.raises(Conflict):
        close_condition["initiation"](people.office, condition_id=condition.id, note="再办一次")


def test_a_paper_decision_counts_after_the_second_look() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    all_sign(people, request)
    answer = record_decision["initiation"](
        people.office,
        request_id=request,
        outcome="passed",
        decided_on=today(),
        deciding_body="市数据局",
        document_no="穗数[2026]8号",
        screening="no",
        files=[scan()],
    )
    passage = Passage.objects.get(pk=answer["passage"])
    assert passage.document is not None
    assert (passage.document.document_no, Project.objects.get(pk=project).state.next_gate) == ("穗数〔2026〕8号", "G01")
    with pytest.raises(Forbidden, match="另一个人核对"):
        check_record["initiation"](people.office, passage_id=passage.id, agrees=True)
    check_record["initiation"](people.checker, passage_id=passage.id, agrees=True)
    assert Project.objects.get(pk=project).state.next_gate == "G02"


def test_a_project_in_flight_is_taken_over_and_judged_from_the_next_gate() -> None:
    people = cast()
    project = project_of(people)
    given: dict[str, Any] = {"deciding_body": "市发改委", "document_no": "穗发改〔2024〕77号", "screening": "no", "files": [scan()]}
    with pytest.raises(Refusal, match="不能补录"):
        take_over_gate["initiation"](people.clerk, project_id=project, gate="G01", decided_on=today(), **given)
    for gate in ("G01", "G02"):
        made = take_over_gate["initiation"](
            people.clerk, project_id=project, gate=gate, decided_on=date(2024, 5, 6), **{**given, "files": [scan(gate)]}
        )
        check_record["initiation"](people.checker, passage_id=made["passage"], agrees=True)
    state = Project.objects.get(pk=project).state
    assert (state.stage, state.next_gate, state.gates_passed) == ("design", "G03", {"G01": "recorded", "G02": "recorded"})


def test_payments_never_exceed_the_contract_with_its_supplements() -> None:
    people = cast()
    project = project_of(people)
    given = {"project_id": project, "supplier_id": people.here.other.id, "signed_on": date(2026, 1, 5)}
    contract = record_contract["initiation"](people.clerk, title="平台开发合同", amount_fen=100 * WAN, **given)["contract"]
    with pytest.raises(Conflict, match="还可支付 100.00 万元"):
        record_payment["initiation"](people.clerk, contract_id=contract, amount_fen=101 * WAN, paid_on=date(2026, 2, 1))
    record_contract["initiation"](people.clerk, title="补充合同", amount_fen=8 * WAN, original_id=contract, **given)
    answer = record_payment["initiation"](people.clerk, contract_id=contract, amount_fen=101 * WAN, paid_on=date(2026, 2, 1))
    facts = standing(project, today()).dossier.project.facts
    assert answer["left_fen"] == 7 * WAN
    assert [facts[f"money.{name}"].value for name in ("contract_fen", "supplement_fen", "paid_fen", "supplement_bp")] == [
        100 * WAN,
        8 * WAN,
        101 * WAN,
        800,
    ]


def test_a_change_is_judged_on_three_axes_and_makes_the_approval_stale() -> None:
    people = cast()
    project = project_of(people)
    amend_project(people.clerk, project_id=project, traits={"is_fixed_asset": True})
    passed_first(people, project)
    request = asked(people, project, "G02")
    GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=1))
    decide_gate["initiation"](people.approver, request_id=request, outcome="override", reason="省级专题会议决定先行建设，材料后补")
    no = dict.fromkeys(["goal_changed", "site_changed", "major_change", "needs_contract_change", "needs_more_budget"], False)
    with pytest.raises(Conflict, match="现在的阶段"):
        file_change["initiation"](people.clerk, project_id=project, title="增加移动端", reason="群众需要", answers=no, increase_fen=200 * WAN)
    answer = file_change["design"](people.clerk, project_id=project, title="增加移动端", reason="群众需要", answers=no, increase_fen=200 * WAN)
    hits = {item["id"] for item in answer["obligations"] if item["answer"] == "hit"}
    assert "A3" in hits
    assert {item["axis"] for item in answer["obligations"]} >= {"approval"}
    assert answer["stale_gates"] == ["G02"]
    stale = gate_panel(people.clerk, project, "G02").changes
    assert ("项目金额", "1,280.00 万元", "1,480.00 万元") in [(line.label, line.before, line.after) for line in stale]


def test_marked_names_and_doubtful_files_are_stopped_and_leave_only_a_count() -> None:
    people = cast()
    project = project_of(people)
    known = _law.law("440100", today())[0].evidence["needs_survey"]
    before = (EvidenceVersion.objects.count(), LedgerEvent.objects.count())
    with pytest.raises(Refusal, match="不能在这里登记"):
        submit_evidence["initiation"](
            people.clerk, project_id=project, kind="needs_survey", screening="no", fields=filled(known), files=[scan("绝密报告")]
        )
    assert (EvidenceVersion.objects.count(), LedgerEvent.objects.count()) == before


def test_wrong_fields_are_all_named_and_nothing_is_written() -> None:
    people = cast()
    project = project_of(people)
    before = EvidenceVersion.objects.count()
    with pytest.raises(InputRefused) as refused:
        submit_evidence["initiation"](
            people.clerk, project_id=project, kind="needs_survey", screening="no", fields={"interviewed_groups": "几", "surprise": 1}, files=[]
        )
    assert set(refused.value.fields) >= {"fields.interviewed_groups", "fields.surprise", "fields.surveyed_from", "files"}
    assert EvidenceVersion.objects.count() == before


def test_the_projection_equals_the_replay_of_history() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    amend_project(people.clerk, project_id=project, network="internet")
    now, row = standing(project, today()), Project.objects.get(pk=project).state
    assert (row.stage, row.next_gate, row.gates_passed) == (now.course.stage, now.course.next_gate, dict(now.course.passed))
    assert row.stale_gates == {gate: len(changed) for gate, changed in now.stale().items()}
