"""A project of the demo on its way: its first gate passed, the second asked for, some signatures still to come."""

from collections.abc import Mapping
from uuid import UUID

from sixgate.records.models import Organisation
from sixgate.usecases._frame import today
from sixgate.usecases._registry import named_actor
from sixgate.usecases.demo.papers import WAN, hand_in
from sixgate.usecases.demo.people import BUREAU
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.gate import request_gate
from sixgate.usecases.lifecycle.joint import sign_off
from sixgate.usecases.planning.funding import add_funding, amend_project
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.systems import link_system, register_system

FIRST_GATE: Mapping[str, Mapping[str, object]] = {
    "resource_inventory": {"system_count": 12, "unregistered_count": 0, "idle_count": 1, "conclusion": "complete"},
    "duplicate_check": {"compared_count": 318, "similar_count": 2, "unexplained_count": 0, "conclusion": "pass"},
    "performance_targets": {"target_count": 9, "unmeasurable_count": 0, "conclusion": "pass"},
    "needs_survey": {"interviewed_groups": 6, "baselines": 4, "case_volume": 182_300, "conclusion": "pass"},
}
SECOND_GATE: Mapping[str, Mapping[str, object]] = {
    "project_proposal": {},
    "feasibility_study": {"estimate_fen": 1280 * WAN},
}


def lead() -> None:
    """Lead one project through its first gate and ask for the second; register another that waits for its first."""
    clerk, head = named_actor("chen", "cli"), named_actor("wu", "cli")
    bureau = Organisation.objects.get(name=BUREAU)
    project = _registered(bureau)
    for kind, fields in FIRST_GATE.items():
        hand_in(project, kind, fields)
    first = UUID(request_gate["initiation"](clerk, project_id=project, gate="G01")["request"])
    for name in ("fang", "xu", "ma"):
        sign_off["initiation"](named_actor(name, "cli"), request_id=first, agrees=True)
    decide_gate["initiation"](named_actor("zhou", "cli"), request_id=first, outcome="passed", reason="")
    for kind, fields in SECOND_GATE.items():
        hand_in(project, kind, fields)
    second = UUID(request_gate["initiation"](clerk, project_id=project, gate="G02")["request"])
    sign_off["initiation"](named_actor("huang", "cli"), request_id=second, agrees=True)
    register_project(
        head,
        name="政务服务大厅叫号系统运维（示例）",
        owner_id=bureau.id,
        screening="no",
        level="city",
        type="om",
        network="gov_extranet",
        amount_fen=40 * WAN,
        description="示例：一年运行维护。",
    )


def _registered(bureau: Organisation) -> UUID:
    clerk = named_actor("chen", "cli")
    answer = register_project(
        clerk,
        name="市民卡平台升级（示例）",
        owner_id=bureau.id,
        screening="no",
        level="city",
        type="upgrade",
        network="gov_extranet",
        amount_fen=1280 * WAN,
        description="示例：市民卡平台应用升级、数据治理和移动端适老化改造。",
        responsible_person="吴局长",
    )
    project = UUID(answer["project"])
    amend_project(clerk, project_id=project, traits={"is_fixed_asset": True, "has_software_dev": True, "public_facing": True})
    add_funding(clerk, project_id=project, source="lgi", budget_year=today().year, amount_fen=800 * WAN, document_no="")
    add_funding(clerk, project_id=project, source="ldb", budget_year=today().year + 1, amount_fen=480 * WAN, document_no="")
    traits = {"has_personal_info": True, "public_facing": True}
    system = register_system(clerk, name="市民卡平台（示例）", owner_id=bureau.id, mlps_level=3, traits=traits)
    link_system(clerk, project_id=project, system_id=UUID(system["system"]))
    return project
