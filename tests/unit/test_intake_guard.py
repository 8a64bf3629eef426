"""A harmful file is refused before a parser sees it."""

import zipfile
from pathlib import Path

import pytest

from sixgate.engines.intake import guard
from sixgate.engines.intake.export import write_xlsx
from sixgate.kernel.refusal import Refusal


def package(path: Path, extra: dict[str, bytes]) -> Path:
    parts = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **extra}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        guard.identify(path)
    return caught.value.code


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "workbook_active_content"),
        ({"xl/externalLinks/externalLink1.xml": b"x"}, "workbook_active_content"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "workbook_active_content"),
        ({"[Content_Types].xml": b"<Types>macroEnabled</Types>"}, "workbook_active_content"),
        ({"../evil": b"x"}, "workbook_path_trick"),
        ({"/abs": b"x"}, "workbook_path_trick"),
        ({"C:\\x": b"x"}, "workbook_path_trick"),
        ({"XL/Workbook.xml": b"x"}, "workbook_duplicate_part"),
        ({"xl/x.xml": b"<!DOCTYPE a>"}, "workbook_entities"),
        ({"xl/x.xml": b" " * 65_530 + b"<!DOCTYPE a>"}, "workbook_entities"),
        ({f"xl/worksheets/sheet{i}.xml": b"x" for i in range(65)}, "workbook_too_many_sheets"),
        ({"xl/worksheets/sheet1.xml": b"<c/>" * 2_000_000}, "workbook_bomb"),
        ({f"p{i}": b"x" for i in range(2_000)}, "workbook_too_many_parts"),
    ],
)
def test_a_dangerous_package_is_refused(tmp_path: Path, extra: dict[str, bytes], code: str) -> None:
    assert refused(package(tmp_path / "a.xlsx", extra)) == code


def test_a_workbook_that_lies_about_its_size_is_counted_by_what_comes_out(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", {"xl/s.xml": b"a" * 3_000_000})
    data = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    assert refused(path) in {"workbook_bomb", "workbook_damaged"}


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", {})
    path.write_bytes(path.read_bytes()[:100])
    assert refused(path) == "workbook_damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1more", "workbook_old_or_encrypted"),
        (b"%PDF-1.7", "file_not_table"),
        (b"a,b\n1,\x00", "csv_has_nul"),
        ("a,b\n1,2".encode("utf-16"), "csv_has_nul"),
    ],
)
def test_content_decides_not_the_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "innocent.csv"
    path.write_bytes(content)
    assert refused(path) == code


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert refused(path) == "file_not_table"


def test_files_over_the_size_caps_are_refused_unread(tmp_path: Path) -> None:
    for head, size, code in ((b"PK", guard.XLSX_BYTES, "workbook_too_large"), (b"a,", guard.CSV_BYTES, "csv_too_large")):
        path = tmp_path / code
        with path.open("wb") as stream:
            stream.write(head)
            stream.truncate(size + 1)
        assert refused(path) == code


def test_ordinary_files_pass(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.csv", ["项目名称"], [["甲"]], sheet="台账")
    (tmp_path / "b.xlsx").write_text("a,b\n1,2\n")
    assert guard.identify(tmp_path / "a.csv") == "xlsx"
    assert guard.identify(tmp_path / "b.xlsx") == "csv"
