"""Says what a handed-in table is by its content, and refuses it before any parser sees it when it could do harm.

Caps follow the measured ones: a 1 MB workbook that unfolds to 305 MB exhausts the spreadsheet library. This module refuses to know what a table means.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

MEGABYTE = 1024 * 1024
XLSX_BYTES = 20 * MEGABYTE
XLSX_UNFOLDED_BYTES = 200 * MEGABYTE
XLSX_STRINGS_BYTES = 20 * MEGABYTE
XLSX_RATIO = 50
XLSX_RATIO_FREE_BYTES = MEGABYTE
XLSX_SHEETS = 64
XLSX_ENTRIES = 2_000
CELLS = 1_000_000
CSV_BYTES = 100 * MEGABYTE
CSV_ROWS = 1_000_000
COLUMNS = 1_000
CELL_CHARACTERS = 64 * 1024

_CHUNK = 64 * 1024
_FORBIDDEN_PARTS = ("vbaproject", "xl/externallinks/", "xl/embeddings/", "xl/activex/", "xl/macrosheets/", "oleobject")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_FLAG = 0x1


def identify(path: Path) -> str:
    """Return `xlsx` or `csv` by content, after every check that needs no parsing; raise Refusal for anything else."""
    size = path.stat().st_size
    if size == 0:
        raise Refusal("file_empty", gettext_noop("文件是空的。"), remedy=gettext_noop("请确认选对了文件。"))
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK"):
        check_workbook(path)
        return "xlsx"
    if head == _OLE:
        raise Refusal(
            "workbook_old_or_encrypted",
            gettext_noop("这是旧版 .xls 或加了密码的工作簿，不能读取。"),
            remedy=gettext_noop("请去掉密码，另存为 .xlsx 后再上传。"),
        )
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90")):
        raise Refusal("file_not_table", gettext_noop("这不是表格文件。"), remedy=gettext_noop("请上传 .xlsx 或 .csv。"))
    check_text(path)
    return "csv"


def check_text(path: Path) -> None:
    """Refuse delimited text that is too large or holds NUL bytes."""
    if path.stat().st_size > CSV_BYTES:
        raise _too_large("csv_too_large", CSV_BYTES)
    with path.open("rb") as stream:
        while chunk := stream.read(MEGABYTE):
            if b"\0" in chunk:
                raise Refusal(
                    "csv_has_nul",
                    gettext_noop("文件里有空字节（可能是 UTF-16 编码或二进制文件），不能当作 CSV 读取。"),
                    remedy=gettext_noop("请另存为“CSV UTF-8（逗号分隔）”后再上传。"),
                )


def check_workbook(path: Path) -> None:
    """Refuse a workbook whose package is too large, unfolds too far, plays tricks with names or carries active content."""
    if path.stat().st_size > XLSX_BYTES:
        raise _too_large("workbook_too_large", XLSX_BYTES)
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            _check_names(entries)
            _check_content_types(package)
            _count_unfolded(package, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, UnicodeError, RuntimeError) as error:
        raise _damaged() from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _damaged() from error
        raise


def _damaged() -> Refusal:
    return Refusal("workbook_damaged", gettext_noop("工作簿已损坏，打不开。"), remedy=gettext_noop("请在表格软件里重新保存后再上传。"))


def _too_large(code: str, limit: int) -> Refusal:
    return Refusal(
        code,
        gettext_noop("文件超过 {limit_mb} MB，不能导入。"),
        remedy=gettext_noop("请删去图片和无关工作表，或分成几份导入。"),
        limit_mb=limit // MEGABYTE,
    )


def _unsafe(code: str, detail: str) -> Refusal:
    return Refusal(
        code,
        gettext_noop("工作簿的内部结构不安全（{detail}），已拒绝。"),
        remedy=gettext_noop("请把数据复制到一个新建的 .xlsx 里再上传。"),
        detail=detail,
    )


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > XLSX_ENTRIES:
        raise _unsafe("workbook_too_many_parts", gettext_noop("部件过多"))
    seen: set[str] = set()
    sheets = 0
    for entry in entries:
        name = entry.orig_filename
        folded = name.casefold()
        if name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/"):
            raise _unsafe("workbook_path_trick", gettext_noop("部件路径异常"))
        if folded in seen:
            raise _unsafe("workbook_duplicate_part", gettext_noop("部件重名"))
        seen.add(folded)
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise _unsafe("workbook_encrypted", gettext_noop("含加密部件"))
        if any(part in folded for part in _FORBIDDEN_PARTS):
            raise _unsafe("workbook_active_content", gettext_noop("含宏、外部链接或嵌入对象"))
        sheets += folded.startswith("xl/worksheets/") and folded.endswith(".xml")
    if sheets > XLSX_SHEETS:
        raise _unsafe("workbook_too_many_sheets", gettext_noop("工作表超过 64 张"))
    if "[content_types].xml" not in seen or "xl/workbook.xml" not in seen:
        raise Refusal("file_not_table", gettext_noop("这不是表格文件。"), remedy=gettext_noop("请上传 .xlsx 或 .csv。"))


def _check_content_types(package: zipfile.ZipFile) -> None:
    name = next(entry.filename for entry in package.infolist() if entry.filename.casefold() == "[content_types].xml")
    with package.open(name) as stream:
        types = stream.read(MEGABYTE)
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _unsafe("workbook_active_content", gettext_noop("含宏、外部链接或嵌入对象"))


def _count_unfolded(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse by the bytes that really come out, not by the sizes the directory claims."""
    total = 0
    packed = max(1, sum(entry.compress_size for entry in entries))
    for entry in entries:
        allowed = XLSX_STRINGS_BYTES if entry.filename.casefold() == "xl/sharedstrings.xml" else XLSX_UNFOLDED_BYTES
        ratio_cap = max(XLSX_RATIO_FREE_BYTES, XLSX_RATIO * max(1, entry.compress_size))
        room = min(allowed, ratio_cap, XLSX_UNFOLDED_BYTES - total)
        with package.open(entry) as stream:
            total += _unfold(stream, room, lambda: _unsafe("workbook_bomb", gettext_noop("解压后过大")))
    if total > max(XLSX_RATIO_FREE_BYTES, XLSX_RATIO * packed):
        raise _unsafe("workbook_bomb", gettext_noop("解压后过大"))


def _unfold(stream: IO[bytes], room: int, refusal: Callable[[], Refusal]) -> int:
    count = 0
    tail = b""
    while chunk := stream.read(_CHUNK):
        count += len(chunk)
        if count > room:
            raise refusal()
        window = tail + chunk
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise _unsafe("workbook_entities", gettext_noop("含实体声明"))
        tail = window[-16:]
    return count
