"""Looks at a template's package before any parser does, and refuses what could do harm: bombs, macros, embedded objects, links that fetch.

Knows nothing of government. The caps are those of ordinary forms, far below what a register may have.
"""

import re
import zipfile
from pathlib import Path
from typing import Final

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

MEGABYTE: Final = 1_048_576
MOST_BYTES: Final = 10 * MEGABYTE
MOST_UNFOLDED: Final = 60 * MEGABYTE
MOST_PART: Final = 30 * MEGABYTE
MOST_RATIO: Final = 100
FREE_BYTES: Final = MEGABYTE  # small parts may be as repetitive as they like
MOST_PARTS: Final = 500
CHUNK: Final = 65_536
KINDS: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
FORBIDDEN_PARTS: Final = (
    "vbaproject",
    "vbadata",
    "/embeddings/",
    "/activex/",
    "/externallinks/",
    "/macrosheets/",
    "oleobject",
    "/afchunk",
    "customui",
)
FORBIDDEN_TYPES: Final = (b"macroenabled", b"vbaproject", b"ms-office.activex")
FORBIDDEN_LINKS: Final = (b"/afchunk", b"/attachedtemplate", b"/oleobject", b"/frame", b"/subdocument", b"/externallink", b"/control")
EXTERNAL: Final = re.compile(rb"<[^>]*targetmode\s*=\s*[\"']external[\"'][^>]*>")
FETCHING: Final = re.compile(rb"\b(?:dde|ddeauto|includetext|includepicture|import|database|macrobutton|link)\b")
FIELD: Final = re.compile(rb"<w:instrtext[^>]*>([^<]*)<|w:instr\s*=\s*[\"']([^\"']*)[\"']")
FORMULA: Final = re.compile(rb"<f[ >][^<]*(?:webservice|filterxml|call\(|register|hyperlink|\[|\||!.*\$?exec)[^<]*<")
PICTURES: Final = ("xl/drawings/", "xl/charts/", "xl/media/")
DAMAGED: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, UnicodeError, RuntimeError, KeyError)


def check_package(path: Path) -> str:
    """Return docx or xlsx by content; raise Refusal for anything else and for a package that is not safe to open."""
    if path.stat().st_size > MOST_BYTES:
        raise Refusal(
            "template_too_large", gettext_noop("模板超过 {limit} MB。"), remedy=gettext_noop("请删去图片后再上传。"), limit=MOST_BYTES // MEGABYTE
        )
    try:
        with zipfile.ZipFile(path) as package:
            return _checked(package)
    except DAMAGED as error:
        raise _not_a_template() from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _not_a_template() from error
        raise


def _checked(package: zipfile.ZipFile) -> str:
    entries = package.infolist()
    names = [entry.orig_filename.casefold() for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) < len(names):
        raise unsafe(gettext_noop("模板不能用（部件过多或重名），已拒绝。"))
    kind = next((kind for part, kind in KINDS.items() if part in names), "")
    if not kind or "[content_types].xml" not in names:
        raise _not_a_template()
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/"):
            raise unsafe(gettext_noop("模板不能用（部件路径异常），已拒绝。"))
        if any(part in f"/{name}" for part in FORBIDDEN_PARTS):
            raise unsafe(gettext_noop("模板不能用（含宏、外部文件或嵌入对象），已拒绝。"))
        if kind == "xlsx" and name.startswith(PICTURES):
            raise unsafe(gettext_noop("模板不能用（工作簿里有图片或图表，填写后保不住），已拒绝。"))
    total = 0
    for entry, name in zip(entries, names, strict=True):
        content = _unfolded(package, entry, MOST_UNFOLDED - total)
        total += len(content)
        _check_part(name, content.lower())
    return kind


def _unfolded(package: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return a part by the bytes that really come out, not by the size the directory claims."""
    if entry.flag_bits & 1:
        raise unsafe(gettext_noop("模板不能用（含加密部件），已拒绝。"))
    allowed = min(room, MOST_PART, max(FREE_BYTES, MOST_RATIO * max(1, entry.compress_size)))
    found = bytearray()
    with package.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            found += chunk
            if len(found) > allowed:
                raise unsafe(gettext_noop("模板不能用（解压后过大），已拒绝。"))
    return bytes(found)


def _check_part(name: str, content: bytes) -> None:
    if not name.endswith((".xml", ".rels")):
        return
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!doctype" in content or b"<!entity" in content:
        raise unsafe(gettext_noop("模板不能用（含实体声明或少见的编码），已拒绝。"))
    if name == "[content_types].xml" and any(word in content for word in FORBIDDEN_TYPES):
        raise unsafe(gettext_noop("模板不能用（含宏、外部文件或嵌入对象），已拒绝。"))
    if name.endswith(".rels"):
        outside = [link for link in EXTERNAL.findall(content) if b"/hyperlink" not in link]
        if outside or any(word + b'"' in content or word + b"'" in content for word in FORBIDDEN_LINKS):
            raise unsafe(gettext_noop("模板不能用（引用了外部文件），已拒绝。"))
    if b"<w:altchunk" in content:
        raise unsafe(gettext_noop("模板不能用（引用了外部文件），已拒绝。"))
    fields = b" ".join(part for pair in FIELD.findall(content) for part in pair)
    if FETCHING.search(fields) or FORMULA.search(content):
        raise unsafe(gettext_noop("模板不能用（含会读取外部内容的域或公式），已拒绝。"))


def unsafe(template: str) -> Refusal:
    """Return the refusal of a package that is not safe, or would not come out as it went in."""
    return Refusal(
        "template_unsafe",
        template,
        remedy=gettext_noop("请新建一个空白文档，只复制文字和表格，另存为 .docx 或 .xlsx 后再上传。"),
        field="file",
    )


def _not_a_template() -> Refusal:
    return Refusal(
        "not_a_template",
        gettext_noop("这不是能读取的 .docx 或 .xlsx 文件。"),
        remedy=gettext_noop("旧版 .doc、.xls 请另存为新格式；加了密码的请去掉密码。"),
        field="file",
    )
