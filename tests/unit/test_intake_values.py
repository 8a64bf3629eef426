"""Amounts and dates as people write them."""

from datetime import date
from decimal import Decimal

import pytest

from sixgate.engines.intake.mapping import guess, propose, unit_of
from sixgate.engines.intake.table import Mapping, column_letter, column_number
from sixgate.engines.intake.values import date_order, read_amount, read_day


@pytest.mark.parametrize(
    ("text", "unit", "fen"),
    [
        ("70", "万元", 70_000_000),
        ("1,234.56", "元", 123_456),
        ("230000元", "万元", 23_000_000),
        ("1.5亿元", "", 15_000_000_000),
        ("70万", "", 70_000_000),
        ("¥70", "万元", 7_000),
        ("１２３万元", "", 123_000_000),
        ("28万元(含税)", "", 28_000_000),
        ("28万元（含税）", "", 28_000_000),
    ],
)
def test_cny_amounts_become_fen(text: str, unit: str, fen: int) -> None:
    amount = read_amount(text, unit)
    assert (amount.fen, amount.currency, amount.problem) == (fen, "CNY", "")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("$6,279,429", "", ("6279429", "$", 1)),
        ("£26.19m", "GBP*1000000", ("26.19", "GBP", 1_000_000)),
        ("£752.70", "GBP*1000000", ("752.70", "GBP", 1_000_000)),
        ("450.37", "GBP*1000000", ("450.37", "GBP", 1_000_000)),
        ("-£120.11m", "", ("-120.11", "GBP", 1_000_000)),
        ("US$3 million", "", ("3", "USD", 1_000_000)),
    ],
)
def test_foreign_amounts_never_become_fen(text: str, unit: str, expected: tuple[str, str, int]) -> None:
    amount = read_amount(text, unit)
    assert amount.fen is None
    assert (amount.number, amount.currency, amount.scale) == expected
    assert amount.text == text


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("70", "", "amount_without_unit"),
        ("标项一19.5万元；标项二92.7万元", "万元", "amount_not_single"),
        ("10-20万元", "", "amount_not_single"),
        ("面议", "万元", "amount_not_number"),
        ("0.0000001", "万元", "amount_too_fine"),
        ("-5", "万元", "amount_negative"),
        ("1,23", "元", "amount_not_single"),
    ],
)
def test_doubtful_amounts_say_so(text: str, unit: str, code: str) -> None:
    assert read_amount(text, unit).problem == code


def test_a_foreign_currency_column_keeps_a_bare_number_out_of_fen() -> None:
    amount = read_amount("100", "万元", "USD")
    assert (amount.fen, amount.number, amount.currency) == (None, "100", "USD")


@pytest.mark.parametrize("text", ["", "—", "无", "未提及", "N/A", "TBD", "#N/A"])
def test_absent_marks_are_no_problem(text: str) -> None:
    assert read_amount(text).problem == ""
    assert read_day(text).precision == "absent"


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("2025-09-05", "", date(2025, 9, 5)),
        ("2025-09-05 12:30:00", "", date(2025, 9, 5)),
        ("2025-09-05T12:30:00Z", "", date(2025, 9, 5)),
        ("2025年9月5日", "", date(2025, 9, 5)),
        ("2025.9.5", "", date(2025, 9, 5)),
        ("2025/9/5", "", date(2025, 9, 5)),
        ("20250905", "", date(2025, 9, 5)),
        ("至2026-12-31", "", date(2026, 12, 31)),
        ("December 1, 2016", "", date(2016, 12, 1)),
        ("1 Dec 2016", "", date(2016, 12, 1)),
        ("31/03/2020", "", date(2020, 3, 31)),
        ("03/04/2020", "dmy", date(2020, 4, 3)),
        ("03/04/2020", "mdy", date(2020, 3, 4)),
        ("01.04.16", "", date(2016, 4, 1)),
        ("45905", "", date(2025, 9, 5)),
        (Decimal(45905), "", date(2025, 9, 5)),
        (Decimal(20250905), "", date(2025, 9, 5)),
        (date(2025, 9, 5), "", date(2025, 9, 5)),
    ],
)
def test_whole_dates_are_read(value: str | Decimal | date, order: str, expected: date) -> None:
    assert read_day(value, order).day == expected


@pytest.mark.parametrize(
    ("value", "precision", "problem"),
    [
        ("2025/9", "month", ""),
        ("2025年9月", "month", ""),
        ("Sept 2025", "month", ""),
        ("2025", "year", ""),
        ("2025年", "year", ""),
        ("03/04/2020", "text", "date_ambiguous"),
        ("2025-02-30", "text", "date_impossible"),
        ("2025—2027年", "text", "date_not_readable"),
        ("合同签订后60天", "text", "date_not_readable"),
        ("Decemberish 1, 20166", "text", "date_not_readable"),
    ],
)
def test_partial_and_impossible_dates_never_become_a_day(value: str, precision: str, problem: str) -> None:
    found = read_day(value)
    assert (found.day, found.precision, found.problem) == (None, precision, problem)
    assert found.text == value


def test_one_late_day_settles_the_order_of_a_column() -> None:
    assert date_order(["03/04/2020", "31/03/2020"]) == "dmy"
    assert date_order(["03/04/2020", "03/31/2020"]) == "mdy"
    assert date_order(["03/04/2020"]) == ""
    assert date_order(["31/03/2020", "03/31/2020"]) == ""


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("项目名称", "project_name"),
        ("项目 名称 *", "project_name"),
        ("projectName", "project_name"),
        ("金额(原文)", "amount_text"),
        ("总投资（万元）", "amount"),
        ("合同金额/元", "amount"),
        ("Total budgeted whole life costs (£million)", "amount"),
        ("Departmental narrative on budgeted whole life costs", ""),
        ("rating_comment", ""),
        ("序号", ""),
        ("shortcode", ""),
        ("等保", ""),
        ("", ""),
    ],
)
def test_headings_find_their_target(heading: str, target: str) -> None:
    assert guess(heading)[0] == target


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("金额(万元)", "万元"),
        ("总投资（亿元）", "亿元"),
        ("合同价(元)", "元"),
        ("金额", ""),
        ("Budget (£million)", "GBP*1000000"),
        ("Total £m", "GBP*1000000"),
        ("Amount (10k CNY)", "万元"),
    ],
)
def test_headings_state_their_unit(heading: str, unit: str) -> None:
    assert unit_of(heading) == unit


def test_each_target_is_given_once_and_the_reason_is_kept() -> None:
    first, second = propose(["预算金额", "总投资(万元)"])
    assert (first.target, second.target, second.reason) == ("amount", "", "target_taken")


def test_a_saved_mapping_wins_over_the_guess_and_survives_json() -> None:
    mapping = Mapping(propose(["名目", "项目名称", "金额"])).with_target("名目", "project_name").with_target("金额", "amount", unit="万元")
    again = Mapping.from_json(mapping.to_json())
    assert again == mapping
    assert [(c.target, c.unit) for c in propose(["金额", "项目名称", "名目", "地区"], again)] == [
        ("amount", "万元"),
        ("", ""),
        ("project_name", ""),
        ("region", ""),
    ]


def test_column_letters_count_as_spreadsheets_do() -> None:
    assert [column_letter(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [column_number(letters) for letters in ("A", "Z", "AA", "ZZ", "AAA")] == [1, 26, 27, 702, 703]
