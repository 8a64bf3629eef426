"""Writes a paper as a word-processor file in the layout of GB/T 9704-2012: page, grid, letters, page numbers. Knows nothing of government.

From the standard: A4 with the type area 156 × 225 mm, 22 lines of 28 characters, title 二号小标宋, text 三号仿宋, headings 黑体 and 楷体,
page numbers 四号 “— 1 —” outside. Our own conventions: tables in 五号 between thin rules, no red head and no seal (a draft waits for both).
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from sixgate.engines.documents.paper import Grid, Heading, Paper, Paragraph, day_text, numbered, signature_indents

new_element: Any = import_module("docx.oxml").OxmlElement  # its own types are half known

TITLE, HEAD, KAI, BODY, NUMBER = "方正小标宋简体", "黑体", "楷体", "仿宋", "宋体"
TWO, THREE, FOUR, FIVE = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 二号 三号 四号 五号
LINE = Pt(28.95)  # 225 mm in 22 lines
TITLE_LINE = Pt(35)
TABLE_LINE = Pt(16)
CELL_STYLE = "TableText"
CELL_ABOVE, CELL_BESIDE = "40", "85"
CHARACTER = Emu(int(Mm(156) / 28))
LINE_PITCH, CLOSER = "579", "-5"  # twentieths of a point: between lines, and between characters so that 28 of 三号 fill the line
AREA = Mm(156)
LEVELS = (HEAD, KAI, BODY, BODY)
FONT_PLACES = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")


def write_docx(path: Path, paper: Paper) -> None:
    """Write the paper; the same paper gives the same text whatever the machine."""
    document = Document()
    _set_up(document, paper)
    _mark_and_title(document, paper)
    for block in numbered(paper.blocks):
        if isinstance(block, Heading):
            document.add_paragraph(_clean(block.text), style=f"Heading {block.level}").paragraph_format.keep_with_next = True
        elif isinstance(block, Paragraph):
            document.add_paragraph(_clean(block.text))
        else:
            _table(document, block)
    _sign(document, paper)
    document.save(str(path))


def set_font(element: Any, name: str) -> None:
    """Set the letters of a run or style for Latin and Chinese alike, leaving no theme to overrule them."""
    fonts = element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for place in FONT_PLACES:
        fonts.set(qn(place), name)


def _set_up(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = _element("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), LINE_PITCH)
    _styles(document)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    told = document.core_properties
    told.title, told.author, told.last_modified_by, told.comments, told.language = paper.title, paper.issuer, paper.issuer, "", "zh-CN"


def _styles(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for fonts in defaults.iter(qn("w:rFonts")):
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    _style(document.styles["Normal"], BODY)
    for level, font in enumerate(LEVELS, 1):
        _style(document.styles[f"Heading {level}"], font)
    cell = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = document.styles["Normal"]
    _style(cell, BODY, closer="0")
    cell.font.size, cell.paragraph_format.first_line_indent = FIVE, Pt(0)
    cell.paragraph_format.line_spacing, cell.paragraph_format.alignment = TABLE_LINE, WD_ALIGN_PARAGRAPH.LEFT
    cell.element.pPr.insert_element_before(_element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")


def _style(style: Any, font: str, closer: str = CLOSER) -> None:
    set_font(style.element, font)
    style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = THREE, False, False, RGBColor(0, 0, 0)
    style.element.rPr.insert_element_before(
        _element("w:spacing", val=closer), "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
    )
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    layout.first_line_indent = CHARACTER * 2
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    layout.widow_control = False


def _mark_and_title(document: Any, paper: Paper) -> None:
    if paper.mark:
        mark = document.add_paragraph()
        mark.paragraph_format.first_line_indent = Pt(0)
        set_font(mark.add_run(_clean(paper.mark))._r, HEAD)
        document.add_paragraph()
    title = document.add_paragraph()
    layout = title.paragraph_format
    layout.first_line_indent, layout.alignment = Pt(0), WD_ALIGN_PARAGRAPH.CENTER
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, TITLE_LINE
    run = title.add_run(_clean(paper.title))
    run.font.size = TWO
    set_font(run._r, TITLE)
    document.add_paragraph()


def _table(document: Any, block: Grid) -> None:
    caption = document.add_paragraph(style="Table Text")
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(3)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(caption.add_run(_clean(block.caption))._r, HEAD)
    table = document.add_table(rows=1, cols=len(block.headings), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _pad(table)
    widths = [Emu(int(AREA * share / sum(block.widths))) for share in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _row(table.rows[0], block.headings, widths, frozenset(), HEAD)
    _flag(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for values in block.rows:
        _row(table.add_row(), values, widths, block.right, BODY)
    after = document.add_paragraph(style="Table Text")
    after.paragraph_format.line_spacing = Pt(8)


def _pad(table: Any) -> None:
    """Keep text off the rules."""
    margins = _element("w:tblCellMar")
    for side, width in (("top", CELL_ABOVE), ("left", CELL_BESIDE), ("bottom", CELL_ABOVE), ("right", CELL_BESIDE)):
        margins.append(_element(f"w:{side}", w=width, type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _row(row: Any, values: Sequence[str], widths: Sequence[Emu], right: frozenset[int], font: str) -> None:
    _flag(row._tr.get_or_add_trPr(), "w:cantSplit")
    for index, (cell, value, width) in enumerate(zip(row.cells, values, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph._p.style = CELL_STYLE  # by its id: looking a name up goes through all styles, for every cell
        if index in right:
            paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif font == HEAD:
            paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        set_font(paragraph.add_run(_clean(value))._r, font)


def _sign(document: Any, paper: Paper) -> None:
    day = day_text(paper.issued_on)
    if document.paragraphs:  # the last of the text goes over with the signature, which never stands alone on a page
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph().paragraph_format.keep_with_next = True
    for text, indent in zip((paper.issuer, day), signature_indents(paper.issuer, day), strict=True):
        line = document.add_paragraph(_clean(text))
        line.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.first_line_indent = Pt(0)
        line.paragraph_format.right_indent = Emu(int(CHARACTER * indent))
        line.paragraph_format.keep_with_next = text == paper.issuer
    if paper.note:
        document.add_paragraph(f"（{_clean(paper.note)}）")


def _page_number(footer: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = "Normal"
    layout = line.paragraph_format
    layout.first_line_indent, layout.alignment = Pt(0), side
    layout.left_indent = layout.right_indent = FOUR
    for kind, text in (("", "— "), ("begin", ""), ("code", "PAGE"), ("separate", ""), ("", "1"), ("end", ""), ("", " —")):
        run = line.add_run(text if not kind else "")
        run.font.size = FOUR
        set_font(run._r, NUMBER)
        if kind:
            run._r.append(_field(kind, text))


def _field(kind: str, code: str) -> Any:
    if kind == "code":
        element = _element("w:instrText")
        element.text = code
        return element
    return _element("w:fldChar", fldCharType=kind)


def _flag(properties: Any, name: str) -> None:
    properties.append(_element(name))


def _element(name: str, **attributes: str) -> Any:
    made = new_element(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _clean(text: str) -> str:
    """Return text without characters a document cannot hold."""
    return "".join(char for char in text if char in "\t\n" or ord(char) >= 0x20)
