"""What is written is read back; no text reaches a spreadsheet as a formula; nothing read crashes."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sixgate.engines.intake.export import guarded, write_csv, write_xlsx
from sixgate.engines.intake.register import read_register
from sixgate.engines.intake.values import read_amount, read_day
from sixgate.kernel.money import fen_of_wan
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import normalise

names = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=3, max_size=20).filter(
    lambda text: normalise(text) == text and text[0].isalpha() and len(text.strip()) > 2
)
rows = st.lists(st.tuples(names, st.integers(0, 10**9), st.dates(date(1950, 1, 1), date(2150, 1, 1))), min_size=1, max_size=8)
seeded = settings(derandomize=True, deadline=None)


@seeded
@given(rows, st.sampled_from(["csv", "xlsx"]))
def test_rows_written_are_read_back(given_rows: list[tuple[str, int, date]], kind: str) -> None:
    headings = ["项目名称", "金额（元）", "开工日期", "地区"]
    body = [[name, amount, day, "宁波"] for name, amount, day in given_rows]
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "a"
        if kind == "csv":
            write_csv(path, headings, body)
        else:
            write_xlsx(path, headings, body, sheet="台账")
        table = read_register(path)
    assert [(r.values["project_name"], r.values["amount_fen"], r.values["planned_start"]) for r in table.rows] == [
        (name, amount * 100, day) for name, amount, day in given_rows
    ]


@seeded
@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_refusal(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "a"
        path.write_bytes(data)
        try:
            table = read_register(path)
        except Refusal:
            return
    assert len({row.key for row in table.rows}) == len(table.rows)


@seeded
@given(st.text())
def test_guarded_text_never_starts_like_a_formula(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert guarded(text).removeprefix("'") == text or text.startswith("'")


@seeded
@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_a_reason_and_a_day_or_a_reason(text: str) -> None:
    amount, day = read_amount(text, "万元"), read_day(text)
    assert amount.text == text
    assert day.text == text
    assert (day.day is not None) == (day.precision == "day")


@seeded
@given(st.integers(0, 10**7), st.sampled_from(["{:,}", "{}", "{:,}.00"]))
def test_whole_wan_amounts_are_exact(number: int, shape: str) -> None:
    assert read_amount(shape.format(number) + "万元").fen == fen_of_wan(Decimal(number))
