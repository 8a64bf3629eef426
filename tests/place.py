"""A place of its own for real processes: an empty folder, a database in it, and an environment that names both."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
SERVE = str(ROOT / "scripts/serve.py")
PREPARE = str(ROOT / "scripts/prepare.py")
SECONDS = 120
DATABASE = "sixgate.sqlite3"
FIT = {"SIXGATE_ENV": "production", "SECRET_KEY": "a-secret-of-this-test-alone-" * 3, "ALLOWED_HOSTS": "sixgate.example", "DEBUG": "0"}
OURS = ("SIXGATE_", "GRANIAN_", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "TRUSTED_PROXIES", "CSRF_TRUSTED_ORIGINS", "HOST", "PORT")


@dataclass(frozen=True)
class Place:
    """A folder with a database; `set` are the settings that differ from those of a fresh clone."""

    folder: Path
    set: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a process of this place: the machine's without our settings, then ours."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        own = {
            "SIXGATE_VAR": str(self.folder),
            "DEMO": "small",
            "DATABASE_URL": f"sqlite:///{self.folder}/{DATABASE}",
            "DJANGO_SETTINGS_MODULE": "sixgate.settings",
        }
        return {**inherited, **own, **self.set}

    def setting(self, **given: str) -> "Place":
        """Return the same place under other settings."""
        return Place(self.folder, {**self.set, **given})

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run Python with arguments to its end."""
        return subprocess.run([sys.executable, *arguments], env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False)

    @contextmanager
    def running(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """Run Python with arguments beside the test, its words in `out.log`; whatever is left of it ends with the block."""
        with (self.folder / "out.log").open("w") as log:
            process = subprocess.Popen([sys.executable, *arguments], env=self.environment, stdout=log, stderr=subprocess.STDOUT, text=True)
        try:
            yield process
        finally:
            for left in family(process.pid):
                with suppress(psutil.NoSuchProcess):
                    left.kill()
            process.kill()
            process.wait(SECONDS)

    def said(self) -> str:
        """Return what the process beside the test has said so far."""
        return (self.folder / "out.log").read_text(encoding="utf-8")

    def copy(self, folder: Path) -> "Place":
        """Return a copy of this place in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Place(folder, self.set)


def family(pid: int) -> list[psutil.Process]:
    """Return all processes a process started, directly or not; none when it is gone."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def alive(processes: list[psutil.Process], seconds: float) -> list[str]:
    """Return the command lines of those that have not ended after some seconds. One that ended and was not yet collected has ended."""
    until = time.monotonic() + seconds
    while (left := [line for process in processes if (line := _line(process))]) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) if process.is_running() else ""
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def free_port() -> str:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
