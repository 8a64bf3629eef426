"""A project of the demo that has come all the way: approved on paper before the product was in use, accepted here, its final accounts approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings

from sixgate.records.models import Organisation
from sixgate.usecases._registry import named_actor
from sixgate.usecases.demo.papers import WAN, hand_in, scanned
from sixgate.usecases.demo.people import BUREAU, SUPPLIER
from sixgate.usecases.lifecycle.contract import record_contract, record_payment
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.gate import request_gate
from sixgate.usecases.lifecycle.joint import sign_off
from sixgate.usecases.lifecycle.record import check_record, take_over_gate
from sixgate.usecases.planning.funding import add_funding, amend_project
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.systems import link_system, register_system

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """A decision given on paper, so many days before the product came into use."""

    gate: str
    stage: str
    days_before: int
    body: str
    mark: str


RECORDS = (
    Record("G01", "initiation", 700, "市数据局（示例）", "示例数项"),
    Record("G02", "initiation", 655, "市数据局（示例）", "示例数批"),
    Record("G03", "design", 590, "市数据局（示例）", "示例数概"),
    Record("G04", "procurement", 545, BUREAU, "示例人社采"),
    Record("G05", "procurement", 490, BUREAU, "示例人社签"),
    Record("G06", "delivery", 470, BUREAU, "示例人社开"),
    Record("G07", "acceptance", 200, BUREAU, "示例人社试"),
    Record("G08", "acceptance", 60, BUREAU, "示例人社初"),
)
ESTIMATE: Fields = {"estimate_fen": 900 * WAN}
APPROVED_DESIGN: Fields = {"total_fen": 868 * WAN}
BEFORE_ACCEPTANCE: Mapping[str, Fields] = {
    "trial_run_report": {"open_major_fault_count": 0, "months": 6},
    "software_test_report": {},
    "mlps_assessment": {"open_major_risk_count": 0},
    "sharing_assessment": {"offline_interface_count": 0},
    "audit_report": {"open_finding_count": 0},
    "archive_acceptance": {},
    "summary_reports": {},
    "final_acceptance": {"open_item_count": 0},
    "data_gathering": {},
}
FINAL_ACCOUNTS: Fields = {"total_fen": 841 * WAN, "surplus_fen": 0}


def lead() -> None:
    """Lead a project from its application to its final accounts."""
    project, system = _registered()
    for record in RECORDS:
        _take_over(project, record)
    hand_in(project, "feasibility_study", ESTIMATE)
    hand_in(project, "design_approval", APPROVED_DESIGN)
    _pay(project)
    for kind, fields in BEFORE_ACCEPTANCE.items():
        hand_in(project, kind, fields, system=system)
    _accept(project)
    hand_in(project, "final_accounts", FINAL_ACCOUNTS)


def _registered() -> tuple[UUID, UUID]:
    clerk, bureau = named_actor("chen", "cli"), Organisation.objects.get(name=BUREAU)
    answer = register_project(
        clerk,
        name="就业服务一网通办系统（示例）",
        owner_id=bureau.id,
        screening="no",
        level="city",
        type="new",
        network="gov_extranet",
        amount_fen=900 * WAN,
        description="示例：求职登记、补贴申领、培训报名在一处办，材料由数据共享代替。",
        responsible_person="吴局长",
    )
    project = UUID(answer["project"])
    traits = {"is_fixed_asset": True, "has_software_dev": True, "public_facing": True}
    amend_project(clerk, project_id=project, traits=traits, planned_start=_before(470), planned_finish=_before(60))
    for year, amount in ((_before(470).year, 500), (_before(200).year, 368)):
        add_funding(clerk, project_id=project, source="lgi", budget_year=year, amount_fen=amount * WAN, document_no="")
    about = {"has_personal_info": True, "public_facing": True, "in_catalog": True}
    system = UUID(register_system(clerk, name="就业服务系统（示例）", owner_id=bureau.id, mlps_level=3, traits=about)["system"])
    link_system(clerk, project_id=project, system_id=system)
    return project, system


def _take_over(project: UUID, record: Record) -> None:
    """Key a decision from its paper as the clerk and compare it as the second person."""
    day = _before(record.days_before)
    answer = take_over_gate[record.stage](
        named_actor("chen", "cli"),
        project_id=project,
        gate=record.gate,
        decided_on=day,
        deciding_body=record.body,
        document_no=f"{record.mark}〔{day.year}〕1号",
        screening="no",
        files=[scanned(f"{record.mark}〔{day.year}〕1号（示例）", record.days_before)],
    )
    check_record[record.stage](named_actor("lin", "cli"), passage_id=UUID(answer["passage"]), agrees=True)


def _pay(project: UUID) -> None:
    clerk, supplier = named_actor("chen", "cli"), Organisation.objects.get(name=SUPPLIER)
    contract = record_contract["procurement"](
        clerk, project_id=project, title="就业服务系统开发合同（示例）", supplier_id=supplier.id, amount_fen=841 * WAN, signed_on=_before(488)
    )
    for days, amount in ((470, 252), (200, 421), (58, 168)):
        record_payment["delivery"](clerk, contract_id=UUID(contract["contract"]), amount_fen=amount * WAN, paid_on=_before(days))


def _accept(project: UUID) -> None:
    request = UUID(request_gate["acceptance"](named_actor("chen", "cli"), project_id=project, gate="G09")["request"])
    for name in ("gao", "luo", "tan", "huang", "xu", "ma"):
        sign_off["acceptance"](named_actor(name, "cli"), request_id=request, agrees=True)
    decide_gate["acceptance"](named_actor("qian", "cli"), request_id=request, outcome="passed", reason="")


def _before(days: int) -> date:
    return date.fromisoformat(settings.GO_LIVE_DATE) - timedelta(days=days)
