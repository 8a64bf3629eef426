"""The checks on a register nobody here wrote: what they truly find, and that what a register does not say is neither a finding nor a pass."""

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest

from factories import acting, person, world
from real_register import PORTFOLIOS, REGISTER
from sixgate.records.store import receive
from sixgate.usecases import _law
from sixgate.usecases.planning.register_import import import_register
from sixgate.usecases.planning.xray import portfolio_xray

PROBLEMS = PORTFOLIOS / "cn_public_problems.csv"
MAPPED = Path(__file__).parents[2] / "docs/xray-problems.toml"
ON = date(2026, 11, 25)


@pytest.mark.usefixtures("rows", "own_files")
@pytest.mark.data
@pytest.mark.skipif(not REGISTER.is_file(), reason="SIXGATE_DATA is absent")
def test_the_register_of_public_notices_shows_what_it_can_and_no_more() -> None:
    here = world()
    keeper = acting(person("keeper", here.bureau, "PMO"))
    file = receive([REGISTER.read_bytes()], REGISTER.name, limit=200_000_000)
    import_register(keeper, file=file, owner_id=here.bureau.id, screening="no")
    told = portfolio_xray(ON)
    found = {item["id"]: item["found"] for item in told["checks"] if item["found"]}
    looked = {item["id"] for item in told["checks"] if item["found"] or item["well"]}
    assert told["projects"] == 215
    assert (found, looked) == ({"check.same_name": 2}, {"check.same_name", "check.finish_passed", "check.same_content"})
    assert all(item["found"] + item["well"] + item["unknown"] + item["not_applicable"] >= 215 for item in told["checks"])


@pytest.mark.data
@pytest.mark.skipif(not PROBLEMS.is_file(), reason="SIXGATE_DATA is absent")
def test_every_row_of_the_public_problems_is_mapped_once_to_a_rule_that_exists_or_said_to_be_uncovered() -> None:
    with PROBLEMS.open(encoding="utf-8-sig", newline="") as file:
        numbers = [row["序号"] for row in csv.DictReader(file)]
    rows = tomllib.loads(MAPPED.read_text(encoding="utf-8"))["rows"]
    known = _law.law("440100", ON)[0].requirements
    named = {row[key] for row in rows.values() for key in ("check", "requirement") if key in row}
    assert (numbers, {name for name in named if name not in known}) == (list(rows), set())
    assert {name for row in rows.values() if (name := row.get("check", "")) and known[name].duty != "check"} == set()
