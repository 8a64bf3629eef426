"""The life of a project beside its gates: suspended and resumed, ended, split and merged, its systems and its axes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from factories import cast
from journey import WAN, asked, project_of
from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.records.models import Contract, GateRequest, Pause, Project, ProjectLineage, ProjectSystem
from sixgate.usecases._frame import today
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import standing
from sixgate.usecases.lifecycle.contract import record_contract
from sixgate.usecases.planning.funding import add_funding, amend_project
from sixgate.usecases.planning.life import cancel_project, resume_project, suspend_project, terminate_project
from sixgate.usecases.planning.lineage import PartInput, merge_projects, split_project
from sixgate.usecases.planning.systems import link_system, register_system

pytestmark = pytest.mark.usefixtures("rows", "own_files")
PAPER: dict[str, Any] = {"reason": "政策调整", "document_no": "穗府〔2026〕3号"}


def test_a_suspended_project_stands_still_until_it_is_resumed() -> None:
    people = cast()
    project = project_of(people)
    suspend_project(people.clerk, project_id=project, **PAPER)
    with pytest.raises(Conflict, match="不在办理中"):
        add_funding(people.clerk, project_id=project, source="ldb", budget_year=2026, amount_fen=WAN)
    resume_project(people.clerk, project_id=project, **PAPER)
    pause = Pause.objects.get()
    assert (pause.from_day, pause.until_day, Project.objects.get(pk=project).status) == (today(), today(), "active")
    with pytest.raises(Conflict, match="没有暂停"):
        resume_project(people.clerk, project_id=project, **PAPER)


def test_ending_a_project_closes_its_open_request_and_is_final() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    with pytest.raises(Refusal, match="文号"):
        terminate_project(people.office, project_id=project, reason="不再建设", document_no="")
    terminate_project(people.office, project_id=project, **PAPER)
    assert (GateRequest.objects.get(pk=request).state, Project.objects.get(pk=project).status) == ("cancelled", "terminated")
    with pytest.raises(Conflict, match="已经结束"):
        terminate_project(people.office, project_id=project, **PAPER)


def test_a_project_with_a_contract_is_terminated_not_cancelled() -> None:
    people = cast()
    project = project_of(people)
    given: dict[str, Any] = {"project_id": project, "supplier_id": people.here.other.id, "signed_on": date(2026, 1, 5)}
    record_contract["initiation"](people.clerk, title="平台开发合同", amount_fen=WAN, **given)
    with pytest.raises(Conflict, match="不能撤销"):
        cancel_project(people.office, project_id=project, **PAPER)


def test_a_split_hands_on_amounts_systems_and_contracts_exactly() -> None:
    people = cast()
    project = project_of(people)
    system = UUID(register_system(people.clerk, name="市民卡平台", owner_id=people.here.bureau.id)["system"])
    link_system(people.clerk, project_id=project, system_id=system)
    given: dict[str, Any] = {"project_id": project, "supplier_id": people.here.other.id, "signed_on": date(2026, 1, 5)}
    contract = UUID(record_contract["initiation"](people.clerk, title="平台开发合同", amount_fen=WAN, **given)["contract"])
    with pytest.raises(Conflict, match="不等"):
        split_project(people.office, project_id=project, parts=[PartInput("一期", WAN), PartInput("二期", WAN)], reason="分期")
    whole = [PartInput("一期", 800 * WAN, (system,), (contract,)), PartInput("二期", 480 * WAN, (system,))]
    with pytest.raises(InputRefused):
        split_project(people.office, project_id=project, parts=[whole[0], PartInput("二期", 480 * WAN, (), (contract,))], reason="分期")
    answer = split_project(people.office, project_id=project, parts=whole, reason="分期")
    parts = Project.objects.filter(pk__in=answer["parts"]).order_by("-amount_fen")
    assert [(part.name, part.amount_fen) for part in parts] == [("一期", 800 * WAN), ("二期", 480 * WAN)]
    assert Contract.objects.get(pk=contract).project_id == parts[0].id
    assert ProjectSystem.objects.filter(system_id=system, project__in=parts).count() == 2
    assert (Project.objects.get(pk=project).status, ProjectLineage.objects.filter(source_id=project).count()) == ("split", 2)


def test_a_merge_adds_up_and_an_unknown_amount_stays_unknown() -> None:
    people = cast()
    one, two, unknown = project_of(people), project_of(people), project_of(people, amount_fen=None)
    answer = merge_projects(people.office, project_id=one, merged_ids=[two], reason="统建")
    assert (Project.objects.get(pk=one).amount_fen, Project.objects.get(pk=two).status, answer["merged"]) == (2560 * WAN, "merged", [str(two)])
    merge_projects(people.office, project_id=one, merged_ids=[unknown], reason="统建")
    assert Project.objects.get(pk=one).amount_fen is None
    with pytest.raises(InputRefused):
        merge_projects(people.office, project_id=one, merged_ids=[one], reason="统建")


def test_axes_left_open_are_unknown_and_filled_in_they_count() -> None:
    people = cast()
    project = project_of(people)
    assert "project.is_fixed_asset" not in standing(project, today()).dossier.project.facts
    answer = amend_project(people.clerk, project_id=project, traits={"is_fixed_asset": False}, national_code="2601-440100-04-01-123456")
    facts = standing(project, today()).dossier.project.facts
    assert answer["changed"] == ["is_fixed_asset", "national_code"]
    assert [facts[f"project.{name}"].value for name in ("is_fixed_asset", "axes_complete", "is_central", "national_code")] == [
        False,
        True,
        False,
        "2601-440100-04-01-123456",
    ]
    with pytest.raises(InputRefused, match="1 处"):
        amend_project(people.clerk, project_id=project, traits={"is_fixed_asset": False})


def test_a_system_code_stands_for_one_system() -> None:
    people = cast()
    given: dict[str, Any] = {"owner_id": people.here.bureau.id, "code": "GZ-0001"}
    register_system(people.clerk, name="市民卡平台", mlps_level=3, **given)
    with pytest.raises(Conflict, match="GZ-0001"):
        register_system(people.clerk, name="另一系统", **given)
    with pytest.raises(InputRefused):
        register_system(people.clerk, name="无级系统", owner_id=people.here.bureau.id, mlps_level=6)
