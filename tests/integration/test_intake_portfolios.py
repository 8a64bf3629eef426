"""Real public portfolios, read through the sandbox, give exactly the projects they hold. Nothing is copied into the repository."""

import os
from pathlib import Path

import pytest

from sixgate.engines.intake.sandbox import read_register_safely
from sixgate.engines.intake.table import RegisterTable

ROOT = Path(os.environ.get("SIXGATE_DATA", str(Path(__file__).parents[3] / "shared" / "data"))) / "portfolios"

pytestmark = [pytest.mark.data, pytest.mark.skipif(not ROOT.is_dir(), reason="SIXGATE_DATA is absent")]

COUNTS = {
    "cn_public_projects.csv": (215, "utf-8-sig", False),
    "gc-it-projects-2016.csv": (398, "utf-8", False),
    "gc-it-projects-2019.csv": (463, "utf-8", False),
    "uk_gmpp_2014.csv": (199, "cp1252", True),
    "uk_gmpp_2015.csv": (188, "cp1252", True),
    "uk_gmpp_2016.csv": (143, "cp1252", True),
    "uk_gmpp_2017.csv": (143, "cp1252", True),
    "uk_gmpp_2018.csv": (133, "cp1252", False),
    "uk_gmpp_2019.csv": (133, "cp1252", False),
}
NEEDED = {"project_name", "owner_name", "amount", "planned_finish", "description"}


def read(name: str) -> RegisterTable:
    return read_register_safely(ROOT / name)


@pytest.mark.parametrize("name", COUNTS)
def test_every_project_and_nothing_else_is_read(name: str) -> None:
    table = read(name)
    assert (len(table.rows), table.encoding, table.mapping.transposed) == COUNTS[name]
    assert len({row.key for row in table.rows}) == len(table.rows)
    assert all(row.values.get("project_name") for row in table.rows)
    assert {column.target for column in table.mapping.columns} >= NEEDED
    assert [problem for problem in table.problems() if problem.level == "error"] == []


def test_chinese_amounts_become_fen_and_match_the_stated_total() -> None:
    table = read("cn_public_projects.csv")
    assert sum("amount_fen" in row.values for row in table.rows) == 174
    assert table.rows[1].values["amount_fen"] == 112_200_000
    assert table.rows[1].values["amount_text"] == "标项一19.5万元；标项二92.7万元"
    assert set(table.rows[0].extra) >= {"等保", "密评", "信创"}
    assert table.problems() == []


@pytest.mark.parametrize("name", [name for name in COUNTS if not name.startswith("cn_")])
def test_foreign_money_never_becomes_fen(name: str) -> None:
    assert all("amount_fen" not in row.values for row in read(name).rows)


def test_the_footnote_of_2017_is_dropped_with_its_reason() -> None:
    dropped = [item for item in read("uk_gmpp_2017.csv").dropped if item.reason == "footnote"]
    assert [(item.axis, item.number) for item in dropped] == [("row", 16)]


def test_pounds_keep_currency_and_scale() -> None:
    values = read("uk_gmpp_2015.csv").rows[0].values
    assert (values["amount_number"], values["currency"], values["amount_scale"]) == ("26.19", "GBP", 1_000_000)
