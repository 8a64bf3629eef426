"""A served demo as browser tests see it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

PASSWORD = "sixgate-demo-2026"
ROOT = Path(__file__).resolve().parents[1]
SignIn = Callable[..., Page]


@dataclass(frozen=True)
class Site:
    """A served demo: its address and the environment its command line needs."""

    address: str
    environment: dict[str, str]

    def command(self, *arguments: str) -> dict[str, object]:
        """Run a sixgate command against the site's database; return its JSON answer."""
        done = subprocess.run(
            [sys.executable, "-m", "sixgate.interfaces.cli", *arguments, "--json"], env=self.environment, capture_output=True, text=True, check=True
        )
        return dict(json.loads(done.stdout))
