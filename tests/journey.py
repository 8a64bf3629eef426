"""The steps a project takes in tests: registered with what the city locks its first gate on, evidence handed in, a gate asked for and signed."""

from typing import Any
from uuid import UUID

from factories import Cast, filled, scan
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence
from sixgate.usecases.lifecycle.gate import request_gate
from sixgate.usecases.lifecycle.joint import sign_off
from sixgate.usecases.planning.funding import add_funding
from sixgate.usecases.planning.registration import register_project

WAN = 1_000_000
READY: dict[str, dict[str, Any]] = {  # what the city locks its first gate on
    "resource_inventory": {"unregistered_count": 0, "conclusion": "complete"},
    "performance_targets": {"target_count": 8, "unmeasurable_count": 0, "conclusion": "pass"},
}


def project_of(people: Cast, **given: Any) -> UUID:
    axes = {"screening": "no", "level": "city", "type": "upgrade", "network": "gov_extranet", "amount_fen": 1280 * WAN}
    answer = register_project(people.clerk, name="市民卡平台升级", owner_id=people.here.bureau.id, **{**axes, **given})
    project = UUID(answer["project"])
    add_funding(people.clerk, project_id=project, source="ldb", budget_year=2026, amount_fen=1280 * WAN)
    for kind, fields in READY.items():
        check_evidence["initiation"](people.checker, version_id=hand_in(people, project, kind, **fields), agrees=True)
    return project


def hand_in(people: Cast, project: UUID, kind: str, stage: str = "initiation", by: Actor | None = None, **fields: object) -> UUID:
    known = _law.law("440100", today())[0].evidence[kind]
    files = [scan(kind)] if known.files else []
    answer = submit_evidence[stage](by or people.clerk, project_id=project, kind=kind, screening="no", fields=filled(known, **fields), files=files)
    return UUID(answer["version"])


def asked(people: Cast, project: UUID, gate: str = "G01", stage: str = "initiation") -> UUID:
    return UUID(request_gate[stage](people.clerk, project_id=project, gate=gate)["request"])


def all_sign(people: Cast, request: UUID, stage: str = "initiation") -> None:
    for actor in (people.planning, people.cyber, people.crypto):
        sign_off[stage](actor, request_id=request, agrees=True)


def passed_first(people: Cast, project: UUID) -> None:
    request = asked(people, project)
    all_sign(people, request)
    decide_gate["initiation"](people.office, request_id=request, outcome="passed")
