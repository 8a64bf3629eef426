"""The clock on real rows and files: what goes by age, what stays, when each job runs again, and the process itself."""

import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from factories import Cast, cast, scan
from place import Place
from sixgate.interfaces import cli, courier
from sixgate.interfaces.clock import run_due
from sixgate.records.models import IdempotencyKey, Organisation, Project
from sixgate.records.store import adopt, receive
from sixgate.usecases._frame import now
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.upkeep import JOBS, clear_orphans, count_rows, end_sessions, forget_answers, run_once

pytestmark = pytest.mark.usefixtures("rows", "own_files")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def people() -> Cast:
    """Give the people of a city."""
    return cast()


def files_of(settings: Any) -> list[str]:
    """Return the names of all files in the store."""
    return sorted(path.name for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file())


def test_a_file_nobody_adopted_goes_after_a_day_and_an_adopted_one_stays(settings: Any) -> None:
    kept, left = scan("作数"), scan("没有提交")
    with transaction.atomic():
        adopt(kept)
    at = now()
    assert clear_orphans(at + DAY - timedelta(minutes=1)) == 0
    assert files_of(settings) == sorted([kept.sha256, left.sha256])
    assert clear_orphans(at + DAY + SECOND) == 1
    assert files_of(settings) == [kept.sha256]


def test_a_half_received_file_of_a_broken_process_goes_after_a_day(settings: Any) -> None:
    receive([b"x"], "a", limit=1)
    part = Path(settings.FILES_ROOT) / "quarantine" / "0197.part"
    part.write_bytes(b"half")
    old = (now() - DAY - SECOND).timestamp()
    os.utime(part, (old, old))
    assert clear_orphans(now()) == 1
    assert len(files_of(settings)) == 1


def register(people: Cast) -> dict[str, Any]:
    """Register one and the same project under one idempotency key."""
    axes = {"level": "city", "type": "new", "network": "gov_extranet", "amount_fen": 100}
    return register_project(people.clerk, name="市民卡平台", owner_id=people.here.bureau.id, screening="no", **axes, idempotency_key="form-1")  # type: ignore[arg-type]


def test_an_answer_is_repeated_for_a_week_and_then_the_key_is_a_new_request(people: Cast) -> None:
    first = register(people)
    at = IdempotencyKey.objects.get().at
    assert forget_answers(at + 7 * DAY) == 0
    assert register(people) == first
    assert forget_answers(at + 7 * DAY + SECOND) == 1
    assert register(people) != first
    assert Project.objects.count() == 2


def test_a_session_that_ran_out_goes_and_one_in_use_stays() -> None:
    over, used = SessionStore(), SessionStore()
    over.set_expiry(60)
    used.set_expiry(3600)
    over.create()
    used.create()
    assert end_sessions(now() + timedelta(minutes=2)) == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == [used.session_key]


def test_after_counting_the_database_knows_how_many_rows_a_table_has(people: Cast) -> None:
    rows = Organisation.objects.count()
    assert count_rows(now()) == sum(name.startswith("records_") for name in connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'records_organisation'")
        else:
            cursor.execute("SELECT reltuples::int FROM pg_class WHERE relname = 'records_organisation'")
        assert cursor.fetchall() == [(rows,)]


def test_a_job_runs_at_first_and_again_when_its_time_has_come() -> None:
    hour, start = timedelta(hours=1), now()
    ran: list[tuple[str, datetime]] = []
    jobs = {"often": (hour, lambda at: ran.append(("often", at)) or 0), "seldom": (6 * hour, lambda at: ran.append(("seldom", at)) or 0)}
    last: dict[str, datetime] = {}
    for passed in (0 * hour, hour - SECOND, hour, 6 * hour):
        last.update(dict.fromkeys(run_due(jobs, last, start + passed)[0], start + passed))
    assert [(name, at - start) for name, at in ran] == [
        ("often", 0 * hour),
        ("seldom", 0 * hour),
        ("often", hour),
        ("often", 6 * hour),
        ("seldom", 6 * hour),
    ]


@pytest.mark.parametrize("trouble", [DatabaseError("locked"), OSError("disk")])
def test_a_job_that_fails_is_due_again_at_once_and_does_not_stop_the_others(trouble: Exception) -> None:
    def failing(_at: datetime) -> int:
        raise trouble

    at = now()
    assert run_due({"failing": (DAY, failing), "well": (DAY, lambda _at: 0)}, {}, at) == ({"well": 0}, ["failing"])


def test_a_bug_in_a_job_is_not_hidden() -> None:
    def wrong(_at: datetime) -> int:
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError):
        run_due({"wrong": (DAY, wrong)}, {}, now())


def test_the_command_runs_every_job_now_and_says_what_each_did(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(settings.FILES_ROOT) / "quarantine" / scan().sha256
    old = (now() - 2 * DAY).timestamp()
    os.utime(path, (old, old))
    assert cli.main(["clock", "run-once", "--json"]) == 0
    tables = sum(name.startswith("records_") for name in connection.introspection.table_names())
    assert json.loads(capsys.readouterr().out) == {
        "orphans_removed": 1,
        "answers_forgotten": 0,
        "sessions_ended": 0,
        "tables_counted": tables,
        "findings_scanned": 0,
        **dict.fromkeys(courier.JOBS, 0),
    }
    assert files_of(settings) == []
    assert run_once(now()) == {**dict.fromkeys(JOBS, 0), "tables_counted": tables}


def test_the_process_clears_old_files_at_its_start_and_ends_on_a_signal(tmp_path: Path) -> None:
    place = Place(tmp_path, {})
    assert place.run("-m", "django", "migrate", "-v0").returncode == 0
    quarantine = tmp_path / "files" / "quarantine"
    quarantine.mkdir(parents=True)
    for name, age in (("old", 2 * DAY), ("fresh", 0 * DAY)):
        (quarantine / name).write_bytes(b"x")
        moment = (now() - age).timestamp()
        os.utime(quarantine / name, (moment, moment))
    with place.running("-m", "sixgate.interfaces.clock") as clock:
        for _ in range(300):
            if "tables_counted" in place.said():
                break
            time.sleep(0.1)
        clock.terminate()
        assert clock.wait(20) == 0
    assert [path.name for path in quarantine.iterdir()] == ["fresh"]
