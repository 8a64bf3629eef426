"""Notices made from the ledger, from what is late and from statutory dates; a person's page, settings, digest and calendar."""

import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import Cast, acting, cast, person, read, signed_in
from journey import all_sign, asked, hand_in, project_of
from place import Place
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records.models import (
    CalendarFeed,
    Delegation,
    GateRequest,
    LedgerEvent,
    Message,
    Notice,
    NoticePreference,
    Post,
    Project,
    StatutoryDate,
    User,
)
from sixgate.usecases._frame import Actor, now, today
from sixgate.usecases._offers import gates_in
from sixgate.usecases.authority.accounts import reset_password
from sixgate.usecases.authority.notices import end_calendar, open_calendar, set_notices
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.notices.dates import calendar_address, reckon_dates, tell_dates
from sixgate.usecases.notices.digest import write_digests, write_urgent
from sixgate.usecases.notices.gather import climb_ladder, gather_happenings
from sixgate.usecases.notices.inbox import inbox, mark_read

pytestmark = pytest.mark.usefixtures("rows", "own_files")
HERE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=HERE)  # a Wednesday
NIGHT = datetime(2026, 11, 25, 22, 0, tzinfo=HERE)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=HERE)
USUAL: dict[str, Any] = {"mail": True, "digest_hour": 8, "quiet_from": 20, "quiet_until": 8, "days_off_quiet": True}


def told(beside: str = "evidence_checked") -> dict[str, list[str]]:
    """Return the rules by which each person was told something, by name; that papers on the way there were checked is left out."""
    found: dict[str, list[str]] = {}
    for name, rule in Notice.objects.exclude(rule=beside).order_by("person__username", "rule").values_list("person__username", "rule"):
        found.setdefault(name, []).append(rule)
    return found


def lines(actor: Actor) -> list[str]:
    """Return what a person reads."""
    return [line.text for line in inbox(actor)[0]]


@pytest.fixture
def people() -> Cast:
    """Give a city whose ledger has been read up to now."""
    found = cast()
    assert gather_happenings(now()) == 0
    return found


def test_a_request_tells_whose_turn_it_is_and_a_decision_who_asked_and_the_owner(people: Cast) -> None:
    project = project_of(people)
    request = asked(people, project)
    gather_happenings(now())
    assert told() == {"fang": ["turn_reached"], "ma": ["turn_reached"], "xu": ["turn_reached"]}
    all_sign(people, request)
    gather_happenings(now())
    assert told() == {"fang": ["turn_reached"], "ma": ["turn_reached"], "xu": ["turn_reached"], "zhou": ["turn_reached"]}
    decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    gather_happenings(now())
    assert (told()["chen"], told()["wu"], told()["zhou"]) == (["gate_decided"], ["gate_decided"], ["turn_reached"])
    gate = gates_in()["G01"].title
    assert lines(people.clerk)[0] == f"{Project.objects.get().name}：{gate}有了决定。"


def test_reading_the_ledger_again_tells_nothing_twice_and_finds_what_was_committed_late(people: Cast) -> None:
    asked(people, project_of(people))
    first = gather_happenings(now())
    assert (first > 3, gather_happenings(now()), gather_happenings(now())) == (True, 0, 0)
    Notice.objects.all().delete()  # as if the events had not been committed when the cursor passed them
    assert gather_happenings(now()) == first


def test_installing_tells_nothing_of_the_past() -> None:
    people = cast()
    asked(people, project_of(people))
    assert (gather_happenings(now()), gather_happenings(now() + timedelta(minutes=1)), Notice.objects.count()) == (0, 0, 0)


def test_who_acted_is_not_told_and_a_check_tells_the_submitter(people: Cast) -> None:
    from sixgate.usecases.lifecycle.evidence import check_evidence

    version = hand_in(people, project_of(people), "duplicate_check", by=people.office)
    check_evidence["initiation"](people.checker, version_id=version, agrees=True)
    gather_happenings(now())
    assert told("")["zhou"] == ["evidence_checked"]
    assert "lin" not in told("")


def test_what_is_late_climbs_the_ladder_each_step_once(people: Cast) -> None:
    request = asked(people, project_of(people))
    day = today()
    for back, who in ((0, {}), (40, {"shen": ["request_late_leaders"], "zhou": ["request_late_leaders"]})):
        GateRequest.objects.filter(pk=request).update(sign_by=day - timedelta(days=back))
        climb_ladder(now())
        assert told() == who
    assert climb_ladder(now()) == 0
    assert lines(people.leaders)[0].endswith("已过会签期限十个工作日。")


def test_the_first_step_tells_those_whose_turn_it_is_and_is_urgent(people: Cast) -> None:
    request = asked(people, project_of(people))
    at = datetime(2026, 11, 25, 3, tzinfo=UTC)
    GateRequest.objects.filter(pk=request).update(sign_by=at.date() - timedelta(days=1))
    climb_ladder(at)
    assert told() == {"fang": ["request_late"], "ma": ["request_late"], "xu": ["request_late"]}
    assert set(Notice.objects.values_list("urgent", flat=True)) == {True}


def test_who_is_lent_a_post_is_told_and_who_left_is_not(people: Cast) -> None:
    helper = person("helper", people.here.other)
    post = Post.objects.get(person_id=people.crypto.id)
    Delegation.objects.create(post=post, delegate=helper, valid_from=today(), valid_until=today() + timedelta(days=3), reason="出差")
    Post.objects.filter(person_id=people.planning.id).update(valid_until=today())
    User.objects.filter(pk=people.cyber.id).update(is_active=False)
    asked(people, project_of(people))
    gather_happenings(now())
    assert told() == {"helper": ["turn_reached"], "ma": ["turn_reached"]}


@pytest.mark.parametrize("verb", [set_notices, open_calendar, end_calendar])
def test_nobody_without_an_account_sets_anything(people: Cast, verb: Any) -> None:
    strangers = [Actor(uuid4(), "nobody")]
    User.objects.filter(pk=people.law.id).update(is_active=False)
    for actor in (*strangers, people.law):
        with pytest.raises(Forbidden):
            verb(actor, **(USUAL if verb is set_notices else {}))
    assert (NoticePreference.objects.count(), CalendarFeed.objects.count()) == (0, 0)
    assert list(LedgerEvent.objects.values_list("result", flat=True)) == ["denied", "denied"]


def test_a_person_reads_and_marks_only_their_own(people: Cast) -> None:
    asked(people, project_of(people))
    gather_happenings(now())
    Notice.objects.filter(rule="evidence_checked").delete()
    mine, other = Notice.objects.get(person_id=people.cyber.id), Notice.objects.get(person_id=people.crypto.id)
    client = signed_in(people.cyber)
    assert re.search(r'aria-label="提醒，1 条未读"', client.get("/").content.decode()) is not None
    assert client.post("/notices/read/", {"notice": str(other.id)}).status_code == 302
    assert set(Notice.objects.filter(read_at=None).values_list("pk", flat=True)) >= {mine.pk, other.pk}
    assert client.post("/notices/read/", {"notice": str(mine.id)}).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 2
    assert "都读过了" in read(people.cyber, "/notices/")
    assert client.post("/notices/read/", {"notice": "x"}).status_code == 404
    assert (client.get("/notices/read/").status_code, mark_read(people.crypto), mark_read(people.crypto)) == (405, 1, 0)
    assert not LedgerEvent.objects.filter(action__contains="notice").exists()


def test_notices_that_say_the_same_are_one_line_and_read_together(people: Cast) -> None:
    asked(people, project_of(people))
    gather_happenings(now())
    rows = Notice.objects.filter(person_id=people.clerk.id, rule="evidence_checked")
    (line,) = inbox(people.clerk)[0]
    assert (line.times, inbox(people.clerk)[1], line.at) == (2, 2, max(rows.values_list("at", flat=True)))
    assert (mark_read(people.clerk, line.id), inbox(people.clerk)[1]) == (2, 0)


def test_a_project_no_longer_seen_is_no_longer_named(people: Cast) -> None:
    asked(people, project_of(people))
    gather_happenings(now())
    name = Project.objects.get().name
    assert name in lines(people.cyber)[0]
    Post.objects.filter(person_id=people.cyber.id).delete()
    later = acting(User.objects.get(pk=people.cyber.id))
    assert lines(later) == ["一个您现在看不到的项目：轮到您办理。"]
    assert inbox(later)[0][0].project_id is None


def test_an_empty_page_says_what_it_will_show_and_english_readers_read_english(people: Cast) -> None:
    assert "轮到您、有了决定、逾期或期限临近时，会在这里告诉您。" in read(people.clerk, "/notices/")
    asked(people, project_of(people))
    gather_happenings(now())
    page = signed_in(people.cyber).get("/notices/", headers={"Accept-Language": "en"}).content.decode()
    assert "it is your turn on" in page


def test_the_page_asks_as_few_queries_for_a_hundred_notices_as_for_one(people: Cast) -> None:
    project = project_of(people)
    counts = []
    for number in (1, 100):
        rows = [Notice(person_id=people.clerk.id, key=f"{number}:{n}", rule="gate_decided", project_id=project, at=now()) for n in range(number)]
        Notice.objects.bulk_create(rows)
        client = signed_in(people.clerk)
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/notices/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_settings_are_ones_own_and_every_hour_is_checked(people: Cast) -> None:
    assert set_notices(people.clerk, **USUAL)["person"] == str(people.clerk.id)
    for name in ("digest_hour", "quiet_from", "quiet_until"):
        for hour in (-1, 24):
            with pytest.raises(Refusal) as caught:
                set_notices(people.clerk, **{**USUAL, name: hour})
            assert (caught.value.code, caught.value.field) == ("hour_wrong", name)
    assert list(NoticePreference.objects.values_list("person_id", "digest_hour")) == [(people.clerk.id, 8)]
    client = signed_in(people.clerk)
    page = client.get("/notices/settings/").content.decode()
    assert ("您的账号没有登记邮箱" in page, 'name="digest_hour"' in page) == (True, True)
    given = {"mail": "false", "digest_hour": "10", "quiet_from": "18", "quiet_until": "9", "days_off_quiet": "true", "idempotency_key": "k1"}
    assert client.post("/notices/settings/", given).status_code == 302
    row = NoticePreference.objects.get()
    assert (row.mail, row.digest_hour, row.quiet_from, row.quiet_until) == (False, 10, 18, 9)
    assert client.post("/notices/settings/", {**given, "digest_hour": "99", "idempotency_key": "k2"}).status_code == 422


@pytest.fixture
def mailed(people: Cast, settings: Any) -> Cast:
    """Give a city with a mail server in the settings and an address for the clerk."""
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://six.example"
    User.objects.filter(pk=people.clerk.id).update(email="chen@outside.example")
    User.objects.filter(pk=people.cyber.id).update(email="xu@inside.example")
    settings.NOTICES_INSIDE_MAIL = ["inside.example"]
    asked(people, project_of(people))
    gather_happenings(now())
    Notice.objects.filter(rule="evidence_checked").delete()
    return people


def test_a_digest_is_written_once_a_day_at_its_hour_and_only_when_there_is_something_to_say(mailed: Cast) -> None:
    assert [write_digests(at) for at in (NIGHT, SATURDAY, MORNING - timedelta(hours=2))] == [0, 0, 0]
    assert [write_digests(MORNING + timedelta(minutes=number)) for number in range(3)] == [1, 0, 0]
    letter = Message.objects.get()
    name = Project.objects.get().name
    assert (letter.address, letter.subject, letter.state) == ("xu@inside.example", "六关：1 件待办，1 条新提醒", "waiting")
    assert letter.text.split("\n") == [
        "等您办的 1 件：",
        f"· 会签：{name}",
        "",
        "新的提醒 1 条：",
        f"· {lines(mailed.cyber)[0]}",
        "",
        "办理：https://six.example",
    ]
    assert write_digests(MORNING + timedelta(days=1)) == 1
    assert Message.objects.order_by("-id")[0].subject == "六关：1 件待办，0 条新提醒"


def test_outside_the_intranet_a_digest_names_nothing(mailed: Cast, settings: Any) -> None:
    settings.NOTICES_INSIDE_MAIL = []
    assert write_digests(MORNING) == 1
    letter = Message.objects.get()
    assert (letter.subject, letter.text) == ("您有待办", "您有待办：1 件待办、1 条未读提醒。请登录系统查看：https://six.example")


def test_no_mail_is_written_for_who_wants_none_or_where_no_server_is_set(mailed: Cast, settings: Any) -> None:
    set_notices(mailed.cyber, **{**USUAL, "mail": False})
    assert write_digests(MORNING) == 0
    set_notices(mailed.cyber, **USUAL)
    settings.EMAIL_HOST = ""
    assert (write_digests(MORNING), write_urgent(MORNING), Message.objects.count()) == (0, 0, 0)


def test_what_is_urgent_waits_for_the_end_of_quiet_hours_unless_its_rule_breaks_them(mailed: Cast) -> None:
    GateRequest.objects.update(sign_by=NIGHT.date() - timedelta(days=1))
    climb_ladder(NIGHT)
    assert write_urgent(NIGHT) == 0
    admin = acting(person("sys", mailed.here.bureau, "SYSADMIN"))
    reset_password(admin, person_id=mailed.cyber.id)
    gather_happenings(now())
    assert (write_urgent(NIGHT), write_urgent(NIGHT)) == (1, 0)
    assert "管理员重置了您的密码。" in Message.objects.get().text
    assert (write_urgent(MORNING + timedelta(days=1)), Message.objects.count()) == (1, 2)


def test_statutory_dates_are_reckoned_into_rows_and_follow_what_changes(people: Cast) -> None:
    project = project_of(people)
    row = StatutoryDate(project_id=project, deadline="gone", title="旧的", due=today(), provisional=False)
    row.save(force_insert=True)
    reckon_dates(now())
    assert not StatutoryDate.objects.filter(deadline="gone").exists()
    assert reckon_dates(now()) == 0
    Project.objects.update(status="suspended")
    reckon_dates(now())
    assert StatutoryDate.objects.count() == 0


def test_a_date_that_comes_near_is_told_once_and_again_when_past(people: Cast) -> None:
    project = project_of(people)
    at = datetime(2026, 11, 25, 3, tzinfo=UTC)
    due = at.date() + timedelta(days=2)
    StatutoryDate.objects.create(project_id=project, deadline="D1", title="合同公告", due=due, provisional=False, supplier="OWN")
    assert (tell_dates(at - timedelta(days=20)), tell_dates(at), tell_dates(at)) == (0, 2, 0)
    name = Project.objects.get().name
    assert lines(people.clerk) == [f"{name}：合同公告，2026-11-27 到期。"]
    assert tell_dates(at + timedelta(days=5)) == 2
    assert lines(people.clerk)[0] == f"{name}：合同公告，2026-11-27 已经到期。"
    assert tell_dates(at + timedelta(days=60)) == 0


def test_a_calendar_opens_moves_and_closes_and_shows_only_what_its_owner_sees(people: Cast, settings: Any) -> None:
    settings.SITE_URL = "https://six.example"
    project = project_of(people)
    row = StatutoryDate.objects.create(project_id=project, deadline="D1", title="合同公告", due=today(), provisional=True, supplier="OWN")
    assert calendar_address(people.clerk.id) is None
    open_calendar(people.clerk)
    first = calendar_address(people.clerk.id)
    assert first is not None
    answer = Client().get(first)
    body = answer.content.decode().replace("\r\n ", "")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert [line for line in body.split("\r\n") if line.startswith(("UID", "SUMMARY", "STATUS"))] == [
        f"UID:{project.hex}-D1@local.sixgate",
        "SUMMARY:（暂定）合同公告",
        "STATUS:TENTATIVE",
    ]
    assert (Project.objects.get().name in body, "VALARM" in body) == (False, False)
    settings.NOTICES_CALENDAR_NAMES = True
    StatutoryDate.objects.filter(pk=row.pk).update(due=today() + timedelta(days=9))
    moved = Client().get(first).content.decode().replace("\r\n ", "")
    assert (Project.objects.get().name in moved, f"UID:{project.hex}-D1@local.sixgate" in moved) == (True, True)
    open_calendar(people.clerk)
    second = calendar_address(people.clerk.id)
    assert (second is not None and second != first, Client().get(first).status_code, Client().get(str(second)).status_code) == (True, 404, 200)
    far = acting(person("far", people.here.other, "OWN"))
    open_calendar(far)
    assert "SUMMARY" not in Client().get(str(calendar_address(far.id))).content.decode()
    end_calendar(people.clerk)
    assert Client().get(str(second)).status_code == 404
    with pytest.raises(Conflict):
        end_calendar(people.clerk)
    assert CalendarFeed.objects.get(person_id=people.clerk.id).version == 2


@pytest.mark.parametrize("token", ["x", "0" * 64, "g" * 64, "0" * 63])
def test_a_calendar_nobody_opened_is_not_there(people: Cast, token: str) -> None:
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_the_calendar_of_a_suspended_account_is_void(people: Cast) -> None:
    open_calendar(people.clerk)
    address = str(calendar_address(people.clerk.id))
    User.objects.filter(pk=people.clerk.id).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_calendar_forms_work_without_script(people: Cast) -> None:
    client = signed_in(people.clerk)
    assert "原来的地址马上作废" in client.get("/notices/calendar/open/").content.decode()
    assert client.post("/notices/calendar/open/", {"idempotency_key": "a"}).status_code == 302
    assert "http://127.0.0.1:8000/calendar/" in client.get("/notices/settings/").content.decode()
    assert client.post("/notices/calendar/end/", {"idempotency_key": "b"}).status_code == 302
    assert client.get("/notices/calendar/other/").status_code == 404


def test_rules_that_do_not_fit_stop_the_start_with_every_problem_named(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[defaults]\nmail = 1\n", encoding="utf-8")
    strange = tmp_path / "strange.toml"
    delivered = (files("sixgate") / "regulations/cn/notices.toml").read_text(encoding="utf-8")
    strange.write_text(delivered.replace("planning.answer_difference", "planning.answer_everything"), encoding="utf-8")
    for file, said in (
        (mine, "mine.toml: [defaults]: mail must be true or false"),
        (strange, "strange.toml: [happening] difference_answered: acts: no act 'planning.answer_everything'"),
        (tmp_path / "none.toml", "No such file"),
    ):
        place = Place(tmp_path, {"NOTICES_FILE": str(file)})
        assert place.run("-m", "django", "migrate", "-v0", "--skip-checks").returncode == 0
        clock = place.run("-m", "sixgate.interfaces.clock")
        assert (clock.returncode, said in clock.stderr) == (1, True), clock.stderr
