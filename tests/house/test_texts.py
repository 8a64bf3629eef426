"""Every text a person reads is marked, and has its English, with the same places to fill in.

Pack texts are proven English where the packs are (tests/unit/test_delivered_packs.py).
"""

import ast
import importlib.util
import re
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages import Catalog, Message
from django.template.base import DebugLexer, TokenType

from house.source import PACKAGE, ROOT, WEB, calls, dotted, modules, place, syntax, texts
from sixgate.usecases.planning.export import HEADINGS

CHINESE = re.compile(r"[\u3400-\u9fff]")
MARKS = {"gettext", "gettext_noop", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "npgettext", "_"}
FLOORS_READ = ("interfaces", "usecases", "domain", "records", "kernel")
# Whole modules whose Chinese is not the product speaking.
UNMARKED_MODULES = {
    "domain/notices/wording.py": "messages that leave in one language, for a reader whose language nobody knows",
    "usecases/briefing": "official papers are Chinese whoever asks for them",
    "usecases/planning/placeholders.py": "names a bureau writes in its own Chinese templates, with examples",
    "usecases/demo": "examples are data: names and titles a demo city would have keyed in",
    "interfaces/checks.py": "an operator reads both languages at once, ahead of any session",
}
# Single texts that are not the product speaking, by module.
UNMARKED_TEXTS = {
    "domain/lifecycle/evidence.py": ({"分", "基点", "是", "否"}, "units in a schema for machines; words a sender may give for yes and no"),
    "interfaces/api/door.py": ({"六关 Sixgate"}, "the product's name, the same in both languages"),
    "interfaces/web/register_import.py": ({"元", "万元", "亿元"}, "units as the heads of foreign tables write them"),
    "kernel/identity.py": ({"*〔*〕*号"}, "a document number as it is written"),
    "domain/lifecycle/wording.py": ({"第*条"}, "a clause is cited as its document writes it"),
    "usecases/planning/export.py": ({*HEADINGS, "项目台账", "项目台账-*.*"}, "a register handed out bears the heads by which one is read in"),
    "usecases/planning/register_plan.py": ({"第 1 张表", "* 第 * *", "行", "列"}, "where a row stood is kept with the row: a text of record"),
    "usecases/rulebook.py": ({"第*条"}, "a clause is cited as its document writes it"),
}
# Templates that show Chinese untranslated, and how often.
UNTRANSLATED_TEMPLATES = {
    "500.html": (1, "both languages at once: what failed may be what finds out the language"),
    "language.html": (1, "a language is offered by its own name"),
    "work.html": (1, "the Chinese form of a date, beside the English one"),
}


def translations() -> ModuleType:
    """Return scripts/translations.py as a module."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts/translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """Return the catalogue brought up to date with code and templates."""
    found = translations().merged()
    assert isinstance(found, Catalog)
    return found


def forms(value: object) -> list[str]:
    """Return the forms of a message or its translation: one, or singular and plural."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]


def places_in(text: str, flags: set[str]) -> set[str]:
    """Return the places a text leaves to be filled in: {name}, and %(name)s or %s where the message is formatted so."""
    percent = set(re.findall(r"%\(\w+\)[sd]|%[sd]", text)) if "python-format" in flags or "%(" in text else set()
    try:
        braces = {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:
        braces = {"unreadable"}
    return percent | {f"{{{name}}}" for name in braces}


def unequal_places(message: Message) -> list[str]:
    """Return the places that stand in one language only."""
    flags = set(message.flags)
    wanted = set().union(*(places_in(text, flags) for text in forms(message.id)))
    return sorted(set().union(*(places_in(text, flags) ^ wanted for text in forms(message.string) if text)))


def test_every_text_has_its_english(catalogue: Catalog) -> None:
    assert translations().untranslated(catalogue) == []


def test_english_has_the_same_places_to_fill_in_as_the_chinese(catalogue: Catalog) -> None:
    assert {str(message.id): wrong for message in catalogue if message.id and (wrong := unequal_places(message))} == {}


@pytest.mark.parametrize(
    ("chinese", "english", "wrong"),
    [
        ("共 {count} 项", "{count} items", []),
        ("共 {count} 项", "{number} items", ["{count}", "{number}"]),
        ("共 {count} 项", "all items", ["{count}"]),
        ("第 %(n)s 页", "page %(n)s", []),
        ("第 %(n)s 页", "page", ["%(n)s"]),
    ],
)
def test_a_place_that_stands_in_one_language_only_is_found(chinese: str, english: str, wrong: list[str]) -> None:
    assert unequal_places(Message(chinese, english)) == wrong


def test_english_is_english(catalogue: Catalog) -> None:
    quoted = re.compile(r"《[^》]*》|“[^”]*”|六关|中文|〔\d{4}〕\d+号|\w*〔\d{4}〕\w*")
    wrong = {
        str(message.id): message.string for message in catalogue if message.id and CHINESE.search(quoted.sub("", "".join(forms(message.string))))
    }
    assert wrong == {}


def test_chinese_is_the_language_texts_are_written_in(catalogue: Catalog) -> None:
    latin = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]+){2,}")
    assert [
        message.id for message in catalogue if message.id and any(latin.search(text) and not CHINESE.search(text) for text in forms(message.id))
    ] == []


def unmarked_in_template(source: str) -> Iterator[tuple[int, str]]:
    """Yield Chinese a template shows without asking for its translation."""
    inside = False
    for token in DebugLexer(source).tokenize():
        word = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK else ""
        inside = (inside or word in ("blocktranslate", "blocktrans")) and word not in ("endblocktranslate", "endblocktrans")
        if token.token_type == TokenType.COMMENT or inside or word in ("translate", "trans", "comment", "plural"):
            continue
        shown = re.sub(r"_\((\"[^\"]*\"|'[^']*')\)", "", token.contents)
        if CHINESE.search(shown):
            yield token.lineno or 0, shown.strip()[:60]


def test_templates_show_no_chinese_they_do_not_translate() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted((WEB / "templates").rglob("*.html")):
        for line, text in unmarked_in_template(path.read_text(encoding="utf-8")):
            found.setdefault(path.relative_to(WEB / "templates").as_posix(), []).append(f"{place(path, line)} {text}")
    unexpected = {name: shown for name, shown in found.items() if len(shown) != UNTRANSLATED_TEMPLATES.get(name, (0, ""))[0]}
    assert (unexpected, set(UNTRANSLATED_TEMPLATES) - set(found)) == ({}, set())


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("<p>中文</p>", 1),
        ('<p title="中文">x</p>', 1),
        ('{% include "a.html" with text="中文" %}', 1),
        ('{{ value|default:"无" }}', 1),
        ('<p>{% translate "中文" %}</p>{{ _("中文") }}{% include "a.html" with text=_("中文") %}', 0),
        ("{% blocktranslate count n=n %}{{ n }} 项{% plural %}{{ n }} 项{% endblocktranslate %}{# 中文 #}", 0),
        ("{% blocktranslate %}中文{% endblocktranslate %} 中文", 1),
    ],
)
def test_chinese_outside_a_translation_is_found(source: str, count: int) -> None:
    assert len(list(unmarked_in_template(source))) == count


def test_scripts_and_styles_hold_no_text() -> None:
    own = [path for kind in ("*.js", "*.css") for path in (WEB / "assets").glob(kind)]
    found = [place(path, number) for path in own for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if CHINESE.search(line)]
    assert (found, len(own) > 1) == ([], True)


def unmarked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield Chinese strings that stand in no mark for translation and are no pattern of `re`; `*` stands for what is filled in."""
    marked = {id(part) for call in calls(tree) if _is_mark(dotted(call.func)) for part in ast.walk(call)}
    joined = {id(part): node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in texts(tree):
        text = str(node.value)
        if id(node) in marked or not CHINESE.search(text):
            continue
        whole = joined.get(id(node))
        yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in whole.values) if whole else text


def _is_mark(name: str) -> bool:
    return name.rpartition(".")[2] in MARKS or name.startswith("re.")


def found_unmarked() -> dict[str, set[str]]:
    """Return the unmarked Chinese of each module outside the modules left out."""
    found: dict[str, set[str]] = {}
    for path in modules(*FLOORS_READ):
        name = path.relative_to(PACKAGE).as_posix()
        if not any(name == left or name.startswith(f"{left}/") for left in UNMARKED_MODULES):
            for _line, text in unmarked(syntax(path)):
                found.setdefault(name, set()).add(text)
    return found


def test_code_holds_no_chinese_it_does_not_mark_for_translation() -> None:
    assert found_unmarked() == {name: allowed for name, (allowed, _why) in UNMARKED_TEXTS.items()}


def test_the_modules_left_out_still_stand() -> None:
    assert [name for name in UNMARKED_MODULES if not Path(PACKAGE / name).exists()] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = '中文'", ["中文"]),
        ("x = f'第{n}条'", ["第*条", "第*条"]),
        ("x = gettext_noop('中文')\ny = _('中文').format(a=1)\n'''中文'''", []),
        ("x = re.compile('中文?')", []),
        ("x = Label(text.gettext_noop('中文'), help='帮助')", ["帮助"]),
    ],
)
def test_chinese_without_a_mark_is_found(code: str, found: list[str]) -> None:
    assert [text for _line, text in unmarked(ast.parse(code))] == found
