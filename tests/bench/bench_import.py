"""A 10,000-row workbook imported whole (sandboxed reading, planning, rows in the database) against openpyxl reading it alone. Goal: at most 4 ×, 512 MB."""

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import load_workbook

from bench.portfolio import bodies
from factories import acting, person
from sixgate.engines.intake.export import write_xlsx
from sixgate.engines.intake.sandbox import read_register_safely
from sixgate.records.store import receive
from sixgate.usecases.planning.register_import import import_register

ROWS, ROUNDS = 10_000, 3
HEADINGS = (
    "项目编号",
    "项目名称",
    "建设单位",
    "地区",
    "金额（万元）",
    "计划开工日期",
    "计划完工日期",
    "阶段",
    "建设内容",
    "资金来源",
    "供应商",
    "备注",
)


def run() -> dict[str, Any]:
    """Return wall seconds of openpyxl alone, of our reading and of the whole import, with ratios and peak memory."""
    owner = bodies()[0]
    office = acting(person("bench-office", owner, "PMO"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "台账.xlsx"
        write_xlsx(path, HEADINGS, (_row(number) for number in range(ROWS)), sheet="台账")
        alone = min(_timed(lambda: _peer(path)) for _ in range(ROUNDS))
        reading = min(_timed(lambda: read_register_safely(path)) for _ in range(ROUNDS))
        file = receive([path.read_bytes()], path.name, limit=100_000_000)
        start = time.perf_counter()
        answer = import_register(office, file=file, owner_id=owner.id, screening="no")
        whole = time.perf_counter() - start
        kilobytes = _memory(path)
    assert answer["new"] == ROWS, answer
    return {
        "rows": ROWS,
        "goal": "import <= 4 x openpyxl, 512 MB",
        "openpyxl_seconds": round(alone, 2),
        "reading_seconds": round(reading, 2),
        "import_seconds": round(whole, 2),
        "reading_ratio": round(reading / alone, 2),
        "ratio": round(whole / alone, 2),
        "reader_peak_mb": round(kilobytes / 1024),
        "importer_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _peer(path: Path) -> None:
    book = load_workbook(path)
    for row in book.active.iter_rows(values_only=True):
        tuple(row)


def _timed(call: Any) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _memory(path: Path) -> int:
    """Return the peak memory in kilobytes of a process that does nothing but read the workbook through the sandbox."""
    code = (
        "import resource, sys; from pathlib import Path; from sixgate.engines.intake.sandbox import read_register_safely;"
        "read_register_safely(Path(sys.argv[1])); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    return int(subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout)


def _row(number: int) -> tuple[Any, ...]:
    return (
        f"GZ-{number:06d}", f"一体化平台第{number}期", f"市第{number % 198:03d}局", "广州市", 100 + number % 900, "2026-03-01", "2026-12-31", "实施",
        "平台开发与数据治理", "部门预算", "某软件公司", "",
    )  # fmt: skip
