"""Real registers through the API alone: uploaded, imported, found in the list, sent again without a change, undone."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from callers import BACKEND
from factories import cast
from sixgate.records.models import LedgerEvent, Project, User

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
ODD = "项目名称,建设单位,金额（万元）,计划完成\n负数项目,市人社局,-5,2026-12-31\n天价项目,市人社局,1e30,2026-12-31\n九位数亿,市人社局,99999999999999999999,2026-12-31\n"


@pytest.fixture
def office() -> Client:
    """Store a city and sign its project office in."""
    cast()
    client = Client()
    client.force_login(User.objects.get(username="zhou"), backend=BACKEND)
    return client


def done(client: Client, address: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{address}", body, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return dict(answer.json())


def body_for(client: Client, name: str, content: bytes) -> dict[str, Any]:
    """Upload a register and return what the verb takes for it."""
    file = client.post("/api/v1/files", {"file": SimpleUploadedFile(name, content)}).json()
    return {"file": file, "owner_id": str(User.objects.get(username="chen").posts.get().organisation_id), "screening": "no"}


def listed(client: Client) -> list[dict[str, Any]]:
    """Return every project the caller sees, page after page."""
    rows: list[dict[str, Any]] = []
    after = ""
    while True:
        page = client.get("/api/v1/projects", {"after": after} if after else {}).json()
        rows += page["rows"]
        after = page["after"]
        if not after:
            return rows


@pytest.mark.parametrize("name", COUNTS)
def test_a_real_register_comes_in_through_the_api_exactly_and_again_without_a_change(office: Client, name: str) -> None:
    body = body_for(office, name, (ROOT / name).read_bytes())
    first = done(office, "planning/import_register", body)
    counts = {"rows": COUNTS[name], "new": COUNTS[name], "same": 0, "changed": 0, "rejected": 0}
    assert {key: first[key] for key in counts} == counts
    again = done(office, "planning/import_register", body)
    assert {key: again[key] for key in counts} == {**counts, "new": 0, "same": COUNTS[name]}
    rows = listed(office)
    assert (len(rows), len({row["id"] for row in rows}), Project.objects.count()) == (COUNTS[name],) * 3
    undone = done(office, "planning/undo_import", {"batch_id": first["batch"], "reason": "试导入"})
    assert (undone["withdrawn"], listed(office)) == (COUNTS[name], [])
    assert LedgerEvent.objects.filter(action="planning.import_register", result="ok").count() == 2


def test_amounts_no_project_can_have_stay_text(office: Client) -> None:
    answer = done(office, "planning/import_register", body_for(office, "台账.csv", ODD.encode()))
    assert (answer["new"], answer["rejected"]) == (3, 0)
    assert {row["name"]: (row["amount_fen"], row["amount"]) for row in listed(office)} == {
        "负数项目": (None, "-5"),
        "天价项目": (None, "1e30"),
        "九位数亿": (None, "99999999999999999999"),
    }


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"columns": 3},
        {"columns": [{"number": "x", "heading": 1, "target": []}]},
        {"columns": [{"number": 1, "heading": "a", "target": "project_name", "colour": 1}]},
        {"columns": [], "header": "first"},
    ],
    ids=["empty", "no list", "wrong types", "unknown part", "wrong header"],
)
def test_a_mapping_of_another_form_is_refused_by_import_and_by_saving(office: Client, mapping: dict[str, Any]) -> None:
    bodies = {
        "import_register": {**body_for(office, "台账.csv", ODD.encode()), "mapping": mapping},
        "save_mapping": {"name": "台账", "mapping": mapping},
    }
    for verb, body in bodies.items():
        answer = office.post(f"/api/v1/planning/{verb}", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "mapping_malformed")
    assert Project.objects.count() == 0
