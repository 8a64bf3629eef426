"""Writes src/sixgate/regulations/cn/workdays.toml from the arrangements the package `chinesecalendar` collects, year by year.

Run it when the State Council has published a new year and the package has it: python scripts/make_workdays.py
"""

from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

FIRST = 2014
TARGET = Path(__file__).resolve().parent.parent / "src/sixgate/regulations/cn/workdays.toml"


def days(found: list[date]) -> str:
    """Return days as TOML local dates."""
    return "[" + ", ".join(day.isoformat() for day in sorted(found)) + "]"


def main() -> None:
    """Write every year from 2014 that the package knows."""
    lines = [
        "# 国务院办公厅年度节假日安排：off 为放假日（含连休的周末），work 为调休上班日。",
        f"# 由 scripts/make_workdays.py 依 chinesecalendar {version('chinesecalendar')} 整理；没有列出的年份尚未公布，按暂定办法推算。",
    ]
    for year in range(FIRST, max(holidays).year + 1):
        off = [day for day in holidays if day.year == year]
        work = [day for day in workdays if day.year == year]
        lines += ["", "[[year]]", f"year = {year}", f"off = {days(off)}", f"work = {days(work)}"]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
