"""Writes what the checks found in public registers as a page of documentation, in Chinese and in English, from numbers and row numbers alone."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "src/sixgate/regulations/cn/project"
PROBLEMS = ROOT / "docs/xray-problems.toml"
Found = Mapping[str, Mapping[str, Any]]

EN = """# X-rays: what the checks truly find in public registers

Written by `python scripts/xray_portfolios.py`; numbers only, no row of a source is kept here. Each register was imported into an empty database and looked
at with the {checks} checks of `checks.toml`, judged on {on}. *Looked* means that every fact the check needs was there and nothing contradicts; *not looked*
that a fact is missing, which is neither a finding nor a pass.

## By register
| register | projects | contradictions | looked, nothing found | not looked | not applicable |
|---|---:|---:|---:|---:|---:|
{registers}

A register has no contracts, payments, decisions or papers in columns of their own, so {share} % of the looks could not be taken. The contradictions below
are what remains. They are leads, not verdicts. A planned finish that is past is no contradiction here:
a register does not say whether acceptance followed, so it stays not looked.

## By check, where anything could be looked at
| check | contradictions | looked, nothing found | registers with contradictions |
|---|---:|---:|---|
{found}

The other {blind} checks could look at nothing in any register. What they wanted most often: {wanted}.

## Problems named by audits
The public list of audit and evaluation problems has {problems} rows. By row number (`docs/xray-problems.toml`): {covered} have a check, {gates} more are
asked for by a requirement at a gate, {uncovered} are not looked for.

- Covered by a check, by how many rows: {by_check}.
- Asked for at a gate: {by_gate}.
- Not looked for: rows {rows}. Most are matters no fact in the product speaks of (management, staff, rooms, service), the course of tenders that failed and
  were repeated, and the use of hardware.

Covered means that the check looks for that kind of problem, not that it would have found this one: the list names no facts it could be tried on.
"""
ZH = """# 体检：在公开台账里真正找到了什么

由 `python scripts/xray_portfolios.py` 写出；只有数字，不留来源里的任何一行。每份台账导入一个空库，用 `checks.toml` 的 {checks} 项体检看一遍，判定日 {on}。
“看了没有”是说需要的事实都在、没有矛盾；“看不了”是说缺事实，既不算矛盾，也不算没有矛盾。

## 按台账
| 台账 | 项目 | 矛盾 | 看了没有 | 看不了 | 不适用 |
|---|---:|---:|---:|---:|---:|
{registers}

台账没有合同、支付、决定、材料这些列，所以 {share} % 的次数看不了。下面的矛盾就是剩下能看的。它们是线索，不是结论。计划完成日已过，
在这里不算矛盾：台账没有说后来验收没有，所以算看不了。

## 按体检项（有一处能看的才列）
| 体检项 | 矛盾 | 看了没有 | 有矛盾的台账 |
|---|---:|---:|---|
{found}

其余 {blind} 项在哪份台账里都看不了。最常缺的是：{wanted}。

## 审计点过名的问题
公开的审计和评价问题清单有 {problems} 行。按行号（`docs/xray-problems.toml`）：{covered} 行有体检项，另有 {gates} 行由关口的要求管，{uncovered} 行没有人看。

- 有体检项的，各对应几行：{by_check}。
- 由关口要求管的：{by_gate}。
- 没有人看的：第 {rows} 行。多是产品里没有事实可说的事（管理、人员、机房、服务），招标失败再来的经过，以及硬件的使用率。

“有体检项”是说它看这一类问题，不是说它一定能查出那一个：清单没有给出可以试的事实。
"""


def page(found: Found, language: str) -> str:
    """Return the page in a language."""
    titles, names = _titles(language), list(found)
    totals = {
        name: Counter({key: sum(item[key] for item in told["checks"]) for key in ("found", "well", "unknown", "not_applicable")})
        for name, told in found.items()
    }
    whole: Counter[str] = sum(totals.values(), Counter())
    rows = tomllib.loads(PROBLEMS.read_text(encoding="utf-8"))["rows"]
    by_check = Counter(row["check"] for row in rows.values() if "check" in row)
    by_gate = {number: row["requirement"] for number, row in rows.items() if "requirement" in row}
    left = [number for number, row in rows.items() if "check" not in row and "requirement" not in row]
    comma = "、" if language == "zh" else ", "
    seen = {ident: _of(found, ident) for ident in titles}
    looked = {ident: counts for ident, counts in seen.items() if any(found_ or well for found_, well in counts.values())}
    return (ZH if language == "zh" else EN).format(
        checks=len(titles),
        on=found[names[0]]["on"],
        registers="\n".join(
            f"| {name} | {found[name]['projects']} | {total['found']} | {total['well']:,} | {total['unknown']:,} | {total['not_applicable']:,} |"
            for name, total in totals.items()
        ),
        share=round(whole["unknown"] * 100 / sum(whole.values())),
        found="\n".join(_line(titles[ident], counts) for ident, counts in looked.items()),
        blind=len(titles) - len(looked),
        wanted=comma.join(f"`{name}`" for name in _wanted(found)),
        problems=len(rows),
        covered=sum(by_check.values()),
        gates=len(by_gate),
        uncovered=len(left),
        by_check=comma.join(f"{titles[ident]} {count}" for ident, count in by_check.most_common()),
        by_gate=comma.join(f"{number} (`{ident}`)" for number, ident in by_gate.items()),
        rows=comma.join(left),
    )


def _of(found: Found, ident: str) -> dict[str, tuple[int, int]]:
    return {name: (item["found"], item["well"]) for name, told in found.items() for item in told["checks"] if item["id"] == ident}


def _line(title: str, counts: Mapping[str, tuple[int, int]]) -> str:
    where = ", ".join(f"{name} {hits}" for name, (hits, _well) in counts.items() if hits) or "—"
    return f"| {title} | {sum(hits for hits, _ in counts.values())} | {sum(well for _, well in counts.values()):,} | {where} |"


def _wanted(found: Found) -> list[str]:
    names = Counter(name for told in found.values() for item in told["checks"] if not item["found"] and not item["well"] for name in item["wanted"])
    return [name for name, _times in names.most_common(12) if "." in name]


def _titles(language: str) -> dict[str, str]:
    """Return the titles of the checks by id, in their order."""
    checks = tomllib.loads((CHECKS / "checks.toml").read_text(encoding="utf-8"))["requirement"]
    english = tomllib.loads((CHECKS / "en_checks.toml").read_text(encoding="utf-8"))["english"]["requirement"]
    return {item["id"]: english[item["id"]]["title"] if language == "en" else item["title"] for item in checks}
