"""Accounts: a link that works once, passwords nobody else sees, suspension at once; signing in and out in the ledger."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from factories import acting, person, world
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records.models import IdempotencyKey, LedgerEvent, User
from sixgate.usecases._frame import Actor
from sixgate.usecases.authority.accounts import change_password, create_account, reset_password, resume_account, set_password, suspend_account

pytestmark = pytest.mark.usefixtures("rows")
GOOD = "six-gates-stand-open-2026"
OTHER = "another-long-enough-phrase"


def token_in(path: str) -> str:
    """Return the token of a link."""
    return path.strip("/").split("/")[-1]


def test_a_new_account_sets_its_password_by_a_link_that_works_once() -> None:
    here = world()
    made = create_account(acting(person("sys", here.bureau, "SYSADMIN")), username="new", name="新人", idempotency_key="k")
    user = User.objects.get(username="new")
    assert not user.has_usable_password()
    stored = json.dumps(IdempotencyKey.objects.get().answer) + "".join(bytes(event.payload or b"").decode() for event in LedgerEvent.objects.all())
    assert token_in(made["path"]) not in stored
    set_password(acting(user), token=token_in(made["path"]), new_password=GOOD, again=GOOD)
    assert User.objects.get(pk=user.pk).check_password(GOOD)
    with pytest.raises(Conflict, match="已经用过"):
        set_password(acting(user), token=token_in(made["path"]), new_password=OTHER, again=OTHER)


def test_a_reset_ends_the_old_password_and_its_link_is_for_that_person_only() -> None:
    here = world()
    chen, other = person("chen", here.bureau, "OWN", password=GOOD), person("wu", here.bureau)
    path = reset_password(acting(person("sys", here.bureau, "SYSADMIN")), person_id=chen.id)["path"]
    assert not User.objects.get(pk=chen.pk).check_password(GOOD)
    with pytest.raises(Conflict):
        set_password(acting(other), token=token_in(path), new_password=OTHER, again=OTHER)
    assert User.objects.get(pk=other.pk).password == other.password


@pytest.mark.parametrize(
    ("new", "again", "field"), [("short", "short", "new_password"), ("password1234", "password1234", "new_password"), (OTHER, GOOD, "again")]
)
def test_a_weak_or_mistyped_password_is_refused_beside_its_field(new: str, again: str, field: str) -> None:
    chen = person("chen", world().bureau, password=GOOD)
    with pytest.raises(Refusal) as refusal:
        change_password(acting(chen), old_password=GOOD, new_password=new, again=again)
    assert refusal.value.field == field
    assert User.objects.get(pk=chen.pk).check_password(GOOD)


def test_a_password_is_changed_by_who_knows_it() -> None:
    chen = person("chen", world().bureau, password=GOOD)
    with pytest.raises(Refusal, match="现在的密码不对"):
        change_password(acting(chen), old_password=OTHER, new_password=OTHER, again=OTHER)
    change_password(acting(chen), old_password=GOOD, new_password=OTHER, again=OTHER)
    assert User.objects.get(pk=chen.pk).check_password(OTHER)
    assert LedgerEvent.objects.get().action == "authority.change_password"
    with pytest.raises(Forbidden):
        change_password(Actor(uuid4(), "nobody"), old_password=GOOD, new_password=OTHER, again=OTHER)


def test_a_suspended_account_is_out_at_once_and_comes_back_with_its_password() -> None:
    here = world()
    chen, sys = person("chen", here.bureau, "OWN", password=GOOD), acting(person("sys", here.bureau, "SYSADMIN"))
    client = Client()
    assert client.post("/sign-in/", {"username": "chen", "password": GOOD}).status_code == 302
    suspend_account(sys, person_id=chen.id, reason="离职")
    assert client.get("/projects/").status_code == 302
    assert client.post("/sign-in/", {"username": "chen", "password": GOOD}).status_code == 200
    resume_account(sys, person_id=chen.id, reason="返岗")
    assert client.post("/sign-in/", {"username": "chen", "password": GOOD}).status_code == 302


def test_the_last_administrator_and_oneself_are_not_suspended() -> None:
    here = world()
    sys, sec = person("sys", here.bureau, "SYSADMIN"), person("sec", here.bureau, "SECADMIN")
    with pytest.raises(Forbidden, match="自己"):
        suspend_account(acting(sys), person_id=sys.id, reason="离职")
    with pytest.raises(Conflict) as refusal:
        suspend_account(acting(sys), person_id=sec.id, reason="离职")
    assert refusal.value.code == "last_administrator"
    assert set(User.objects.values_list("is_active", flat=True)) == {True}


def test_signing_in_and_out_stand_in_the_ledger_with_their_source() -> None:
    chen = person("chen", world().bureau, "OWN", password=GOOD)
    client = Client(REMOTE_ADDR="10.1.2.3")
    client.post("/sign-in/", {"username": "chen", "password": "wrong"})
    client.post("/sign-in/", {"username": "nobody-of-that-name", "password": "wrong"})
    client.post("/sign-in/", {"username": "chen", "password": GOOD})
    client.post("/sign-out/")
    rows = LedgerEvent.objects.order_by("event_id")
    assert [(row.action, row.result) for row in rows] == [
        ("authority.sign_in", "denied"),
        ("authority.sign_in", "ok"),
        ("authority.sign_out", "ok"),
    ]
    assert {row.actor_id for row in rows} == {chen.id}
    assert [json.loads(bytes(row.payload or b"")) for row in rows] == [{"source": "10.1.2.3"}] * 3


def test_five_failures_in_a_row_lock_and_the_page_says_for_how_long() -> None:
    person("chen", world().bureau, "OWN", password=GOOD)
    client = Client(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="1.1.1.1")
    for _ in range(4):
        client.post("/sign-in/", {"username": "chen", "password": "wrong"})
    assert client.post("/sign-in/", {"username": "chen", "password": GOOD}).status_code == 302
    client.post("/sign-out/")
    answers = [client.post("/sign-in/", {"username": "chen", "password": "wrong"}, HTTP_X_FORWARDED_FOR=f"2.2.2.{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    locked = client.post("/sign-in/", {"username": "chen", "password": GOOD})
    assert locked.status_code == 429
    assert "连续 5 次没有登录成功" in locked.content.decode()
    assert "请过 15 分钟再试" in locked.content.decode()
    assert Client(REMOTE_ADDR="10.9.9.9").post("/sign-in/", {"username": "chen", "password": GOOD}).status_code == 302
    assert list(LedgerEvent.objects.filter(action="authority.lock_out").values_list("result", flat=True)) == ["denied", "denied"]
