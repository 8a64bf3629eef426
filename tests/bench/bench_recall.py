"""What of the problems planted in a synthetic city the checks find, by kind, for both planters; false findings; time to load (goals: 0.95, 5 %, 60 s).

The first planter knows the checks, the second does not: its number is reported, not promised. SIXGATE_CITY_SCALE for a smaller city.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/measure_recall.py"
DAY, SEED = "2026-11-25", "1"


def run() -> dict[str, Any]:
    """Return recall by kind and the share of false findings of both planters, and the seconds each city took."""
    scale = os.environ.get("SIXGATE_CITY_SCALE", "1")
    command = [sys.executable, str(SCRIPT), "--day", DAY, "--seed", SEED, "--scale", scale]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return {"goal": "first planter: recall >= 0.95, false findings <= 5 %, loaded within 60 s of processor time; second: reported", **told}
