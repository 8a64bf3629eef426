"""Typed expressions: what they refuse and that a missing fact is never false."""

from datetime import date, datetime

import pytest

from sixgate.engines.rules.expression import ExpressionError, Failed, Language, Missing

LANGUAGE = Language({"a.n": "fen", "a.yes": "yes_no", "a.list": "list", "a.day": "date", "a.text": "enum", "b.n": "integer"})


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("has(a.n)", 1, 1),
        ("a.yes &&\n has (a.n)", 2, 2),
        ("a.list.all(x, x == 'a')", 1, 7),
        ("size(a.other) > 0 && a.list.all(x, x == 'a')", 1, 28),
        ("size(a.list) > 0 || a.list.all(x, x == 'a')", 1, 27),
        ("a.m > 1", 1, 2),
        ("a.day > 1", 1, 7),
        ("a.n", 1, 1),
        ("a.n >", 1, 6),
    ],
)
def test_trap_or_mistake_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        LANGUAGE.compile(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_facts_read_come_from_the_checked_expression() -> None:
    assert LANGUAGE.compile("a.list.exists(x, x == 'b.n has(') && (a.n > 1 || a.yes)").reads == ("a.list", "a.n", "a.yes")


@pytest.mark.parametrize(
    ("text", "values", "answer"),
    [
        ("a.n > 1", {"a.n": 2}, True),
        ("a.n > 1", {"a.n": 1}, False),
        ("a.n > 1", {}, Missing(("a.n",))),
        ("a.n > 1 || a.yes", {"a.yes": True}, True),
        ("a.n > 1 && a.yes", {"a.yes": False}, False),
        ("a.n > 1 && a.yes", {"a.yes": True}, Missing(("a.n",))),
        ("a.n > 1 && b.n > 1", {}, Missing(("a.n", "b.n"))),
        ("a.day < timestamp('2026-01-01T00:00:00Z')", {"a.day": date(2025, 12, 31)}, True),
        ("a.day < timestamp('2026-01-01T00:00:00Z')", {"a.day": date(2026, 1, 1)}, False),
        ("size(a.list) > 0 && a.list.all(x, x == 'a')", {"a.list": ()}, False),
        ("size(a.list) > 0 && a.list.all(x, x == 'a')", {"a.list": ("a", "a")}, True),
        ("'a' in a.list", {"a.list": ("b", "a")}, True),
    ],
)
def test_answer_is_true_false_or_names_what_is_missing(text: str, values: dict[str, object], answer: object) -> None:
    assert LANGUAGE.compile(text).evaluate(values) == answer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.n / b.n > 1", {"a.n": 1, "b.n": 0}),
        ("a.n > 1", {"a.n": True}),
        ("a.n > 1", {"a.n": 2**70}),
        ("a.n > 1", {"a.n": "2"}),
        ("a.day > timestamp('2026-01-01T00:00:00Z')", {"a.day": datetime(2026, 1, 2)}),
    ],
)
def test_data_that_does_not_compute_is_told_apart_from_missing(text: str, values: dict[str, object]) -> None:
    assert isinstance(LANGUAGE.compile(text).evaluate(values), Failed)  # type: ignore[arg-type]
