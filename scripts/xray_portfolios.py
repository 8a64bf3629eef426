"""Takes every public register of projects into a database of its own, looks at it with the checks, and writes docs/xray.md and docs/xray.zh.md.

Usage: python scripts/xray_portfolios.py [--print]   (reads SIXGATE_DATA or ../shared/data; no row of a register is kept)
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORTFOLIOS = Path(os.environ.get("SIXGATE_DATA", str(ROOT.parent / "shared/data"))) / "portfolios"
REGISTERS = ("cn_public_projects", "gc-it-projects-2016", "gc-it-projects-2019", *(f"uk_gmpp_{year}" for year in range(2014, 2020)))
LAID_DOWN = date(2026, 11, 25)  # the day of judging, so that a second run says the same
TAKEN = """import sys
from pathlib import Path
import django
django.setup()
from sixgate.records.models import Organisation, Post, User
from sixgate.records.store import receive
from sixgate.usecases._registry import named_actor
from sixgate.usecases.planning.register_import import import_register
from datetime import date
body = Organisation.objects.create(name="台账保管单位", region_id="440100")
user = User.objects.create_user("keeper", None, name="keeper")
Post.objects.create(person=user, organisation=body, duty="PMO", region_code="440100", valid_from=date(2020, 1, 1))
path = Path(sys.argv[1])
with path.open("rb") as source:
    file = receive(iter(lambda: source.read(1_048_576), b""), path.name, limit=200_000_000)
import_register(named_actor("keeper", "cli"), file=file, owner_id=body.id, screening="no")
"""


def main(arguments: Sequence[str]) -> int:
    """Look at every register and write the pages, or print the numbers."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.sqlite3"
        _run(["-m", "django", "migrate", "-v0"], _environment(folder, empty))
        found = {name: look_at(PORTFOLIOS / f"{name}.csv", empty) for name in REGISTERS}
    if "--print" in arguments:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    sys.path.insert(0, str(ROOT / "scripts"))
    from xray_words import page

    for language, name in (("en", "xray.md"), ("zh", "xray.zh.md")):
        (ROOT / "docs" / name).write_text(page(found, language), encoding="utf-8")
    return 0


def look_at(path: Path, empty: Path) -> Mapping[str, Any]:
    """Return what the checks say of one register taken into a copy of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "register.sqlite3"
        shutil.copyfile(empty, own)
        environment = _environment(folder, own)
        _run(["-c", TAKEN, str(path)], environment)
        said = _run(["-m", "sixgate.interfaces.cli", "xray", "--on", LAID_DOWN.isoformat(), "--json"], environment)
        print(path.name, file=sys.stderr)
        return dict(json.loads(said))


def _environment(folder: str, database: Path) -> dict[str, str]:
    names = {"SIXGATE_VAR": folder, "DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "sixgate.settings"}
    return {**os.environ, **names, "LC_ALL": "zh_CN.UTF-8"}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run([sys.executable, *command], env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
