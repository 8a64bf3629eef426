"""The rules of every test run, tried on small runs of their own: data that must be there, and the closed network."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from house.source import ROOT

STRANGER = "192.0.2.1"  # RFC 5737: belongs to nobody
MARKED = "import pytest\n@pytest.mark.data\n@pytest.mark.skipif(True, reason='no files')\ndef test_real(): ...\n"
NAMED = "import pytest\ndef test_real(): pytest.skip('SIXGATE_DATA is not set')\n"
WHOLE = "import pytest\npytest.skip('SIXGATE_DATA is absent', allow_module_level=True)\n"
OTHER = "import pytest\n@pytest.mark.skipif(True, reason='no such system')\ndef test_other(): ...\n"
CALL = f"import socket\ndef test_call(): socket.create_connection(('{STRANGER}', 9), timeout=0.01)\n"
RULE = {"CI": "true"}, {"SIXGATE_REQUIRE_DATA": "1"}


def run(folder: Path, code: str, given: dict[str, str], *, conftest: bool = True) -> tuple[int, str]:
    """Run one test file in a folder of its own, under the conftest of the house; return the exit code and what was said."""
    if conftest:
        shutil.copy(ROOT / "tests/conftest.py", folder)
    (folder / "test_small.py").write_text(code, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = data: needs SIXGATE_DATA\n", encoding="utf-8")
    left = {name: value for name, value in os.environ.items() if name not in ("CI", "SIXGATE_REQUIRE_DATA", "PYTEST_ADDOPTS")}
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    said = subprocess.run(line, cwd=folder, env={**left, **given, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True, text=True, check=False)
    return said.returncode, said.stdout


@pytest.mark.parametrize("code", [MARKED, NAMED])
def test_a_test_without_its_data_is_skipped_where_data_need_not_be(tmp_path: Path, code: str) -> None:
    code_, said = run(tmp_path, code, {})
    assert (code_, re.findall(r"\d+ (?:skipped|failed|error|passed)", said)) == (0, ["1 skipped"])


@pytest.mark.parametrize("given", RULE)
@pytest.mark.parametrize("code", [MARKED, NAMED])
def test_a_test_without_its_data_fails_the_run_where_data_must_be_there(tmp_path: Path, code: str, given: dict[str, str]) -> None:
    code_, said = run(tmp_path, code, given)
    assert (code_, "test_small.py::test_real was skipped, but SIXGATE_DATA must be there" in said) == (1, True)


def test_a_module_without_its_data_fails_the_run_where_data_must_be_there(tmp_path: Path) -> None:
    (with_rule, said), (without, _said) = run(tmp_path, WHOLE, RULE[0]), run(tmp_path, WHOLE, {})
    assert (with_rule, "test_small.py was skipped, but SIXGATE_DATA must be there" in said) == (2, True)
    assert without == 5  # nothing was collected, nothing failed


def test_a_skip_for_another_reason_stays_a_skip_where_data_must_be_there(tmp_path: Path) -> None:
    code, said = run(tmp_path, OTHER, RULE[0])
    assert (code, re.findall(r"\d+ (?:skipped|failed|error|passed)", said)) == (0, ["1 skipped"])


def test_a_call_to_a_stranger_fails_by_the_rule_and_not_by_the_line(tmp_path: Path) -> None:
    closed = run(tmp_path, CALL, {})
    (tmp_path / "conftest.py").unlink()
    free = run(tmp_path, CALL, {}, conftest=False)
    assert [(code, "NetworkClosed" in said) for code, said in (closed, free)] == [(1, True), (1, False)]


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, STRANGER), (socket.AF_INET6, "2001:db8::1"), (socket.AF_INET, "example.org")])
@pytest.mark.parametrize("name", ["connect", "connect_ex"])
def test_no_connection_leaves_this_machine(family: socket.AddressFamily, host: str, name: str) -> None:
    with socket.socket(family) as line, pytest.raises(RuntimeError, match="the network is closed in tests"):
        getattr(line, name)((host, 443))


def test_no_datagram_leaves_this_machine() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, pytest.raises(RuntimeError, match="the network is closed in tests"):
        line.sendto(b"?", (STRANGER, 53))


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=5) as line:
            assert line.getpeername() == server.getsockname()


def test_unix_sockets_stay_open(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as line:
        server.bind(str(tmp_path / "s"))
        server.listen()
        line.connect(str(tmp_path / "s"))
        assert line.getpeername() == str(tmp_path / "s")
