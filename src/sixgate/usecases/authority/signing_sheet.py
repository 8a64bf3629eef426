"""The sheet on which a 法制 officer goes through clauses one by one, on paper: document, article, gist, text seen, place to sign."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from django.utils.translation import gettext

from sixgate.domain.lifecycle.wording import RULE_WORDS
from sixgate.engines.intake.export import cell_text, open_book
from sixgate.kernel.text import gettext_noop
from sixgate.usecases.authority.clauses import Standing

HEADINGS = (
    (gettext_noop("序"), 5),
    (gettext_noop("文件（文号）"), 34),
    (gettext_noop("条"), 8),
    (gettext_noop("内容要点"), 34),
    (gettext_noop("见文"), 7),
    (gettext_noop("依据核对"), 12),
    (gettext_noop("对应规则"), 34),
    (gettext_noop("在本地"), 9),
    (gettext_noop("结论（相符、有出入、已失效）"), 18),
    (gettext_noop("签核人"), 12),
    (gettext_noop("日期"), 12),
)
LINE_POINTS = 16
CONFIDENCES, EFFECTS = RULE_WORDS["confidence"], RULE_WORDS["effect"]


def signing_rows(rules: Sequence[Standing]) -> list[tuple[str, ...]]:
    """Return a row for each clause of each rule, the last three cells empty for the pen; a rule without a document has one row."""
    found: list[tuple[str, ...]] = []
    for item in rules:
        rule = item.rule
        cited = [(f"{clause.document} {clause.number}".strip(), clause.article, clause.text_seen) for clause in rule.clauses]
        for document, article, seen in cited or [(gettext("没有文件依据"), "", False)]:
            told = (
                gettext("是") if seen else gettext("否"),
                gettext(CONFIDENCES[rule.confidence]),
                rule.id,
                gettext(EFFECTS[item.effect]),
            )
            found.append((str(len(found) + 1), document, article, rule.title, *told, "", "", ""))
    return found


def write_signing_sheet(path: Path, rules: Sequence[Standing], *, title: str, digest: str) -> None:
    """Write the sheet as a workbook that prints on A4 across, its heading on every page, the pack's digest at the foot."""
    with open_book(path) as book:
        page = book.add_worksheet(gettext("条款签核表"))
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "bg_color": "#EEF2F6"})
        cell = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        page.set_footer(f"&L{gettext('规则包摘要')} SM3 {digest[:16]}…&R&P / &N")
        for column, (_, width) in enumerate(HEADINGS):
            page.set_column(column, column, width)
        page.write_string(0, 0, cell_text(title), book.add_format({"bold": True, "font_size": 16}))
        page.write_string(1, 0, gettext("对照官方原文逐行填写。只有原文见到、结论相符的，才在系统里启用。"))
        page.freeze_panes(3, 0)
        page.set_row(2, 2 * LINE_POINTS)
        for column, (heading, _) in enumerate(HEADINGS):
            page.write_string(2, column, gettext(heading), head)
        for number, row in enumerate(signing_rows(rules), start=3):
            page.set_row(number, _height(row))
            for column, value in enumerate(row):
                page.write_string(number, column, cell_text(value), cell)


def _height(row: Sequence[str]) -> int:
    """Return the points a row needs for its longest text, a Chinese character taken as two; programs do not grow rows written this way."""
    needed = (sum(2 if character > "\u2e7f" else 1 for character in text) / (width - 2) for text, (_, width) in zip(row, HEADINGS, strict=True))
    return LINE_POINTS * max(2, *(ceil(lines) for lines in needed))
