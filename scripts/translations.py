"""English beside the Chinese: collects every product text from code and templates, checks that none lacks English, compiles.

Usage: python scripts/translations.py extract | check | compile
"""

import io
import os
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/sixgate"
PO = SOURCE / "interfaces/web/locale/en/LC_MESSAGES/django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def collected() -> Catalog:
    """Return all texts of code and templates, each with the places it stands in."""
    catalog = Catalog(locale="en", project="Sixgate", charset="utf-8")
    for file, line, message, _comments, context in extract_from_dir(SOURCE, [("**.py", "python")], keywords=KEYWORDS):
        catalog.add(message, locations=[(f"src/sixgate/{file}", line)], context=context)
    for path in sorted((SOURCE / "interfaces/web/templates").rglob("*.html")):
        for line, message, _comments, context in extract("python", io.BytesIO(_as_code(path)), keywords=KEYWORDS):
            catalog.add(message, locations=[(str(path.relative_to(ROOT)), line)], context=context)
    return catalog


def _as_code(path: Path) -> bytes:
    """Return a template as the pseudo-code Django itself extracts from: gettext calls where texts stand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")
    from django.utils.translation.template import templatize

    return str(templatize(path.read_text(encoding="utf-8"), origin=str(path))).encode()


def known() -> Catalog:
    """Return the catalogue as it stands, an empty one at first."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as source:
        return read_po(source, locale="en")


def merged() -> Catalog:
    """Return the catalogue brought up to date: new texts empty, vanished ones gone, nothing guessed."""
    catalog = known()
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts without English."""
    return [str(message.id) for message in catalog if message.id and not all(_strings(message.string))]


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]


def main(action: str) -> int:
    """Do what was asked."""
    if action == "extract":
        PO.parent.mkdir(parents=True, exist_ok=True)
        catalog = merged()
        with PO.open("wb") as target:
            write_po(target, catalog, width=150, sort_output=True, no_location=True, omit_header=False)
        print(f"{len(catalog)} 条，{len(untranslated(catalog))} 条还没有英文")
        return 0
    if action == "check":
        missing = untranslated(merged())
        print("\n".join(missing) or "英文齐全", file=sys.stderr if missing else sys.stdout)
        return 1 if missing else 0
    if action == "compile":
        with PO.with_suffix(".mo").open("wb") as target:
            write_mo(target, known())
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
