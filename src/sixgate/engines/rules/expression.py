"""Typed CEL: the only module that touches the expression library. Facts are typed dotted variables; a missing fact is an answer, never false.

Refuses `has(` (it would turn unknown into false) and a `.all(` without a `size(…) > 0 &&` guard (an empty list would pass).
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs]

from sixgate.kernel.provenance import FactValue
from sixgate.kernel.text import gettext_noop

_CEL_TYPES: Final[dict[str, Any]] = {
    "text": cel.Type.STRING,
    "enum": cel.Type.STRING,
    "document_no": cel.Type.STRING,
    "file": cel.Type.STRING,
    "integer": cel.Type.INT,
    "fen": cel.Type.INT,
    "ratio": cel.Type.INT,
    "date": cel.Type.TIMESTAMP,
    "yes_no": cel.Type.BOOL,
    "list": cel.Type.List(cel.Type.STRING),
}
_PYTHON_TYPES: Final[dict[str, type]] = dict.fromkeys(("text", "enum", "document_no", "file"), str) | {
    "integer": int,
    "fen": int,
    "ratio": int,
    "date": date,
    "yes_no": bool,
    "list": tuple,
}
FACT_TYPES: Final = frozenset(_CEL_TYPES)
RESERVED: Final = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "package",
        "namespace",
        "null",
        "return",
        "true",
        "var",
        "void",
        "while",
    ]
)

_LITERAL = re.compile(r"""(?s)[rR]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*""")
_HAS = re.compile(r"(?<![\w.])has\s*\(")
_ALL = re.compile(r"\.\s*all\s*\(")
_GUARD = re.compile(r"(?:size\(\s*([\w.]+)\s*\)|([\w.]+)\.size\(\s*\))\s*>\s*0\s*&&\s*([\w.]+)$")
_PLACE = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")
_NO_VALUE: Final = "No value with name"


class ExpressionError(Exception):
    """The text is no expression over the declared facts; `line` and `column` count from 1, 0 means not stated."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        self.message, self.line, self.column = message, line, column
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Missing:
    """The answer depends on facts nobody has given yet."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The facts are there but do not compute, for example a division by zero."""

    text: str


Answer = bool | Missing | Failed


class Expression:
    """A checked expression: `reads` are the facts it names, in order of name."""

    __slots__ = ("_checked", "_types", "reads", "text")

    def __init__(self, text: str, checked: Any, reads: tuple[str, ...], types: Mapping[str, str]) -> None:
        self.text = text
        self.reads = reads
        self._checked = checked
        self._types = {name: _PYTHON_TYPES[types[name]] for name in reads}

    def evaluate(self, values: Mapping[str, FactValue]) -> Answer:
        """Answer from the values at hand; values the expression does not read are ignored."""
        data: dict[str, object] = {}
        for name, kind in self._types.items():
            value = values.get(name)
            if value is None:
                continue
            if type(value) is not kind and not _fits(kind, value):
                return Failed(f"{name}: {type(value).__name__} is not {kind.__name__}")
            data[name] = _plain(value)
        result = self._checked.eval(data=data)
        answer = result.value()
        if answer is True or answer is False:
            return bool(answer)
        absent = tuple(name for name in self.reads if name not in data)
        return Missing(absent) if absent and _NO_VALUE in str(answer) else Failed(str(answer))


class Language:
    """All facts one pack may speak of, by type; compiles each text once."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.types = dict(types)
        self._env: Any = cel.NewEnv(variables={name: _CEL_TYPES[kind] for name, kind in self.types.items()})
        self._compiled: dict[str, Expression] = {}

    def compile(self, text: str) -> Expression:
        """Return the checked expression; raise ExpressionError when it is malformed, misspelt, wrongly typed or not yes/no."""
        known = self._compiled.get(text)
        if known is None:
            known = self._compiled[text] = self._check(text)
        return known

    def _check(self, text: str) -> Expression:
        _refuse_traps(text)
        try:
            checked = self._env.compile(text)
        except RuntimeError as error:
            raise _explained(str(error)) from error
        if checked.return_type() != cel.Type.BOOL:
            raise ExpressionError(gettext_noop("表达式的结果不是“是/否”"), 1, 1)
        reads = tuple(sorted(_references(checked.serialize()) & self.types.keys()))
        return Expression(text, checked, reads, self.types)


@functools.lru_cache(maxsize=64)
def _language(types: frozenset[tuple[str, str]]) -> Language:
    return Language(dict(sorted(types)))


def language_of(types: Mapping[str, str]) -> Language:
    """Return the language of these facts, shared between packs that declare the same ones."""
    return _language(frozenset(types.items()))


def fits(kind: str, value: object) -> bool:
    """Tell whether a value can be a fact of this type (`yes_no` is no integer, a moment is no date)."""
    return _fits(_PYTHON_TYPES[kind], value)


def _fits(kind: type, value: object) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, datetime):
        return False
    if isinstance(value, tuple):
        return kind is tuple and all(isinstance(item, str) for item in value)  # pyright: ignore[reportUnknownVariableType]
    return isinstance(value, kind)


def _plain(value: FactValue) -> object:
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return list(value) if isinstance(value, tuple) else value


def _refuse_traps(text: str) -> None:
    bare = _LITERAL.sub(lambda found: " " * len(found.group()), text)
    trap = _HAS.search(bare)
    if trap:
        raise ExpressionError(gettext_noop("不得使用 has()：它把“未知”当成“否”，请直接写事实名"), *_place(bare, trap.start()))
    for found in _ALL.finditer(bare):
        guard = _GUARD.search(bare[: found.start()].rstrip())
        if guard is None or (guard.group(1) or guard.group(2)) != guard.group(3):
            message = gettext_noop("使用 .all() 前须紧接着写 size(名称) > 0 &&，否则空列表会被当成满足")
            raise ExpressionError(message, *_place(bare, found.start()))


def _place(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _explained(text: str) -> ExpressionError:
    found = _PLACE.search(text)
    if found is None:
        return ExpressionError(text)
    return ExpressionError(found.group(3).removesuffix(" (in container '')"), int(found.group(1)), int(found.group(2)))


def _references(serialized: bytes) -> set[str]:
    """Return the names in the reference map of a serialized CheckedExpr (google.protobuf.Any around cel.expr.CheckedExpr, field 2)."""
    names: set[str] = set()
    for number, content in _fields(serialized):
        if number != 2:  # Any.value
            continue
        for entry_number, entry in _fields(content):
            if entry_number != 2:  # CheckedExpr.reference_map
                continue
            reference = next((value for key, value in _fields(entry) if key == 2), b"")
            names |= {value.decode() for key, value in _fields(reference) if key == 1}
    return names


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """Return the length-delimited protobuf fields of a message; others are skipped."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            _, at = _varint(data, at)
        elif wire == 2:
            size, at = _varint(data, at)
            found.append((key >> 3, data[at : at + size]))
            at += size
        else:
            at += 8 if wire == 1 else 4
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        shift += 7
        if byte < 128:
            return value, at
