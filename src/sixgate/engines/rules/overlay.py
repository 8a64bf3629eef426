"""Lays a local pack over the one above it: nation, province, city, county. A looser rule is reported and left out unless someone accepted it.

Overrides are taken one by one, each against what the base said, so that two harmless ones cannot add up to a looser rule unseen.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sixgate.engines.rules.pack import PackError, build
from sixgate.engines.rules.report import run_case
from sixgate.engines.rules.rows import Problems
from sixgate.engines.rules.schema import Override, Pack, Parameter, SourceRow
from sixgate.kernel.text import gettext_noop

_ACTION_RANK: Final = {"remind": 0, "activate": 1, "lock": 2}
_ATTRIBUTES: Final = {
    "gate": "gates",
    "duty": "duties",
    "parameter": "parameters",
    "evidence": "evidence",
    "requirement": "requirements",
    "deadline": "deadlines",
    "change_rule": "change_rules",
}

ACTION_LOWERED = gettext_noop("效力降低：{before} → {after}。")
SCOPE_NARROWED = gettext_noop("适用范围收窄：{before} → {after}。")
PERIOD_NARROWED = gettext_noop("施行期间缩短，等于在部分日期取消该条。")
VALUE_LOOSER = gettext_noop("参数自 {day} 起放宽：{before} → {after}。")
VALUE_GONE = gettext_noop("参数自 {day} 起不再有取值，原为 {before}。")
DEADLINE_LOOSER = gettext_noop("期限放宽：{before} → {after}。")
EVIDENCE_LOOSER = gettext_noop("材料要求放宽：{key}。")
CASE_LOST = gettext_noop("上级用例“{name}”（{target}）原为 {before}，现为 {after}。")


@dataclass(frozen=True, slots=True)
class LooserReport:
    """A replacement that makes a rule looser. `taken` only when `accepted` says who accepted it and why; `findings` are complete sentences."""

    pack_id: str
    table: str
    id: str
    reason: str
    findings: tuple[str, ...]
    taken: bool
    accepted: str


def overlay(base: Pack, over: Pack) -> tuple[Pack, list[LooserReport]]:
    """Return the base with the overlay's new tables and its overrides, and a report of each looser one; raise PackError when it does not fit."""
    merged, reports = _laid(base, over)
    return merged, list(reports)


@functools.lru_cache(maxsize=64)
def _laid(base: Pack, over: Pack) -> tuple[Pack, tuple[LooserReport, ...]]:
    """Lay one pack over another once a process: every override is tried on all worked cases, which neither the place nor the day changes."""
    _check_fit(base, over)
    header = SourceRow("pack.toml", "pack", {key: value for key, value in _header_row(over).items() if key != "extends"})
    new_cases = {row.id for row in over.rows if row.table == "case"}
    kept = [row for row in base.rows if row.table not in ("pack", "override") and not (row.table == "case" and row.id in new_cases)]
    added = [row for row in over.rows if row.table not in ("pack", "override")]
    vocabulary = {**base.base_facts, **over.base_facts}
    taken: list[SourceRow] = kept
    reports: list[LooserReport] = []
    merged = build([header, *taken, *added], vocabulary, lineage=base.lineage)
    for override in over.overrides:
        trial = _replaced(taken, override)
        candidate = build([header, *trial, *added], vocabulary, lineage=base.lineage)
        found = _judged(base, candidate, override, merged, over.header.id)
        reports += found
        if all(report.taken for report in found):
            taken, merged = trial, candidate
    return merged, tuple(reports)


def select(packs: Sequence[Pack], jurisdiction: str, on: date) -> tuple[Pack, list[LooserReport]]:
    """Merge the packs that hold for a division code on a day, nation first; a template counts only where a pack extends it.

    Activations signed after that day are left out. Raise PackError when no pack holds there.
    """
    by_id = {pack.header.id: pack for pack in packs}
    chosen: list[Pack] = []
    for pack in sorted(packs, key=lambda item: (len(_prefix(item.header.jurisdiction)), item.header.extends != "", item.header.id)):
        if not pack.header.template and jurisdiction.startswith(_prefix(pack.header.jurisdiction)):
            _choose(pack, by_id, chosen)
    if not chosen:
        problems = Problems()
        what = gettext_noop("没有适用于“{code}”的规则包").format(code=jurisdiction)
        problems.add("", "pack", jurisdiction, what, gettext_noop("安装全国规则包，或核对区划代码"))
        raise PackError(problems)
    merged = chosen[0]
    reports: list[LooserReport] = []
    for pack in chosen[1:]:
        merged, found = overlay(merged, pack)
        reports += found
    acts = tuple(act for act in merged.activations if act.signed_on is not None and act.signed_on <= on)
    return replace(merged, activations=acts), reports


def _choose(pack: Pack, by_id: dict[str, Pack], chosen: list[Pack]) -> None:
    """Add a pack after whatever it extends."""
    if pack in chosen:
        return
    below = by_id.get(pack.header.extends)
    if below is not None and below is not pack:
        _choose(below, by_id, chosen)
    chosen.append(pack)


def _prefix(jurisdiction: str) -> str:
    """Return the part of a division code that its subdivisions share: 440000 → 44, 440100 → 4401, cn → nothing."""
    code = "" if jurisdiction == "cn" else jurisdiction
    while code.endswith("00") and len(code) % 2 == 0:
        code = code[:-2]
    return code


def _header_row(pack: Pack) -> dict[str, Any]:
    return next(dict(row.data) for row in pack.rows if row.table == "pack")


def _check_fit(base: Pack, over: Pack) -> None:
    problems = Problems()
    if over.header.extends and over.header.extends not in base.lineage:
        what = gettext_noop("所扩展的规则包“{id}”不在下层").format(id=over.header.extends)
        problems.add("pack.toml", "pack", over.header.id, what, gettext_noop("改正 extends，或安装该规则包"))
    known = {(row.table, row.id) for row in base.rows}
    for row in over.rows:
        if row.table == "override" and (row.data.get("table"), row.data.get("id")) not in known:
            problems.add(row.file, "override", row.id, gettext_noop("要替换的条目在下层不存在"), gettext_noop("改正 table 与 id"))
    if problems:
        raise PackError(problems)


def _replaced(rows: Iterable[SourceRow], override: Override) -> list[SourceRow]:
    def written(row: SourceRow) -> SourceRow:
        if (row.table, row.id) != (override.table, override.id):
            return row
        return SourceRow(row.file, row.table, {**row.data, **override.set})

    return [written(row) for row in rows]


def _judged(base: Pack, candidate: Pack, override: Override, before: Pack, pack_id: str) -> list[LooserReport]:
    """Return at most one report: what this override makes looser than the base, beyond what stood so before it."""
    findings = (*_looser_row(base, candidate, override), *_lost_cases(base, before, candidate))
    if not findings:
        return []
    accepted = override.accept_looser
    return [LooserReport(pack_id, override.table, override.id, override.reason, findings, bool(accepted), accepted)]


def _lost_cases(base: Pack, before: Pack, candidate: Pack) -> tuple[str, ...]:
    """Tell the base's unmet (or hit) cases that still held before and no longer do."""
    found: list[str] = []
    for case in base.cases:
        was = run_case(base, case).actual
        if was not in ("unmet", "hit"):
            continue
        now = run_case(candidate, case).actual
        if now != was and run_case(before, case).actual == was:
            found.append(CASE_LOST.format(name=case.name, target=case.target, before=was, after=now))
    return tuple(found)


def _looser_row(base: Pack, candidate: Pack, override: Override) -> tuple[str, ...]:
    attribute = _ATTRIBUTES.get(override.table)
    if attribute is None:
        return ()
    old: Any = getattr(base, attribute).get(override.id)
    new: Any = getattr(candidate, attribute).get(override.id)
    found: list[str] = []
    if override.table in ("requirement", "deadline", "change_rule"):
        found += _looser_standing(old, new)
    if override.table == "requirement" and not _spans(new, old):
        found.append(PERIOD_NARROWED)
    if override.table == "deadline":
        found += _looser_deadline(old, new)
    if override.table == "parameter":
        found += _looser_values(old, new)
    if override.table == "evidence":
        keys = [key for key in ("second_check", "work_secret", "files") if getattr(old, key) and not getattr(new, key)]
        keys += sorted({item.id for item in old.fields if item.required} - {item.id for item in new.fields if item.required})
        found += [EVIDENCE_LOOSER.format(key=key) for key in keys]
    return tuple(found)


def _looser_standing(old: Any, new: Any) -> list[str]:
    found: list[str] = []
    if _ACTION_RANK[new.action] < _ACTION_RANK[old.action]:
        found.append(ACTION_LOWERED.format(before=old.action, after=new.action))
    if new.scope == "central" and old.scope != "central":
        found.append(SCOPE_NARROWED.format(before=old.scope, after=new.scope))
    return found


def _spans(new: Any, old: Any) -> bool:
    """Tell whether the new period in force covers the old one."""
    starts = (new.start or date.min) <= (old.start or date.min)
    return starts and (new.until or date.max) >= (old.until or date.max)


def _looser_deadline(old: Any, new: Any) -> list[str]:
    later = new.value > old.value and old.bound in ("ceiling", "exact")
    sooner = new.value < old.value and old.bound in ("floor", "exact")
    if later or sooner or (new.unit, new.bound, new.parameter) != (old.unit, old.bound, old.parameter):
        before, after = (f"{item.bound} {item.parameter or item.value} {item.unit}" for item in (old, new))
        return [DEADLINE_LOOSER.format(before=before, after=after)]
    return []


def _looser_values(old: Parameter, new: Parameter) -> list[str]:
    """Compare two dated parameters at every day on which either begins or ends a value."""
    days = {day for item in (*old.values, *new.values) for day in (item.start, item.until) if day is not None}
    found: list[str] = []
    for day in sorted(days):
        before, after = old.value_on(day), new.value_on(day)
        if before is not None and after is None:
            found.append(VALUE_GONE.format(day=day, before=before.value))
        elif before is not None and after is not None and _moved_against(old.stricter, before.value, after.value):
            found.append(VALUE_LOOSER.format(day=day, before=before.value, after=after.value))
    return found


def _moved_against(stricter: str, before: int | bool | str, after: int | bool | str) -> bool:
    if isinstance(before, str) or isinstance(after, str):
        return False
    return (stricter == "lower" and after > before) or (stricter == "higher" and after < before)
