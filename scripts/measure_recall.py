"""Load the synthetic city with each planter and with none, look at it with the checks in force, print recall and false findings of both as JSON.

`python scripts/measure_recall.py [--day 2026-11-25] [--seed 1] [--scale 1]`. Each city is loaded into a database of its own and forgotten.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PLANTERS = ("none", "one", "two")


def main() -> int:
    """Measure both planters, or load one city when the script calls itself."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    if options.inside:
        print(json.dumps(_look(options), ensure_ascii=False))
        return 0
    seen = {planter: _apart(planter, options) for planter in PLANTERS}
    answer = {planter: _measured(seen[planter], seen["none"]) for planter in ("one", "two")}
    answer["sound"] = {
        "findings": sum(map(len, seen["none"]["found"].values())),
        "acts": seen["none"]["told"]["acts"],
        "seconds": seen["none"]["seconds"],
    }
    print(json.dumps({"day": options.day, "seed": options.seed, "scale": options.scale, **answer}, ensure_ascii=False, indent=1))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--inside", choices=PLANTERS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _apart(planter: str, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sixgate-city-") as place:
        environment = os.environ | {"SIXGATE_VAR": place}
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=environment, check=True)
        again = [sys.executable, __file__, "--inside", planter, "--seed", str(options.seed), "--scale", str(options.scale)]
        again += ["--day", options.day] if options.day else []
        found: dict[str, Any] = json.loads(subprocess.run(again, env=environment, check=True, stdout=subprocess.PIPE).stdout)
        return found


def _look(options: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from datetime import date

    from sixgate.usecases.demo.city import load_city
    from sixgate.usecases.demo.city_recall import found_in

    began, used = time.monotonic(), time.process_time()
    day = date.fromisoformat(options.day) if options.day else None
    told = load_city(day=day, seed=options.seed, scale=options.scale, planter=options.inside)
    seconds = {"wall": round(time.monotonic() - began, 1), "processor": round(time.process_time() - used, 1)}
    truth = json.loads(Path(told["truth"]).read_text(encoding="utf-8"))
    return {"truth": truth, "found": found_in(truth), "told": told, "seconds": seconds}


def _measured(seen: dict[str, Any], sound: dict[str, Any]) -> dict[str, Any]:
    import django

    django.setup()
    from sixgate.usecases.demo.city_recall import measure

    return {**measure(seen["truth"], seen["found"], sound["found"]), "acts": seen["told"]["acts"], "seconds": seen["seconds"]}


if __name__ == "__main__":
    sys.exit(main())
