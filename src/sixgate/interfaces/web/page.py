"""What all pages share: the actor of a request, a verb's form, and how a refusal is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from sixgate.kernel.money import fen_of_wan
from sixgate.kernel.refusal import Refusal, RefusalKind
from sixgate.usecases._frame import Actor, Verb
from sixgate.usecases._input import InputRefused, label_of
from sixgate.usecases._registry import actor_of

STATUS = {RefusalKind.INVALID: 422, RefusalKind.CONFLICT: 409, RefusalKind.FORBIDDEN: 403, RefusalKind.INVISIBLE: 404}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as the template needs it."""

    name: str
    label: str
    help: str
    choices: tuple[tuple[str, str], ...]
    multiline: bool
    required: bool
    value: str
    wrong: str = ""


def actor_from(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor."""
    user = request.user
    assert not isinstance(user, AnonymousUser), "the page is behind sign-in"
    return actor_of(user.pk, user.get_full_name(), "web")


def fields_of(verb: Verb, choices: Mapping[str, tuple[tuple[str, str], ...]], given: Mapping[str, str], wrong: Mapping[str, str]) -> list[Field]:
    """Return the fields of a verb's form with what was typed and what was wrong."""
    fields: list[Field] = []
    for name, parameter in verb.parameters.items():
        label = label_of(parameter)
        fields.append(
            Field(
                name,
                _(label.text),
                _(label.help) if label.help else "",
                choices.get(name, tuple((value, _(text)) for value, text in label.choices)),
                label.multiline,
                parameter.default is parameter.empty,
                given.get(name, ""),
                _(wrong[name]) if name in wrong else "",
            )
        )
    return fields


def typed(verb: Verb, given: Mapping[str, str]) -> dict[str, Any]:
    """Return form text as plain values: empty optional fields are left out, 万元 become 分."""
    values: dict[str, Any] = {}
    for name in verb.parameters:
        text = given.get(name, "").strip()
        if not text:
            continue
        values[name] = _fen(name, text) if name.endswith("_fen") else text
    return values


def _fen(name: str, text: str) -> int:
    try:
        return fen_of_wan(Decimal(text.replace(",", "").replace("，", "")))
    except InvalidOperation:
        raise InputRefused({name: "请填写数字，单位为万元。"}) from None


def wrong_fields(refusal: Refusal) -> Mapping[str, str]:
    """Return the reasons beside fields."""
    if isinstance(refusal, InputRefused):
        return refusal.fields
    return {refusal.field: refusal.template.format(**refusal.params)} if refusal.field else {}


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal that belongs to no field."""
    return render(request, "refused.html", {"refusal": refusal, "text": str(refusal)}, status=STATUS[refusal.kind])
