"""The scripts behind `make`: what they find in order is left alone, and what they cannot do they say, with the remedy."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from place import ROOT

HTMX = "src/sixgate/interfaces/web/assets/vendor/htmx.min.js"
STAMP = "src/sixgate/interfaces/web/assets/vendor/.stamp"
AXE = "node_modules/axe-core/axe.min.js"
NO_BROWSER = (
    "浏览器测试需要 Chromium 和中文字体，这里还缺：chromium、fonts-noto-cjk。请以 root 执行：apt-get install chromium fonts-noto-cjk\n"
    "The browser tests need Chromium and a Chinese font. Missing here: chromium, fonts-noto-cjk. Run as root: apt-get install chromium fonts-noto-cjk\n"
)


def run(script: Path, folder: Path, **given: str) -> "subprocess.CompletedProcess[str]":
    """Run a script where the programs of one folder are all there are."""
    environment = {**os.environ, "PATH": str(folder), **given}
    return subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=60, check=False)


def program(folder: Path, name: str, code: int) -> None:
    """Put a program there that does nothing but end with a code."""
    path = folder / name
    path.write_text(f"#!{shutil.which('sh')}\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a tree with the script, the lock and every fetched file, all of them older than the lock by the clock."""
    script = "scripts/assets.py"
    fetched = [str(path.relative_to(ROOT)) for path in runpy.run_path(str(ROOT / script))["NEEDED"]]
    assert {AXE, HTMX} < set(fetched)
    for name in (script, "package-lock.json", *fetched):
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / "tree" / name)
    (tmp_path / "tree" / STAMP).write_text(runpy.run_path(str(tmp_path / "tree" / script))["wanted_digest"](), encoding="utf-8")
    for name in (STAMP, *fetched):
        os.utime(tmp_path / "tree" / name, (0, 0))
    return tmp_path / "tree"


@pytest.mark.parametrize("missing", [None, HTMX, STAMP, AXE, "lock"])
def test_npm_is_asked_only_for_what_is_not_here_and_its_failure_is_told(missing: str | None, tree: Path, tmp_path: Path) -> None:
    program(tmp_path, "npm", 7)
    if missing == "lock":
        (tree / "package-lock.json").write_text("{}", encoding="utf-8")
    elif missing:
        (tree / missing).unlink()
    done = run(tree / "scripts/assets.py", tmp_path)
    told = "前端文件没有取到：请检查到 npm 软件源的网络后重试。npm could not fetch the front-end files: check the network and try again.\n"
    assert (done.returncode, done.stdout, done.stderr) == ((0, "", "") if missing is None else (7, "", told))


def test_without_a_browser_or_a_way_to_install_one_the_command_to_run_is_told(tmp_path: Path) -> None:
    done = run(ROOT / "scripts/browser.py", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", NO_BROWSER)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install")
def test_an_installation_that_fails_ends_in_the_same_words(tmp_path: Path) -> None:
    program(tmp_path, "apt-get", 100)
    done = run(ROOT / "scripts/browser.py", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", NO_BROWSER)


@pytest.mark.parametrize("given", ["0", "65536", "-1", "eighty", "８０", ""])
def test_a_port_that_is_none_is_told_in_two_languages(given: str, tmp_path: Path) -> None:
    done = run(ROOT / "scripts/port.py", tmp_path, PORT=given)
    said = f"PORT：应为 1 到 65535 的整数，现在是 {given!r}。\nPORT must be a whole number from 1 to 65535, not {given!r}.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_an_address_that_is_not_this_machine_s_is_told(tmp_path: Path) -> None:
    done = run(ROOT / "scripts/port.py", tmp_path, HOST="192.0.2.1", PORT="8000")
    assert (done.returncode, done.stderr.splitlines()[1].split(":")[0]) == (1, "Cannot serve on port 8000 of 192.0.2.1")


def test_make_alone_lists_every_target() -> None:
    make = shutil.which("make")
    assert make is not None
    said = subprocess.run([make], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in said.splitlines()] == ["help", "run", "test", "check", "bench", "nemesis", "soak", "clean"]
