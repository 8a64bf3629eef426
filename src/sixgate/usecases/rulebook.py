"""Tools on regulation packs that need no database: check, list, explain, and judging a file of facts."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.domain.lifecycle.gate import GateRow, judge_gate
from sixgate.engines.rules.evaluate import effect
from sixgate.engines.rules.overlay import overlay
from sixgate.engines.rules.pack import activated_targets, english_gaps, read_pack, uncovered
from sixgate.engines.rules.report import count_rules, explain, run_cases
from sixgate.engines.rules.rows import PackError
from sixgate.engines.rules.schema import Clause, Pack, Rule
from sixgate.kernel.provenance import Fact, FactSheet, Provenance
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases import _law

Answer = dict[str, Any]
NATIONAL = "cn.project"


def check_packs(folders: Sequence[str]) -> Answer:
    """Read packs and run their cases; return {requirements, cases, failed, problems, counts}. `failed` counts everything wrong.

    With no folder named, every delivered pack is checked as it holds in its own jurisdiction: laid over all that stands below it. A named folder
    whose pack extends another is laid over that one, so that its expressions and cases are checked with the facts they may use.
    """
    try:
        found = [_laid(_read(Path(folder))) for folder in folders] if folders else _delivered()
    except PackError as error:
        problems = [f"{item.file} [[{item.table}]] {item.id}: {item.message}" for item in error.problems]
        return {"requirements": 0, "cases": 0, "failed": len(problems), "problems": problems, "counts": {}}
    problems = list(dict.fromkeys(problem for pack in found for problem in _problems(pack)))
    return {
        "requirements": len({ident for pack in found for ident in pack.requirements}),
        "cases": len({(case.target, case.name) for pack in found for case in pack.cases}),
        "failed": len(problems),
        "problems": problems,
        "counts": {pack.header.id: count_rules(pack) for pack in found},
    }


def list_requirements(jurisdiction: str, on: date) -> Answer:
    """Return every requirement, deadline and change rule of a jurisdiction with its kind, confidence and what it does when not met."""
    pack, looser = _law.law(jurisdiction, on)
    acts = activated_targets(pack, on)
    return {
        "pack": pack.header.id,
        "lineage": list(pack.lineage),
        "digest": pack.digest_sm3,
        "requirements": [{**_listed(item, acts), "gate": item.gate} for item in pack.requirements.values() if item.duty != "check"],
        "checks": [_listed(item, acts) for item in pack.requirements.values() if item.duty == "check"],
        "deadlines": [{**_listed(item, acts), "stage": item.stage} for item in pack.deadlines.values()],
        "change_rules": [{**_listed(item, acts), "axis": item.axis} for item in pack.change_rules.values()],
        "looser": [report.id for report in looser],
    }


def explain_requirement(requirement_id: str, jurisdiction: str, on: date) -> Answer:
    """Return what one requirement rests on: clause, facts, parameters, evidence and cases."""
    pack, _ = _law.law(jurisdiction, on)
    told = explain(pack, requirement_id, activated_targets(pack, on))
    rule = told.requirement
    return {
        "id": rule.id,
        "title": rule.title,
        "gate": rule.gate,
        "effect": told.effect,
        "when": rule.when,
        "require": rule.require,
        "clause": [_clause(clause) for clause in rule.clauses],
        "facts": [{"name": fact.name, "type": fact.type, "origin": fact.origin} for fact in told.facts],
        "evidence": [kind.id for kind in told.evidence],
        "cases": [{"name": case.name, "expect": case.expect} for case in told.cases],
        "remedy": rule.remedy,
    }


def judge_file(path: Path, gate: str, on: date, jurisdiction: str) -> Answer:
    """Judge a gate on the facts of a JSON file ({name: value}, nested or dotted, dates as text); no database is touched."""
    pack, _ = _law.law(jurisdiction, on)
    sheet = _sheet(path, pack)
    judgement = judge_gate(pack, gate, sheet, {}, on=on, activated=activated_targets(pack, on))
    return {
        "gate": gate,
        "on": on.isoformat(),
        "opens": judgement.opens,
        "pack": pack.header.id,
        "pack_digest": judgement.pack_digest,
        "counts": {verdict.value: count for verdict, count in judgement.counts.items()},
        "requirements": [_row(row) for row in judgement.rows],
    }


def _read(folder: Path) -> Pack:
    return read_pack(folder, BASE_FACTS)


def _laid(pack: Pack) -> Pack:
    """Return a pack laid over those it extends; raise PackError when what it extends is not there."""
    if not pack.header.extends:
        return pack
    known = {item.header.id: item for item in _law.packs()}
    below = known.get(pack.header.extends)
    return overlay(_laid(below) if below is not None else known[NATIONAL], pack)[0]


def _delivered() -> list[Pack]:
    places = dict.fromkeys(pack.header.jurisdiction for pack in _law.packs() if not pack.header.template)
    return [_law.law(place, date.max)[0] for place in places]


def _listed(rule: Rule, activated: frozenset[str]) -> Answer:
    told = {key: getattr(rule, key) for key in ("id", "title", "kind", "scope", "confidence", "action")}
    return {**told, "effect": effect(rule, activated), "activated": rule.id in activated}


def _problems(pack: Pack) -> list[str]:
    wrong = [f"{result.case.target} · {result.case.name}: {result.case.expect} ≠ {result.actual}" for result in run_cases(pack) if not result.passed]
    uncased = [gettext("{target}: {expect} 缺用例").format(target=target, expect=expect) for target, expect in uncovered(pack)]
    return [*wrong, *uncased, *(gettext("{place}: 缺英文").format(place=place) for place in english_gaps(pack))]


def _row(row: GateRow) -> Answer:
    outcome = row.outcome
    return {
        "id": row.requirement.id,
        "title": row.requirement.title,
        "verdict": outcome.verdict.value,
        "effect": outcome.effect,
        "kind": row.requirement.kind,
        "confidence": row.requirement.confidence,
        "clause": [_clause(clause) for clause in row.requirement.clauses],
        "facts_read": [{"name": fact.name, "value": fact.value, "source": fact.provenance.source} for fact in outcome.facts_read],
        "missing": list(outcome.missing),
        "reason": outcome.reason,
        "supplier": row.requirement.supplier,
        "remedy": row.requirement.remedy,
    }


def _clause(clause: Clause) -> str:
    return " ".join(part for part in (f"《{clause.document.strip('《》')}》", clause.number, clause.article and f"第{clause.article}条") if part)


def _sheet(path: Path, pack: Pack) -> FactSheet:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal("facts_unreadable", gettext_noop("读不了事实文件 {path}：{error}"), path=path.name, error=error) from None
    if not isinstance(tree, Mapping):
        raise Refusal("facts_not_an_object", gettext_noop("事实文件须是一个 JSON 对象：名称对应值。"))
    given = Provenance("given", path.name)
    facts = {name: Fact(name, _value(name, value, pack), given) for name, value in _flat(tree).items()}
    return FactSheet("project", path.stem, path.stem, facts)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in tree.items():
        found.update(_flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {prefix + key: value})
    return found


def _value(name: str, value: Any, pack: Pack) -> Any:
    kind = pack.facts.get(name)
    if kind is None:
        raise Refusal("fact_unknown", gettext_noop("没有名为“{name}”的事实，请核对拼写。"), name=name)
    wanted: dict[str, type] = {"yes_no": bool, "integer": int, "fen": int, "ratio": int, "list": list}
    if kind == "date":
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise Refusal("fact_wrong", gettext_noop("事实“{name}”须是日期，如 2026-11-23。"), name=name) from None
    kind_of = wanted.get(kind, str)
    if not isinstance(value, kind_of) or (kind_of is int and isinstance(value, bool)):
        raise Refusal("fact_wrong", gettext_noop("事实“{name}”的值类型不对，应为 {kind}。"), name=name, kind=kind)
    return tuple(value) if isinstance(value, list) else value
