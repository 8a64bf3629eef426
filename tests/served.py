"""A served demo as browser tests see it: started for them alone, worked by its own command line, looked at page by page."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

PASSWORD = "sixgate-demo-2026"
ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SERIOUS = """() => axe.run().then(found => found.violations
  .filter(item => ['serious', 'critical'].includes(item.impact)).map(item => item.id + ': ' + item.nodes.map(node => node.html).slice(0, 3).join(' | ')))"""
COMMANDS = """import json, sys
from sixgate.interfaces import cli
for arguments in json.load(sys.stdin):
    if cli.main([*arguments, "--json"]):
        sys.exit(f"refused: {arguments}")
"""
SignIn = Callable[..., Page]


@dataclass(frozen=True)
class Site:
    """A served demo: its address and the environment its command line needs."""

    address: str
    environment: dict[str, str]

    def command(self, *arguments: str) -> dict[str, object]:
        """Run a sixgate command against the site's database; return its JSON answer."""
        return self.commands([arguments])[0]

    def commands(self, several: Sequence[Sequence[str]]) -> list[dict[str, object]]:
        """Run sixgate commands one after another in one process; return their JSON answers."""
        told = self._python(COMMANDS, json.dumps(several))
        return [dict(json.loads(line)) for line in told.splitlines()]

    def ask(self, expression: str) -> object:
        """Return what an expression on the site's tables is worth (`models` are at hand)."""
        code = f"import django, json; django.setup(); from sixgate.records import models; print(json.dumps({expression}, default=str))"
        return json.loads(self._python(code))

    def _python(self, code: str, given: str = "") -> str:
        done = subprocess.run([sys.executable, "-c", code], env=self.environment, input=given, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def serving(folder: Path, demo: Sequence[str] = ("load",)) -> Iterator[Site]:
    """Serve a fresh demo from a folder on a free port; stop it on leaving. `demo` says which, as the command line takes it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {
        **os.environ,
        "SIXGATE_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "sixgate.settings",
        "PORT": port,
    }
    for command in (
        ["-m", "django", "migrate", "-v0"],
        ["-m", "django", "collectstatic", "--noinput", "-v0"],
        ["-m", "sixgate.interfaces.cli", "demo", *demo],
    ):
        subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, str(ROOT / "scripts/serve.py")], env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/sign-in/", folder / "serve.log")
            yield Site(f"http://127.0.0.1:{port}", environment)
        finally:
            server.terminate()
            server.wait(30)


def serious(page: Page) -> list[str]:
    """Return what axe finds serious or critical on a page whose scripts may run."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(SERIOUS))


def _wait(address: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
