"""Reads amounts and dates as people write them in registers; what is not certain stays text and says so.

Foreign money never becomes 分, a partial date never becomes a day. This module refuses to know rows and files.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from sixgate.kernel.money import Fen, fen_of_yuan
from sixgate.kernel.refusal import Refusal

_ABSENT = frozenset(
    (
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "暂无",
        "未提及",
        "未提供",
        "不详",
        "待定",
        "未定",
        "n/a",
        "na",
        "tbd",
        "tbc",
        "none",
        "nil",
        "unknown",
        "#n/a",
    )
)
_YUAN_PER_UNIT = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "千万元": 10_000_000, "亿元": 100_000_000}
_NUMBER = r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d*\.?\d+"
_CNY = re.compile(
    rf"^(?:人民币|rmb|cny)?\s*(?P<yen>[¥￥])?\s*(?P<number>{_NUMBER})\s*(?P<unit>亿|千万|百万|万|千)?\s*(?P<yuan>元|圆)?(?:整|人民币)?\s*(?:\(含税\))?$"
)
_FOREIGN = re.compile(
    rf"^(?P<sign>-)?\s*(?P<currency>us\$|ca?\$|hk\$|a\$|\$|£|€|usd|cad|gbp|eur|hkd|jpy)\s*(?P<number>{_NUMBER})\s*(?P<scale>bn|billion|million|m|k|thousand)?(?P<after>\s*[a-z]{{3}})?$"
)
_BRACKETED = re.compile(r"^\((?P<inner>.*\d.*)\)$")
_CODES = {"us$": "USD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "a$": "AUD", "£": "GBP", "€": "EUR"}
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000}
_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
_SERIAL_FROM, _SERIAL_TO = 20_000, 80_000
_YEAR_FROM, _YEAR_TO = 1900, 2199

_YMD = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?$", re.IGNORECASE
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YM = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$")
_Y = re.compile(r"^(\d{4})\s*年?$")
_SHORT = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$")
_MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}
_MDY_WORDS = re.compile(r"^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$", re.IGNORECASE)
_DMY_WORDS = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})$", re.IGNORECASE)
_MY_WORDS = re.compile(r"^([a-z]{3,9})\.?,?\s+(\d{4})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as read. `fen` only for exact CNY; foreign amounts keep number, currency and scale; `problem` is a code or empty."""

    text: str
    fen: Fen | None = None
    number: str = ""
    currency: str = ""
    scale: int = 1
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as read. `precision` is day, month, year, text or absent; `day` only with precision day; `problem` is a code or empty."""

    text: str
    day: date | None = None
    precision: str = "absent"
    problem: str = ""


def half_width(text: str) -> str:
    """Return the text in compatibility form, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def is_absent(text: str) -> bool:
    """Say whether a cell states nothing: blank, a dash, 无, 未提及, N/A, TBD and their like."""
    return half_width(text).casefold() in _ABSENT


def read_amount(text: str, unit: str = "", currency: str = "") -> Amount:
    """Read an amount; `unit` comes from the heading (元, 万元, … or `GBP*1000000`), a unit in the cell goes before it, `currency` from its own column."""
    if is_absent(text):
        return Amount(text)
    plain = half_width(text).casefold().replace("，", ",")
    if bracketed := _BRACKETED.match(plain):
        plain = "-" + bracketed["inner"]
    heading_currency, _, heading_scale = unit.partition("*")
    if foreign := _FOREIGN.match(plain):
        code = _CODES.get(foreign["currency"], foreign["currency"].upper())
        code = (foreign["after"] or "").strip().upper() or currency or (heading_currency if code == "$" and heading_scale else code)
        scale = _SCALES.get(foreign["scale"] or "", int(heading_scale or 1))
        return Amount(text, None, (foreign["sign"] or "") + foreign["number"].replace(",", ""), code, scale)
    match = _CNY.match(plain)
    if not match:
        return Amount(text, problem="amount_not_single" if re.search(r"\d", plain) else "amount_not_number")
    number = match["number"].replace(",", "")
    cell_unit = f"{match['unit'] or ''}元" if match["unit"] or match["yuan"] or match["yen"] else ""
    outside = currency.upper() not in ("", "CNY", "RMB", "人民币") or heading_scale
    if outside and not cell_unit:
        return Amount(text, None, number, currency or heading_currency, int(heading_scale or 1))
    return _in_fen(text, number, cell_unit or unit)


def _in_fen(text: str, number: str, unit: str) -> Amount:
    if unit not in _YUAN_PER_UNIT:
        return Amount(text, None, number, problem="amount_without_unit")
    try:
        yuan = Decimal(number) * _YUAN_PER_UNIT[unit]
        return Amount(text, fen_of_yuan(yuan), number, "CNY", _YUAN_PER_UNIT[unit], "amount_negative" if yuan < 0 else "")
    except Refusal as refusal:
        return Amount(text, None, number, "CNY", _YUAN_PER_UNIT[unit], refusal.code)
    except (InvalidOperation, OverflowError):
        return Amount(text, problem="amount_not_number")


def date_order(texts: Iterable[str]) -> str:
    """Return `dmy` or `mdy` when some day beyond the twelfth settles it for the column, `` when nothing or both do."""
    found: set[str] = set()
    for text in texts:
        if match := _SHORT.match(half_width(text)):
            if match[2] == "." or int(match[1]) > 12:
                found.add("dmy")
            elif int(match[3]) > 12:
                found.add("mdy")
    return found.pop() if len(found) == 1 else ""


def read_day(value: str | Decimal | date, order: str = "") -> Day:
    """Read a date from text, a spreadsheet serial or a date; `order` settles 03/04/2020. Partial dates keep their text and precision."""
    if isinstance(value, date):
        return Day(value.isoformat(), value, "day")
    if isinstance(value, Decimal):
        return _from_number(value)
    if is_absent(value):
        return Day(value)
    plain = re.sub(r"^(至|截至|截止到?|到|于)\s*", "", half_width(value))
    for pattern, year, month, day in ((_YMD, 1, 2, 3), (_COMPACT, 1, 2, 3)):
        if match := pattern.match(plain):
            return _whole(value, int(match[year]), int(match[month]), int(match[day]))
    if match := _SHORT.match(plain):
        return _short(value, match, order)
    if re.fullmatch(r"\d{5}(\.0+)?", plain):
        return _from_number(Decimal(plain))
    return _worded(value, plain) or _partial(value, plain)


def _from_number(number: Decimal) -> Day:
    text = format(number, "f")
    if number == number.to_integral_value() and _YEAR_FROM <= number <= _YEAR_TO:
        return Day(text, None, "year")
    if _SERIAL_FROM <= number <= _SERIAL_TO:
        return Day(text, _EPOCHS[0] + timedelta(days=int(number)), "day")
    if number == number.to_integral_value() and (match := _COMPACT.match(text.split(".")[0])):
        return _whole(text, int(match[1]), int(match[2]), int(match[3]))
    return Day(text, None, "text", "date_not_readable")


def _whole(text: str, year: int, month: int, day: int) -> Day:
    if not _YEAR_FROM <= year <= _YEAR_TO:
        return Day(text, None, "text", "date_impossible")
    try:
        return Day(text, date(year, month, day), "day")
    except ValueError:
        return Day(text, None, "text", "date_impossible")


def _short(text: str, match: re.Match[str], order: str) -> Day:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if len(match[4]) == 2:
        year += 2000 if year < 70 else 1900
    if match[2] == "." or first > 12:
        order = "dmy"
    elif second > 12:
        order = "mdy"
    elif first == second:
        order = "dmy"
    if not order:
        return Day(text, None, "text", "date_ambiguous")
    return _whole(text, year, second, first) if order == "dmy" else _whole(text, year, first, second)


def _worded(text: str, plain: str) -> Day | None:
    if match := _MDY_WORDS.match(plain):
        name, day, year = match[1], int(match[2]), int(match[3])
    elif match := _DMY_WORDS.match(plain):
        name, day, year = match[2], int(match[1]), int(match[3])
    else:
        return None
    month = _MONTHS.get(name[:3].lower())
    return _whole(text, year, month, day) if month else None


def _partial(text: str, plain: str) -> Day:
    if (match := _YM.match(plain)) and 1 <= int(match[2]) <= 12:
        return Day(text, None, "month")
    if (match := _MY_WORDS.match(plain)) and match[1][:3].lower() in _MONTHS:
        return Day(text, None, "month")
    if _Y.match(plain):
        return Day(text, None, "year")
    return Day(text, None, "text", "date_not_readable")
