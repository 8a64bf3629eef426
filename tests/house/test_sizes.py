"""Files a person reads in one go, functions that fit on a screen, and a sentence on everything others may use."""

import ast
import statistics
from pathlib import Path

import pytest

from house.source import PACKAGE, ROOT, Function, modules, place, syntax, tracked

MOST_LINES = 400
MOST_FUNCTION_LINES = 50
MOST_INTRODUCTION_LINES = 6
AIM_MEDIAN, AIM_P90 = 10, 30
SIZED = (".py", ".pyi", ".html", ".css", ".js", ".sh")


def functions(tree: ast.Module) -> list[Function]:
    """Return every function, methods and inner ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def lines_of(node: Function) -> int:
    """Return how many lines a function takes, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def public(tree: ast.Module) -> list[Function | ast.ClassDef]:
    """Return the functions, classes and methods others may use; what stands in a function is its own, and Django's Meta is no class of ours."""
    found: list[Function | ast.ClassDef] = []
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta":
            found.append(node)
            waiting += node.body if isinstance(node, ast.ClassDef) else []
        elif isinstance(node, ast.If | ast.Try):
            waiting += [*node.body, *node.orelse]
    return found


def wrong_docstring(node: Function | ast.ClassDef) -> str:
    """Return what is wrong with a docstring, "" when it completes "This function will …" and ends its first paragraph as a sentence does."""
    text = ast.get_docstring(node)
    if not text:
        return "has no docstring"
    if not text.split("\n\n")[0].rstrip().endswith((".", "?", ":", "…", "`", ")")):
        return "has a docstring whose first paragraph is no sentence"
    noun = isinstance(node, ast.ClassDef) or any("property" in ast.unparse(mark) for mark in node.decorator_list)
    first = text.split()[0]
    return f"has a docstring that begins {first!r}, not with what it will do" if not noun and first.endswith("s") and not first.endswith("ss") else ""


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("def add(): ...", "has no docstring"),
        ("def add():\n    '''Returns the sum.'''", "has a docstring that begins 'Returns', not with what it will do"),
        ("def add():\n    '''Return the sum'''", "has a docstring whose first paragraph is no sentence"),
        ("def add():\n    '''Pass the sum on.'''", ""),
        ("class Sum:\n    '''Sums up.'''", ""),
    ],
)
def test_a_docstring_is_judged_by_its_first_sentence(code: str, wrong: str) -> None:
    (node,) = public(ast.parse(code))
    assert wrong_docstring(node) == wrong


def test_private_and_inner_names_need_no_docstring() -> None:
    tree = ast.parse("class A:\n    def _b(self): ...\n    def c(self):\n        def d(): ...\ndef _e(): ...\nif x:\n    def f(): ...")
    assert [node.name for node in public(tree)] == ["f", "A", "c"]


def test_no_file_is_longer_than_a_person_reads() -> None:
    sized = [path for path in tracked() if path.suffix in SIZED and "migrations" not in path.parts]
    found = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sized}
    assert {name: count for name, count in found.items() if count > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen_and_most_are_far_shorter(capsys: pytest.CaptureFixture[str]) -> None:
    code = [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]
    longest = {
        f"{place(path, node.lineno)} {node.name}": lines_of(node)
        for path in code
        for node in functions(syntax(path))
        if lines_of(node) > MOST_FUNCTION_LINES
    }
    lengths = sorted(lines_of(node) for path in modules() for node in functions(syntax(path)))
    median, p90 = statistics.median(lengths), lengths[int(len(lengths) * 0.9)]
    with capsys.disabled():
        print(f"\n{len(lengths)} functions in src: median {median:g} lines, p90 {p90}, longest {lengths[-1]}")
    assert longest == {}
    assert (median <= AIM_MEDIAN, p90 <= AIM_P90) == (True, True)


def test_everything_others_may_use_says_what_it_does() -> None:
    found = [
        f"{place(path, node.lineno)} {node.name} {wrong}"
        for path in code_files()
        for node in public(syntax(path))
        if (wrong := wrong_docstring(node))
    ]
    assert found == []


def test_every_module_says_in_a_few_lines_what_it_is() -> None:
    counts = {path: len((ast.get_docstring(syntax(path)) or "").splitlines()) for path in code_files()}
    wrong = {str(path.relative_to(ROOT)): count for path, count in counts.items() if not 1 <= count <= MOST_INTRODUCTION_LINES}
    assert wrong == {}


def code_files() -> list[Path]:
    """Return the modules of the package and of scripts/."""
    return [*modules(), *(path for path in tracked() if path.suffix == ".py" and path.parent == ROOT / "scripts")]


def test_the_package_is_where_these_tests_look() -> None:
    assert PACKAGE / "usecases/_frame.py" in code_files()
    assert ROOT / "scripts/translations.py" in code_files()
