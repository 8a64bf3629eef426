"""The documents say what is so: links lead somewhere, settings are those the code reads, commands and buttons exist, nothing lacks its twin."""

import argparse
import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from sixgate import __version__
from sixgate.interfaces import cli

ROOT = Path(__file__).resolve().parents[2]
MANUAL, ADR = ROOT / "docs/manual", ROOT / "docs/adr"
TOP = ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
DOCUMENTS = (*(ROOT / name for name in TOP), *sorted((ROOT / "docs").rglob("*.md")))
JOBS = (
    "owner", "checker", "signer", "decider", "project-office", "leading-group", "legal", "administrators", "auditor", "rule-author", "operator",
)  # fmt: skip
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
QUOTED = {"zh": re.compile(r"「([^」]+)」"), "en": re.compile(r"“([^”]+)”")}
READERS = ("os.environ.get", "os.getenv")
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "XDG_RUNTIME_DIR", "PATH"}
GIVEN_BY_THE_SYSTEM = {"LC_ALL", "LC_MESSAGES", "LANG", "CI"}


def text_of(path: Path) -> str:
    """Return a document."""
    return path.read_text(encoding="utf-8")


def prose(text: str) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^\s*```.*?^\s*```", "", text, flags=re.DOTALL | re.MULTILINE)


def fenced(text: str) -> Iterator[str]:
    """Yield every line of the blocks of code, and of those that are indented by four."""
    for block in re.findall(r"^\s*```[^\n]*\n(.*?)^\s*```", text, flags=re.DOTALL | re.MULTILINE):
        yield from block.splitlines()
    yield from re.findall(r"^ {4}(\S.*)$", text, flags=re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Return the anchors a page's headings make."""
    headings = re.findall(r"^#+ +(.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> list[str]:
    """Return the links of a document that lead nowhere: files, folders and anchors; other sites are not asked."""
    wrong: list[str] = []
    for link in LINK.findall(prose(text_of(path))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _hash, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(text_of(target))):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_picture_of_a_document_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A head\n[a](gone.md) [b](#a-head) [c](#no-head) ![d](gone.png) [e](https://example.org)\n```\n[f](in-code.md)\n```\n")
    assert broken_links(page) == ["gone.md", "#no-head", "gone.png"]


def test_every_picture_is_shown_by_a_document() -> None:
    shown = {(path.parent / link).resolve() for path in DOCUMENTS for link in LINK.findall(text_of(path)) if link.endswith(".png")}
    assert [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs").rglob("*.png")) if path.resolve() not in shown] == []


def constants(tree: ast.AST) -> dict[str, str]:
    """Return the constants of a module that are texts."""
    return {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def variables_read(source: str, elsewhere: Mapping[str, str] | None = None) -> set[str]:
    """Return the environment variables a module reads: by literal name, by a constant (of its own or imported), through a function that takes the name."""
    tree = ast.parse(source)
    named = {**(elsewhere or {}), **constants(tree)}
    through = {
        node.name: [argument.arg for argument in node.args.args].index(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for name in _names_read(node)
        if name in [argument.arg for argument in node.args.args]
    }
    found = {named.get(name, name) for name in _names_read(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in through and len(node.args) > through[node.func.id]:
            given = node.args[through[node.func.id]]
            found |= {str(given.value)} if isinstance(given, ast.Constant) else set()
        if isinstance(node, ast.comprehension) and isinstance(node.iter, ast.Tuple) and ast.unparse(node.target) in found:
            found |= {str(item.value) for item in node.iter.elts if isinstance(item, ast.Constant)}
    return {name for name in found if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def _names_read(tree: ast.AST) -> set[str]:
    """Return the first argument of every read of the environment below a node, literal or named."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READERS and node.args:
            found.add(_name(node.args[0]))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and ast.unparse(node.value) == "os.environ":
            found.add(_name(node.slice))
    return found


def _name(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('os.environ.get("ONE", "x")', {"ONE"}),
        ('NAME = "TWO"\nos.environ[NAME]', {"TWO"}),
        ('def listed(name, default=""):\n    return os.environ.get(name, default)\nX = listed("THREE")', {"THREE"}),
        ('next(v for name in ("FOUR", "FIVE") if (v := os.environ.get(name)))', {"FOUR", "FIVE"}),
        ('os.environ["SIX"] = "written"\n"SEVEN"', set()),
    ],
)
def test_a_variable_that_is_read_is_found(source: str, read: set[str]) -> None:
    assert variables_read(source) == read


def read_by_code() -> set[str]:
    """Return the variables that product and scripts read, and those that set up the tests' data."""
    paths = [*sorted((ROOT / "src").rglob("*.py")), *sorted((ROOT / "scripts").glob("*.py"))]
    known = {name: value for path in paths for name, value in constants(ast.parse(text_of(path))).items() if name.endswith("_VARIABLE")}
    found = {name for path in paths for name in variables_read(text_of(path), known)}
    return {*found, "SIXGATE_DATA"} - NOT_SETTINGS - GIVEN_BY_THE_SYSTEM


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_table_of_settings_is_what_the_code_reads(readme: str) -> None:
    rows = re.findall(r"^\| (`[A-Z][^|]*?) \|", text_of(ROOT / readme), flags=re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)} == read_by_code()


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the commands of the command line by name."""
    (action,) = [item for item in cli._parser()._actions if isinstance(item, argparse._SubParsersAction)]
    return cast("dict[str, argparse.ArgumentParser]", dict(action.choices))


def targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), flags=re.MULTILINE))


def unknown_commands(text: str) -> list[str]:
    """Return the shown command lines that name no target, no command, or an option or word the command does not take."""
    wrong: list[str] = []
    for line in (*fenced(text), *re.findall(r"`((?:make|sixgate) [^`]+)`", prose(text))):
        words = line.partition("#")[0].split()
        while words and re.fullmatch(r"[A-Z][A-Z0-9_]*=\S*", words[0]):
            words.pop(0)
        if (words[:1] == ["make"] and not set(_plain(words[1:])) <= targets()) or (words[:1] == ["sixgate"] and not _takes(words[1:])):
            wrong.append(line.strip())
    return wrong


def _plain(words: list[str]) -> list[str]:
    return [word for word in words if "=" not in word]


def _takes(words: list[str]) -> bool:
    """Tell whether a command exists and takes the options and the action shown; a name in capitals stands for any."""
    if words[0].isupper():
        return True
    command = commands().get(words[0])
    if command is None:
        return False
    shown = {word for word in words if word.startswith("--")}
    actions = [item for item in command._actions if item.choices and not item.option_strings]
    fits = not actions or len(words) == 1 or words[1] in (actions[0].choices or ())
    return shown <= set(command._option_string_actions) and fits


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_shown_exists(path: Path) -> None:
    assert unknown_commands(text_of(path)) == []


def test_a_command_that_does_not_exist_is_found() -> None:
    text = "```\nPORT=1 make run\nmake nothing\nsixgate judge x --gate G01\nsixgate judge x --door 1\nsixgate rules forget\n```\n`sixgate nurse now`"
    assert unknown_commands(text) == ["make nothing", "sixgate judge x --door 1", "sixgate rules forget", "sixgate nurse now"]


def product_texts() -> dict[str, set[str]]:
    """Return every text the product shows, Chinese with what it is in English: several words where it is another thing in another context."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts/translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    texts: dict[str, set[str]] = {}
    for message in module.merged():
        if isinstance(message.id, str) and message.id:
            texts.setdefault(message.id, set()).add(message.string)
    return texts


@pytest.fixture(scope="module")
def shown() -> dict[str, set[str]]:
    """Return the texts of the product once."""
    return product_texts()


def words_of(page: str) -> list[str]:
    """Return the button words a page of the manual quotes, in the quotes of its language."""
    return QUOTED[page.split(".")[1]].findall(prose(text_of(MANUAL / page)))


@pytest.mark.parametrize("page", [f"{job}.zh.md" for job in (*JOBS, "README")])
def test_every_button_word_of_the_manual_stands_in_the_product(page: str, shown: dict[str, set[str]]) -> None:
    assert [word for word in words_of(page) if word not in shown] == []


@pytest.mark.parametrize("page", [f"{job}.en.md" for job in (*JOBS, "README")])
def test_every_english_button_word_stands_in_the_english_product(page: str, shown: dict[str, set[str]]) -> None:
    assert [word for word in words_of(page) if not any(word in english for english in shown.values())] == []


@pytest.mark.parametrize("job", JOBS)
def test_twins_name_the_same_buttons(job: str, shown: dict[str, set[str]]) -> None:
    chinese, english = {word: shown[word] for word in words_of(f"{job}.zh.md")}, set(words_of(f"{job}.en.md"))
    assert [word for word, meanings in chinese.items() if not meanings & english] == []
    assert english - {meaning for meanings in chinese.values() for meaning in meanings} == set()


def test_a_word_no_button_bears_is_found(shown: dict[str, set[str]]) -> None:
    assert [word for word in QUOTED["zh"].findall("按「提交材料」，再按「自动通过」") if word not in shown] == ["自动通过"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_script_and_module_named_in_code_words_exists(path: Path) -> None:
    named = set(re.findall(r"(?<![\w/.-])((?:scripts|tests)/[\w/]+\.py)", text_of(path)))
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_job_has_its_page_in_both_languages_and_no_page_is_without_a_twin() -> None:
    pages = {path.name for path in MANUAL.glob("*.md")}
    twins = {name.replace(".zh.", ".en.") if ".zh." in name else name.replace(".en.", ".zh.") for name in pages}
    assert ({f"{job}.{language}.md" for job in JOBS for language in ("zh", "en")} - pages, twins ^ pages) == (set(), set())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_front_page_of_the_manual_names_every_page(language: str) -> None:
    named = set(LINK.findall(text_of(MANUAL / f"README.{language}.md")))
    assert {path.name for path in MANUAL.glob(f"*.{language}.md")} - {f"README.{language}.md"} - named == set()


def test_decisions_are_numbered_without_a_gap_and_all_are_listed() -> None:
    pages = sorted(path.name for path in ADR.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    assert LINK.findall(text_of(ADR / "README.md")) == pages
    assert [name for name in pages if not text_of(ADR / name).startswith(f"# {int(name[:4])}. ")] == []


@pytest.mark.parametrize("path", sorted(ADR.glob("[0-9]*.md")), ids=lambda path: path.name)
def test_a_decision_says_status_context_decision_and_consequences(path: Path) -> None:
    heads = re.findall(r"^## (\w+)", text_of(path), flags=re.MULTILINE)
    assert (heads[0], "Decision" in heads, heads[-1], "\nStatus: accepted" in text_of(path)) == ("Context", True, "Consequences", True)


def test_every_dependency_has_its_row_with_the_locked_version() -> None:
    asked = {
        re.split(r"[\[<>=]", line)[0]
        for name in ("run.in", "test.in")
        for line in text_of(ROOT / "requirements" / name).splitlines()
        if line and not line.startswith(("#", "-"))
    }
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text_of(ROOT / "requirements/test.lock"), flags=re.MULTILINE))
    listed = dict(re.findall(r"^\| ([A-Za-z][\w.-]+) \| ([\d.]+) \|", text_of(ROOT / "docs/dependencies.md"), flags=re.MULTILINE))
    assert {name: version for name, version in listed.items() if name in asked} == {name: locked[name.lower()] for name in asked}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """Return publiccode.yml."""
    return cast("dict[str, Any]", yaml.safe_load(text_of(ROOT / "publiccode.yml")))


def test_publiccode_has_what_version_0_4_asks_for(description: dict[str, Any]) -> None:
    wanted = (
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    )
    assert [key for key in wanted if not description.get(key)] == []
    assert description["publiccodeYmlVersion"] == "0.4"
    assert description["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert description["softwareType"] == "standalone/web"
    assert date.fromisoformat(description["releaseDate"]) <= date(2100, 1, 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_publiccode_describes_in_the_lengths_of_the_standard(description: dict[str, Any], language: str) -> None:
    said = description["description"][language]
    assert (len(said["shortDescription"]) <= 150, 500 <= len(said["longDescription"]) <= 10_000, bool(said["features"])) == (True, True, True)


def test_publiccode_agrees_with_the_package(description: dict[str, Any]) -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    said = (description["softwareVersion"], description["legal"]["license"], description["localisation"]["availableLanguages"])
    assert said == (__version__, project["license"], ["zh", "en"])
    assert description["maintenance"]["type"] == "community" and [contact["name"] for contact in description["maintenance"]["contacts"]] != []
