"""What an import would do: every row of a foreign register as the project it wants, compared with the register. Preview and import decide by this alone."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sixgate.domain.authority import region_prefix
from sixgate.domain.planning import marked_secret
from sixgate.engines.intake.table import RegisterRow, RegisterTable, Value
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.money import wan_text
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Organisation, Project
from sixgate.records.queries.imports import projects_by_key
from sixgate.usecases._frame import plain

SECRET_ROW = gettext_noop("名称带有密级字样，没有读取。请联系本单位保密办，按保密规定在线下办理。")
COMPARED: Mapping[str, str] = {
    "name": gettext_noop("项目名称"),
    "code": gettext_noop("项目编号"),
    "amount_fen": gettext_noop("金额（万元）"),
    "amount_text": gettext_noop("金额原文"),
    "currency": gettext_noop("币种"),
    "description": gettext_noop("建设内容"),
    "planned_start": gettext_noop("计划开始日"),
    "planned_finish": gettext_noop("计划完成日"),
    "status_report": gettext_noop("自报状态"),
    "region_text": gettext_noop("地区"),
    "extra": gettext_noop("其他列"),
}
OWNER_CHANGED = gettext_noop("建设单位")
_TAKEN = frozenset(
    ["project_name", "project_code", "owner_name", "amount_fen", "amount_text", "amount_number", "amount_scale", "currency", "description", "region",
     "stage_text", "status_rating"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WantedProject:
    """A row as the project it asks for; `values` are the compared fields."""

    key: str
    place: str
    owner_name: str
    region_code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangedProject:
    """A project that stands otherwise than its row: label, before, after of each difference."""

    wanted: WantedProject
    project: Project
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be taken, where it stands, why, and what to do."""

    place: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything an import would do."""

    new: tuple[WantedProject, ...]
    same: tuple[WantedProject, ...]
    changed: tuple[ChangedProject, ...]
    rejected: tuple[RejectedRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return the stable counts every door reports."""
        parts = {"new": len(self.new), "same": len(self.same), "changed": len(self.changed), "rejected": len(self.rejected)}
        return {"rows": sum(parts.values()), **parts}


def plan_import(table: RegisterTable, keeper: Organisation) -> ImportPlan:
    """Compare a read register with what its keeper's earlier imports left; rows with errors or marks of secrecy are rejected."""
    wanted: list[WantedProject] = []
    rejected: list[RejectedRow] = []
    for row in table.rows:
        reasons = _reasons(row)
        if reasons:
            rejected.append(RejectedRow(_place(table, row), reasons))
        else:
            wanted.append(_wanted(table, row, keeper))
    known = projects_by_key([item.key for item in wanted])
    new, same, changed = [], [], []
    for item in wanted:
        project = known.get(item.key)
        differences = _differences(item, project) if project else ()
        if project is None:
            new.append(item)
        elif differences:
            changed.append(ChangedProject(item, project, differences))
        else:
            same.append(item)
    return ImportPlan(tuple(new), tuple(same), tuple(changed), tuple(rejected))


def _reasons(row: RegisterRow) -> tuple[str, ...]:
    if marked_secret(str(row.values.get("project_name", ""))) or marked_secret(str(row.values.get("description", ""))):
        return (SECRET_ROW,)
    return tuple(problem.text() + problem.remedy for problem in row.problems if problem.level == "error")


def _wanted(table: RegisterTable, row: RegisterRow, keeper: Organisation) -> WantedProject:
    given = row.values
    region = _text(given.get("region"))
    rest = {name: plain(value) for name, value in given.items() if name not in _TAKEN and not isinstance(value, date)}
    dates = {name: value for name, value in given.items() if isinstance(value, date)}
    rest |= {name: value.isoformat() for name, value in dates.items() if name not in ("planned_start", "planned_finish")}
    values: dict[str, Any] = {
        "name": _text(given.get("project_name"))[:300],
        "code": _text(given.get("project_code"))[:40],
        "amount_fen": _amount(given.get("amount_fen")),
        "amount_text": _text(given.get("amount_text"))[:300],
        "currency": _text(given.get("currency"))[:3] or "CNY",
        "description": _text(given.get("description")),
        "planned_start": dates.get("planned_start"),
        "planned_finish": dates.get("planned_finish"),
        "status_report": _text(given.get("status_rating") or given.get("stage_text"))[:40],
        "region_text": region[:80],
        "extra": {**rest, **dict(row.extra)},
    }
    return WantedProject(
        f"{keeper.id.hex}:{row.key}"[:400], _place(table, row), _text(given.get("owner_name"))[:200], _region(region, keeper.region_id or ""), values
    )


def _differences(wanted: WantedProject, project: Project) -> tuple[tuple[str, str, str], ...]:
    found = [
        (label, _shown(name, getattr(project, name)), _shown(name, wanted.values[name]))
        for name, label in COMPARED.items()
        if getattr(project, name) != wanted.values[name]
    ]
    if wanted.owner_name and wanted.owner_name != project.owner.name:
        found.append((OWNER_CHANGED, project.owner.name, wanted.owner_name))
    return tuple(found)


def _shown(name: str, value: object) -> str:
    if value in (None, "", {}):
        return "—"
    return wan_text(value) if name == "amount_fen" and isinstance(value, int) else str(value)


def _amount(fen: Value | None) -> int | None:
    """Return an amount as the register keeps it: one below zero stays text, with its warning."""
    return fen if isinstance(fen, int) and fen >= 0 else None


def _text(value: Value | None) -> str:
    return "" if value is None else str(value)


def _place(table: RegisterTable, row: RegisterRow) -> str:
    side = "列" if table.mapping.transposed else "行"
    return f"{table.sheet or '第 1 张表'} 第 {row.source} {side}"


def _region(text: str, home: str) -> str:
    """Return the deepest division within the keeper's own that the text names, else the keeper's: the importer must see what was imported."""
    named = [code for code, name in _inner_divisions(home) if name in text]
    return max(named, key=lambda code: len(code.rstrip("0")), default=home)


@functools.lru_cache(maxsize=64)
def _inner_divisions(home: str) -> Sequence[tuple[str, str]]:
    prefix = region_prefix(home) if home else ""
    return [(item.code, item.name) for item in load_divisions().values() if item.code.startswith(prefix) and item.code != home and len(item.name) > 2]
