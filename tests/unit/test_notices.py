"""The pure part of notices: rules read with every problem named, hours, ladder, retries, words, and the calendar's lines."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from sixgate.domain.notices.rules import NoticeRulesError, Rule, read_rules
from sixgate.domain.notices.timing import (
    MAX_AGE,
    Quiet,
    date_rule,
    digest_due,
    digest_hour,
    first_moment_after,
    highest_step,
    is_quiet,
    may_go_now,
    retry_at,
)
from sixgate.domain.notices.wording import inside, outside, robot_text
from sixgate.engines.documents.calendar import Day, calendar_bytes
from sixgate.kernel.workcalendar import national

HERE = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(20, 8, True)
DELIVERED = (files("sixgate") / "regulations/cn/notices.toml").read_text(encoding="utf-8")
DUTIES = {"PMO", "LDR", "OWN"}
GOOD = "[defaults]\nmail=true\ndigest_hour=8\nquiet_from=20\nquiet_until=8\ndays_off_quiet=true\n"


def at(day: int, hour: int, month: int = 11) -> datetime:
    """Return a local moment of 2026."""
    return datetime(2026, month, day, hour, 30, tzinfo=HERE)


def step(number: int) -> Rule:
    """Return a rule that is reached at a number of workdays."""
    return Rule(f"s{number}", ("owner",), "x", "x", workdays=number)


def test_the_delivered_rules_are_read_whole() -> None:
    rules = read_rules(DELIVERED, "notices.toml", DUTIES)
    assert (len(rules.happenings), len(rules.ladder), len(rules.dates)) == (9, 5, 2)
    assert [rule.id for rule in rules.happenings if rule.breaks_quiet] == ["password_reset"]
    assert (rules.defaults.digest_hour, rules.defaults.quiet_from, rules.defaults.quiet_until, rules.defaults.mail) == (8, 20, 8, True)


def test_every_problem_of_a_file_is_named_with_table_and_id() -> None:
    text = GOOD.replace("digest_hour=8", "digest_hour=24") + (
        '[[happening]]\nid="a"\nacts=["x"]\ntell=["boss","duty:NONE"]\ntext="{who}"\nen="y"\nbreaks_quiet=true\n'
        '[[ladder]]\nid="late"\nof="tea"\nafter_workdays=0\ntell=["owner"]\ntext="t"\nen="t"\ncolour="red"\n'
        '[[ladder]]\nid="late"\nof="request"\nafter_workdays=1\ntell=[]\ntext="{"\nen="t"\n'
        "[more]\nx=1\n"
    )
    with pytest.raises(NoticeRulesError) as caught:
        read_rules(text, "mine.toml", DUTIES)
    assert caught.value.problems == (
        "mine.toml: [defaults]: digest_hour must be a whole number from 0 to 23",
        "mine.toml: [happening] row 1: id must be small letters and underscores, at most 40",
        "mine.toml: [happening] a: acts: 'x' is no address",
        "mine.toml: [happening] a: tell: 'boss' is none of awaited, owner, requester, subject, submitter, duty:ID",
        "mine.toml: [happening] a: tell: no duty 'NONE'",
        "mine.toml: [happening] a: text: no place {who}; there are gate, project",
        "mine.toml: [happening] a: breaks_quiet: only what is urgent may break quiet hours",
        "mine.toml: [ladder] late: colour is unknown",
        "mine.toml: [ladder] late: of must be one of request, condition",
        "mine.toml: [ladder] late: after_workdays must be a whole number from 1 to 250",
        "mine.toml: [ladder] late: id stands twice",
        "mine.toml: [ladder] late: tell must be a list of texts that is not empty",
        "mine.toml: [ladder] late: text: Single '{' encountered in format string",
        "mine.toml: [more]: unknown table",
    )


def test_text_that_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(NoticeRulesError, match=r"x\.toml: .*line 2"):
        read_rules("[defaults]\nmail = =", "x.toml", DUTIES)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (at(25, 7), True),  # Wednesday before eight
        (at(25, 8), False),
        (at(25, 19), False),
        (at(25, 20), True),
        (at(28, 12), True),  # Saturday
        (at(1, 12, 10), True),  # National Day
        (at(10, 12, 10), False),  # a Saturday worked for it
    ],
)
def test_nights_and_days_off_are_quiet_and_worked_weekends_are_not(moment: datetime, quiet: bool) -> None:
    assert is_quiet(moment, NIGHT, national()) is quiet
    assert may_go_now(moment, NIGHT, national(), breaks_quiet=False) is not quiet
    assert may_go_now(moment, NIGHT, national(), breaks_quiet=True) is True


def test_equal_hours_mean_no_quiet_and_ordered_hours_lie_within_the_day() -> None:
    assert [is_quiet(at(28, hour), Quiet(8, 8, False), national()) for hour in (0, 8, 23)] == [False, False, False]
    assert [is_quiet(at(25, hour), Quiet(12, 14, False), national()) for hour in (11, 12, 13, 14)] == [False, True, True, False]


def test_a_digest_is_due_once_a_day_from_its_hour_on_outside_quiet() -> None:
    day = date(2026, 11, 25)
    assert [digest_due(at(25, hour), 9, None, NIGHT, national()) for hour in (8, 9, 15, 21)] == [False, True, True, False]
    assert digest_due(at(25, 10), 9, day, NIGHT, national()) is False
    assert digest_due(at(26, 10), 9, day, NIGHT, national()) is True
    assert digest_due(at(28, 10), 9, day, NIGHT, national()) is False


def test_a_digest_wished_for_in_quiet_hours_comes_at_their_end() -> None:
    assert [digest_hour(hour, NIGHT) for hour in (7, 8, 19, 20, 23)] == [8, 8, 19, 8, 8]
    assert [digest_due(at(25, hour), 21, None, NIGHT, national()) for hour in (7, 8, 19)] == [False, True, True]


def test_what_waits_over_a_weekend_goes_on_monday_morning() -> None:
    assert first_moment_after(at(27, 21), NIGHT, national()) == datetime(2026, 11, 30, 8, tzinfo=HERE)
    assert first_moment_after(at(25, 9), NIGHT, national()) == at(25, 9)


def test_only_the_highest_step_reached_is_told() -> None:
    ladder = [step(1), step(3), step(10)]
    assert [getattr(highest_step(ladder, late), "id", None) for late in (0, 1, 2, 3, 9, 10, 99)] == [None, "s1", "s1", "s3", "s3", "s10", "s10"]


def test_a_date_has_the_latest_rule_it_reached() -> None:
    near, past = step(5), step(-1)
    assert [getattr(date_rule([near, past], left), "id", None) for left in (6, 5, 0, -1, -30)] == [None, "s5", "s5", "s-1", "s-1"]


def test_a_retry_waits_longer_each_time_and_ends_after_three_days() -> None:
    made = datetime(2026, 11, 25, tzinfo=UTC)
    waits, failed, number = [], made, 0
    while (again := retry_at(made, failed, number := number + 1, "m")) is not None:
        waits.append((again - failed).total_seconds())
        failed = again
    assert (24 <= waits[0] <= 36, 48 <= waits[1] <= 72, max(waits) <= 6 * 3600 * 1.2) == (True, True, True)
    assert made + MAX_AGE - timedelta(hours=8) < failed <= made + MAX_AGE
    assert waits == sorted(waits[:9]) + waits[9:]
    assert retry_at(made, made, 1, "m") == retry_at(made, made, 1, "m") != retry_at(made, made, 1, "n")


def test_what_leaves_the_intranet_is_a_count_and_a_link() -> None:
    assert outside(3, 2, "https://a.cn") == outside(3, 2, "https://a.cn")
    assert (outside(3, 2, "https://a.cn").subject, outside(3, 2, "https://a.cn").text) == (
        "您有待办",
        "您有待办：3 件待办、2 条未读提醒。请登录系统查看：https://a.cn",
    )
    assert outside(0, 0, "https://a.cn").text == "您有待办，请登录系统查看：https://a.cn"
    assert robot_text(4, "https://a.cn") == "您有待办：本单位共 4 件。请登录系统查看：https://a.cn"


def test_inside_the_lines_stand_and_a_long_list_says_how_much_it_leaves_out() -> None:
    letter = inside(25, [f"事{number}" for number in range(25)], ["新事"], "https://a.cn")
    assert letter.subject == "六关：25 件待办，1 条新提醒"
    lines = letter.text.split("\n")
    assert (lines[0], lines[1], lines[20], lines[21]) == ("等您办的 25 件：", "· 事0", "· 事19", "……另有 5 件，请登录查看。")
    assert lines[-4:] == ["新的提醒 1 条：", "· 新事", "", "办理：https://a.cn"]


def test_a_calendar_is_folded_by_octets_and_escaped() -> None:
    title = "合同公告；签订后，两个工作日内" * 5 + ";,\\\n末"
    body = calendar_bytes("期限", [Day("a@b", title, date(2026, 12, 31), "https://a.cn/x", True)], datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC))
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    lines = body.replace(b"\r\n ", b"").decode().split("\r\n")
    assert lines == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sixgate//Statutory dates//ZH", "CALSCALE:GREGORIAN", "X-WR-CALNAME:期限",
        "BEGIN:VEVENT", "UID:a@b", "DTSTAMP:20261125T010203Z", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
        "SUMMARY:" + "合同公告；签订后，两个工作日内" * 5 + "\\;\\,\\\\\\n末", "URL:https://a.cn/x", "STATUS:TENTATIVE", "TRANSP:TRANSPARENT",
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
