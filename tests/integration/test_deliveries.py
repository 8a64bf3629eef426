"""Messages really sent: to a mail server, to programs that verify signatures, to robots by their contracts; failures seen, order kept, replays the same, strangers refused."""

import ipaddress
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import Cast, acting, cast, person, read, signed_in
from journey import asked, project_of
from receivers import Call, MailBox, Receiver, dingtalk, feishu, mail_server, receiver, said, signed_rightly, wecom
from sixgate.interfaces.courier.sending import attempt, send_due
from sixgate.kernel.refusal import Conflict, Invisible, Refusal
from sixgate.records.models import DeliveryAttempt, Endpoint, LedgerEvent, Message, Organisation, User
from sixgate.usecases._frame import Actor, now, today
from sixgate.usecases.authority.endpoints import add_endpoint, end_endpoint, replay_endpoint, rotate_endpoint
from sixgate.usecases.doctor import examine
from sixgate.usecases.notices.digest import write_counts
from sixgate.usecases.notices.outbox import next_for, queue_events

pytestmark = pytest.mark.usefixtures("rows", "own_files")
SECRET = "SEC000"


@pytest.fixture
def people(settings: Any) -> Cast:
    """Give a city whose machine may call itself."""
    settings.NOTICES_HOSTS = ["127.0.0.1"]
    settings.NOTICES_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    logging.getLogger("sixgate.courier").setLevel(logging.ERROR)
    return cast()


@pytest.fixture
def admin(people: Cast) -> Actor:
    """Give the system administrator."""
    return acting(person("sys", people.here.bureau, "SYSADMIN"))


@pytest.fixture
def mails(settings: Any) -> Iterator[MailBox]:
    """Run a mail server and name it in the settings."""
    with mail_server() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SITE_URL = "127.0.0.1", box.port, "https://six.example"
        settings.DEFAULT_FROM_EMAIL = "sixgate@six.example"
        yield box


def webhook(admin: Actor, here: Receiver, **given: Any) -> tuple[UUID, str]:
    """Add a webhook and return its id and secret."""
    answer = add_endpoint(admin, name=given.pop("name", "数据平台"), kind="webhook", url=f"{here.url}/hook", **given)
    return UUID(answer["endpoint"]), answer["secret"]


def mail_to(user: User, at: datetime) -> Message:
    """Store a mail that waits."""
    return Message.objects.create(
        kind="mail", person=user, address=user.email, subject="您有待办", text="您有待办：1 件待办。", made_at=at, next_at=at
    )


def tries() -> list[tuple[str, int | None, str]]:
    """Return outcome, status and reason of every attempt, in order."""
    return list(DeliveryAttempt.objects.order_by("id").values_list("outcome", "status", "reason"))


def test_a_mail_arrives_as_written_with_an_id_that_does_not_change(people: Cast, mails: MailBox) -> None:
    User.objects.filter(pk=people.clerk.id).update(email="chen@a.example")
    at = now()
    row = mail_to(User.objects.get(pk=people.clerk.id), at)
    assert (send_due(at), send_due(at)) == (1, 0)
    ((to, letter),) = mails.came
    body = letter.get_payload(decode=True)
    assert (to, letter["Message-ID"], body) == ("chen@a.example", f"<{row.id}@six.example>", "您有待办：1 件待办。\r\n".encode())
    assert (letter["From"], letter["Auto-Submitted"], Message.objects.get().state) == ("sixgate@six.example", "auto-generated", "sent")


def test_a_refused_address_is_not_tried_again_and_its_owner_sees_why(people: Cast, mails: MailBox) -> None:
    User.objects.filter(pk=people.clerk.id).update(email="chen@gone.example")
    mails.refuse["chen@gone.example"] = "550 no such user"
    at = now()
    mail_to(User.objects.get(pk=people.clerk.id), at)
    assert (send_due(at), send_due(at + timedelta(days=1)), tries()) == (0, 0, [("refused", 550, "SMTP 550")])
    assert "发到 chen@gone.example 的邮件没有送到" in read(people.clerk, "/notices/settings/")
    assert "请系统管理员核对您的邮箱" in read(people.clerk, "/notices/settings/")
    assert Message.objects.get().state == "given_up"


def test_a_full_box_and_a_dead_server_are_tried_again_and_the_others_still_go(people: Cast, mails: MailBox, settings: Any) -> None:
    User.objects.filter(pk=people.clerk.id).update(email="full@a.example")
    User.objects.filter(pk=people.head.id).update(email="wu@a.example")
    mails.refuse["full@a.example"] = "452 full"
    at = now()
    mail_to(User.objects.get(pk=people.clerk.id), at)
    mail_to(User.objects.get(pk=people.head.id), at)
    assert send_due(at) == 1
    assert sorted(tries()) == [("failed", 452, "SMTP 452"), ("sent", None, "")]
    settings.EMAIL_PORT = 1
    again = Message.objects.get(state="waiting").next_at
    assert (send_due(again - timedelta(seconds=1)), send_due(again), tries()[-1]) == (0, 0, ("failed", None, "ConnectionRefusedError"))
    settings.EMAIL_PORT = mails.port
    mails.refuse.clear()
    assert send_due(at + timedelta(hours=1)) == 1
    assert [to for to, _letter in mails.came] == ["wu@a.example", "full@a.example"]


def test_a_webhook_is_signed_fails_twice_is_retried_in_order_and_replays_the_same_ids(people: Cast, admin: Actor) -> None:
    fails = [said({}, 500), (302, b"")]

    def answer(call: Call, here: Receiver) -> tuple[int, bytes]:
        return fails.pop(0) if fails else (204, b"")

    with receiver(answer) as here:
        key, secret = webhook(admin, here, acts=["lifecycle.*.submit_evidence", "lifecycle.*.request_gate"])
        asked(people, project_of(people))
        at = now()
        wanted = [
            str(item)
            for item in LedgerEvent.objects.filter(action__regex="submit_evidence|request_gate")
            .order_by("event_id")
            .values_list("event_id", flat=True)
        ]
        assert (queue_events(at), queue_events(at)) == (len(wanted), 0)
        assert [send_due(at), send_due(at + timedelta(seconds=1)), send_due(at + timedelta(minutes=1))] == [0, 0, 0]
        assert send_due(at + timedelta(minutes=5)) == len(wanted)
        assert [call.headers["webhook-id"] for call in here.calls] == [wanted[0], wanted[0], *wanted]
        assert [call.path for call in here.calls] == ["/hook"] * len(here.calls)
        assert {signed_rightly(call, secret) for call in here.calls} == {True}
        assert signed_rightly(Call("", here.calls[0].headers, b"{}"), secret) is False
        assert tries()[:3] == [("failed", 500, "HTTP 500"), ("failed", 302, "HTTP 302"), ("sent", 204, "")]
        first = len(here.calls)
        assert replay_endpoint(admin, endpoint_id=key, since=today())["round"] == 1
        later = now() + timedelta(minutes=6)
        assert (queue_events(later), send_due(later)) == (len(wanted), len(wanted))
        assert [(call.headers["webhook-id"], call.body) for call in here.calls[first:]] == [
            (call.headers["webhook-id"], call.body) for call in here.calls[first - len(wanted) : first]
        ]


def test_a_crash_between_sending_and_recording_sends_the_same_id_again(people: Cast, admin: Actor) -> None:
    with receiver(lambda call, here: (200, b"")) as here:
        key, _secret = webhook(admin, here, acts=["planning.register_project"])
        project_of(people)
        at = now()
        queue_events(at)
        parcel = next_for(key, at)
        assert parcel is not None
        assert attempt(parcel, at).word == "sent"  # the process dies here: nothing was recorded
        assert (DeliveryAttempt.objects.count(), send_due(at)) == (0, 1)
        assert len({call.headers["webhook-id"] for call in here.calls}) == 1
        assert len({call.body for call in here.calls}) == 1 != len(here.calls)


def test_after_a_change_of_secret_both_sign_for_a_day(people: Cast, admin: Actor) -> None:
    with receiver(lambda call, here: (200, b"")) as here:
        key, old = webhook(admin, here, acts=["planning.register_project"])
        answer = rotate_endpoint(admin, endpoint_id=key)
        project_of(people)
        queue_events(now())
        send_due(now())
        (call,) = here.calls
        assert (old != answer["secret"], signed_rightly(call, old), signed_rightly(call, answer["secret"])) == (True, True, True)
        replay_endpoint(admin, endpoint_id=key, since=today())
        later = now() + timedelta(days=1, seconds=1)
        queue_events(later)
        send_due(later)
        assert (signed_rightly(here.calls[1], old), signed_rightly(here.calls[1], answer["secret"])) == (False, True)


def test_no_secret_lies_in_the_database(people: Cast, admin: Actor) -> None:
    with receiver(lambda call, here: (200, b"")) as here:
        _key, secret = webhook(admin, here)
    kept = json.dumps([list(Endpoint.objects.values()), [bytes(item.payload or b"").decode() for item in LedgerEvent.objects.all()]], default=str)
    assert secret.removeprefix("whsec_") not in kept


def test_gone_is_final_and_what_is_too_old_is_given_up_and_seen(people: Cast, admin: Actor) -> None:
    with receiver(lambda call, here: (410, b"") if len(here.calls) == 1 else (503, b"")) as here:
        webhook(admin, here, acts=["planning.register_project"])
        project_of(people)
        project_of(people)
        at = now()
        queue_events(at)
        send_due(at)
        assert (tries(), Message.objects.filter(state="given_up").count()) == ([("refused", 410, "HTTP 410")], 1)
        for hours in range(0, 90, 5):
            send_due(at + timedelta(hours=hours))
        assert Message.objects.filter(state="given_up").count() == 2
    page = read(admin, "/notices/deliveries/")
    assert ("2 件没有送到，不再送" in page, "HTTP 503" in page, "尚未发送过" in page) == (True, True, True)
    assert "1 处发送没有送到" in read(admin, "/")
    assert "没有送到" not in read(people.clerk, "/")
    (sign,) = examine(at + timedelta(hours=86), ["deliveries"])
    assert (sign.state, dict(sign.parts)) == ("attention", {"failing": 0, "given_up": 2})
    assert examine(at + timedelta(days=30), ["deliveries"])[0].state == "ok"


def test_a_place_that_never_ran_says_so_and_never_zero_failures(people: Cast, admin: Actor) -> None:
    assert "没有设置发信服务器" in read(admin, "/notices/deliveries/")
    assert [(sign.state, sign.said) for sign in examine(now(), ["deliveries"])] == [("ok", "尚未发送过")]
    with receiver(lambda call, here: (200, b"")) as here:
        webhook(admin, here)
    page = read(admin, "/notices/deliveries/")
    assert (page.count("尚未发送过"), "0 件" in page) == (2, False)


@pytest.fixture
def group(people: Cast, admin: Actor, settings: Any) -> Any:
    """Return a function that gives the co-signers' body a robot at an address and asks for a gate."""

    def make(kind: str, url: str) -> UUID:
        settings.NOTICES_ROBOTS, settings.NOTICES_ROBOT_SECRETS = {"office": url}, {"office": SECRET}
        settings.SITE_URL = "https://six.example"
        body = Organisation.objects.get(name="市级会签部门")
        asked(people, project_of(people))
        return UUID(add_endpoint(admin, name="群", kind=kind, robot="office", organisation_id=body.id)["endpoint"])

    return make


@pytest.mark.parametrize(
    ("kind", "answers", "query"),
    [("dingtalk", dingtalk(SECRET), "?access_token=T"), ("wecom", wecom("K"), "?key=K"), ("feishu", feishu(SECRET), "")],
)
def test_a_robot_says_how_much_waits_by_its_vendors_contract_and_nothing_else(group: Any, kind: str, answers: Any, query: str) -> None:
    with receiver(answers) as here:
        group(kind, f"{here.url}/robot{query}")
        at = datetime(2026, 11, 25, 2, tzinfo=now().tzinfo)
        assert (write_counts(at), write_counts(at + timedelta(minutes=5)), send_due(at)) == (1, 0, 1)
        (call,) = here.calls
        told = call.json
        text = (told["content"] if kind == "feishu" else told["text"])[("text" if kind == "feishu" else "content")]
        assert text == "您有待办：本单位共 1 件。请登录系统查看：https://six.example"
        assert tries() == [("sent", 0, "")]


@pytest.mark.parametrize(
    ("kind", "answers", "code"), [("dingtalk", dingtalk("other"), 310000), ("wecom", wecom("other"), 93000), ("feishu", feishu("other"), 19021)]
)
def test_a_no_inside_an_answer_of_200_is_a_failure_with_the_vendors_code(group: Any, kind: str, answers: Any, code: int) -> None:
    with receiver(answers) as here:
        group(kind, f"{here.url}/robot?key=K")
        at = datetime(2026, 11, 25, 2, tzinfo=now().tzinfo)
        write_counts(at)
        assert (send_due(at), tries()[0][:2], Message.objects.get(kind="robot").state) == (0, ("failed", code), "waiting")
        name = "code" if kind == "feishu" else "errcode"
        assert tries()[0][2] == f"{name} {code}"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"ok":true}', b'{"errcode":"0"}'])
def test_an_answer_that_is_no_yes_is_a_failure(group: Any, body: bytes) -> None:
    with receiver(lambda call, here: (200, body)) as here:
        group("wecom", f"{here.url}/robot?key=K")
        at = datetime(2026, 11, 25, 2, tzinfo=now().tzinfo)
        write_counts(at)
        assert (send_due(at), tries()[0][0]) == (0, "failed")


def test_a_robot_gets_no_more_than_twenty_a_minute(group: Any) -> None:
    with receiver(wecom("K")) as here:
        key = group("wecom", f"{here.url}/robot?key=K")
        at = datetime(2026, 11, 25, 2, tzinfo=now().tzinfo)
        for _ in range(25):
            Message.objects.create(kind="robot", endpoint_id=key, text="您有待办", made_at=at, next_at=at)
        assert (send_due(at), send_due(at + timedelta(seconds=30)), len(here.calls)) == (20, 0, 20)
        here.calls.clear()
        assert send_due(at + timedelta(seconds=61)) == 5
        assert {outcome for outcome, _status, _reason in tries()} == {"sent"}


def test_a_setting_withdrawn_stops_sending_and_is_seen(people: Cast, admin: Actor, settings: Any) -> None:
    with receiver(lambda call, here: (200, b"")) as here:
        webhook(admin, here, acts=["planning.register_project"])
        project_of(people)
        settings.NOTICES_HOSTS = []
        queue_events(now())
        assert (send_due(now()), here.calls, tries()) == (0, [], [("failed", None, "host is not listed")])
    page = read(admin, "/notices/deliveries/")
    assert ("送了 1 次没有送到" in page, "主机不在 NOTICES_HOSTS 里" in page) == (True, True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "url_wrong"), ("hook", "url_wrong"), ("https://user:pw@127.0.0.1/", "url_wrong"), ("https://127.0.0.1/#x", "url_wrong"),
        ("https://[bad/", "url_wrong"), ("https://127.0.0.1:99999/", "url_wrong"), ("https://127.0.0.1/a b", "url_wrong"),
        ("ftp://127.0.0.1/", "url_not_https"), ("http://hook.example/", "url_not_https"), ("https://hook.example/", "host_not_named"),
        ("https://127.0.0.1.example/", "host_not_named"),
    ],
)  # fmt: skip
def test_an_address_that_does_not_fit_is_refused_with_its_reason(admin: Actor, url: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        add_endpoint(admin, name="x", kind="webhook", url=url)
    assert (caught.value.code, caught.value.field, Endpoint.objects.count()) == (code, "url", 0)


def test_other_input_that_does_not_fit_is_refused(people: Cast, admin: Actor, settings: Any) -> None:
    settings.NOTICES_ROBOTS = {"office": "https://robot.example/"}
    with receiver(lambda call, here: (200, b"")) as here:
        key, _secret = webhook(admin, here)
        cases: list[tuple[str, dict[str, Any]]] = [
            ("endpoint_named", {"name": "数据平台", "kind": "webhook", "url": here.url}),
            ("name_empty", {"name": " ", "kind": "webhook", "url": here.url}),
            ("act_unknown", {"name": "b", "kind": "webhook", "url": here.url, "acts": ["nothing.at_all"]}),
            ("robot_not_named", {"name": "b", "kind": "feishu", "robot": "none", "organisation_id": people.here.bureau.id}),
            ("organisation_wanted", {"name": "b", "kind": "feishu", "robot": "office"}),
        ]
        for code, given in cases:
            with pytest.raises(Refusal) as caught:
                add_endpoint(admin, **given)
            assert caught.value.code == code
    with pytest.raises(Refusal, match="不能晚于今天"):
        replay_endpoint(admin, endpoint_id=key, since=today() + timedelta(days=1))
    end_endpoint(admin, endpoint_id=key, reason="不再使用")
    with pytest.raises(Conflict, match="已经停用"):
        rotate_endpoint(admin, endpoint_id=key)
    robot = UUID(add_endpoint(admin, name="群", kind="feishu", robot="office", organisation_id=people.here.bureau.id)["endpoint"])
    with pytest.raises(Conflict, match="没有签名密钥"):
        rotate_endpoint(admin, endpoint_id=robot)
    with pytest.raises(Invisible):
        end_endpoint(admin, endpoint_id=people.clerk.id, reason="x")


def test_an_ended_place_gets_nothing_more_and_its_name_is_free_again(people: Cast, admin: Actor) -> None:
    with receiver(lambda call, here: (200, b"")) as here:
        key, _secret = webhook(admin, here)
        project_of(people)
        queue_events(now())
        end_endpoint(admin, endpoint_id=key, reason="不再使用")
        assert (send_due(now()), queue_events(now()), here.calls) == (0, 0, [])
        webhook(admin, here)
        assert queue_events(now()) == 1  # its own adding, nothing of before


def test_the_administrators_pages_work_without_script_and_show_a_secret_once(people: Cast, admin: Actor) -> None:
    client = signed_in(admin)
    assert client.get("/notices/deliveries/new/").status_code == 200
    given = {"name": "平台", "kind": "webhook", "url": "https://127.0.0.1/hook", "acts": "planning.*", "idempotency_key": "k"}
    page = client.post("/notices/deliveries/new/", given).content.decode()
    assert "whsec_" in page
    assert "whsec_" not in client.post("/notices/deliveries/new/", given, follow=True).content.decode()
    row = Endpoint.objects.get()
    assert (row.acts, row.url) == (["planning.*"], "https://127.0.0.1/hook")
    assert "whsec_" in client.post(f"/notices/deliveries/{row.id}/rotate/", {"idempotency_key": "r"}).content.decode()
    assert client.post(f"/notices/deliveries/{row.id}/replay/", {"since": str(today()), "idempotency_key": "s"}).status_code == 302
    assert client.post(f"/notices/deliveries/{row.id}/end/", {"reason": "x", "idempotency_key": "e"}).status_code == 302
    assert client.get(f"/notices/deliveries/{row.id}/end/").status_code == 404
    assert client.get(f"/notices/deliveries/{row.id}/other/").status_code == 404
    for address in ("/notices/deliveries/", f"/notices/deliveries/{row.id}/end/"):
        assert signed_in(people.clerk).get(address).status_code == 404
    assert signed_in(people.clerk).get("/notices/deliveries/new/").status_code == 403
    far = acting(person("sys_far", Organisation.objects.create(name="外省单位", region_id="330100"), "SYSADMIN"))
    assert signed_in(far).get("/notices/deliveries/").status_code == 404


def test_the_page_of_deliveries_asks_as_few_queries_for_many_places_as_for_one(people: Cast, admin: Actor) -> None:
    client, counts = signed_in(admin), []
    with receiver(lambda call, here: (503, b"")) as here:
        for number in (1, 12):
            for index in range(number):
                webhook(admin, here, name=f"{number}-{index}", acts=["planning.*"])
            project_of(people)
            queue_events(now())
            send_due(now())
            with CaptureQueriesContext(connection) as caught:
                assert client.get("/notices/deliveries/").status_code == 200
            counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_an_attempt_cannot_be_changed_or_removed(people: Cast, mails: MailBox) -> None:
    from django.db import DatabaseError, transaction

    User.objects.filter(pk=people.clerk.id).update(email="chen@a.example")
    mail_to(User.objects.get(pk=people.clerk.id), now())
    send_due(now())
    for act in (lambda: DeliveryAttempt.objects.update(outcome="failed"), lambda: DeliveryAttempt.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert tries() == [("sent", None, "")]
