"""Turns what a door received into the typed arguments of a verb; one model per verb, made from its signature.

Forms and command lines bring texts, which are read for what they stand for; JSON is taken strictly (I-JSON, RFC 7493): a text is no number.
"""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._bounds import DAY_BEYOND, NO_SUCH_PLACE, NOT_A_DAY, NOT_WHOLE, NUMBER_BEYOND, TOO_LONG, TOO_MANY, shown, unfit
from sixgate.usecases._frame import Label, Verb


class InputRefused(Refusal):
    """Input that does not fit; `fields` names every place with its reason."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("input_refused", gettext_noop("有 {count} 处需要更正。"), field=next(iter(fields), None), count=len(fields))


REASONS: Final = {
    "missing": gettext_noop("请填写这一项。"),
    "extra_forbidden": NO_SUCH_PLACE,
    "unexpected_keyword_argument": NO_SUCH_PLACE,
    "int_parsing": NOT_WHOLE,
    "int_parsing_size": NUMBER_BEYOND,
    "int_type": NOT_WHOLE,
    "int_from_float": NOT_WHOLE,
    "uuid_parsing": gettext_noop("编号不正确，请从列表中选择。"),
    "uuid_type": gettext_noop("编号不正确，请从列表中选择。"),
    "date_from_datetime_parsing": NOT_A_DAY,
    "date_parsing": NOT_A_DAY,
    "date_type": NOT_A_DAY,
    "bool_parsing": gettext_noop("请选择是或否。"),
    "bool_type": gettext_noop("请选择是或否。"),
    "string_type": gettext_noop("请填写文字。"),
    "too_long": TOO_MANY,
}
OTHER_REASON: Final = gettext_noop("填写的内容不合要求，请核对。")
CHOICE_REASON: Final = gettext_noop("请从给出的选项中选择。")
TWICE: Final = gettext_noop("同一项写了两次，请只留一次。")
_MODELS: Final[dict[str, type[BaseModel]]] = {}
MANY_DIGITS: Final = 20  # no number of more digits is in bounds, so its size need not be known


def label_of(parameter: inspect.Parameter) -> Label:
    """Return the label a verb declares for a parameter; a parameter without one is a bug."""
    return next(mark for mark in parameter.annotation.__metadata__ if isinstance(mark, Label))


def input_model(verb: Verb) -> type[BaseModel]:
    """Return the pydantic model of a verb's arguments, made once for each address."""
    return _MODELS.get(verb.address) or _MODELS.setdefault(verb.address, _model(verb))


def _model(verb: Verb) -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (parameter.annotation, ... if parameter.default is inspect.Parameter.empty else parameter.default)
        for name, parameter in verb.parameters.items()
    }
    return create_model(verb.address.replace(".", "_"), __config__=ConfigDict(extra="forbid"), **fields)


def arguments_of(verb: Verb, raw: Mapping[str, object]) -> dict[str, Any]:
    """Return typed arguments from plain values; raise InputRefused naming every field that does not fit."""
    return _typed(verb, raw, lambda model: model.model_validate(dict(raw)))


def arguments_in(verb: Verb, body: bytes) -> dict[str, Any]:
    """Return typed arguments from a JSON object; raise Refusal for what is no I-JSON, InputRefused naming every field that does not fit."""
    raw = read_json(body)
    if not isinstance(raw, dict):
        raise _malformed(0)
    return _typed(verb, raw, lambda model: model.model_validate_json(body, strict=True))


def read_json(body: bytes) -> object:
    """Return the value of UTF-8 JSON; raise Refusal for broken or endless text, NaN, and InputRefused for a name that stands twice."""
    try:
        return json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise _malformed(error.pos) from None
    except UnicodeDecodeError as error:
        raise _malformed(error.start) from None
    except (RecursionError, ValueError):
        raise _malformed(0) from None


def reasons(errors: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what pydantic found wrong as places with reasons."""
    return {".".join(str(part) for part in item["loc"]): _reason(item) for item in errors}


def _typed(verb: Verb, raw: Mapping[str, object], read: Callable[[type[BaseModel]], BaseModel]) -> dict[str, Any]:
    wrong = unfit(raw)
    if wrong:
        raise InputRefused(wrong)
    wrong = _not_offered(verb, raw)
    try:
        model = read(input_model(verb))
    except ValidationError as error:
        raise InputRefused({**wrong, **reasons(error.errors())}) from None
    if wrong:
        raise InputRefused(wrong)
    return {name: getattr(model, name) for name in verb.parameters}


def _reason(error: Mapping[str, Any]) -> str:
    limits = error.get("ctx", {})
    if error["type"] == "string_too_long":
        return TOO_LONG[limits["max_length"]]
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        return NUMBER_BEYOND if isinstance(limits.get("ge", limits.get("le")), int) else DAY_BEYOND
    return REASONS.get(error["type"], OTHER_REASON)


def _not_offered(verb: Verb, raw: Mapping[str, object]) -> dict[str, str]:
    """Return the fields whose text is none of the choices their label offers."""
    wrong: dict[str, str] = {}
    for name, parameter in verb.parameters.items():
        choices, given = label_of(parameter).choices, raw.get(name)
        if choices and isinstance(given, str) and given not in {value for value, _ in choices}:
            wrong[name] = CHOICE_REASON
    return wrong


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise InputRefused({shown(name): TWICE for name in names if names.count(name) > 1})
    return found


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= MANY_DIGITS else int(digits[:MANY_DIGITS])


def _malformed(position: int) -> Refusal:
    return Refusal(
        "json_malformed",
        gettext_noop("请求正文不是合法的 JSON 对象（从第 {position} 个字符起）。"),
        remedy=gettext_noop("请用 UTF-8 编码写一个 JSON 对象；不写 NaN、Infinity，层次不超过十六层。"),
        position=position + 1,
    )
