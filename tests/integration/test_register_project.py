"""planning.register_project through all doors: the verb, the API, the command line, the page."""

import json
import re
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from factories import acting, person, world
from sixgate.interfaces import cli
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records import append_only
from sixgate.records.models import LedgerEvent, Project, ScreeningStop
from sixgate.usecases.planning import register_project

pytestmark = pytest.mark.usefixtures("rows")
AXES = {"screening": "no", "level": "city", "type": "new", "network": "gov_extranet"}


def test_the_right_duty_registers_and_the_ledger_has_the_act() -> None:
    here = world()
    answer = register_project(
        acting(person("chen", here.bureau, "OWN")), name="市民卡平台升级", owner_id=here.bureau.id, amount_fen=1_280_000_000, **AXES
    )
    project = Project.objects.get(pk=answer["project"])
    event = LedgerEvent.objects.get(pk=answer["event"])
    assert (project.name, project.amount_fen, project.state.next_gate) == ("市民卡平台升级", 1_280_000_000, "G01")
    assert (event.action, event.result, event.project_id) == ("planning.register_project", "ok", project.id)
    assert json.loads(bytes(event.payload))["name"] == "市民卡平台升级"


@pytest.mark.parametrize("duties", [(), ("FIN",)], ids=["no duty", "another duty"])
def test_without_the_duty_nothing_is_written_but_one_denial(duties: tuple[str, ...]) -> None:
    here = world()
    actor = acting(person("xu", here.bureau, *duties))
    with pytest.raises(Forbidden):
        register_project(actor, name="市民卡平台升级", owner_id=here.bureau.id, **AXES)
    assert Project.objects.count() == 0
    assert list(LedgerEvent.objects.values_list("result", flat=True)) == ["denied"]


def test_a_post_elsewhere_does_not_reach_here() -> None:
    here = world()
    with pytest.raises(Forbidden):
        register_project(acting(person("li", here.other, "OWN")), name="市民卡平台升级", owner_id=here.bureau.id, **AXES)
    assert Project.objects.count() == 0


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_a_secret_matter_leaves_only_a_count(answer: str) -> None:
    here = world()
    with pytest.raises(Refusal, match="没有保存"):
        register_project(acting(person("chen", here.bureau, "OWN")), name="某涉密项目", owner_id=here.bureau.id, **{**AXES, "screening": answer})
    assert (Project.objects.count(), LedgerEvent.objects.count(), ScreeningStop.objects.count()) == (0, 0, 1)


def test_the_same_key_replays_and_another_body_is_refused() -> None:
    here = world()
    actor = acting(person("chen", here.bureau, "OWN"))
    first = register_project(actor, name="市民卡平台升级", owner_id=here.bureau.id, **AXES, idempotency_key="k1")
    assert register_project(actor, name="市民卡平台升级", owner_id=here.bureau.id, **AXES, idempotency_key="k1") == first
    with pytest.raises(Conflict):
        register_project(actor, name="另一个项目", owner_id=here.bureau.id, **AXES, idempotency_key="k1")
    assert (Project.objects.count(), LedgerEvent.objects.count()) == (1, 1)


def test_the_api_registers_and_names_every_wrong_field() -> None:
    here = world()
    client = Client()
    assert client.post("/api/v1/planning/register_project", "{}", content_type="application/json").status_code == 401
    client.force_login(person("chen", here.bureau, "OWN"), backend="django.contrib.auth.backends.ModelBackend")
    body = {"name": "市民卡平台升级", "owner_id": str(here.bureau.id), **AXES}
    answer = client.post("/api/v1/planning/register_project", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    assert Project.objects.filter(pk=answer.json()["project"]).exists()
    wrong = client.post("/api/v1/planning/register_project", json.dumps({**body, "level": "planet"}), content_type="application/json")
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"level"})
    gone = client.post("/api/v1/planning/register_project", json.dumps({**body, "owner_id": str(uuid4())}), content_type="application/json")
    assert gone.status_code == 404


def test_the_command_line_registers_and_refuses_with_a_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    here = world()
    person("chen", here.bureau, "OWN")
    command = ["planning.register_project", "--as", "chen", "--json", "--name", "市民卡平台升级", "--owner-id", str(here.bureau.id)]
    axes = [part for name, value in AXES.items() for part in (f"--{name}", value)]
    assert cli.main([*command, *axes]) == 0
    assert Project.objects.filter(pk=json.loads(capsys.readouterr().out)["project"]).exists()
    assert cli.main([*command, *axes[2:], "--screening", "yes"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "secrecy_stop"


def test_the_page_registers_without_javascript_and_shows_the_project() -> None:
    here = world()
    client = Client()
    assert client.get("/projects/").status_code == 302
    client.force_login(person("chen", here.bureau, "OWN"), backend="django.contrib.auth.backends.ModelBackend")
    form = {"name": "市民卡平台升级", "owner_id": str(here.bureau.id), "amount_fen": "1,280.00", "secrecy": "internal", **AXES}
    refused = client.post("/projects/new/", {**form, "amount_fen": "很多"})
    assert (refused.status_code, Project.objects.count()) == (422, 0)
    assert "请填写数字，单位为万元。" in refused.content.decode()
    page = client.post("/projects/new/", form, follow=True)
    assert page.status_code == 200
    assert "1,280.00" in page.content.decode()
    assert "市民卡平台升级" in client.get("/projects/?q=民卡").content.decode()


def test_what_is_not_visible_answers_as_if_it_did_not_exist() -> None:
    here = world()
    made = register_project(acting(person("chen", here.bureau, "OWN")), name="市民卡平台升级", owner_id=here.bureau.id, **AXES)
    client = Client()
    client.force_login(person("li", here.other, "OWN"), backend="django.contrib.auth.backends.ModelBackend")
    nothing = str(uuid4())
    hidden, absent = client.get(f"/projects/{made['project']}/"), client.get(f"/projects/{nothing}/")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert _without_token(hidden.content).replace(made["project"].encode(), b"") == _without_token(absent.content).replace(nothing.encode(), b"")
    assert "市民卡" not in client.get("/projects/").content.decode()


def _without_token(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_history_cannot_be_rewritten_in_the_database() -> None:
    here = world()
    register_project(acting(person("chen", here.bureau, "OWN")), name="市民卡平台升级", owner_id=here.bureau.id, **AXES)
    assert append_only.installed() == append_only.trigger_names()
    for statement in ("UPDATE records_ledgerevent SET result = 'denied'", "DELETE FROM records_ledgerevent"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert LedgerEvent.objects.get().result == "ok"
