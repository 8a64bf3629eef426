"""Backup and restore on real rows and files: what comes back is what there was, also while people work on; what does not fit changes nothing."""

import json
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cleared import clear
from factories import Cast, acting, cast, scan
from journey import project_of
from sixgate.interfaces import cli
from sixgate.kernel.refusal import Refusal
from sixgate.records import append_only
from sixgate.records.models import LedgerEvent, Organisation, Project, StoredFile, User
from sixgate.records.store import stored_path
from sixgate.usecases._frame import now
from sixgate.usecases.backup import LIST, restore, take
from sixgate.usecases.planning.registration import register_project
from snapshot import snapshot

pytestmark = pytest.mark.usefixtures("rows", "own_files")


@pytest.fixture
def people() -> Cast:
    """Give the people of a city, with a project that has papers."""
    found = cast()
    project_of(found)
    return found


def emptied(settings: Any, tmp_path: Path) -> None:
    """Stand for a new machine: no rows but the reference, no files."""
    clear()
    settings.FILES_ROOT = tmp_path / "new-files"


def refusal_of(place: Path, at: datetime | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        restore(place, at or now())
    return caught.value.code


def test_all_rows_and_files_come_back_and_the_ledger_says_so(people: Cast, settings: Any, tmp_path: Path) -> None:
    before, files = snapshot(), set(StoredFile.objects.values_list("sha256", flat=True))
    answer = take(tmp_path / "kept", now())
    emptied(settings, tmp_path)
    assert (User.objects.count(), Project.objects.count()) == (0, 0)
    back = restore(Path(answer["folder"]), now())
    declared = LedgerEvent.objects.get(action="restore.declared")
    after = snapshot()
    assert (back["rows"], back["ledger"], back["files"], back["files_new"]) == (answer["rows"], answer["ledger"], len(files), len(files))
    assert [sha256 for sha256 in files if not stored_path(sha256).is_file()] == []
    assert json.loads(bytes(declared.payload or b""))["ledger"] == answer["ledger"]
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {LedgerEvent._meta.db_table, "records_ledgerpending"}
    assert len(after[LedgerEvent._meta.db_table]) == len(before[LedgerEvent._meta.db_table]) + 1


def test_after_a_restore_the_walls_stand_and_numbering_goes_on(people: Cast, settings: Any, tmp_path: Path) -> None:
    place = Path(take(tmp_path / "kept", now())["folder"])
    emptied(settings, tmp_path)
    restore(place, now())
    assert append_only.installed() == append_only.trigger_names()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEvent.objects.update(header=b"changed")
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {LedgerEvent._meta.db_table} CASCADE")
    bureau = Organisation.objects.get(name=people.here.bureau.name)
    again = register_project(
        acting(User.objects.get(pk=people.clerk.id)),
        name="恢复以后",
        owner_id=bureau.id,
        screening="no",
        level="city",
        type="new",
        network="gov_extranet",
        amount_fen=100,
        idempotency_key="after-restore",
    )
    assert Project.objects.get(pk=again["project"]).name == "恢复以后"


def test_a_second_backup_takes_only_what_is_new(people: Cast, tmp_path: Path) -> None:
    first = take(tmp_path / "kept", now())
    second = take(tmp_path / "kept", now() + timedelta(seconds=1))
    assert (first["files_new"], second["files_new"], second["files"]) == (first["files"], 0, first["files"])
    with pytest.raises(Refusal) as caught:
        take(tmp_path / "kept", datetime.fromtimestamp((now() + timedelta(seconds=1)).timestamp(), tz=now().tzinfo))
    assert caught.value.code == "backup_exists"


def test_a_backup_taken_while_people_work_is_of_one_moment(people: Cast, settings: Any, tmp_path: Path) -> None:
    stop = threading.Event()
    made: list[str] = []

    def work() -> None:
        try:
            while not stop.is_set():
                made.append(_registered(people, f"同时登记 {len(made)}"))
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while len(made) < 2:
            stop.wait(0.05)
        answer = take(tmp_path / "kept", now())
        after_copy = len(made)
        while len(made) < after_copy + 2:
            stop.wait(0.05)
    finally:
        stop.set()
        worker.join()
    emptied(settings, tmp_path)
    restore(Path(answer["folder"]), now())
    registered = set(LedgerEvent.objects.filter(action="planning.register_project").values_list("object_id", flat=True))
    assert registered == {str(key) for key in Project.objects.values_list("id", flat=True)}
    assert 2 <= Project.objects.filter(name__startswith="同时登记").count() < len(made)


def _registered(people: Cast, name: str) -> str:
    axes: dict[str, Any] = {"level": "city", "type": "new", "network": "gov_extranet", "amount_fen": 100}
    return str(register_project(people.clerk, name=name, owner_id=people.here.bureau.id, screening="no", **axes)["project"])


def test_a_database_in_use_is_never_overwritten(people: Cast, tmp_path: Path) -> None:
    place = Path(take(tmp_path / "kept", now())["folder"])
    before = snapshot()
    assert (refusal_of(place), snapshot() == before) == ("database_in_use", True)


@pytest.mark.parametrize("harm", ["flip", "cut", "lost part", "lost file", "changed file", "no list", "other version", "other database"])
def test_a_backup_that_is_not_whole_or_does_not_fit_changes_nothing(harm: str, people: Cast, settings: Any, tmp_path: Path) -> None:
    place = Path(take(tmp_path / "kept", now())["folder"])
    part = max((path for path in place.iterdir() if path.name not in (LIST, "files.txt")), key=lambda path: path.stat().st_size)
    kept = next(path for path in (tmp_path / "kept/files").rglob("*") if path.is_file())
    listed = json.loads((place / LIST).read_text("utf-8"))
    if harm == "flip":
        body = bytearray(part.read_bytes())
        body[len(body) // 2] ^= 1
        part.write_bytes(body)
    elif harm == "cut":
        part.write_bytes(part.read_bytes()[:-1])
    elif harm == "lost part":
        part.unlink()
    elif harm == "lost file":
        kept.unlink()
    elif harm == "changed file":
        kept.write_bytes(b"another")
    elif harm == "no list":
        (place / LIST).write_text("{", encoding="utf-8")
    else:
        change = {"migrations": listed["migrations"][:-1]} if harm == "other version" else {"database": "oracle"}
        (place / LIST).write_text(json.dumps({**listed, **change}), encoding="utf-8")
    emptied(settings, tmp_path)
    codes = {"lost file": "backup_files_lost", "changed file": "backup_files_lost", "no list": "no_backup"}
    codes |= {"other version": "other_version", "other database": "other_database"}
    assert refusal_of(place) == codes.get(harm, "backup_damaged")
    assert (User.objects.count(), LedgerEvent.objects.count(), (tmp_path / "new-files").exists()) == (0, 0, False)


def test_a_backup_that_cannot_be_written_leaves_no_half(people: Cast, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        take(tmp_path / "kept", now())
    assert (caught.value.code, (tmp_path / "kept").read_text("utf-8")) == ("backup_unwritten", "a file in the way")


def test_sessions_stay_behind(people: Cast, settings: Any, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('k', 'secret-of-a-session', '2030-01-01')")
    place = Path(take(tmp_path / "kept", now())["folder"])
    assert [path.name for path in place.iterdir() if b"secret-of-a-session" in path.read_bytes()] == []
    emptied(settings, tmp_path)
    restore(place, now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_the_two_commands_do_it(people: Cast, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["backup", str(tmp_path / "kept"), "--json"]) == 0
    taken = json.loads(capsys.readouterr().out)
    scan("留在隔离区的不算")
    emptied(settings, tmp_path)
    assert cli.main(["restore", taken["folder"], "--json"]) == 0
    back = json.loads(capsys.readouterr().out)
    assert (back["ledger"], back["files"]) == (taken["ledger"], taken["files"])
    assert cli.main(["restore", taken["folder"], "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "database_in_use"
