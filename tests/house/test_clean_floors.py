"""What no floor may hold: doors' words below the doors, hidden effects, a second clock, junk drawers, the machine it was written on.

Every rule is first tried on a line that breaks it.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from house.source import BELOW_DOORS, PACKAGE, ROOT, calls, dotted, imports, modules, place, syntax, tracked

Finding = tuple[int, str]
DOOR_WORDS = ("django.http", "django.shortcuts", "django.template", "django.views", "django.urls", "django.middleware", "ninja")
SIGNALS = ("django.db.models.signals", "django.dispatch", "django.core.signals", "django.contrib.auth.signals", "axes.signals")
SIGNALS_ALLOWED = {"django.db.models.signals.post_migrate", "django.contrib.auth.signals.user_logged_in", "axes.signals.user_locked_out"}
GENERIC = ("GenericForeignKey", "GenericRelation")
OTHER_CLOCKS = {"datetime.now", "datetime.datetime.now", "datetime.today", "datetime.utcnow", "date.today", "datetime.date.today", "timezone.now"}
OTHER_CLOCKS |= {"timezone.localtime", "timezone.localdate", "time.time", "time.time_ns", "time.localtime", "time.gmtime", "Now"}
JUNK = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services", "base", "core", "tools"}
HIDDEN_EFFECTS = {"save", "delete", "asave", "adelete", "save_base", "__init_subclass__"}
MACHINE = re.compile(
    r"(?<![\w.~}/-])/(?:work|root|mnt|Users|home/\w+)/[\w.-]|[A-Z]:\\Users\\"
    r"|\b(?:registry\.npm|pypi\.(?:org|python)|files\.pythonhosted|npm[m]irror|mirrors?\.\w+|deb\.debian|proxy\.golang)"
    r"|(?<![\w-])--(?:extra-)?index[-]url"
)


def doors_words(tree: ast.Module) -> Iterator[Finding]:
    """Yield imports that speak of requests, pages or addresses."""
    return ((line, name) for line, name in imports(tree) if any(name == word or name.startswith(f"{word}.") for word in DOOR_WORDS))


def bare_excepts(tree: ast.Module) -> Iterator[Finding]:
    """Yield handlers that catch everything without a name."""
    return ((node.lineno, "except:") for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is None)


def hidden_effects(tree: ast.Module) -> Iterator[Finding]:
    """Yield overrides of what rows do when stored or removed: a verb does that, in the open."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from ((item.lineno, item.name) for item in node.body if isinstance(item, ast.FunctionDef) and item.name in HIDDEN_EFFECTS)


def signals(tree: ast.Module) -> Iterator[Finding]:
    """Yield signals other than those after a migration and at sign-in."""
    found = ((line, name) for line, name in imports(tree) if any(name.startswith(f"{module}.") for module in SIGNALS))
    return ((line, name) for line, name in found if name not in SIGNALS_ALLOWED)


def generic_keys(tree: ast.Module) -> Iterator[Finding]:
    """Yield foreign keys to anything."""
    return ((call.lineno, dotted(call.func)) for call in calls(tree) if dotted(call.func).rpartition(".")[2] in GENERIC)


def other_clocks(tree: ast.Module) -> Iterator[Finding]:
    """Yield readings of a clock, of fields that stamp themselves too."""
    for call in calls(tree):
        name = dotted(call.func)
        if name in OTHER_CLOCKS or name.rpartition(".")[2] == "Now":
            yield call.lineno, name
        yield from ((call.lineno, word.arg) for word in call.keywords if word.arg in ("auto_now", "auto_now_add"))


def asserted_doors(tree: ast.Module) -> Iterator[Finding]:
    """Yield flags by which a caller could skip authority."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and re.fullmatch(r"(?:skip|ignore|bypass)_\w+|force|as_superuser|unchecked", node.arg):
            yield node.lineno, node.arg


RULES: dict[str, tuple[Callable[[ast.Module], Iterator[Finding]], tuple[str, ...], str]] = {
    "no door's words below the doors": (doors_words, BELOW_DOORS, "from django.http import HttpRequest"),
    "no bare except": (bare_excepts, (), "try:\n    pass\nexcept:\n    pass"),
    "no save or delete with effects": (hidden_effects, (), "class Row:\n    def save(self): ..."),
    "no signals": (signals, (), "from django.db.models.signals import post_save"),
    "no generic foreign keys": (generic_keys, (), "x = fields.GenericForeignKey('a', 'b')"),
    "no second clock": (other_clocks, (), "from datetime import date\nx = date.today()"),
    "no flag that skips authority": (asserted_doors, ("usecases", "domain"), "def run(actor, skip_checks=False): ..."),
}
BANNED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
CLOCK = "src/sixgate/usecases/_frame.py"


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule_finds_the_line_that_breaks_it(name: str) -> None:
    find, _floors, planted = RULES[name]
    assert len(list(find(ast.parse(planted)))) == 1


@pytest.mark.parametrize("name", sorted(RULES))
def test_no_module_breaks_the_rule(name: str) -> None:
    find, floors, _planted = RULES[name]
    found = [f"{place(path, line)} {what}" for path in modules(*floors) for line, what in find(syntax(path))]
    assert [item for item in found if name != "no second clock" or not item.startswith(f"{CLOCK}:")] == []


def test_the_frame_reads_the_clock_once() -> None:
    assert [what for _line, what in other_clocks(syntax(ROOT / CLOCK))] == ["datetime.now"]


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import datetime\nx = datetime.now()\n",
        "import datetime\nx = datetime.datetime.utcnow()\n",
        "from datetime import date\nx = date.today()\n",
        "from django.utils import timezone\nx = timezone.now()\n",
    ],
)
def test_the_linter_refuses_a_second_clock(planted: str) -> None:
    assert _banned(planted, "src/sixgate/usecases/planning/planted.py") == ["TID251"]


@pytest.mark.parametrize("clock", sorted(BANNED))
def test_the_linter_refuses_every_clock_on_its_list(clock: str) -> None:
    assert _banned(f"import {clock.split('.')[0]}\nx = {clock}\n", "src/sixgate/domain/planted.py") == ["TID251"]


def test_only_the_frame_may_silence_the_ban_on_clocks() -> None:
    silenced = [path for path in tracked() if path.suffix == ".py" and path.parent.name != "house" and "noqa: TID251" in path.read_text("utf-8")]
    inside = [path.relative_to(ROOT).as_posix() for path in silenced if path.is_relative_to(PACKAGE)]
    assert inside == [CLOCK]


def _banned(code: str, name: str) -> list[str]:
    line = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "concise", "--stdin-filename", name, "-"]
    said = subprocess.run(line, cwd=ROOT, input=code, capture_output=True, text=True, check=False)
    return re.findall(r": (\w+\d+) ", said.stdout)


def vague(node: ast.ClassDef) -> bool:
    """Tell whether a class is named for no thing; what its framework calls so (a UserManager is a BaseUserManager) is not."""
    word = re.search(r"(?:Manager|Service|Helper|Utils?|Handler|Factory|Processor)$", node.name)
    return word is not None and not any(word.group() in ast.unparse(base) for base in node.bases)


def test_no_module_is_a_junk_drawer() -> None:
    code = [path for path in tracked() if path.suffix in (".py", ".pyi", ".js", ".html")]
    named = [path.relative_to(ROOT) for path in code if {path.stem, *path.relative_to(ROOT).parts[:-1]} & JUNK]
    classes = [
        f"{place(path, node.lineno)} {node.name}"
        for path in modules()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ClassDef) and vague(node)
    ]
    assert (named, classes) == ([], [])


@pytest.mark.parametrize(
    "planted", ["cd /wor" "k/main", "open('/ro" "ot/.x')", "https://registry.np" "mjs.org/a", "--index" "-url x", "https://pypi" ".org/simple"]
)  # fmt: skip
def test_a_machines_path_or_a_registrys_host_is_found(planted: str) -> None:
    assert MACHINE.search(planted) is not None


def test_nothing_tracked_names_a_machines_path_or_a_registrys_host() -> None:
    found: list[str] = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{place(path, number)} {line.strip()[:100]}" for number, line in enumerate(lines, 1) if MACHINE.search(line)]
    assert found == []


def test_the_tracked_files_are_those_of_the_project() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in tracked()}
    assert {"pyproject.toml", CLOCK, Path(__file__).relative_to(ROOT).as_posix()} <= names
