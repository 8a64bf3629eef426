"""Reads a regulation pack and holds it to its contract (docs/pack-format.md): every problem at once, nothing half-loaded.

Expressions are compiled here, so that a misspelt fact or a wrong comparison stops the pack and never a judgement.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from sixgate.engines.rules import parse
from sixgate.engines.rules.expression import FACT_TYPES, ExpressionError, Language, fits, language_of
from sixgate.engines.rules.rows import TABLES, PackError, PackProblem, Problems, Row, read_rows
from sixgate.engines.rules.schema import Activation, Case, English, Pack, PackHeader, SourceRow
from sixgate.kernel.text import gettext_noop

__all__ = ["PackError", "PackProblem", "build", "english_gaps", "read_pack", "uncovered"]

_BY_ID: Final = ("gate", "duty", "parameter", "evidence", "requirement", "deadline", "change_rule")
_REFERENCES: Final = (
    ("gate", "decider", "duty"),
    ("gate", "co_signers", "duty"),
    ("evidence", "supplier", "duty"),
    ("requirement", "gate", "gate"),
    ("requirement", "evidence", "evidence"),
    ("requirement", "supplier", "duty"),
    ("deadline", "supplier", "duty"),
    ("change_rule", "supplier", "duty"),
    ("change_rule", "authority", "duty"),
    ("change_rule", "deadline", "deadline"),
)
_EXPRESSIONS: Final = (("gate", "when"), ("requirement", "when"), ("requirement", "require"), ("deadline", "when"), ("change_rule", "when"))
_ENGLISH: Final[dict[str, tuple[str, ...]]] = {
    "gate": ("title", "decides", "exceptions"),
    "duty": ("title",),
    "parameter": ("title", "unit"),
    "evidence": ("title", "help"),
    "requirement": ("title", "remedy"),
    "deadline": ("title", "remedy"),
    "change_rule": ("title", "conclusion", "materials"),
}
_RULE_CASES: Final = frozenset(("met", "unmet", "unknown", "not_applicable"))
_CHANGE_CASES: Final = frozenset(("hit", "miss", "unknown"))

Tables = dict[str, list[tuple[SourceRow, Any]]]


def read_pack(folder: Traversable | Path, vocabulary: Mapping[str, str]) -> Pack:
    """Read, check and compile the pack in a folder; raise PackError with all problems.

    `vocabulary` are the base facts by type. A pack that extends another is checked in form only; the rest when it is laid over its base.
    """
    problems = Problems()
    rows = read_rows(folder, problems)
    return build(rows, vocabulary, problems)


def build(rows: Sequence[SourceRow], vocabulary: Mapping[str, str], problems: Problems | None = None, lineage: tuple[str, ...] = ()) -> Pack:
    """Turn rows into a checked pack; raise PackError with these problems and all that came before."""
    problems = Problems() if problems is None else problems
    tables = _parse(rows, problems)
    header = _header(tables, problems)
    by_id = {table: _by_id(table, tables, problems) for table in _BY_ID}
    language = _language(by_id, vocabulary, problems)
    complete = not header.extends
    if complete:
        _check_references(tables, by_id, language, problems)
        _check_expressions(tables, language, problems)
        _check_cases(tables, by_id, language, problems)
    english = _english(rows, dict.fromkeys((*lineage, header.id), header), by_id, problems if complete else Problems())
    if problems:
        raise PackError(problems)
    content = _canonical(rows)
    return Pack(
        header=header,
        lineage=(*lineage, header.id),
        gates=by_id["gate"],
        duties=by_id["duty"],
        parameters=by_id["parameter"],
        evidence=by_id["evidence"],
        requirements=by_id["requirement"],
        deadlines=by_id["deadline"],
        change_rules=by_id["change_rule"],
        activations=tuple(item for _, item in tables["activation"]),
        overrides=tuple(item for _, item in tables["override"]),
        cases=tuple(item for _, item in tables["case"]),
        english=english,
        base_facts=dict(vocabulary),
        language=language,
        rows=tuple(rows),
        digest_sm3=hashlib.new("sm3", content).hexdigest(),
        digest_sha256=hashlib.sha256(content).hexdigest(),
    )


def _parse(rows: Sequence[SourceRow], problems: Problems) -> Tables:
    tables: Tables = {table: [] for table in ("pack", *TABLES)}
    for source in rows:
        if source.table == "english":
            continue
        row = Row(source, problems)
        parser = parse.header if source.table == "pack" else parse.PARSERS[source.table]
        tables[source.table].append((source, parser(row)))
        row.finish()
    return tables


def _header(tables: Tables, problems: Problems) -> PackHeader:
    found = tables["pack"]
    if len(found) != 1:
        what = gettext_noop("[pack] 应当正好一个，现有 {count} 个").format(count=len(found))
        problems.add(found[1][0].file if found else "pack.toml", "pack", "", what, gettext_noop("保留一个 [pack]"))
    return found[0][1] if found else PackHeader("", "", "", "", False, None, "")


def _by_id(table: str, tables: Tables, problems: Problems) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for source, item in tables[table]:
        if item.id in found:
            remedy = gettext_noop("换一个编号；要改上级规则请用 [[override]]")
            problems.add(source.file, table, item.id, gettext_noop("编号重复"), remedy)
        else:
            found[item.id] = item
    return found


def _language(by_id: Mapping[str, Mapping[str, Any]], vocabulary: Mapping[str, str], problems: Problems) -> Language:
    types = dict(vocabulary)
    for name, kind in vocabulary.items():
        if kind not in FACT_TYPES or "." not in name:
            problems.add("", "", name, gettext_noop("基础事实的类型或名称不对"), gettext_noop("改正词表"))
    for ident, parameter in by_id["parameter"].items():
        types[f"parameter.{ident}"] = parameter.type
    for ident, kind in by_id["evidence"].items():
        types[f"evidence.{ident}.present"] = "yes_no"
        types |= {f"evidence.{ident}.{item.id}": item.type for item in kind.fields}
    return language_of({name: kind for name, kind in types.items() if kind in FACT_TYPES})


def _check_references(tables: Tables, by_id: Mapping[str, Mapping[str, Any]], language: Language, problems: Problems) -> None:
    for table, key, target in _REFERENCES:
        for source, item in tables[table]:
            value: str | tuple[str, ...] = getattr(item, key)
            for name in (value,) if isinstance(value, str) else value:
                if name and name not in by_id[target]:
                    what = gettext_noop("“{key}”指向的 {target}“{name}”不存在").format(key=key, target=target, name=name)
                    problems.add(source.file, table, item.id, what, gettext_noop("改正编号，或补上这一条"))
    for source, item in tables["deadline"]:
        for name in (item.anchor, item.done):
            if name and language.types.get(name) != "date":
                what = gettext_noop("“{name}”不是日期事实").format(name=name)
                problems.add(source.file, "deadline", item.id, what, gettext_noop("anchor 与 done 改用日期类型的事实"))
        if item.parameter and language.types.get(f"parameter.{item.parameter}") != "integer":
            what = gettext_noop("“{name}”不是整数参数").format(name=item.parameter)
            problems.add(source.file, "deadline", item.id, what, gettext_noop("改用整数类型的参数"))
    rules = by_id["requirement"].keys() | by_id["deadline"].keys() | by_id["change_rule"].keys()
    for source, item in tables["activation"]:
        if item.target not in rules:
            problems.add(source.file, "activation", item.target, gettext_noop("启用的规则不存在"), gettext_noop("改正 target"))


def _check_expressions(tables: Tables, language: Language, problems: Problems) -> None:
    for table, key in _EXPRESSIONS:
        for source, item in tables[table]:
            text = getattr(item, key)
            if not text:
                continue
            try:
                language.compile(text)
            except ExpressionError as error:
                what = gettext_noop("“{key}”第 {line} 行第 {column} 列：{error}")
                told = what.format(key=key, line=error.line, column=error.column, error=error.message)
                problems.add(source.file, table, item.id, told, gettext_noop("核对事实名和类型后改正表达式"))


def _check_cases(tables: Tables, by_id: Mapping[str, Mapping[str, Any]], language: Language, problems: Problems) -> None:
    seen: set[tuple[str, str]] = set()
    for source, case in tables["case"]:

        def complain(what: str, remedy: str, source: SourceRow = source) -> None:
            problems.add(source.file, "case", source.id, what, remedy)

        if (case.target, case.name) in seen:
            complain(gettext_noop("同一规则的用例重名"), gettext_noop("换一个名称"))
        seen.add((case.target, case.name))
        allowed = _RULE_CASES if case.target in by_id["requirement"] else _CHANGE_CASES if case.target in by_id["change_rule"] else None
        if allowed is None:
            complain(gettext_noop("target 指向的规则不存在"), gettext_noop("改正 target"))
        elif case.expect not in allowed:
            complain(gettext_noop("expect 与规则种类不符"), gettext_noop("改为 {allowed} 之一").format(allowed="、".join(sorted(allowed))))
        _check_facts(case, by_id, language, complain)


def _check_facts(case: Case, by_id: Mapping[str, Mapping[str, Any]], language: Language, complain: Any) -> None:
    for name, value in case.facts.items():
        kind = language.types.get(name)
        if kind is None:
            complain(gettext_noop("没有事实“{name}”").format(name=name), gettext_noop("改正事实名"))
        elif not fits(kind, value):
            complain(gettext_noop("事实“{name}”的值与类型 {kind} 不符").format(name=name, kind=kind), gettext_noop("改正取值"))
        elif kind == "enum" and value not in _options(name, by_id, value):
            complain(gettext_noop("事实“{name}”的值“{value}”不在选项中").format(name=name, value=value), gettext_noop("改用已有选项"))


def _options(name: str, by_id: Mapping[str, Mapping[str, Any]], value: object) -> Iterable[object]:
    """Return the choices of an enum fact; base facts state none, so any value passes."""
    root, _, rest = name.partition(".")
    if root == "parameter":
        return list(by_id["parameter"][rest].options)
    if root == "evidence":
        kind, _, field = rest.partition(".")
        return [option.value for item in by_id["evidence"][kind].fields if item.id == field for option in item.options]
    return (value,)


def _english(rows: Sequence[SourceRow], headers: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], problems: Problems) -> English:
    known = {**by_id, "pack": headers}
    found: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in known}
    for source in rows:
        if source.table != "english":
            continue
        for table, tree in source.data.items():
            texts = parse.flat(tree) if isinstance(tree, dict) and table in known else {"": ""}  # pyright: ignore[reportUnknownArgumentType]
            for path, text in texts.items():
                ident = _owner(path, known.get(table, {}))
                if ident is None:
                    what = gettext_noop("英文文本“{path}”没有对应的条目").format(path=path)
                    problems.add(source.file, f"english.{table}", path, what, gettext_noop("改正表名或编号"))
                else:
                    found[table].setdefault(ident, {})[path[len(ident) + 1 :]] = text
    return found


def _owner(path: str, known: Mapping[str, Any]) -> str | None:
    """Return the longest known id that begins a dotted path (ids hold dots themselves)."""
    parts = path.split(".")
    heads = (".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))
    return next((head for head in heads if head in known), None)


def _canonical(rows: Sequence[SourceRow]) -> bytes:
    """Return bytes that do not depend on the split into files or the order of rows."""
    lines = [json.dumps([row.table, row.data], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written) for row in rows]
    return "\n".join(sorted(lines)).encode()


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def uncovered(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return (id, answer) for every met, unmet or unknown case that a requirement lacks, and every hit, miss or unknown one of a change rule."""
    have = {(case.target, case.expect) for case in pack.cases}
    wanted = [(ident, expect) for ident in pack.requirements for expect in ("met", "unmet", "unknown")]
    wanted += [(ident, expect) for ident in pack.change_rules for expect in ("hit", "miss", "unknown")]
    return tuple(pair for pair in wanted if pair not in have)


def english_gaps(pack: Pack) -> tuple[str, ...]:
    """Return the dotted places (`table.id.key`) of Chinese texts that have no English."""
    places: list[str] = [] if "title" in pack.english["pack"].get(pack.header.id, {}) else [f"pack.{pack.header.id}.title"]
    owners: dict[str, Mapping[str, Any]] = {
        "gate": pack.gates,
        "duty": pack.duties,
        "parameter": pack.parameters,
        "evidence": pack.evidence,
        "requirement": pack.requirements,
        "deadline": pack.deadlines,
        "change_rule": pack.change_rules,
    }
    for table, items in owners.items():
        for ident, item in items.items():
            wanted = [key for key in _ENGLISH[table] if getattr(item, key)]
            for field in item.fields if table == "evidence" else ():
                wanted += [f"field.{field.id}.{key}" for key in ("label", "help", "unit") if getattr(field, key)]
                wanted += [f"field.{field.id}.options.{option.value}" for option in field.options]
            places += [f"{table}.{ident}.{key}" for key in wanted if key not in pack.english[table].get(ident, {})]
    return tuple(places)


def activated_targets(pack: Pack, on: date) -> frozenset[str]:
    """Return the rules that a locality's signed act has put in force by a day."""
    acts: Iterable[Activation] = pack.activations
    return frozenset(act.target for act in acts if act.signed_on is not None and act.signed_on <= on)
