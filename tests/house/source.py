"""The tree as the house tests read it: modules with their syntax, what is called, what git tracks. Nothing here judges."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/sixgate"
WEB = PACKAGE / "interfaces/web"
PURE = ("kernel", "engines", "domain")
BELOW_DOORS = (*PURE, "records", "usecases")
FLOORS = (*BELOW_DOORS, "interfaces")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*floors: str) -> list[Path]:
    """Return the Python files of the floors, of the whole package when none is named; migrations are written by Django and left out."""
    folders = [PACKAGE / floor for floor in floors] or [PACKAGE]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def tests() -> list[Path]:
    """Return the Python files below tests/, those of the house itself left out."""
    return sorted(path for path in (ROOT / "tests").rglob("*.py") if path.parent.name != "house")


@functools.cache
def syntax(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, line: int) -> str:
    """Return where something stands, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}"


def dotted(node: ast.expr) -> str:
    """Return the dotted name an expression spells, "" when it spells none."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything imported, wherever the import stands: `from a import b` yields a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield every string constant that is not a docstring or another bare string."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare)


def tracked() -> list[Path]:
    """Return every file git tracks that still exists."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
