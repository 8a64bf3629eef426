"""Keyed evidence: reading raw fields by the kind the pack declares, and who may check whose work."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sixgate.engines.rules.schema import EvidenceField, EvidenceKind
from sixgate.kernel.provenance import FactValue
from sixgate.kernel.text import gettext_noop, normalise

WANTED = gettext_noop("请填写这一项。")
NOT_A_NUMBER = gettext_noop("请填写整数。")
NOT_A_DATE = gettext_noop("请按 2026-11-23 的样子填写日期。")
NOT_AN_OPTION = gettext_noop("请从给出的选项中选择。")
NOT_YES_NO = gettext_noop("请选择是或否。")
TOO_SMALL = gettext_noop("小于允许的最小值，请核对。")
TOO_LARGE = gettext_noop("大于允许的最大值，请核对。")
TOO_LONG = gettext_noop("超过 2000 个字，请精简。")
NOT_TEXT = gettext_noop("请填写文字。")
UNKNOWN_FIELD = gettext_noop("没有这一项，请删去。")
DAY_BEYOND = gettext_noop("日期须在 1900 年到 2199 年之间。")
LARGEST = 2**53 - 1
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERS = ("integer", "fen", "ratio")
_JSON_TYPES: Mapping[str, dict[str, str]] = {
    "text": {"type": "string"},
    "document_no": {"type": "string"},
    "enum": {"type": "string"},
    "integer": {"type": "integer"},
    "fen": {"type": "integer", "x-unit": "分"},
    "ratio": {"type": "integer", "x-unit": "基点"},
    "date": {"type": "string", "format": "date"},
    "yes_no": {"type": "boolean"},
}
_YES_NO = {True: True, False: False, "true": True, "false": False, "是": True, "否": False}


def read_fields(kind: EvidenceKind, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields as JSON values (dates as ISO text, money in 分, ratios in basis points) and what is wrong by field.

    Empty optional fields are left out: not stated is not known.
    """
    values: dict[str, Any] = {}
    wrong = {name: UNKNOWN_FIELD for name in raw if name not in {field.id for field in kind.fields}}
    for field in kind.fields:
        given = raw.get(field.id)
        if given is None or (isinstance(given, str) and not given.strip()):
            if field.required and field.type != "file":
                wrong[field.id] = WANTED
            continue
        value, reason = _READERS.get(field.type, _text)(field, given)
        if reason:
            wrong[field.id] = reason
        else:
            values[field.id] = value
    return values, wrong


def fact_value(field: EvidenceField, stored: Any) -> FactValue | None:
    """Return a stored field as a fact's value, None when it does not fit the declared type (the pack changed since)."""
    if field.type == "date":
        return date.fromisoformat(stored) if isinstance(stored, str) and _DATE.fullmatch(stored) else None
    if field.type in _NUMBERS:
        return stored if isinstance(stored, int) and not isinstance(stored, bool) else None
    if field.type == "yes_no":
        return stored if isinstance(stored, bool) else None
    return stored if isinstance(stored, str) else None


def fields_schema(kind: EvidenceKind) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind's fields, as the verb accepts them: money in 分, ratios in basis points, dates as text."""
    keyed = [field for field in kind.fields if field.type != "file"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.title,
        "description": kind.help,
        "type": "object",
        "properties": {field.id: _schema_of(field) for field in keyed},
        "required": [field.id for field in keyed if field.required],
        "additionalProperties": False,
    }


def _schema_of(field: EvidenceField) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label, **_JSON_TYPES[field.type]}
    if field.options:
        schema |= {"enum": [option.value for option in field.options]}
    bounds = {"minimum": field.minimum, "maximum": field.maximum, "description": field.help or None, "x-unit": field.unit or None}
    return {**schema, **{name: value for name, value in bounds.items() if value is not None}}


def may_check(submitter: object, checker: object, submitter_body: object, checker_body: object, owner_body: object) -> str:
    """Return why a person may not check a version, "" when they may: never the same person, nor a colleague in an outside body that gains by it.

    Source: 2.5.7 scanned evidence (second person, not a direct beneficiary).
    """
    if submitter == checker:
        return gettext_noop("材料由您提交，须由另一个人核对。")
    if submitter_body == checker_body and checker_body != owner_body:
        return gettext_noop("材料由您所在单位提交，须由建设单位或主管部门的人核对。")
    return ""


def _text(_field: EvidenceField, given: Any) -> tuple[Any, str]:
    if not isinstance(given, str):
        return None, NOT_TEXT
    text = normalise(given)
    return (text, TOO_LONG) if len(text) > 2000 else (text, "")


def _number(field: EvidenceField, given: Any) -> tuple[Any, str]:
    if isinstance(given, bool):
        return None, NOT_A_NUMBER
    try:
        number = int(given.replace(",", "").replace("，", "").strip()) if isinstance(given, str) else given
    except ValueError:
        return None, NOT_A_NUMBER
    if not isinstance(number, int):
        return None, NOT_A_NUMBER
    if abs(number) > LARGEST or (field.maximum is not None and number > field.maximum):
        return None, TOO_LARGE
    low = 0 if field.type == "fen" and field.minimum is None else field.minimum
    return (None, TOO_SMALL) if low is not None and number < low else (number, "")


def _day(_field: EvidenceField, given: Any) -> tuple[Any, str]:
    text = str(given).strip()
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        return None, NOT_A_DATE
    return (day.isoformat(), "") if FIRST_DAY <= day <= LAST_DAY else (None, DAY_BEYOND)


def _option(field: EvidenceField, given: Any) -> tuple[Any, str]:
    known = {option.value for option in field.options}
    return (given, "") if isinstance(given, str) and given in known else (None, NOT_AN_OPTION)


def _yes_no(_field: EvidenceField, given: Any) -> tuple[Any, str]:
    if isinstance(given, bool | str) and given in _YES_NO:
        return _YES_NO[given], ""
    return None, NOT_YES_NO


_READERS = {"integer": _number, "fen": _number, "ratio": _number, "date": _day, "enum": _option, "yes_no": _yes_no}
