"""An empty database gets its first people: three administrators who set their passwords by links and then work the pages; all of it on record."""

import json

import pytest
from django.test import Client

from factories import person, world
from sixgate.interfaces import cli
from sixgate.records.models import LedgerEvent, Organisation, Post, Region, User
from sixgate.usecases._frame import NOBODY

pytestmark = pytest.mark.usefixtures("rows", "own_files")
COMMAND = [
    "found-office",
    "某市数据局",
    "--system",
    "xitong:张三",
    "--security",
    "anquan:李四",
    "--auditor",
    "shenji:王五",
    "--jurisdiction",
    "440300",
    "--json",
]
NEW_PASSWORD = "correct-horse-battery-2026"


@pytest.fixture
def city(rows: None) -> None:
    """Store the one city."""
    Region.objects.get_or_create(code="440000", defaults={"name": "广东省", "level": "province"})
    Region.objects.get_or_create(code="440300", defaults={"name": "深圳市", "level": "city", "parent_id": "440000"})


@pytest.mark.usefixtures("city")
def test_an_empty_database_gets_a_body_and_three_administrators_on_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(COMMAND) == 0
    answer = json.loads(capsys.readouterr().out)
    body = Organisation.objects.get()
    assert (answer["organisation"], body.name, body.region_id, list(answer["paths"])) == (
        str(body.id),
        "某市数据局",
        "440300",
        ["xitong", "anquan", "shenji"],
    )
    posts = Post.objects.order_by("duty").values_list("person__username", "person__name", "duty", "region_code")
    assert list(posts) == [
        ("shenji", "王五", "AUDITOR", "440300"),
        ("anquan", "李四", "SECADMIN", "440300"),
        ("xitong", "张三", "SYSADMIN", "440300"),
    ]
    events = LedgerEvent.objects.order_by("event_id").values_list("action", "actor_id", "result")
    account = [("authority.create_account", NOBODY, "ok"), ("authority.appoint_person", NOBODY, "ok")]
    assert list(events) == [("authority.register_organisation", NOBODY, "ok"), *account * 3]


@pytest.mark.usefixtures("city")
def test_the_system_administrator_sets_a_password_by_the_link_signs_in_and_opens_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(COMMAND) == 0
    path = json.loads(capsys.readouterr().out)["paths"]["xitong"]
    browser = Client()
    assert browser.post(path, {"new_password": NEW_PASSWORD, "again": NEW_PASSWORD, "idempotency_key": "k1"}).status_code == 302
    assert browser.post("/sign-in/", {"username": "xitong", "password": NEW_PASSWORD}).status_code == 302
    assert browser.post("/people/new/", {"username": "zhao", "name": "赵六", "idempotency_key": "k2"}).status_code == 200  # the page with the link
    assert list(User.objects.order_by("username").values_list("username", flat=True)) == ["anquan", "shenji", "xitong", "zhao"]
    assert browser.post(path, {"new_password": NEW_PASSWORD, "again": NEW_PASSWORD, "idempotency_key": "k3"}).status_code == 409


def test_a_database_with_any_account_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    person("chen", world().bureau, "OWN")
    assert cli.main(COMMAND) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["code"], said["reason"]) == ("database_filled", "库里已有账号，第一批人只在空库里设立。")
    assert (User.objects.count(), LedgerEvent.objects.count()) == (1, 0)


def test_one_person_cannot_be_two_administrators(capsys: pytest.CaptureFixture[str]) -> None:
    command = [item.replace("anquan", "XiTong") for item in COMMAND]
    assert cli.main(command) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "administrators_not_three"
    assert (User.objects.count(), Organisation.objects.count()) == (0, 0)


def test_a_login_without_a_name_is_unusable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([item.replace("xitong:张三", "张三") for item in COMMAND])
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == "sixgate found-office: error: argument --system: “张三”应写成 登录名:姓名，如 zhangsan:张三"
