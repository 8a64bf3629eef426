"""The register of real public notices, read where it lies; nothing of it is kept here. Rows are found by their 序号."""

import csv
import os
import re
from pathlib import Path

import pytest

PORTFOLIOS = Path(os.environ.get("SIXGATE_DATA", str(Path(__file__).parents[2] / "shared" / "data"))) / "portfolios"
REGISTER = PORTFOLIOS / "cn_public_projects.csv"
needs_data = [pytest.mark.data, pytest.mark.skipif(not REGISTER.is_file(), reason="SIXGATE_DATA is absent")]


def rows() -> dict[str, dict[str, str]]:
    """Return the rows of the register by 序号."""
    with REGISTER.open(encoding="utf-8-sig", newline="") as file:
        return {row["序号"]: row for row in csv.DictReader(file)}


def amounts(text: str) -> list[str]:
    """Return the amounts in 万元 a cell names, in its order."""
    return re.findall(r"([\d.]+)万元", text)


def days(text: str) -> list[str]:
    """Return the days a cell names, in its order."""
    return re.findall(r"\d{4}-\d{2}-\d{2}", text)
