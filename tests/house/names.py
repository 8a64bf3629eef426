"""What the tree says about the verbs: who runs them in tests, which pages name them. Reads syntax and text; judges nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from house.source import PACKAGE, WEB, dotted, syntax, tests, texts
from sixgate.engines.rules.schema import STAGES
from sixgate.usecases._registry import verbs

ROOMS = ("authority", "planning", "lifecycle", "technology", "protection", "improvement", "federation", "ledger")
ADDRESS = re.compile(rf"\b(?:{'|'.join(ROOMS)})(?:\.(?:\*|[a-z][a-z_]*))+(?![\w.])")
OFFERING = (*sorted((PACKAGE / "usecases/lifecycle/reading").glob("*.py")), PACKAGE / "usecases/work/turns.py")
ACT_PAGE = WEB / "act.py"  # shows the form of whatever it is asked for: a page for these verbs, but no offer of one
ON_ACT_PAGE = {"project_id", "request_id", "passage_id", "condition_id", "contract_id"}


def last(address: str) -> str:
    """Return the last part of an address: the verb without room and stage."""
    return address.rpartition(".")[2]


def written(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string; what is filled in while running, and `{stage}`, becomes `*`."""
    return ((node.lineno, _said(node)) for node in _strings(tree))


def _strings(tree: ast.AST) -> Iterator[ast.JoinedStr | ast.Constant]:
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in joined for part in ast.walk(node)}
    yield from joined
    yield from (node for node in texts(tree) if id(node) not in inside)


def _said(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return re.sub(r"\{\w+\}", "*", str(node.value))
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def covers(pattern: str, address: str) -> bool:
    """Tell whether an address with `*` for parts means another."""
    wanted, given = pattern.split("."), address.split(".")
    return len(wanted) == len(given) and all(part in ("*", word) for part, word in zip(wanted, given, strict=True))


def functions() -> dict[tuple[str, str], set[str]]:
    """Return the addresses of every verb function by its module and name."""
    found: dict[tuple[str, str], set[str]] = {}
    for address, verb in verbs().items():
        found.setdefault((verb.run.__module__, verb.run.__name__), set()).add(address)
    return found


def run_by_tests() -> set[str]:
    """Return the addresses some test runs. A file below tests/ (benchmarks and house tests left out) runs a verb when it

    - calls the verb's function by the name under which it imported it, `decide_gate["initiation"](…)` for one that answers in every stage; or
    - writes its address in a text, as a door's path has it (`…/acts/planning.add_funding/`, `/api/v1/planning/add_funding`); or
    - runs verbs out of the registry, `verbs()[address].run(…)`, and has a key for it (the last part of its address) in a table of arguments.
    A verb of all stages is one function, so a run in one stage is a run of it.
    """
    names: set[str] = set()
    for path in tests():
        if "bench" not in path.parts:
            names |= _called(syntax(path)) | _addressed(path) | _tabled(syntax(path))
    return {address for address in verbs() if address in names or f"lifecycle.*.{last(address)}" in names}


def _called(tree: ast.Module) -> set[str]:
    imported: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                home = node.module if (node.module, alias.name) in functions() else _home(node.module, alias.name)
                imported[alias.asname or alias.name] = functions().get((home, alias.name), set())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func.value if isinstance(node.func, ast.Subscript) else node.func
            found |= {_any_stage(address) for address in imported.get(dotted(function), ())}
    return found


def _home(package: str, name: str) -> str:
    """Return the module a package takes a verb's function from, "" when there is none or more than one."""
    homes = [module for module, function in functions() if function == name and module.startswith(f"{package}.")]
    return homes[0] if len(homes) == 1 else ""


def _addressed(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    paths = {address: f"/{address.replace('.', '/')}" for address in verbs()}
    return {_any_stage(address) for address, way in paths.items() if re.search(rf"(?:{re.escape(address)}|{re.escape(way)})(?![\w.])", text)}


def _tabled(tree: ast.Module) -> set[str]:
    if not any(isinstance(node, ast.Attribute) and node.attr == "run" and _from_registry(node.value) for node in ast.walk(tree)):
        return set()
    keys = {key.value for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if isinstance(key, ast.Constant)}
    return {_any_stage(address) for address in verbs() if last(address) in keys}


def _from_registry(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call) and dotted(node.value.func) == "verbs"


def _any_stage(address: str) -> str:
    return f"lifecycle.*.{last(address)}" if address.split(".")[1] in STAGES else address


def offered() -> set[str]:
    """Return the addresses a page offers: one with a form of its own, whose address a page's module names; or one whose form is the page of acts,
    named (its address, or the last part of it) where offers are made: pages, templates, the reading of a gate, a person's desk.
    A name that is only asked after (compared, looked up, tested for its end) offers nothing."""
    modules = [path for path in sorted(WEB.rglob("*.py")) if path != ACT_PAGE]
    own = {text for path in modules for text in put_forward(syntax(path))}
    elsewhere = {text for path in OFFERING for text in put_forward(syntax(path))}
    by_template = {text for path in WEB.rglob("*.html") for text in put_forward_by_template(path.read_text(encoding="utf-8"))}
    loose = {last(text) for text in own | elsewhere | by_template}
    found: set[str] = set()
    for address, verb in verbs().items():
        formed = any(covers(text, address) for text in own)
        acted = bool(ON_ACT_PAGE & set(verb.parameters)) and last(address) in loose
        found |= {address} if formed or acted else set()
    return found


def put_forward(tree: ast.Module) -> set[str]:
    """Return the strings of a module but those that are only asked after."""
    asked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            asked |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Dict):
            asked |= {id(key) for key in node.keys}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("endswith", "startswith", "get"):
            asked |= {id(part) for argument in node.args for part in ast.walk(argument)}
    return {text for node in _strings(tree) if id(node) not in asked for text in [_said(node)]}


def put_forward_by_template(source: str) -> set[str]:
    """Return the quoted strings of a template's tags but those a condition compares with."""
    return {quoted for compared, quoted in re.findall(r"([!=]=\s*)?'([^']*)'", source) if not compared}
