"""Runs the benchmarks on a database of their own and prints one JSON object with the machine's description.

Usage: python -m bench [NAME …] (from tests/; `make bench`)
"""

import importlib
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; 2 for a name there is none of."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if unknown := set(names) - set(known):
        print(f"没有基准 {', '.join(sorted(unknown))}；有 {', '.join(known)}。No such benchmark.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sixgate-bench-") as folder:
        os.environ |= {"SIXGATE_VAR": folder, "DJANGO_SETTINGS_MODULE": "sixgate.settings", "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        results: dict[str, Any] = {}
        for name in names or known:
            call_command("migrate", verbosity=0)
            results[name] = importlib.import_module(f"bench.bench_{name}").run()
            print(f"{name}: {json.dumps(results[name], ensure_ascii=False)}", file=sys.stderr, flush=True)
            _empty(folder)
    print(json.dumps({"machine": _machine(), "results": results}, ensure_ascii=False, indent=2))
    return 0


def _empty(folder: str) -> None:
    from django.db import connections

    connections.close_all()
    for path in Path(folder).glob("bench.sqlite3*"):
        path.unlink()


def _machine() -> dict[str, Any]:
    models = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "database": "SQLite, WAL, synchronous=FULL",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
