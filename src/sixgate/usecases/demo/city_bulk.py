"""More of the same city, for load work: copies of its projects written in bulk, not by verbs.

Every copy is an honest row: it says 示例副本, starts where a registered project starts, and its money names the one ledger event that tells of the whole
load. What was decided, handed in or found is not copied, because nobody did it.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sixgate.records.models import FundingLine, LedgerEvent, Project, ProjectState
from sixgate.records.models.row import new_row_id
from sixgate.usecases._frame import note
from sixgate.usecases._registry import named_actor
from sixgate.usecases.demo.city_sketch import Times

BATCH: Final = 500
EVENT: Final = "demo.copy_projects"


def copy_projects(originals: Sequence[UUID], times: Times, scale: float) -> int:
    """Write copies of projects with their money until there are `scale` times as many; return how many were written."""
    rounds = int(scale) - 1
    if rounds < 1:
        return 0
    note(named_actor("admin", "cli"), EVENT, originals[0], copies=rounds * len(originals), reason="示例：压力测试用副本，整批写入")
    event = LedgerEvent.objects.filter(action=EVENT).latest("at")
    rows = list(Project.objects.filter(pk__in=originals).order_by("pk"))
    money: dict[UUID, list[FundingLine]] = {}
    for line in FundingLine.objects.filter(project__in=originals):
        money.setdefault(line.project_id, []).append(line)
    return sum(_round(number, rows, money, event, times) for number in range(2, rounds + 2))


def _round(number: int, rows: Sequence[Project], money: dict[UUID, list[FundingLine]], event: LedgerEvent, times: Times) -> int:
    copies = [_copy(row, number, times) for row in rows]
    Project.objects.bulk_create(copies, batch_size=BATCH)
    ProjectState.objects.bulk_create([ProjectState(project=copy, next_gate="G01", moved_at=event.at) for copy in copies], batch_size=BATCH)
    lines = [
        FundingLine(project=copy, source=line.source, budget_year=line.budget_year, amount_fen=line.amount_fen, event=event)
        for row, copy in zip(rows, copies, strict=True)
        for line in money.get(row.id, ())
    ]
    FundingLine.objects.bulk_create(lines, batch_size=BATCH)
    return len(copies)


def _copy(row: Project, number: int, times: Times) -> Project:
    copied = (
        *("owner_id", "region_code", "level", "type", "network", "secrecy", "amount_fen", "description", "traits"),
        *("responsible_person", "planned_start", "planned_finish", "screened_on"),
    )
    mark = f"（示例副本{number}）"
    values = {name: getattr(row, name) for name in copied}
    return Project(id=new_row_id(), name=row.name + mark, search_text=f"{row.search_text} {mark}", registered_on=times.day, **values)
