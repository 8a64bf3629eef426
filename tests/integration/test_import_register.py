"""Real registers end to end: imported exactly, the same again without a change, corrected, undone; judged with honest unknowns."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factories import CITY, Cast, acting, cast, person
from sixgate.interfaces import cli
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records.models import ImportBatch, ImportedRow, LedgerEvent, Organisation, Project, ProjectState, User
from sixgate.records.queries.imports import import_view
from sixgate.records.store import FileRef, receive
from sixgate.usecases import _project
from sixgate.usecases._frame import today
from sixgate.usecases.planning import register_import
from sixgate.usecases.planning.funding import amend_project
from sixgate.usecases.planning.register_import import read_table, save_mapping, saved_mapping, undo_import
from sixgate.usecases.planning.register_plan import plan_import

ROOT = Path(os.environ.get("SIXGATE_DATA", str(Path(__file__).parents[3] / "shared" / "data"))) / "portfolios"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not ROOT.is_dir(), reason="SIXGATE_DATA is absent"),
    pytest.mark.usefixtures("rows", "own_files"),
]
COUNTS = {
    "cn_public_projects.csv": 215,
    "gc-it-projects-2016.csv": 398,
    "gc-it-projects-2019.csv": 463,
    "uk_gmpp_2014.csv": 199,
    "uk_gmpp_2015.csv": 188,
    "uk_gmpp_2016.csv": 143,
    "uk_gmpp_2017.csv": 143,
    "uk_gmpp_2018.csv": 133,
    "uk_gmpp_2019.csv": 133,
}
OWN_REGISTER = "项目名称,建设单位,金额（万元）,计划完成\n市民卡平台升级,市人社局,1280,2026-12-31\n教育云,市教育局,300,2027-06-30\n"


def received(name: str) -> FileRef:
    return receive([(ROOT / name).read_bytes()], name, limit=50_000_000)


def typed(text: str) -> FileRef:
    return receive([text.encode()], "台账.csv", limit=1_000_000)


def imported(people: Cast, file: FileRef, **given: Any) -> dict[str, Any]:
    return register_import.import_register(people.office, file=file, owner_id=people.here.other.id, screening="no", **given)


@pytest.mark.parametrize("name", COUNTS)
def test_a_real_register_comes_in_exactly_and_again_without_a_change(name: str) -> None:
    people = cast()
    first = imported(people, received(name))
    assert {key: first[key] for key in ("rows", "new", "same", "changed", "rejected")} == {
        "rows": COUNTS[name],
        "new": COUNTS[name],
        "same": 0,
        "changed": 0,
        "rejected": 0,
    }
    assert (Project.objects.count(), ProjectState.objects.count(), ImportedRow.objects.count()) == (COUNTS[name],) * 3
    assert LedgerEvent.objects.filter(action="planning.import_register", result="ok").count() == 1
    again = imported(people, received(name))
    assert (again["same"], again["new"], again["changed"], Project.objects.count()) == (COUNTS[name], 0, 0, COUNTS[name])
    undo_import(people.office, batch_id=UUID(first["batch"]), reason="试导入")
    assert Project.objects.filter(withdrawn=False).count() == 0
    third = imported(people, received(name))
    assert (third["new"], third["same"]) == (COUNTS[name], 0)


def test_chinese_rows_keep_amounts_words_regions_and_every_other_column() -> None:
    people = cast()
    imported(people, received("cn_public_projects.csv"))
    project = Project.objects.get(name="宁波前湾新区数字图书馆及机房信息化设备采购和网络安全运维服务项目")
    assert (project.amount_fen, project.amount_text, project.region_code, project.region_text, project.status_report) == (
        112_200_000,
        "标项一19.5万元；标项二92.7万元",
        CITY,
        "浙江省宁波市前湾新区",
        "招标公告",
    )
    assert (project.owner.name, project.extra["等保"], project.extra["notice_date"]) == ("宁波前湾新区镇北新华书店有限公司", "未提及", "2025-09-12")


def test_foreign_money_stays_text() -> None:
    people = cast()
    imported(people, received("uk_gmpp_2019.csv"))
    assert not Project.objects.exclude(amount_fen=None).exists()
    assert Project.objects.get(name="Heat Networks Investment Project").amount_text == "£371.80"


def test_a_changed_row_is_shown_taken_and_restored_on_undo() -> None:
    people = cast()
    imported(people, typed(OWN_REGISTER))
    changed = OWN_REGISTER.replace("1280", "1380")
    plan = plan_import(read_table(typed(changed), None), people.here.other)
    assert [(item.wanted.values["name"], item.differences) for item in plan.changed] == [
        ("市民卡平台升级", (("金额（万元）", "1,280.00", "1,380.00"), ("金额原文", "1280", "1380")))
    ]
    second = imported(people, typed(changed))
    assert (second["changed"], second["same"], Project.objects.get(name="市民卡平台升级").amount_fen) == (1, 1, 1_380_000_000)
    undo_import(people.office, batch_id=UUID(second["batch"]), reason="填错了")
    assert Project.objects.get(name="市民卡平台升级").amount_fen == 1_280_000_000
    assert Project.objects.get(name="市民卡平台升级").planned_finish is not None


def test_an_import_is_not_undone_once_somebody_acted_on_a_row() -> None:
    people = cast()
    batch = UUID(imported(people, typed(OWN_REGISTER))["batch"])
    project = Project.objects.get(name="市民卡平台升级")
    amend_project(people.clerk, project_id=project.id, network="internet")
    with pytest.raises(Conflict, match="市民卡平台升级"):
        undo_import(people.office, batch_id=batch, reason="试导入")
    assert Project.objects.filter(withdrawn=True).count() == 0


def test_rows_without_a_name_and_secret_rows_are_rejected_and_the_rest_comes_in() -> None:
    people = cast()
    answer = imported(people, typed(OWN_REGISTER + ",市教育局,5,2027-01-01\n机密工程（密级：机密）,市教育局,6,2027-01-01\n"))
    assert (answer["new"], answer["rejected"]) == (2, 2)
    assert [item["place"] for item in answer["problems"]] == ["第 1 张表 第 4 行", "第 1 张表 第 5 行"]
    assert "机密" not in str(Project.objects.values_list("name", flat=True))


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(register_import, "_correct", fail)
        imported(people, typed(OWN_REGISTER))
    assert (Project.objects.count(), ImportBatch.objects.count(), LedgerEvent.objects.count()) == (0, 0, 0)


def test_a_corrected_mapping_is_followed_and_found_again() -> None:
    people = cast()
    file = "名头,钱（万元）,项目名称\n总平台,12,第一期\n"
    table = read_table(typed(file), None)
    corrected = table.mapping.with_target("名头", "project_name").to_json()
    save_mapping(people.office, name="老台账", mapping=corrected)
    found = saved_mapping(table)
    assert found is not None
    imported(people, typed(file), mapping=found)
    assert Project.objects.get().name == "总平台"
    with pytest.raises(Refusal, match="写法不对"):
        imported(people, typed(file), mapping={"columns": 3})


def test_the_same_key_replays_and_another_file_is_refused() -> None:
    people = cast()
    first = imported(people, typed(OWN_REGISTER), idempotency_key="k1")
    assert imported(people, typed(OWN_REGISTER), idempotency_key="k1") == first
    with pytest.raises(Conflict):
        imported(people, typed(OWN_REGISTER.replace("300", "301")), idempotency_key="k1")
    assert (Project.objects.count(), ImportBatch.objects.count()) == (2, 1)


def test_only_the_office_of_the_region_imports() -> None:
    people = cast()
    elsewhere = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "PMO"))
    for actor in (people.clerk, people.finance, elsewhere):
        with pytest.raises(Forbidden):
            register_import.import_register(actor, file=typed(OWN_REGISTER), owner_id=people.here.other.id, screening="no")
    with pytest.raises(Refusal, match="不能在这里登记"):
        register_import.import_register(people.office, file=typed(OWN_REGISTER), owner_id=people.here.other.id, screening="unsure")
    assert Project.objects.count() == 0


def test_imported_projects_are_judged_with_honest_unknowns_folded_by_what_is_missing() -> None:
    people = cast()
    imported(people, received("cn_public_projects.csv"))
    ids = list(Project.objects.values_list("pk", flat=True))
    for here in _project.standings(ids, today()).values():
        judged = here.judge("G01")
        assert not judged.opens
        kinds = {kind for kind in judged.wanted if kind.startswith("evidence.")}
        assert {"evidence.resource_inventory", "evidence.performance_targets"} <= kinds
        assert judged.counts["met"] >= 1  # the screening answered for the file
        assert judged.counts["unknown"] >= len(kinds)


def test_the_batch_page_tells_rows_and_places() -> None:
    people = cast()
    answer = imported(people, typed(OWN_REGISTER))
    view = import_view(UUID(answer["batch"]))
    assert view is not None
    assert ([(line.name, line.effect) for line in view.lines], view.counts["new"], view.undone) == (
        [("市民卡平台升级", "new"), ("教育云", "new")],
        2,
        False,
    )
    assert len(list(csv.reader(io.StringIO(OWN_REGISTER)))) == 3


def test_the_command_line_previews_imports_and_hands_back_wrong_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = cast()
    path = tmp_path / "台账.csv"
    path.write_text(OWN_REGISTER + ",市教育局,5,2027-01-01\n", encoding="utf-8")
    command = ["import-register", str(path), "--as", "zhou", "--owner", people.here.other.name, "--json"]
    assert cli.main([*command, "--preview", "--returned", str(tmp_path / "back.xlsx")]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert ({key: shown[key] for key in ("rows", "new", "same", "changed", "rejected")}, Project.objects.count()) == (
        {"rows": 3, "new": 2, "same": 0, "changed": 0, "rejected": 1},
        0,
    )
    assert (tmp_path / "back.xlsx").stat().st_size > 1000
    assert cli.main([*command, "--screening", "unsure"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "secrecy_stop"
    assert cli.main([*command, "--screening", "no"]) == 0
    assert (json.loads(capsys.readouterr().out)["new"], Project.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("written", "code"), [(b"{", "json_wrong"), (b"\xff\xfe", "file_not_text"), (b'{"columns": 3}', "mapping_malformed"), (None, "file_unreadable")]
)
def test_a_mapping_the_command_line_cannot_read_is_refused_in_words(
    written: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = cast()
    register, mapping = tmp_path / "台账.csv", tmp_path / "mapping.json"
    register.write_text(OWN_REGISTER, encoding="utf-8")
    if written is not None:
        mapping.write_bytes(written)
    command = ["import-register", str(register), "--as", "zhou", "--owner", people.here.other.name, "--screening", "no", "--json"]
    assert cli.main([*command, "--mapping", str(mapping)]) == 1
    assert (json.loads(capsys.readouterr().out)["code"], Project.objects.count()) == (code, 0)


def test_the_api_takes_a_file_and_imports_it() -> None:
    people = cast()
    client = Client()
    client.force_login(User.objects.get(username="zhou"), backend="django.contrib.auth.backends.ModelBackend")
    upload = client.post("/api/v1/files", {"file": SimpleUploadedFile("台账.csv", OWN_REGISTER.encode())})
    assert upload.status_code == 200
    body = {"file": upload.json(), "owner_id": str(people.here.other.id), "screening": "no"}
    answer = client.post("/api/v1/planning/import_register", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["new"]) == (200, 2)
    gone = {**body, "file": {**upload.json(), "sha256": "0" * 64}}
    assert client.post("/api/v1/planning/import_register", json.dumps(gone), content_type="application/json").status_code == 422


def test_the_wizard_previews_corrects_imports_and_undoes_without_javascript() -> None:
    people = cast()
    client = Client()
    client.force_login(User.objects.get(username="zhou"), backend="django.contrib.auth.backends.ModelBackend")
    form = {"owner_id": str(people.here.other.id), "screening": "no"}
    odd = OWN_REGISTER.replace("项目名称", "名头") + ",市教育局,5,2027-01-01\n"
    secret = client.post("/projects/import/", {**form, "screening": "yes", "file": SimpleUploadedFile("台账.csv", odd.encode())})
    assert (secret.status_code, "没有保存" in secret.content.decode()) == (422, True)
    page = client.post("/projects/import/", {**form, "file": SimpleUploadedFile("台账.csv", odd.encode())}, follow=True)
    address = page.redirect_chain[-1][0]
    corrected = client.post(address, {"target.1": "project_name", "do": "again"}).content.decode()
    assert [text in corrected for text in ("读到 3 个项目", "市民卡平台升级", "缺少项目名称")] == [True] * 3
    back = client.post(address.replace("?", "returned/?"), {"target.1": "project_name"})
    assert back.content[:2] == b"PK"
    done = client.post(address, {"target.1": "project_name", "do": "import", "idempotency_key": "k"}, follow=True)
    assert (done.status_code, Project.objects.count()) == (200, 2)
    assert "新增 2 个" in done.content.decode()
    result = done.redirect_chain[-1][0]
    gone = client.post(f"{result}undo/", {"reason": "试导入", "idempotency_key": "u"}, follow=True)
    assert ("已撤销" in gone.content.decode(), Project.objects.filter(withdrawn=False).count()) == (True, 0)
    assert client.get("/imports/00000000-0000-7000-8000-000000000000/").status_code == 404
