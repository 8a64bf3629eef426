"""docs/glossary.toml against the code: every identifier exists, and what product and packs call a thing is what the glossary calls it."""

import ast
import importlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from django.apps import apps

from house.source import FLOORS, PACKAGE, ROOT, modules, syntax
from sixgate.domain import axes
from sixgate.domain.lifecycle.facts import BASE_FACTS
from sixgate.domain.lifecycle.wording import LABELS
from sixgate.engines.rules import schema
from sixgate.kernel.verdict import VERDICT_LABELS
from sixgate.usecases import _law
from sixgate.usecases._registry import verbs

GLOSSARY = tomllib.loads((ROOT / "docs/glossary.toml").read_text(encoding="utf-8"))
TERMS: list[dict[str, Any]] = GLOSSARY["terms"]
SOURCES: list[dict[str, str]] = GLOSSARY["sources"]
OURS = {"house", "usage"}
OPTIONS = {"level": axes.LEVELS, "type": axes.PROJECT_TYPES, "network": axes.NETWORKS, "secrecy": axes.SECRECY, "funding": axes.FUNDING}
PACK, _LOOSER = _law.law("cn", date(2026, 11, 23))


def titles() -> dict[str, Mapping[str, str]]:
    """Return, by kind, what product and packs call each identifier."""
    return {
        "stage": dict(axes.STAGES),
        "gate": {gate.id: gate.title for gate in PACK.gates.values()},
        "axis": {name: LABELS[f"project.{name}"] for name in OPTIONS},
        "option": {f"{axis}.{value}": title for axis, options in OPTIONS.items() for value, title in options},
        "duty": {duty.id: duty.title for duty in PACK.duties.values()},
        "fact": LABELS,
        "evidence": {kind.id: kind.title for kind in PACK.evidence.values()},
        "verdict": {verdict.value: title for verdict, title in VERDICT_LABELS.items()},
        "verb": {address.rpartition(".")[2]: verb.title for address, verb in verbs().items()},
    }


def is_model(identifier: str) -> bool:
    """Tell whether there is a table of that name, with the field where one is named."""
    name, _dot, field = identifier.partition(".")
    found = {model.__name__: model for model in apps.get_app_config("records").get_models()}
    return name in found and (not field or field in {item.name for item in found[name]._meta.get_fields()})


def is_rule_word(identifier: str) -> bool:
    """Tell whether the schema of packs lists that value."""
    name, _dot, value = identifier.partition(".")
    return value in getattr(schema, name, ())


def is_name(identifier: str) -> bool:
    """Tell whether a module of the package has that name."""
    module, _dot, name = identifier.rpartition(".")
    return module.startswith("sixgate.") and hasattr(importlib.import_module(module), name)


FOUND_IN: dict[str, Callable[[str], bool]] = {"model": is_model, "rule": is_rule_word, "name": is_name}
COMPLETE = ("stage", "gate", "axis", "option", "duty", "verdict")


def test_every_term_says_what_it_is_and_where_it_comes_from() -> None:
    known = {source["id"] for source in SOURCES}
    wrong = [
        term
        for term in TERMS
        if not {"zh", "identifier", "kind", "source"} <= set(term) <= {"zh", "identifier", "kind", "source", "also", "never", "note"}
        or term["source"] not in known
        or term["kind"] not in {*titles(), *FOUND_IN}
        or not term["zh"]
    ]
    assert wrong == []


def test_no_term_stands_twice_and_no_source_is_idle() -> None:
    names = [(term["kind"], term["identifier"]) for term in TERMS]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert {source["id"] for source in SOURCES} == {term["source"] for term in TERMS}


def test_product_and_packs_call_things_as_the_glossary_does() -> None:
    called = titles()
    wrong = {
        f"{term['kind']} {term['identifier']}": (term["zh"], called[term["kind"]].get(term["identifier"]))
        for term in TERMS
        if term["kind"] in called and called[term["kind"]].get(term["identifier"]) != term["zh"]
    }
    assert wrong == {}


@pytest.mark.parametrize("kind", COMPLETE)
def test_no_stage_gate_axis_duty_or_verdict_is_missing(kind: str) -> None:
    assert {term["identifier"] for term in TERMS if term["kind"] == kind} == set(titles()[kind])


@pytest.mark.parametrize("kind", sorted(FOUND_IN))
def test_every_identifier_exists_in_the_code(kind: str) -> None:
    assert [term["identifier"] for term in TERMS if term["kind"] == kind and not FOUND_IN[kind](term["identifier"])] == []


@pytest.mark.parametrize(
    ("kind", "identifier"),
    [("model", "Tender"), ("model", "Project.client"), ("rule", "KINDS.custom"), ("rule", "MOODS.good"), ("name", "sixgate.kernel.money.Dollar")],
)
def test_an_identifier_that_does_not_exist_is_found(kind: str, identifier: str) -> None:
    assert FOUND_IN[kind](identifier) is False


def test_every_axis_is_a_fact_rules_may_read() -> None:
    assert [name for name in OPTIONS if f"project.{name}" not in BASE_FACTS] == []


def test_every_source_is_cited_by_a_pack_or_by_the_code_with_the_same_number() -> None:
    cited = {(clause["document"], clause["number"]) for path in (PACKAGE / "regulations").rglob("*.toml") for clause in _clauses(path.read_bytes())}
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    invented = [
        source["id"]
        for source in SOURCES
        if source["id"] not in OURS and (source["title"], source["number"]) not in cited and (not source["number"] or source["number"] not in code)
    ]
    assert invented == []


def test_the_glossary_names_no_article() -> None:
    assert re.findall(r"第[〇零一二三四五六七八九十百\d]+[条款]", (ROOT / "docs/glossary.toml").read_text(encoding="utf-8")) == []


def _clauses(data: bytes) -> Iterator[dict[str, str]]:
    waiting: list[Any] = [tomllib.loads(data.decode())]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if {"document", "number"} <= set(item):
                yield item
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def test_the_code_uses_no_word_the_glossary_rules_out() -> None:
    ruled_out = {word: term["zh"] for term in TERMS for word in term.get("never", ())}
    found = {
        f"{path.relative_to(PACKAGE)} {name}": ruled_out[word]
        for path in modules(*FLOORS)
        for name in names(syntax(path))
        for word in words(name) & set(ruled_out)
    }
    assert (found, len(ruled_out) > 1) == ({}, True)


def names(tree: ast.Module) -> set[str]:
    """Return the names a module gives to functions, classes, arguments, fields and values."""
    given = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    given |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return given | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def words(name: str) -> set[str]:
    """Return the words of a name, in lower case and without plural s."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return {part.lower() for part in parts} | {part.lower().removesuffix("s") for part in parts}


def test_a_word_ruled_out_is_found_in_any_spelling() -> None:
    tree = ast.parse("class ClientView:\n    def of(self, old_clients): ...\nimplementation = 1\n")
    assert [sorted(words(name) & {"client", "implementation"}) for name in sorted(names(tree))] == [
        ["client"],
        ["implementation"],
        [],
        ["client"],
        [],
    ]
