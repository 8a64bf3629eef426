"""For those who watch: the number of a request, logs without persons, readiness, figures, and the doctor; each also where something is wrong."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from factories import Cast, cast, signed_in
from sixgate.interfaces import cli
from sixgate.interfaces.watch import logs
from sixgate.records import append_only
from sixgate.records.models import LedgerEvent
from sixgate.usecases import doctor
from sixgate.usecases._frame import now

pytestmark = pytest.mark.usefixtures("rows", "own_files")
ID_NUMBER, MOBILE, MAIL = "440106199001011234", "13812345678", "zhang.san@example.gov.cn"
REGISTERING = {
    "name": "市民卡平台",
    "level": "city",
    "type": "new",
    "network": "gov_extranet",
    "amount_fen": "100",
    "screening": "no",
}


@pytest.fixture(autouse=True)
def own_var(tmp_path: Path, settings: Any) -> None:
    """Give the test a place of its own for the clock's note."""
    settings.VAR = tmp_path


@pytest.fixture
def people() -> Cast:
    """Give the people of a city."""
    return cast()


def lines(caplog: pytest.LogCaptureFixture, style: str = "json") -> list[str]:
    form = logs.formatter(style)
    return [form.format(record) for record in caplog.records]


def sign(name: str, at: datetime | None = None) -> tuple[str, str]:
    (found,) = doctor.examine(at or now(), [name])
    return found.state, found.said.format(**found.parts)


def test_a_request_bears_its_number_in_answer_log_and_ledger(people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    client = signed_in(people.clerk)
    with caplog.at_level(logging.INFO, "sixgate.requests"):
        answer = client.post(
            "/api/v1/planning/register_project",
            json.dumps({**REGISTERING, "amount_fen": 100, "owner_id": str(people.here.bureau.id)}),
            content_type="application/json",
            headers={"X-Request-ID": "proxy-0001"},
        )
    assert (answer.status_code, answer["X-Request-ID"]) == (200, "proxy-0001")
    header = json.loads(bytes(LedgerEvent.objects.get(action="planning.register_project").header))
    assert header["req_id"] == "proxy-0001"
    (said,) = [record for record in caplog.records if record.name == "sixgate.requests"]
    assert [said.__dict__[name] for name in ("route", "status", "method")] == ["api/v1/planning/register_project", 200, "POST"]


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f g", "<script>alert(1)</script>"])
def test_a_number_that_has_not_the_form_of_one_is_replaced(given: str) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f-]{36}", answer["X-Request-ID"])


def test_a_log_line_names_the_way_and_no_person(people: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sixgate.requests"):
        signed_in(people.clerk).get(f"/projects/?q={MOBILE}")
    (line,) = lines(caplog)
    told = json.loads(line)
    assert {key: told[key] for key in ("event", "level", "logger", "method", "route", "status")} == {
        "event": "answered",
        "level": "info",
        "logger": "sixgate.requests",
        "method": "GET",
        "route": "projects/",
        "status": 200,
    }
    assert sorted(set(told) - {"event", "level", "logger", "method", "route", "status"}) == ["at", "ms"]


@pytest.mark.parametrize("style", ["json", "line"])
def test_what_has_the_form_of_a_personal_number_is_masked_in_message_and_traceback(style: str, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("sixgate.test")
    try:
        raise ValueError(f"张三 {ID_NUMBER}")
    except ValueError:
        logger.exception("call %s or write to %s", MOBILE, MAIL)
    (line,) = lines(caplog, style)
    assert [secret for secret in (ID_NUMBER, MOBILE, MAIL, "zhang.san") if secret in line] == []
    assert [shown for shown in ("4401**********1234", "138****5678", "***@example.gov.cn") if shown not in line] == []


@pytest.mark.parametrize("kept", ["0197f1d2-5b3c-7a10-9d2e-138123456789", "1234567890123456789", "2026-11-25", "91440101MA5CX00000"])
def test_what_only_looks_a_little_like_one_stays(kept: str) -> None:
    assert logs.masked(kept) == kept


def test_a_sound_service_is_ready_and_says_nothing_more() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok\n", "max-age=0, no-cache, no-store, must-revalidate, private")


def test_a_service_without_its_walls_is_not_ready_and_the_doctor_says_which_are_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        on = " ON records_signoff" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER records_signoff_no_delete{on}")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"walls\n")
    assert sign("walls") == ("broken", "缺 1 个触发器：records_signoff_no_delete")
    assert cli.main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], [item["name"] for item in told["signs"] if item["state"] == "broken"]) == ("broken", ["walls"])
    append_only.install()
    assert Client().get("/readyz").status_code == 200


def test_the_doctor_looks_at_everything_and_an_idle_clock_wants_attention(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    told = {item["name"]: item["state"] for item in json.loads(capsys.readouterr().out)["signs"]}
    assert {name: state for name, state in told.items() if state != "ok" and name not in ("packs", "calendar", "disk")} == {"clock": "attention"}
    assert set(told) == set(doctor.LOOKS)


def test_the_clock_lives_stops_and_fails() -> None:
    at = now()
    assert sign("clock") == ("attention", "这里没有运行过")
    doctor.beat(at, {"tables_counted": 44}, [])
    assert sign("clock", at) == ("ok", "在运行")
    doctor.beat(at, {}, ["findings_scanned"])
    assert sign("clock", at) == ("attention", "在运行，但有任务失败：findings_scanned")
    assert sign("clock", at + timedelta(minutes=11)) == ("broken", "已停 11 分钟")
    assert (doctor.last_beat() or {})["jobs"] == {"tables_counted": {"at": at.isoformat(), "count": 44}}
    doctor.beat_path().write_text("{half", encoding="utf-8")
    assert sign("clock") == ("attention", "这里没有运行过")


def test_an_event_later_than_now_breaks_the_time(people: Cast) -> None:
    signed_in(people.clerk).post("/api/v1/planning/register_project", "{}", content_type="application/json")
    assert sign("clocks")[0] == "ok"
    LedgerEvent.objects.create(
        event_id="01987654-0000-7000-8000-000000000001",
        header=b"{}",
        commitment="0" * 64,
        at=now() + timedelta(hours=1),
        action="x.y",
        object_type="x",
        object_id="1",
        result="ok",
    )
    assert sign("clocks")[0] == "broken"


def test_a_database_that_may_lose_what_it_acknowledged_is_broken() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF" if connection.vendor == "sqlite" else "SET synchronous_commit TO off")
    assert sign("durability") == (
        "broken",
        "数据库设置不安全：" + ("synchronous=0（2）" if connection.vendor == "sqlite" else "synchronous_commit=off（on）"),
    )
    connection.close()
    assert sign("durability")[0] == "ok"


@pytest.mark.parametrize(("day", "state"), [(datetime(2026, 11, 25, tzinfo=UTC), "ok"), (datetime(2026, 12, 2, tzinfo=UTC), "attention")])
def test_next_years_calendar_is_missed_only_from_december(day: datetime, state: str) -> None:
    assert sign("calendar", day)[0] == state


def test_a_thing_that_cannot_be_looked_at_is_not_run_and_no_pass(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings.VAR = tmp_path / "file" / "below"
    assert sign("disk")[0] == "not_run"
    assert doctor.worst(doctor.examine(now(), ["disk", "database"])) == "not_run"


def test_figures_are_told_to_this_machine_and_to_the_bearer_and_to_nobody_else(settings: Any) -> None:
    doctor.beat(now(), {"tables_counted": 1}, [])
    answer = Client().get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
    states = {(item.labels["name"], item.labels["state"]) for item in families["sixgate_sign"].samples if item.value == 1}
    assert (answer.status_code, ("walls", "ok") in states, ("clock", "ok") in states) == (200, True, True)
    assert {"sixgate_requests", "sixgate_request_seconds", "sixgate_job_ran_seconds"} <= set(families)
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "watcher"
    assert Client().get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics", headers={"Authorization": "Bearer watcher"}).status_code == 200


def test_requests_are_counted_by_way_never_by_address(people: Cast) -> None:
    client = signed_in(people.clerk)
    client.get("/projects/01987654-0000-7000-8000-000000000001/")
    client.get("/nowhere-" + MOBILE)
    told = client.get("/metrics").content.decode()
    assert ('route="projects/<uuid:project_id>/",status="404"' in told, 'route="none",status="404"' in told, MOBILE in told) == (True, True, False)
