"""Real processes: what a production start refuses, what it serves, and that nothing outlives the supervisor. Each place has a SQLite file of its own."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from email.message import Message
from pathlib import Path

import psutil
import pytest

from place import FIT, PREPARE, SERVE, Place, alive, family, free_port
from sixgate.usecases.demo import DEMO_PASSWORD, PEOPLE

pytestmark = pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="SQLite files of its own: runs in the other round")
WEB = ("-m", "granian", "--interface", "wsgi", "sixgate.interfaces.wsgi:application")
CLOCK = ("-m", "sixgate.interfaces.clock")
WORKER = ("-m", "django", "db_worker", "--batch")
CHECK = ("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
UNFIT = {
    "no secret": ({"SECRET_KEY": "development-only-secret-never-in-production"}, "SECRET_KEY"),
    "short secret": ({"SECRET_KEY": "x" * 49}, "SECRET_KEY"),
    "debug": ({"DEBUG": "1"}, "DEBUG"),
    "debug misspelt": ({"DEBUG": "true"}, "DEBUG"),
    "production misspelt": ({"SIXGATE_ENV": "prod"}, "SIXGATE_ENV"),
    "any host": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    "no host": ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
    "any proxy": ({"TRUSTED_PROXIES": "*"}, "TRUSTED_PROXIES"),
    "port in words": ({"PORT": "eighty"}, "PORT"),
    "no such day": ({"SIXGATE_GO_LIVE_DATE": "2026-02-30"}, "SIXGATE_GO_LIVE_DATE"),
    "five digits": ({"SIXGATE_JURISDICTION": "44010"}, "SIXGATE_JURISDICTION"),
    "folder without pack": ({"SIXGATE_PACKS": "/nowhere"}, "SIXGATE_PACKS"),
    "other database": ({"DATABASE_URL": "mysql://localhost/sixgate"}, "DATABASE_URL"),
}
ADD_PEOPLE = """import django, json, sys; django.setup()
from sixgate.records.models import User
for username, password, is_demo, is_active in json.loads(sys.argv[1]):
    User.objects.create_user(username, password, name=username, is_demo=is_demo, is_active=is_active)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Give a place whose tables are made and empty."""
    place = Place(tmp_path_factory.mktemp("made"), {})
    done = place.run("-m", "django", "migrate", "-v0")
    assert (done.returncode, done.stderr) == (0, "")
    return place


@pytest.fixture
def empty(made: Place, tmp_path: Path) -> Place:
    """Give a copy of the empty place."""
    return made.copy(tmp_path)


@pytest.fixture(scope="module")
def peopled(made: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Give a place with an account of the demo, and one of a real person who took over the demo's name and password."""
    place = made.copy(tmp_path_factory.mktemp("peopled"))
    add_people(place, ("visitor", "another-password-2026", True, True), ("chen", DEMO_PASSWORD, False, True))
    return place


def add_people(place: Place, *people: tuple[str, str, bool, bool]) -> None:
    """Store accounts: user name, password, whether of the demo, whether in use."""
    done = place.run("-c", ADD_PEOPLE, json.dumps(people))
    assert (done.returncode, done.stderr) == (0, "")


def refusals(text: str) -> list[str]:
    """Return what was refused, each once: names of settings and numbers of checks."""
    return list(dict.fromkeys(re.findall(r"(?:ImproperlyConfigured: |^|\()([A-Z_]+(?=: )|sixgate\.E\d{3})", text, re.MULTILINE)))


@pytest.mark.parametrize("case", UNFIT)
def test_a_setting_unfit_for_production_is_refused_by_name(case: str, empty: Place) -> None:
    given, name = UNFIT[case]
    done = empty.setting(**{**FIT, **given}).run(*CHECK)
    assert (done.returncode, refusals(done.stderr)) == (1, [name])


@pytest.mark.parametrize("command", [WEB, CLOCK, WORKER], ids=["web", "clock", "worker"])
@pytest.mark.parametrize("case", ["no secret", "debug"])
def test_no_process_starts_on_settings_unfit_for_production(command: tuple[str, ...], case: str, empty: Place) -> None:
    given, name = UNFIT[case]
    done = empty.setting(**{**FIT, **given}, GRANIAN_PORT=free_port()).run(*command)
    assert (done.returncode, refusals(done.stdout + done.stderr)) == (1, [name])


@pytest.mark.parametrize("command", [WEB, CLOCK, WORKER, CHECK], ids=["web", "clock", "worker", "check"])
def test_no_process_starts_in_production_on_accounts_of_the_demo(command: tuple[str, ...], peopled: Place) -> None:
    done = peopled.setting(**FIT, GRANIAN_PORT=free_port()).run(*command)
    assert (done.returncode, refusals(done.stdout + done.stderr)) == (1, ["sixgate.E001", "sixgate.E002"])


def test_suspended_accounts_of_the_demo_and_real_people_are_fit_for_production(empty: Place) -> None:
    add_people(empty, ("chen", DEMO_PASSWORD, True, False), ("lin", "another-password-2026", False, True))
    done = empty.setting(**FIT).run(*CHECK)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_a_database_that_cannot_be_asked_is_not_taken_for_a_fit_one(empty: Place) -> None:
    done = empty.setting(**FIT, DATABASE_URL=f"sqlite:///{empty.folder}/no/such/folder.sqlite3").run(*CHECK)
    assert (done.returncode, refusals(done.stderr)) == (1, ["sixgate.E003"])


def test_tables_that_are_not_made_yet_are_fit_for_production(tmp_path: Path) -> None:
    assert Place(tmp_path, FIT).run(*CHECK).returncode == 0


def asked(port: str, path: str, **headers: str) -> tuple[int, Message, str]:
    """Return status, headers and body of the answer to a request; waits while nobody listens yet."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for _ in range(600):
        with closing(http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)) as connection:
            try:
                connection.request("GET", path, headers=given)
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read().decode()
            except ConnectionRefusedError:
                time.sleep(0.1)
    raise AssertionError("nobody listens")


def test_production_serves_over_tls_only_and_believes_a_trusted_proxy_only(empty: Place) -> None:
    forwarded = {"Host": "sixgate.example", "X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
    answers: dict[str, list[object]] = {}
    for trusted in ("127.0.0.1", "192.0.2.1"):
        place = empty.setting(**FIT, PORT=free_port(), TRUSTED_PROXIES=trusted)
        assert place.run(PREPARE, "run").returncode == 0
        with place.running(SERVE):
            port = place.set["PORT"]
            status, _, body = asked(port, "/healthz", Host="sixgate.example")
            assert (status, body) == (200, "ok\n")
            status, headers, _ = asked(port, "/sign-in/", Host="sixgate.example")
            assert (status, headers["Location"]) == (301, "https://sixgate.example/sign-in/")
            assert asked(port, "/sign-in/")[0] == 400
            status, headers, _ = asked(port, "/sign-in/", **forwarded)
            answers[trusted] = [status, "Strict-Transport-Security" in headers, "Secure" in (headers["Set-Cookie"] or "")]
    assert answers == {"127.0.0.1": [200, True, True], "192.0.2.1": [301, False, False]}


def both(pid: int) -> list[psutil.Process]:
    """Return all a supervisor started, once web and clock are among them."""
    for _ in range(600):
        found = family(pid)
        if {name for process in found for name in (WEB[1], CLOCK[1]) if name in process.cmdline()} == {WEB[1], CLOCK[1]}:
            return found
        time.sleep(0.1)
    raise AssertionError("the supervisor did not start both")


def test_the_supervisor_serves_pages_and_a_signal_ends_it_and_all_it_started(empty: Place) -> None:
    place = empty.setting(PORT=free_port())
    assert place.run(PREPARE, "static").returncode == 0
    with place.running(SERVE) as server:
        status, _, body = asked(place.set["PORT"], "/sign-in/")
        assert (status, re.findall(r'id="(id_\w+)"', body)) == (200, ["id_username", "id_password"])
        started = both(server.pid)
        server.send_signal(signal.SIGTERM)
        assert (server.wait(40), alive(started, 1)) == (0, [])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_supervisor_killed_outright_leaves_nobody_behind(empty: Place) -> None:
    place = empty.setting(PORT=free_port())
    with place.running(SERVE) as server:
        started = both(server.pid)
        server.kill()
        assert (server.wait(10), alive(started, 30)) == (-signal.SIGKILL, [])


@pytest.mark.parametrize(("name", "said"), [("sixgate.interfaces.clock", "定时任务 clock"), ("granian", "网页服务 web")])
def test_when_one_of_the_two_ends_the_other_is_stopped_and_it_is_said(name: str, said: str, empty: Place) -> None:
    place = empty.setting(PORT=free_port())
    with place.running(SERVE) as server:
        started = both(server.pid)
        next(process for process in started if name in process.cmdline()).kill()
        assert (server.wait(60), alive(started, 1)) == (1, [])
    told = [line for line in place.said().splitlines() if "意外停止" in line]  # the other may say a last word of its own after it
    assert told == [f"{said} 意外停止（-9），整个服务随之停止。It ended unexpectedly (-9): everything stops."]


def test_an_unfit_production_start_ends_the_supervisor(empty: Place) -> None:
    place = empty.setting(**{**FIT, "DEBUG": "1"}, PORT=free_port())
    done = place.run(SERVE)
    assert (done.returncode, refusals(done.stdout + done.stderr)) == (1, ["DEBUG"])


def test_a_taken_port_is_told_in_two_languages_before_anything_starts(empty: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = empty.setting(PORT=str(port)).run(SERVE)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"端口 {port} 已被占用。请先停掉占用它的程序，或换一个端口：make run PORT={port % 65535 + 1}\n"
        f"Port {port} is in use. Stop what uses it, or choose another: make run PORT={port % 65535 + 1}\n"
    )


def test_a_first_start_loads_the_demo_and_a_second_one_does_nothing_again_but_names_its_people(empty: Place) -> None:
    first = empty.run(PREPARE, "run")
    loaded, *accounts = first.stdout.splitlines()
    assert (first.returncode, first.stderr, re.sub(r"\d+", "N", loaded)) == (0, "", "示例已载入：N 个项目。The demo is loaded: N projects.")
    assert accounts[0] == f"示例账号 demo accounts · 密码 password: {DEMO_PASSWORD}"
    assert sorted(line.split()[:2] for line in accounts[1:]) == sorted([username, name] for username, name, *_ in PEOPLE)
    stamp = empty.folder / "static" / "staticfiles.json"
    written = stamp.stat().st_mtime_ns
    second = empty.run(PREPARE, "run")
    assert (second.returncode, second.stdout.splitlines(), second.stderr, stamp.stat().st_mtime_ns) == (0, accounts, "", written)
    hidden = empty.setting(SIXGATE_DEMO_PASSWORD="told-to-guests-only").run(PREPARE, "run")
    assert hidden.stdout.splitlines() == ["示例账号 demo accounts · 密码 password: $SIXGATE_DEMO_PASSWORD", *accounts[1:]]


def test_a_load_that_was_cut_off_is_begun_anew_and_never_half_a_city(empty: Place) -> None:
    city = empty.setting(DEMO="city")
    with city.running(PREPARE, "run") as loading:
        until = time.monotonic() + 100
        while "件事已办" not in city.said() and time.monotonic() < until:
            time.sleep(0.05)
        loading.kill()
    assert (city.folder / "demo.unfinished").exists()
    again = empty.run(PREPARE, "run")
    assert (again.returncode, again.stderr, again.stdout.splitlines()[0]) == (0, "", "示例已载入：3 个项目。The demo is loaded: 3 projects.")
    assert not (city.folder / "demo.unfinished").exists()


def test_whoever_wants_no_demo_gets_none(empty: Place) -> None:
    done = empty.setting(DEMO="none").run(PREPARE, "run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_production_loads_no_demo(empty: Place) -> None:
    place = empty.setting(**FIT)
    done = place.run(PREPARE, "run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert place.run(*CHECK).returncode == 0


@pytest.mark.parametrize(
    ("given", "first"),
    [
        (
            {"SIXGATE_VAR": "/proc/sixgate"},
            "不能写 /proc/sixgate（No such file or directory）。请核对 SIXGATE_VAR。Cannot write there: check SIXGATE_VAR.",
        ),
        ({"DATABASE_URL": "sqlite:////no/such/folder/a.sqlite3"}, "数据库不能用，请核对 DATABASE_URL：unable to open database file"),
        ({"SIXGATE_ENV": "prod"}, "SIXGATE_ENV: 只能是 development 或 production，现在是 'prod'。It must be one of: development, production."),
    ],
    ids=["folder", "database", "setting"],
)
def test_what_stands_in_the_way_of_a_start_is_said_without_a_traceback(given: dict[str, str], first: str, empty: Place) -> None:
    done: subprocess.CompletedProcess[str] = empty.setting(**given).run(PREPARE, "run")
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert done.stderr.splitlines()[0] == first
