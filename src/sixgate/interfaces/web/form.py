"""A verb's form: its fields from the verb's signature, and what was typed as plain values.

The kind of a field follows from the parameter's type; a page adds the choices only it can know. Works without JavaScript:
lists of rows show the rows given and two empty ones, mappings show one place for each key.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from inspect import Parameter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from sixgate.kernel.money import fen_of_wan
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.store import FileRef, in_quarantine, path_in_quarantine, receive
from sixgate.usecases._frame import Verb
from sixgate.usecases._input import label_of

FILE_LIMIT = 200 * 1024 * 1024
SPARE_ROWS = 2
YES_NO = (("true", gettext_noop("是")), ("false", gettext_noop("否")))
NOT_MONEY = gettext_noop("请填写数字，单位为万元。")
NOT_A_NUMBER = gettext_noop("请填写整数。")
NOT_A_RATIO = gettext_noop("请填写百分数，如 12.5，最多两位小数。")
NOTHING_TO_CHOOSE = gettext_noop("没有可以选的。")
NOTHING_OF = {  # what to do where nothing can be chosen
    "system_id": gettext_noop("还没有可以选的系统。请先登记系统，再关联到这个项目。"),
    "contract_id": gettext_noop("还没有可以选的合同。请先登记合同。"),
    "call_id": gettext_noop("现在没有正在申报的年度。开始申报时会提醒您的单位。"),
    "application_ids": gettext_noop("没有等待批复的申报。请先受理申报。"),
    "merged_ids": gettext_noop("没有可以合并的项目。只能合并同一个单位、还在办理的项目。"),
}
Choices = Sequence[tuple[str, str]]
Given = MultiValueDict[str, str]
Files = MultiValueDict[str, Any]  # of django's UploadedFile


@dataclass(frozen=True, slots=True)
class Part:
    """One place inside a field of several: a key of a mapping or a column of a list of rows. `kind` as in Field, and "ratio" (keyed in percent)."""

    name: str
    label: str
    kind: str = ""
    choices: Choices = ()
    help: str = ""
    unit: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form as the template needs it.

    `kind`: "" text · long · date · number · money · ratio · yes_no · choices · checks (several of the choices) · file · password · group · rows.
    """

    name: str
    label: str
    help: str = ""
    choices: Choices = ()
    required: bool = False
    value: str = ""
    wrong: str = ""
    kind: str = ""
    unit: str = ""
    multiple: bool = False
    values: Sequence[str] = ()
    parts: Sequence["Field"] = ()
    rows: Sequence[Sequence["Field"]] = ()
    kept: Choices = ()

    @property
    def multiline(self) -> bool:
        """Return whether the answer takes several lines."""
        return self.kind == "long"

    @property
    def plain(self) -> bool:
        """Return whether none of the parts must be filled; then none is marked as one that may be left empty."""
        return not any(part.required for part in self.parts)


@dataclass(frozen=True, slots=True)
class VerbForm:
    """A verb's form with what its page knows: choices, parts of composite fields, the parameters it does not ask for, those needed this time."""

    verb: Verb
    choices: Mapping[str, Choices] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    unasked: Collection[str] = ()
    needed: Collection[str] = ()

    def fields(self, given: Given, wrong: Mapping[str, str]) -> list[Field]:
        """Return the fields with what was typed and, translated, what was wrong."""
        return [self._field(name, parameter, given, wrong) for name, parameter in self._asked()]

    def read(self, given: Given, files: Files) -> tuple[dict[str, Any], dict[str, str]]:
        """Return form text as plain values and what could not be read; empty places are left out, 万元 become 分, files go to quarantine."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, parameter in self._asked():
            kind = self.kind(name, parameter)
            if kind == "file":
                value: Any = _files(name, _is_list(parameter), given, files, wrong)
            elif kind == "group":
                value = _row(name, self.parts_of(name, parameter), given, wrong)
            elif kind == "rows":
                rows = (_row(f"{name}.{index}", self.parts_of(name, parameter), given, wrong) for index in range(_count(name, given)))
                value = [row for row in rows if row]
            elif kind == "password":
                value = given.get(name) or None
            elif kind == "checks":
                value = [text for text in given.getlist(name) if text]
            else:
                value = _plain(name, kind, given.get(name, ""), wrong)
            if value not in (None, [], {}):
                values[name] = value
        return values, wrong

    def kind(self, name: str, parameter: Parameter) -> str:
        """Return the kind of field a parameter needs."""
        inner = _inner(parameter)
        if inner is FileRef or (_is_list(parameter) and FileRef in get_args(inner)):
            return "file"
        if get_origin(inner) in (dict, Mapping):
            return "group"
        if _is_list(parameter):
            return "rows" if name in self.parts or is_dataclass(get_args(inner)[0]) else "checks"
        if label_of(parameter).secret:
            return "password"
        if name.endswith("_fen"):
            return "money"
        if name in self.choices or label_of(parameter).choices:
            return "choices"
        return {bool: "yes_no", date: "date", int: "number", UUID: "choices"}.get(inner, "long" if label_of(parameter).multiline else "")

    def parts_of(self, name: str, parameter: Parameter) -> Sequence[Part]:
        """Return the places of a composite field: those the page gives, else yes or no for each declared choice, else the row's own fields."""
        if name in self.parts:
            return self.parts[name]
        if label_of(parameter).choices:
            return [Part(key, _(text), "yes_no") for key, text in label_of(parameter).choices if key]
        rows = get_args(_inner(parameter))
        return [Part(item.name, item.name) for item in fields(rows[0])] if rows and is_dataclass(rows[0]) else []

    def _asked(self) -> list[tuple[str, Parameter]]:
        return [(name, parameter) for name, parameter in self.verb.parameters.items() if name not in self.unasked]

    def _field(self, name: str, parameter: Parameter, given: Given, wrong: Mapping[str, str]) -> Field:
        label, kind = label_of(parameter), self.kind(name, parameter)
        required = parameter.default is Parameter.empty or name in self.needed
        declared = self.choices.get(name, [(value, _(text)) for value, text in label.choices])
        empty = required and kind in ("choices", "checks") and not declared
        common = (name, _(label.text), _(NOTHING_OF.get(name, NOTHING_TO_CHOOSE)) if empty else _(label.help) if label.help else "")
        reason = _(wrong[name]) if name in wrong else ""
        if kind == "group":
            return Field(*common, required=required, wrong=reason, kind=kind, parts=_parts(name, self.parts_of(name, parameter), given, wrong))
        if kind == "rows":
            count = max(_count(name, given) + 1, SPARE_ROWS)
            rows = [_parts(f"{name}.{index}", self.parts_of(name, parameter), given, wrong) for index in range(count)]
            return Field(*common, required=required, wrong=reason, kind=kind, rows=rows)
        return Field(
            *common,
            choices=_offered(kind, declared, required=required, undecided=parameter.default is None),
            required=required or (kind == "yes_no" and parameter.default is not None),
            value="" if kind == "password" else given.get(name, "") or "" if name in given else _default(parameter),
            wrong=reason,
            kind=kind,
            unit=_("万元") if kind == "money" else "",
            multiple=_is_list(parameter),
            values=given.getlist(name),
            kept=_still_here(given.getlist(f"{name}.kept")) if kind == "file" else (),
        )


def starting_values(initial: Mapping[str, object]) -> Given:
    """Return what a form shows before anything was typed, from plain values: dates, money in 分 under `…_fen`, lists, nested mappings."""
    given: Given = MultiValueDict()
    for name, value in initial.items():
        if isinstance(value, Mapping):
            _add(given, {f"{name}.{key}": item for key, item in value.items()})
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            _add(given, {f"{name}.{index}": row for index, row in enumerate(value)})
        elif isinstance(value, list | tuple | set | frozenset):
            given.setlist(name, [_written(name, item) for item in value])
        elif value is not None:
            given[name] = _written(name, value)
    return given


def _add(given: Given, inner: Mapping[str, object]) -> None:
    for key, texts in starting_values(inner).lists():
        given.setlist(key, texts)


def _written(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and name.endswith("_fen"):
        return f"{Decimal(value).scaleb(-6).normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _inner(parameter: Parameter) -> Any:
    """Return the type inside Annotated and Optional."""
    inner = get_args(parameter.annotation)[0]
    if get_origin(inner) in (Union, UnionType):
        return next(item for item in get_args(inner) if item is not NoneType)
    return inner


def _is_list(parameter: Parameter) -> bool:
    return get_origin(_inner(parameter)) in (list, tuple, Sequence)


def _default(parameter: Parameter) -> str:
    return "" if parameter.default in (Parameter.empty, None) or isinstance(parameter.default, list | dict) else _written("", parameter.default)


def _offered(kind: str, choices: Choices, *, required: bool, undecided: bool) -> Choices:
    """Return the options of a select, with an empty one first unless the only answer is clear."""
    if kind == "yes_no":
        plain = [(value, _(text)) for value, text in YES_NO]
        return [("", _("请选择") if required else _("不确定")), *plain] if required or undecided else plain
    if kind != "choices" or any(value == "" for value, _text in choices) or (required and len(choices) == 1):
        return choices
    if not required and not undecided:
        return choices if choices else [("", "—")]
    return [("", _("请选择") if required else "—"), *choices]


def _parts(prefix: str, parts: Sequence[Part], given: Given, wrong: Mapping[str, str]) -> list[Field]:
    """Return the fields of a composite field, named `prefix.part`."""
    made: list[Field] = []
    for part in parts:
        name = f"{prefix}.{part.name}"
        choices = _offered(part.kind, part.choices, required=part.required, undecided=True)
        unit = part.unit or (_("万元") if part.kind == "money" else "%" if part.kind == "ratio" else "")
        reason = _(wrong[name]) if name in wrong else ""
        made.append(
            Field(name, part.label, part.help, choices, part.required, given.get(name, ""), reason, part.kind, unit, values=given.getlist(name))
        )
    return made


def _row(prefix: str, parts: Sequence[Part], given: Given, wrong: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for part in parts:
        name = f"{prefix}.{part.name}"
        value = given.getlist(name) if part.kind == "checks" else _plain(name, part.kind, given.get(name, ""), wrong)
        if value not in (None, []):
            row[part.name] = value
    return row


def _count(name: str, given: Given) -> int:
    """Return how many rows were typed or shown."""
    indices = [key.split(".")[1] for key in given if key.startswith(f"{name}.")]
    return min(max((int(index) for index in indices if index.isascii() and index.isdigit()), default=-1) + 1, 200)


def _plain(name: str, kind: str, text: str, wrong: dict[str, str]) -> Any:
    """Return one typed text as a plain value, None when it is empty or, with the reason noted, unreadable."""
    text = text.strip()
    if not text:
        return None
    number = text.replace(",", "").replace("，", "")
    try:
        if kind == "money":
            return int(fen_of_wan(Decimal(number)))
        if kind == "ratio":
            points = Decimal(number.rstrip("%％")) * 100
            if points != points.to_integral_value():
                raise InvalidOperation
            return int(points)
        if kind == "number":
            return int(number)
    except Refusal as refusal:
        wrong[name] = str(refusal)
        return None
    except (InvalidOperation, ValueError):
        wrong[name] = {"money": NOT_MONEY, "ratio": NOT_A_RATIO}.get(kind, NOT_A_NUMBER)
        return None
    return text == "true" if kind == "yes_no" and text in ("true", "false") else text


def _still_here(kept: Sequence[str]) -> Choices:
    """Return the files of an earlier try that are still in quarantine, with their names: a secrecy stop removes them."""
    found: list[tuple[str, str]] = []
    for text in kept:
        digest, _colon, title = text.partition(":")
        with suppress(Refusal):
            path_in_quarantine(digest)
            found.append((text, title))
    return found


def _files(name: str, several: bool, given: Given, files: Files, wrong: dict[str, str]) -> list[FileRef] | FileRef | None:
    """Return received files, those kept from an earlier try first; note them in `given` so that a refusal does not lose them."""
    refs: list[FileRef] = []
    try:
        for text in given.getlist(f"{name}.kept"):
            digest, _colon, title = text.partition(":")
            refs.append(in_quarantine(digest, title))
        for upload in files.getlist(name):
            refs.append(receive(upload.chunks(), upload.name or "", limit=FILE_LIMIT))
    except Refusal as refusal:
        wrong[name] = str(refusal)
    given.setlist(f"{name}.kept", [f"{ref.sha256}:{ref.name}" for ref in refs])
    return refs if several else (refs[-1] if refs else None)
