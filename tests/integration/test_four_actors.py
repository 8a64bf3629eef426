"""Every verb on a project tried by those who may not: nobody, no duty, another duty, the right duty elsewhere. Refused, and nothing has changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from factories import acting, cast, person, scan
from journey import WAN, asked, hand_in, passed_first, project_of
from sixgate.kernel.refusal import Forbidden, Invisible
from sixgate.records.models import (
    Change,
    Condition,
    Contract,
    EvidenceCheck,
    EvidenceVersion,
    FundingLine,
    GateRequest,
    LedgerEvent,
    Organisation,
    Passage,
    Payment,
    Project,
    ProjectLineage,
    SignOff,
    System,
    Withdrawal,
)
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._registry import verbs
from sixgate.usecases.lifecycle._request import ConditionInput
from sixgate.usecases.lifecycle.contract import record_contract
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.record import take_over_gate
from sixgate.usecases.planning.lineage import PartInput
from sixgate.usecases.planning.systems import register_system

pytestmark = pytest.mark.usefixtures("rows", "own_files")
COUNTED = (
    Change, Condition, Contract, EvidenceCheck, EvidenceVersion, FundingLine, GateRequest, Passage, Payment, Project, ProjectLineage, SignOff, System,
    Withdrawal,
)  # fmt: skip
PAPER: dict[str, Any] = {"decided_on": "2024-05-06", "deciding_body": "市发改委", "document_no": "穗发改〔2024〕77号", "screening": "no"}


class Stage:
    """A project in which every verb has something to act on."""

    def __init__(self) -> None:
        self.people = cast()
        clerk = self.people.clerk
        self.project = project_of(self.people)
        passed_first(self.people, self.project)
        self.version = hand_in(self.people, self.project, "needs_survey")
        self.request = asked(self.people, self.project, "G02")
        supplier = self.people.here.other.id
        self.contract = record_contract["initiation"](
            clerk, project_id=self.project, title="平台开发合同", supplier_id=supplier, amount_fen=WAN, signed_on=today()
        )["contract"]
        self.system = UUID(register_system(clerk, name="市民卡平台", owner_id=self.people.here.bureau.id)["system"])
        other = project_of(self.people)
        request = asked(self.people, other)
        GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=1))
        condition = ConditionInput("补材料", today() + timedelta(days=9))
        decide_gate["initiation"](self.people.office, request_id=request, outcome="conditional", conditions=[condition])
        self.condition = Condition.objects.get().id
        given = {**PAPER, "decided_on": today().replace(year=2024)}
        self.record = take_over_gate["initiation"](clerk, project_id=other, gate="G02", files=[scan("批复")], **given)["passage"]
        self.other = other

    def arguments(self, name: str) -> dict[str, Any]:
        """Return arguments with which the right person would succeed."""
        reason = {"reason": "政策调整", "document_no": "穗府〔2026〕3号"}
        table: dict[str, dict[str, Any]] = {
            "submit_evidence": {"project_id": self.project, "kind": "needs_survey", "screening": "no", "fields": {}},
            "check_evidence": {"version_id": self.version, "agrees": True},
            "withdraw_evidence": {"version_id": self.version, "reason": "作废"},
            "request_gate": {"project_id": self.project, "gate": "G02"},
            "sign_off": {"request_id": self.request, "agrees": True},
            "coordinate_dissent": {"request_id": self.request, "settled": True, "note": "一致"},
            "settle_dissent": {"request_id": self.request, "goes_on": True, "resolution_no": "领〔2026〕1号", "note": "继续"},
            "decide_gate": {"request_id": self.request, "outcome": "returned", "reason": "材料不全，请补充完整后再申请"},
            "record_decision": {"request_id": self.request, "outcome": "passed", **PAPER, "decided_on": today(), "files": []},
            "take_over_gate": {"project_id": self.project, "gate": "G02", **PAPER, "decided_on": today().replace(year=2024), "missing_note": "缺扫描件"},
            "check_record": {"passage_id": self.record, "agrees": True},
            "close_condition": {"condition_id": self.condition, "note": "已补"},
            "file_change": {"project_id": self.project, "title": "增加移动端", "reason": "需要"},
            "record_contract": {
                "project_id": self.project, "title": "合同", "supplier_id": self.people.here.other.id, "amount_fen": WAN, "signed_on": today(),
            },
            "record_payment": {"contract_id": self.contract, "amount_fen": 1, "paid_on": today()},
            "register_project": {
                "name": "新项目", "owner_id": self.people.here.bureau.id, "screening": "no", "level": "city", "type": "new", "network": "internet",
            },
            "register_system": {"name": "新系统", "owner_id": self.people.here.bureau.id},
            "link_system": {"project_id": self.project, "system_id": self.system},
            "add_funding": {"project_id": self.project, "source": "ldb", "budget_year": 2026, "amount_fen": 1},
            "amend_project": {"project_id": self.project, "network": "internet"},
            "suspend_project": {"project_id": self.project, **reason},
            "resume_project": {"project_id": self.project, **reason},
            "terminate_project": {"project_id": self.project, **reason},
            "cancel_project": {"project_id": self.other, **reason},
            "split_project": {"project_id": self.project, "parts": [PartInput("甲", WAN), PartInput("乙", WAN)], "reason": "分期"},
            "merge_projects": {"project_id": self.project, "merged_ids": [self.other], "reason": "统建"},
        }  # fmt: skip
        return table[name]


def state() -> tuple[int, ...]:
    """Return how many rows of each kind there are, the projects' versions, and the moves of requests."""
    moved = GateRequest.objects.filter(state="open").count()
    return (*(model._default_manager.count() for model in COUNTED), sum(Project.objects.values_list("version", flat=True)), moved)


ACTORS: dict[str, Callable[[Stage], Actor]] = {
    "nobody": lambda stage: Actor(uuid4(), "nobody"),
    "no duty": lambda stage: acting(person("idle", stage.people.here.bureau)),
    "another duty": lambda stage: acting(person("audit", stage.people.here.bureau, "AUDITOR")),
    "elsewhere": lambda stage: acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN", "PMO", "APR", "LDR")),
}
OURS = sorted(
    address
    for address in verbs()
    if address.startswith(("lifecycle.initiation.", "planning.")) and address.rpartition(".")[2] in {
        "submit_evidence", "check_evidence", "withdraw_evidence", "request_gate", "sign_off", "coordinate_dissent", "settle_dissent", "decide_gate",
        "record_decision", "take_over_gate", "check_record", "close_condition", "file_change", "record_contract", "record_payment",
        "register_project", "register_system", "link_system", "add_funding", "amend_project", "suspend_project", "resume_project",
        "terminate_project", "cancel_project", "split_project", "merge_projects",
    }
)  # fmt: skip


def test_those_who_may_not_are_refused_and_nothing_changes() -> None:
    stage = Stage()
    before = state()
    refused: dict[str, set[str]] = {}
    for who, make in ACTORS.items():
        actor = make(stage)
        for address in OURS:
            events = LedgerEvent.objects.count()
            try:
                verbs()[address].run(actor, **stage.arguments(address.rpartition(".")[2]))
            except (Forbidden, Invisible):
                refused.setdefault(address, set()).add(who)
            assert state() == before, (who, address)
            new = LedgerEvent.objects.order_by("event_id")[events:]
            assert [event.result for event in new] in ([], ["denied"]), (who, address)
    assert refused == {address: set(ACTORS) for address in OURS}
