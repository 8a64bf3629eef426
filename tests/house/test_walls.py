"""The contracts of .importlinter: each breaks on the one import it forbids, none is broken as delivered, no room is left out."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from house.source import FLOORS, PACKAGE, PURE, ROOT, modules
from sixgate.engines.rules.schema import STAGES

CONFIG = ROOT / ".importlinter"
# contract: (file, forbidden import, contracts reported). Where a floor calls back up there is always a cycle as well.
PLANTS = {
    "floors": ("records/regions.py", "sixgate.usecases.rulebook", {"floors", "acyclic"}),
    "pure": ("engines/ledger/canonical.py", "django.conf", {"pure"}),
    "machines": ("engines/ledger/canonical.py", "sixgate.engines.intake.values", {"machines"}),
    "domain-rooms": ("domain/planning/screening.py", "sixgate.domain.authority", {"domain-rooms"}),
    "lifecycle-way": ("usecases/lifecycle/evidence.py", "sixgate.usecases.lifecycle.gate", {"lifecycle-way"}),
    "usecases-apart": ("usecases/planning/life.py", "sixgate.usecases.authority.accounts", {"usecases-apart"}),
    "interfaces-apart": ("interfaces/web/work.py", "sixgate.interfaces.cli", {"interfaces-apart"}),
    "rows-stay-home": ("interfaces/web/work.py", "sixgate.records.models", {"rows-stay-home"}),
    "analytics-room": ("engines/intake/values.py", "duckdb", {"analytics-room"}),
    "cel-one-room": ("usecases/rulebook.py", "cel_expr_python", {"cel-one-room"}),
    "acyclic": ("engines/rules/expression.py", "sixgate.engines.rules.schema", {"acyclic"}),
}
INDIRECT = {
    "pure": ("engines/ledger/canonical.py", "sixgate.settings", {"pure"}),
    "acyclic": ("records/queries/keyset.py", "sixgate.records.queries.portfolio", {"acyclic"}),
}
# modules that stand in no contract of their floor, because others meet in them or they stand ahead of every door: shared words, the demo that
# acts in every room, the papers composed from every room, the founding that runs verbs in an empty database, the ledger's reader that tells what every room did, the notices made of what all rooms wrote, the courier two doors
# wake, the list of addresses, the start of the server
CORRIDORS = {
    "engines": set[str](),
    "domain": {"axes"},
    "usecases": {"briefing", "demo", "founding", "ledger", "notices"},
    "interfaces": {"apps", "checks", "courier", "urls", "watch", "wsgi"},
}
APART = {"engines": "machines", "domain": "domain-rooms", "usecases": "usecases-apart", "interfaces": "interfaces-apart"}
LIBRARY_ROOMS = {"analytics-room": {"mining", "pii", "simulation", "similarity"}, "cel-one-room": {"rules"}}


def contracts() -> dict[str, configparser.SectionProxy]:
    """Return the sections of .importlinter that are contracts, by id."""
    parser = configparser.ConfigParser()
    parser.read(CONFIG, encoding="utf-8")
    return {name.removeprefix("importlinter:contract:"): parser[name] for name in parser.sections() if ":contract:" in name}


def listed(contract: str, option: str) -> set[str]:
    """Return the modules a contract names, none where there is no such contract."""
    return set(contracts()[contract][option].split()) if contract in contracts() else set()


def rooms(floor: str) -> set[str]:
    """Return the dotted names of the rooms of a floor; a name with an underscore before it is the floor's own frame."""
    found = {path.stem for path in (PACKAGE / floor).glob("*.py")} | {path.parent.name for path in (PACKAGE / floor).glob("*/__init__.py")}
    return {f"sixgate.{floor}.{name}" for name in found if not name.startswith("_")}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package in which imports may be planted."""
    folder = tmp_path_factory.mktemp("walls")
    shutil.copytree(PACKAGE, folder / "sixgate", ignore=shutil.ignore_patterns("templates", "assets", "locale", "regulations", "__pycache__"))
    shutil.copy(CONFIG, folder)
    return folder


@pytest.fixture(scope="module")
def already(copy: Path) -> set[str]:
    """Return what is broken before anything is planted: one test reports it, and the others look at what they add."""
    return broken(copy)


def broken(copy: Path) -> set[str]:
    """Return the ids of the contracts the linter reports broken in the copy; fail when it did not judge all of them."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", CONFIG.name]
    said = subprocess.run(command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True, check=False)
    names = {section["name"]: contract for contract, section in contracts().items()}
    verdicts = dict(re.findall(rf"^({'|'.join(map(re.escape, names))}) (KEPT|BROKEN)", said.stdout, re.MULTILINE))
    assert set(verdicts) == set(names), said.stdout + said.stderr
    return {names[name] for name, verdict in verdicts.items() if verdict == "BROKEN"}


def broken_with(copy: Path, file: str, lines: Iterable[str]) -> set[str]:
    """Return the broken contracts while lines stand at the end of a file."""
    path = copy / "sixgate" / file
    before = path.read_bytes()
    path.write_bytes(b"\n".join([before, *(line.encode() for line in lines), b""]))
    try:
        return broken(copy)
    finally:
        path.write_bytes(before)


def test_no_contract_is_broken_as_delivered(already: set[str]) -> None:
    assert already == set()


def test_every_contract_has_its_forbidden_import() -> None:
    assert set(PLANTS) == set(contracts())


@pytest.mark.parametrize("contract", sorted(PLANTS))
def test_forbidden_import_breaks_its_contract(copy: Path, already: set[str], contract: str) -> None:
    file, module, expected = PLANTS[contract]
    assert broken_with(copy, file, [f"import {module}"]) == expected | already


@pytest.mark.parametrize("contract", sorted(INDIRECT))
def test_import_that_goes_a_longer_way_breaks_its_contract(copy: Path, already: set[str], contract: str) -> None:
    file, module, expected = INDIRECT[contract]
    assert broken_with(copy, file, [f"import {module}"]) == expected | already


def test_import_inside_a_function_breaks_its_contract(copy: Path, already: set[str]) -> None:
    assert broken_with(copy, "kernel/money.py", ["def late() -> None:", "    import django"]) == {"pure"} | already


def test_new_floor_outside_the_layers_breaks_the_floors(copy: Path, already: set[str]) -> None:
    cellar = copy / "sixgate/cellar.py"
    cellar.write_text('"""A floor nobody planned."""\n', encoding="utf-8")
    try:
        assert broken(copy) == {"floors"} | already
    finally:
        cellar.unlink()


@pytest.mark.parametrize("floor", sorted(APART))
def test_every_room_of_a_floor_stands_in_its_contract(floor: str) -> None:
    assert rooms(floor) - {f"sixgate.{floor}.{name}" for name in CORRIDORS[floor]} == listed(APART[floor], "modules")


@pytest.mark.parametrize("contract", sorted(LIBRARY_ROOMS))
def test_every_room_without_the_library_stands_among_those_that_may_not_import_it(contract: str) -> None:
    allowed = {f"sixgate.engines.{name}" for name in LIBRARY_ROOMS[contract]}
    others = {f"sixgate.{floor}" for floor in FLOORS if floor != "engines"}
    assert listed(contract, "source_modules") == others | (rooms("engines") - allowed)


def test_all_pure_floors_are_pure() -> None:
    assert listed("pure", "source_modules") == {f"sixgate.{floor}" for floor in PURE}


def test_modules_named_for_a_stage_are_kept_apart() -> None:
    found = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in modules("domain") if path.stem in STAGES}
    assert found == listed("stages", "modules")
