"""A register as people keep it: titles, merged cells, totals, notes, odd encodings; and what is handed back."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from sixgate.engines.intake.export import guarded, write_csv, write_xlsx
from sixgate.engines.intake.register import read_register
from sixgate.engines.intake.returned import REMEDY_HEADING, write_returned
from sixgate.engines.intake.sandbox import Limits, read_register_safely
from sixgate.engines.intake.table import table_from_json, table_to_json
from sixgate.kernel.refusal import Refusal

CSV = "项目名称,建设单位,金额(万元),日期\n一网通办,大数据局,70,2025-09-05\n城市大脑,数据局,标项一19万元；标项二9万元,2025/9\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_found_and_reported(tmp_path: Path, encoding: str) -> None:
    table = read_register(write(tmp_path / "a.csv", CSV, encoding))
    assert table.encoding == encoding
    assert [row.values["project_name"] for row in table.rows] == ["一网通办", "城市大脑"]


def test_western_accents_are_not_taken_for_chinese(tmp_path: Path) -> None:
    table = read_register(write(tmp_path / "a.csv", "project name,department\nÉcole numérique,Éducation\n", "cp1252"))
    assert (table.encoding, table.rows[0].values["project_name"]) == ("cp1252", "École numérique")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    table = read_register(write(tmp_path / "a.csv", CSV.replace(",", delimiter)))
    assert (table.delimiter, len(table.rows), table.rows[0].values["amount_fen"]) == (delimiter, 2, 70_000_000)


def test_unbalanced_quotes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read_register(write(tmp_path / "a.csv", '项目名称,地区\n"甲,宁波\n乙,杭州\n'))
    assert caught.value.code == "csv_malformed"


def test_a_bare_return_inside_quotes_is_kept_as_a_line(tmp_path: Path) -> None:
    table = read_register(write(tmp_path / "a.csv", '项目名称,备注\n甲,"一\r二"\n'))
    assert table.rows[0].values["remark"] == "一\n二"


def test_problems_say_place_and_remedy(tmp_path: Path) -> None:
    (problem,) = read_register(write(tmp_path / "a.csv", CSV)).problems()
    assert (problem.code, problem.row, problem.column, problem.heading) == ("amount_not_single", 3, "C", "金额(万元)")
    assert problem.text() == "金额“标项一19万元；标项二9万元”不是单一数额，按文字保留。"


def test_a_missing_name_is_an_error(tmp_path: Path) -> None:
    table = read_register(write(tmp_path / "a.csv", "项目名称,建设单位,地区\n,大数据局,宁波\n"))
    assert [(p.code, p.level, p.column) for p in table.problems()] == [("name_missing", "error", "A")]


def test_partial_dates_keep_text_and_precision(tmp_path: Path) -> None:
    values = read_register(write(tmp_path / "a.csv", CSV)).rows[1].values
    assert (values["notice_date_text"], values["notice_date_precision"], "notice_date" in values) == ("2025/9", "month", False)


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active["A1"] = "填报说明"
    sheet = book.create_sheet("台账")
    rows = [
        ["2025 年信息化项目台账"],
        [],
        ["序号", "项目名称", "建设单位", "金额（万元）", "开工日期", "自定"],
        ["一、续建项目"],
        [1, "一网通办", "大数据局", 70, date(2025, 9, 5), "x"],
        [2, "城市大脑", None, "=1+2", 45905, None],
        [],
        ["小计", None, None, 73],
        ["序号", "项目名称", "建设单位", "金额（万元）", "开工日期", "自定"],
        [3, "雪亮工程", "公安局", 0.1 + 0.2, "2025年9月5日", None],
        ["合计", None, None, 73.3],
        ["注：金额含税。"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("C5:C6")
    hidden = book.create_sheet("旧表")
    hidden.append(["项目名称", "建设单位", "金额", "地区", "阶段", "日期", "备注"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def test_a_kept_register_is_read_and_the_rest_is_listed(tmp_path: Path) -> None:
    table = read_register(workbook(tmp_path / "a.xlsx"))
    assert [row.values["project_name"] for row in table.rows] == ["一网通办", "城市大脑", "雪亮工程"]
    assert [row.values["owner_name"] for row in table.rows] == ["大数据局", "大数据局", "公安局"]
    assert [row.values.get("amount_fen") for row in table.rows] == [70_000_000, None, 300_000]
    assert [row.values["planned_start"] for row in table.rows] == [date(2025, 9, 5)] * 3
    assert table.rows[0].extra == {"序号": "1", "自定": "x"}
    assert [(p.code, p.sheet, p.row, p.column) for p in table.problems()] == [("formula", "台账", 6, "D")]
    assert [(d.axis, d.number, d.reason) for d in table.dropped if d.reason != "blank"] == [
        ("sheet", 1, "other_sheet"),
        ("row", 1, "above_header"),
        ("row", 4, "section"),
        ("row", 8, "total"),
        ("row", 9, "repeated_header"),
        ("row", 11, "total"),
        ("row", 12, "footnote"),
    ]
    assert [d.number for d in table.dropped if d.reason == "blank"] == [2, 7]


def test_a_transposed_sheet_is_turned_and_places_still_point_into_it(tmp_path: Path) -> None:
    text = "项目名称,甲,乙\n建设单位,局,院\n金额(万元),70,面议\n日期,2025-09-05,2025-09-06\n,,\n注：含税,,\n"
    table = read_register(write(tmp_path / "a.csv", text))
    assert table.mapping.transposed
    assert [(row.values["project_name"], row.source) for row in table.rows] == [("甲", 2), ("乙", 3)]
    assert [(p.code, p.row, p.column) for p in table.problems()] == [("amount_not_number", 3, "C")]
    assert ("row", 6, "footnote") in [(d.axis, d.number, d.reason) for d in table.dropped]


def test_keys_are_stable_and_duplicates_distinct(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "项目名称,建设单位\n甲,局\n甲 ,局\n乙,局\n")
    keys = [row.key for row in read_register(path).rows]
    assert keys[1] == keys[0] + "#2"
    assert len(set(keys)) == 3
    again = write(tmp_path / "b.csv", "建设单位,备注,项目名称\n局,新,甲\n局,,甲\n局,,乙\n")
    assert [row.key for row in read_register(again).rows] == keys


def test_a_repeated_project_code_is_reported(tmp_path: Path) -> None:
    table = read_register(write(tmp_path / "a.csv", "项目编号,项目名称\nP1,甲\np1,乙\n"))
    assert [row.key for row in table.rows] == ["code:p1", "code:p1#2"]
    assert [p.code for p in table.problems()] == ["code_repeated"]


def test_a_corrected_mapping_is_used_on_the_next_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "名目,数额,地区\n甲,70,宁波\n")
    mapping = read_register(path).mapping.with_target("名目", "project_name").with_target("数额", "amount", unit="万元")
    row = read_register(path, mapping).rows[0]
    assert (row.values["project_name"], row.values["amount_fen"], row.problems) == ("甲", 70_000_000, ())


def test_the_sandbox_answers_the_same_table_and_json_round_trips(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    table = read_register(path)
    assert read_register_safely(path) == table
    assert table_from_json(table_to_json(table)) == table


def test_the_sandbox_passes_on_refusals_and_kills_become_refusals(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        read_register_safely(write(tmp_path / "a.csv", '甲,"\n'))
    assert caught.value.code == "csv_malformed"
    path = write(tmp_path / "b.csv", CSV)
    with pytest.raises(Refusal) as caught:
        read_register_safely(path, limits=Limits(memory_bytes=8 * 1024 * 1024))
    assert caught.value.code == "import_failed"
    big = write(tmp_path / "c.csv", CSV + "丙,局,70,2025-09-05\n" * 300_000)
    with pytest.raises(Refusal) as caught:
        read_register_safely(big, limits=Limits(cpu_seconds=-6))
    assert caught.value.code == "import_too_slow"


def test_the_returned_workbook_marks_cells_and_says_what_to_do(tmp_path: Path) -> None:
    table = read_register(write(tmp_path / "a.csv", CSV))
    assert write_returned(tmp_path / "back.xlsx", table) == 1
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").active
    assert [cell.value for cell in sheet[1]][:5] == ["项目名称", "建设单位", "金额(万元)", "日期", REMEDY_HEADING]
    assert sheet["C3"].fill.start_color.rgb == "FFFFF2CC"
    assert "请只填一个总额" in sheet["C3"].comment.text
    assert "请只填一个总额" in sheet["E3"].value
    assert (sheet["C2"].comment, sheet["E2"].value) == (None, None)
    again = read_register(tmp_path / "back.xlsx")
    assert [row.key for row in again.rows] == [row.key for row in table.rows]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_exports_guard_against_formulas(tmp_path: Path, start: str) -> None:
    assert guarded(start + "1") == "'" + start + "1"
    write_csv(tmp_path / "a.csv", ["项目名称"], [[start + "HYPERLINK()"]])
    assert b"'" + start.encode() in (tmp_path / "a.csv").read_bytes()
    write_xlsx(tmp_path / "a.xlsx", ["项目名称"], [[start + "HYPERLINK()"]], sheet="台账")
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(Refusal) as caught:
        read_register(tmp_path / "a.xlsx")
    assert caught.value.code == "table_empty"
