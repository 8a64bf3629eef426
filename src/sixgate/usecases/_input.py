"""Turns what a door received into the typed arguments of a verb; one model per verb, made from its signature."""

import functools
import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import REGISTRY, Label, Verb


class InputRefused(Refusal):
    """Input that does not fit; `fields` names every place with its reason."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("input_refused", gettext_noop("有 {count} 处需要更正。"), field=next(iter(fields), None), count=len(fields))


REASONS = {
    "missing": gettext_noop("请填写这一项。"),
    "extra_forbidden": gettext_noop("没有这一项，请删去。"),
    "int_parsing": gettext_noop("请填写整数。"),
    "int_type": gettext_noop("请填写整数。"),
    "uuid_parsing": gettext_noop("编号不正确，请从列表中选择。"),
    "uuid_type": gettext_noop("编号不正确，请从列表中选择。"),
    "date_from_datetime_parsing": gettext_noop("请按 2026-11-23 的样子填写日期。"),
    "date_parsing": gettext_noop("请按 2026-11-23 的样子填写日期。"),
    "bool_parsing": gettext_noop("请选择是或否。"),
    "string_type": gettext_noop("请填写文字。"),
}
OTHER_REASON = gettext_noop("填写的内容不合要求，请核对。")
CHOICE_REASON = gettext_noop("请从给出的选项中选择。")


def label_of(parameter: inspect.Parameter) -> Label:
    """Return the label a verb declares for a parameter; a parameter without one is a bug."""
    return next(mark for mark in parameter.annotation.__metadata__ if isinstance(mark, Label))


@functools.cache
def input_model(address: str) -> type[BaseModel]:
    """Return the pydantic model of a verb's arguments."""
    verb = REGISTRY[address]
    fields: dict[str, Any] = {
        name: (parameter.annotation, ... if parameter.default is inspect.Parameter.empty else parameter.default)
        for name, parameter in verb.parameters.items()
    }
    return create_model(address.replace(".", "_"), __config__=ConfigDict(extra="forbid"), **fields)


def arguments_of(verb: Verb, raw: Mapping[str, object]) -> dict[str, Any]:
    """Return typed arguments; raise InputRefused naming every field that does not fit."""
    try:
        model = input_model(verb.address).model_validate(dict(raw))
    except ValidationError as error:
        raise InputRefused(
            {".".join(str(part) for part in item["loc"]): REASONS.get(item["type"], OTHER_REASON) for item in error.errors()}
        ) from None
    arguments = {name: getattr(model, name) for name in verb.parameters}
    _check_choices(verb, arguments)
    return arguments


def _check_choices(verb: Verb, arguments: Mapping[str, object]) -> None:
    wrong: dict[str, str] = {}
    for name, parameter in verb.parameters.items():
        choices = label_of(parameter).choices
        if choices and isinstance(arguments[name], str) and arguments[name] not in {value for value, _ in choices}:
            wrong[name] = CHOICE_REASON
    if wrong:
        raise InputRefused(wrong)
