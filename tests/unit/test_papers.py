"""Papers as files: the layout of GB/T 9704 in a word-processor file and as PDF, workbooks with typed cells and no formula. Opened again and compared."""

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from sixgate.engines.documents.docx import write_docx
from sixgate.engines.documents.paper import Grid, Heading, Paper, Paragraph, chinese_number, day_text, numbered, signature_indents
from sixgate.engines.documents.pdf import write_pdf
from sixgate.engines.documents.xlsx import Column, Sheet, write_workbook

LONG = "为规范政务信息化项目管理，现将办理情况简要报告如下。" * 4
PAPER = Paper(
    "市民卡平台升级情况简报",
    "非正式文本　待用印",
    "市数据局",
    date(2026, 1, 5),
    (
        Heading(1, "基本情况"),
        Paragraph(LONG),
        Heading(2, "经费"),
        Grid("资金主线（万元）", ("名目", "金额"), (2, 3), [("估算", "1,280.00"), ("#let x = 1", "[*1*]")], frozenset({1})),
        Heading(2, "合同"),
        Heading(3, "采购"),
        Heading(1, "下一步"),
        Paragraph(LONG),
    ),
    "金额单位为万元",
)


def letters(run: Any) -> dict[str, str]:
    """Return the letters set on a run or style for Latin and Chinese."""
    fonts = run.rPr.find(qn("w:rFonts"))
    return {place: fonts.get(qn(f"w:{place}")) for place in ("ascii", "eastAsia")}


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Write the paper and open it again."""
    write_docx(tmp_path / "a.docx", PAPER)
    return Document(str(tmp_path / "a.docx"))


def test_headings_are_numbered_by_level_and_begin_anew_under_the_one_above() -> None:
    found = [block.text for block in numbered(PAPER.blocks) if isinstance(block, Heading)]
    assert found == ["一、基本情况", "（一）经费", "（二）合同", "1.采购", "二、下一步"]
    assert [chinese_number(number) for number in (1, 9, 10, 11, 20, 35, 99)] == ["一", "九", "十", "十一", "二十", "三十五", "九十九"]


def test_a_date_has_no_leading_zero_and_the_issuer_stands_centred_over_it() -> None:
    assert day_text(date(2026, 1, 5)) == "2026年1月5日"
    assert signature_indents("市数据局", "2026年1月5日") == (5, 4)
    assert signature_indents("广州市政务服务和数据管理局办公室秘书处", "2026年1月5日") == (0, 6.5)


def test_the_page_is_that_of_the_standard(written: Any) -> None:
    section = written.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    normal = written.styles["Normal"]
    assert (normal.font.size, normal.paragraph_format.line_spacing, letters(normal.element)) == (
        Pt(16),
        Pt(28.95),
        {"ascii": "仿宋", "eastAsia": "仿宋"},
    )


def test_title_headings_and_signature_bear_the_letters_of_the_standard(written: Any) -> None:
    lines = [line for line in written.paragraphs if line.text]
    assert [line.text for line in lines[:3]] == ["非正式文本　待用印", "市民卡平台升级情况简报", "一、基本情况"]
    assert (lines[1].runs[0].font.size, letters(lines[1].runs[0]._r)["eastAsia"]) == (Pt(22), "方正小标宋简体")
    assert [letters(written.styles[f"Heading {level}"].element)["eastAsia"] for level in (1, 2, 3, 4)] == ["黑体", "楷体", "仿宋", "仿宋"]
    assert [line.text for line in lines[-3:]] == ["市数据局", "2026年1月5日", "（金额单位为万元）"]


def test_page_numbers_stand_outside_right_on_odd_pages_left_on_even_ones(written: Any) -> None:
    section = written.sections[0]
    assert written.settings.odd_and_even_pages_header_footer is True
    feet = [section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]]
    assert [foot.alignment.name for foot in feet] == ["RIGHT", "LEFT"]
    assert [foot.text for foot in feet] == ["— 1 —", "— 1 —"]
    assert [[item.text for item in foot._p.iter(qn("w:instrText"))] for foot in feet] == [["PAGE"], ["PAGE"]]
    assert [(run.font.size, letters(run._r)["eastAsia"]) for run in feet[0].runs[:1]] == [(Pt(14), "宋体")]


def test_a_table_repeats_its_head_and_holds_what_it_was_given(written: Any) -> None:
    table = written.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["名目", "金额"], ["估算", "1,280.00"], ["#let x = 1", "[*1*]"]]
    assert [len(list(row._tr.iter(qn("w:tblHeader")))) for row in table.rows] == [1, 0, 0]
    assert table.rows[1].cells[1].paragraphs[0].alignment.name == "RIGHT"


def test_the_pdf_says_the_same_embeds_its_letters_and_takes_no_text_for_markup(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", PAPER)
    content = (tmp_path / "a.pdf").read_bytes()
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    text = "".join("".join(pages).split())
    wanted = (
        "非正式文本",
        PAPER.title,
        "一、基本情况",
        "（二）合同",
        "1.采购",
        "资金主线（万元）",
        "1,280.00",
        "#letx=1",
        "[*1*]",
        "2026年1月5日",
        "—1—",
    )
    assert [part for part in wanted if part not in text] == []
    assert (document.get_metadata_value("Title"), document[0].get_size()) == (PAPER.title, pytest.approx((595.28, 841.89), abs=0.01))
    assert (content.count(b"/FontFile2") + content.count(b"/FontFile3") > 0, b"pdfaid:part" in content) == (True, True)
    document.close()


def test_the_same_paper_is_the_same_pdf_whoever_sets_it(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", PAPER)
    code = "import sys; sys.path.insert(0, 'tests'); from pathlib import Path; from unit.test_papers import PAPER; "
    code += f"from sixgate.engines.documents.pdf import write_pdf; write_pdf(Path({str(tmp_path / 'b.pdf')!r}), PAPER)"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_workbook_keeps_kinds_and_lets_nothing_become_a_formula(tmp_path: Path) -> None:
    columns = (Column("名称", 20), Column("=金额", 14, money=True), Column("日期"), Column("时间"), Column("大数"))
    rows = [
        ("=HYPERLINK(1)", Decimal("1280.5"), date(2026, 1, 5), datetime(2026, 1, 5, 9, 30), 10**17),
        ("http://a.example", None, None, None, 7),
        ("@x", Decimal("0.1"), None, None, None),
    ]
    write_workbook(tmp_path / "a.xlsx", [Sheet("判定", columns, rows)], title="甲", author="市数据局")
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    page: Any = made.active
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["名称", "'=金额", "日期", "时间", "大数"],
        ["'=HYPERLINK(1)", 1280.5, datetime(2026, 1, 5), datetime(2026, 1, 5, 9, 30), "1" + "0" * 17],
        ["http://a.example", None, None, None, 7],
        ["'@x", 0.1, None, None, None],
    ]
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s", "n", "d"}
    assert [cell.hyperlink for cell in page["A"]] == [None] * 4
    assert (made.sheetnames, made.properties.title, made.properties.creator, page.freeze_panes) == (["判定"], "甲", "市数据局", "A2")
