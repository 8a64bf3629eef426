"""What if: the answer equals what really happens once the evidence counts or the threshold is another, and nothing supposed is kept."""

import re
from uuid import UUID, uuid4

import pytest

from factories import CITY, Cast, acting, cast, filled, person, read, signed_in
from journey import hand_in, passed_first, project_of
from sixgate.domain.lifecycle.gate import judge_gate
from sixgate.domain.lifecycle.whatif import with_parameter
from sixgate.kernel.refusal import Invisible
from sixgate.records.models import EvidenceVersion, LedgerEvent, Organisation
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import standing
from sixgate.usecases.lifecycle.evidence import check_evidence
from sixgate.usecases.lifecycle.reading.whatif import suppose_evidence, suppose_threshold, thresholds

pytestmark = pytest.mark.usefixtures("rows", "own_files")
KIND = "duplicate_check"


def verdicts(project: UUID, gate: str = "G01") -> dict[str, str]:
    """Return the verdict of each requirement of a gate as it is now."""
    return {row.requirement.id: row.outcome.verdict.value for row in standing(project, today()).judge(gate).rows}


def supposed_fields(**given: object) -> dict[str, object]:
    """Return fields of the kind that fit."""
    return filled(_law.law(CITY, today())[0].evidence[KIND], **given)


def test_what_is_supposed_is_what_happens_once_the_evidence_counts() -> None:
    people = cast()
    project = project_of(people)
    before, fields = verdicts(project), supposed_fields(unexplained_count=0)
    rows = (EvidenceVersion.objects.count(), LedgerEvent.objects.count())
    found = suppose_evidence(people.clerk, project, "G01", KIND, fields)
    assert (EvidenceVersion.objects.count(), LedgerEvent.objects.count()) == rows
    check_evidence["initiation"](people.checker, version_id=hand_in(people, project, KIND, unexplained_count=0), agrees=True)
    after = verdicts(project)
    changed = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert changed != {}
    assert {item.requirement_id: (item.before, item.after) for item in found.shifts} == changed


def test_fields_that_do_not_fit_are_named() -> None:
    people = cast()
    with pytest.raises(InputRefused) as refusal:
        suppose_evidence(people.clerk, project_of(people), "G01", KIND, supposed_fields(compared_count="很多"))
    assert set(refusal.value.fields) == {"fields.compared_count"}


def test_a_project_out_of_sight_and_an_unknown_kind_are_not_there() -> None:
    people = cast()
    project = project_of(people)
    stranger = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    for actor, key, kind in ((stranger, project, KIND), (people.clerk, uuid4(), KIND), (people.clerk, project, "nothing")):
        with pytest.raises(Invisible):
            suppose_evidence(actor, key, "G01", kind, {})


def test_a_threshold_changes_exactly_the_projects_the_other_law_judges_otherwise() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    parameter, value = _telling_parameter(project)
    found = suppose_threshold(people.office, parameter, value, CITY)
    assert (found.judged, [item.id for item in found.projects]) == (1, [project])
    here = standing(project, today())
    other = judge_gate(
        with_parameter(here.pack, parameter, value), "G02", here.dossier.project, here.dossier.subjects, on=here.on, activated=here.activated
    )
    then = {row.requirement.id: row.outcome.verdict.value for row in other.rows}
    assert {item.requirement_id: item.after for item in found.projects[0].shifts} == {
        key: then[key] for key, now in verdicts(project, "G02").items() if now != then[key]
    }


def _telling_parameter(project: UUID) -> tuple[str, int | bool]:
    """Return a parameter and a value under which the project's next gate is judged otherwise."""
    here = standing(project, today())
    now = verdicts(project, "G02")
    for name, item in thresholds(CITY, today()).items():
        tries: list[int | bool] = (
            [True, False] if item.parameter.type == "yes_no" else [0, 10**12] if item.parameter.type in ("fen", "integer") else []
        )
        for value in tries:
            rows = judge_gate(
                with_parameter(here.pack, name, value), "G02", here.dossier.project, here.dossier.subjects, on=here.on, activated=here.activated
            ).rows
            if {row.requirement.id: row.outcome.verdict.value for row in rows} != now:
                return name, value
    raise AssertionError("no parameter bears on the second gate")


def _page(people: Cast, address: str) -> tuple[int, str]:
    answer = signed_in(people.clerk).get(address)
    return answer.status_code, re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_asks_then_tells_and_points_to_the_form() -> None:
    people = cast()
    project = project_of(people)
    address = f"/projects/{project}/what-if/?kind={KIND}&gate=G01"
    assert "只是试算，什么都不会保存。" in read(people.clerk, address)
    query = "&".join(f"fields.{name}={'true' if value is True else value}" for name, value in supposed_fields(unexplained_count=0).items())
    status, page = _page(people, f"{address}&go=1&{query}")
    assert (status, "会有什么不同" in page, f"submit_evidence/?kind={KIND}" in page) == (200, True, True)
    status, page = _page(people, f"{address}&go=1")
    assert (status, "请填写这一项。" in page) == (422, True)
    assert f"/projects/{project}/what-if/?kind={KIND}" in read(
        people.clerk, f"/projects/{project}/acts/lifecycle.initiation.submit_evidence/?kind={KIND}"
    )


def test_the_threshold_page_offers_values_of_the_right_kind_and_refuses_others() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    parameter, value = _telling_parameter(project)
    assert "先选一个标准。" in read(people.office, "/clauses/what-if/")
    text = {True: "true", False: "false"}.get(value, "0") if isinstance(value, bool) else f"{value // 1_000_000 if value else 0}"
    page = read(people.office, f"/clauses/what-if/?parameter={parameter}&value={text}")
    assert ("市民卡平台升级</a>" in page, "试算了 1 个项目，1 个的判定会变。" in page) == (True, True)
    whole = next(key for key, item in thresholds(CITY, today()).items() if item.parameter.type == "integer")
    answer = signed_in(people.office).get(f"/clauses/what-if/?parameter={whole}&value=许多")
    assert (answer.status_code, "请填写整数。" in answer.content.decode()) == (422, True)


def test_what_a_parameter_can_be_stands_in_words() -> None:
    options = {key: item.options for key, item in thresholds(CITY, today()).items() if item.parameter.options}
    page = read(cast().office, "/clauses/what-if/?parameter=crypto_gate_mode")
    assert ('<option value="soft">不另要求</option>' in page, dict(options["crypto_gate_mode"])["hard"]) == (True, "单独交评估意见")
    assert [(key, value) for key, choices in options.items() for value, said in choices if said == value] == []
