"""Kills the service again and again while people work, and looks each time whether it kept its word.

Usage: python -m nemesis [--rounds 20] [--seed 1] [--clients 4] (from tests/; `make nemesis`; DATABASE_URL for another database than SQLite)
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from nemesis.clients import Client, Journal

ROOT = Path(__file__).resolve().parents[2]
VICTIMS = ("web worker", "web server", "clock", "everything")
STARTED = 60
GRACE = 30
PARTS = 3  # web server, web worker, clock


def main() -> int:
    """Run the rounds; 0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="nemesis")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sixgate-nemesis-") as folder:
        _set_up(Path(folder))
        told = _rounds(options, Path(folder))
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 1 if told["broken"] else 0


def _set_up(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/nemesis.sqlite3")
    os.environ |= {"SIXGATE_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "sixgate.settings", "PORT": port, "SIXGATE_LOG": "line"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from sixgate.usecases.demo.people import settle

    settle()


def _rounds(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from nemesis.checks import broken
    from nemesis.clients import Client, Journal
    from nemesis.world import world

    dice, journal, killed, began = random.Random(options.seed), Journal(), Counter[str](), time.monotonic()
    known = world(int(os.environ["PORT"]))
    clients = [Client(f"client{number}", known, journal) for number in range(options.clients)]
    found: list[str] = []
    for _number in range(options.rounds):
        victim = dice.choice(VICTIMS)
        _one_round(clients, victim, dice.uniform(0.5, 2.5), folder)
        killed[victim] += 1
        found += broken(journal)
        if found:
            break
    with Service(folder):
        _finish(clients, journal)
    found += broken(journal)
    if len(journal.promised) < options.rounds:
        found.append(f"only {len(journal.promised)} answers in {options.rounds} rounds: nothing was put to the test")
    return _told(options, journal, killed, found, time.monotonic() - began)


def _one_round(clients: "list[Client]", victim: str, after: float, folder: Path) -> None:
    """Serve, let everybody work, and kill the victim after some seconds; all threads are home when this returns."""
    stop = threading.Event()
    server = Service(folder)
    with server:
        threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
        for thread in threads:
            thread.start()
        try:
            time.sleep(after)
            server.kill(victim)
            time.sleep(0.2)
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _finish(clients: "list[Client]", journal: "Journal") -> None:
    """Let everybody send what waits until it is answered, so that no promise stays open."""
    stop, before = threading.Event(), len(journal.promised)
    threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    until = time.monotonic() + STARTED
    while len(journal.promised) < before + 3 * len(clients) and time.monotonic() < until:
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()


class Service:
    """The real service as `make run` starts it, and ways to kill parts of it."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "serve.log"

    def __enter__(self) -> "Service":
        if self._answers():
            raise SystemExit("somebody of the last round lives on and answers in place of the new service")
        self.writing = self.log.open("ab")
        self.process = subprocess.Popen([sys.executable, str(ROOT / "scripts/serve.py")], stdout=self.writing, stderr=self.writing)
        until = time.monotonic() + STARTED
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(f"the service does not start:\n{self.log.read_text('utf-8')[-2000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_raised: object) -> None:
        try:
            self.process.wait(GRACE)  # what fell takes the rest along; nobody helps
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait(GRACE)
        self.writing.close()

    def kill(self, victim: str) -> None:
        """Send SIGKILL to a part."""
        until = time.monotonic() + STARTED
        while len(family := self._family()) < PARTS:  # the clock starts last
            if time.monotonic() > until:
                raise SystemExit(f"the service is not whole:\n{self.log.read_text('utf-8')[-2000:]}")
            time.sleep(0.02)
        web, clock = _of(family, "granian"), _of(family, "sixgate.interfaces.clock")
        chosen = {
            "web worker": web[-1:],
            "web server": web[:1],
            "clock": clock,
            "everything": [*family, psutil.Process(self.process.pid)],
        }[victim]
        for process in chosen:
            with suppress(psutil.NoSuchProcess):  # it may have fallen with another
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(chosen, timeout=5)
        if not chosen or any(process.is_running() for process in chosen):
            raise SystemExit(f"the {victim} was not killed: nothing would be put to the test")

    def _family(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
        return False


def _of(family: list[psutil.Process], name: str) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for process in family:
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if name in process.cmdline():
                found.append(process)
    return found


def _told(options: argparse.Namespace, journal: "Journal", killed: Counter[str], found: list[str], seconds: float) -> dict[str, Any]:
    from django.db import connection

    return {
        "database": connection.vendor,
        "seed": options.seed,
        "rounds": sum(killed.values()),
        "killed": dict(killed),
        "acknowledged": len(journal.promised),
        "unheard": journal.unheard,
        "seconds": round(seconds),
        "broken": found,
    }


if __name__ == "__main__":
    sys.exit(main())
