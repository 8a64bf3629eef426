"""Gate evaluation with provenance against the bare expression engine on the same expressions and values, per core. Goal: at least 1/5 of its speed."""

from typing import Any

from bench.timing import side_by_side
from factories import CITY, filled
from sixgate.domain.lifecycle.gate import judge_gate
from sixgate.engines.rules.evaluate import parameter_facts
from sixgate.engines.rules.pack import activated_targets
from sixgate.engines.rules.schema import Pack
from sixgate.kernel.provenance import Fact, FactSheet, Provenance
from sixgate.usecases import _law
from sixgate.usecases._frame import today

REPEATS = 40


def run() -> dict[str, Any]:
    """Return seconds for all gates of the city's pack, ours and the engine's alone, and the ratio."""
    pack, _ = _law.law(CITY, today())
    sheet = _sheet(pack)
    activated = activated_targets(pack, today())
    known = {**{name: fact.value for name, fact in parameter_facts(pack, today()).items()}, **sheet.values()}
    programs = []
    for rule in pack.requirements.values():
        if not rule.gate:
            continue
        for text in (rule.when, rule.require):
            if text:
                expression = pack.language.compile(text)
                data = {name: _cel(known[name]) for name in expression.reads if name in known}
                programs.append((expression._checked, data))

    def ours() -> None:
        for _ in range(REPEATS):
            for gate in pack.gates:
                judge_gate(pack, gate, sheet, {"system": [sheet], "contract": [sheet]}, on=today(), activated=activated)

    def bare() -> None:
        for _ in range(REPEATS):
            for program, data in programs:
                program.eval(data=data).value()

    return {"expressions": len(programs), "goal": "ratio <= 5", **side_by_side(ours, bare)}


def _sheet(pack: Pack) -> FactSheet:
    values: dict[str, Any] = {f"evidence.{kind.id}.{name}": value for kind in pack.evidence.values() for name, value in _fields(kind).items()}
    by_type = {"enum": "city", "fen": 1_000_000, "integer": 3, "ratio": 500, "yes_no": True, "date": today(), "text": "示例", "list": ("ldb",)}
    for name, kind in pack.base_facts.items():
        values[name] = by_type[kind]
    values["project.type"] = "new"
    proof = Provenance("given", "bench")
    return FactSheet("project", "bench", "bench", {name: Fact(name, value, proof) for name, value in values.items()})


def _fields(kind: Any) -> dict[str, Any]:
    from sixgate.domain.lifecycle.evidence import fact_value

    given = filled(kind)
    found = {field.id: fact_value(field, given.get(field.id)) for field in kind.fields}
    return {"present": True, **{name: value for name, value in found.items() if value is not None}}


def _cel(value: Any) -> Any:
    from sixgate.engines.rules.expression import _plain

    return _plain(value)
