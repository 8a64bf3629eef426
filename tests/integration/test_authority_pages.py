"""The pages of authority: lists, cards and forms, for those who may; an account opened, used, suspended; a clause put in force on paper."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import CITY, acting, person, read, signed_in, world
from sixgate.records.models import ClauseActivation, Delegation, Organisation, Post, User
from sixgate.usecases._frame import Actor, today
from sixgate.usecases.authority.clauses import standings
from sixgate.usecases.authority.organisations import end_organisation, rename_organisation

pytestmark = pytest.mark.usefixtures("rows", "own_files")
NUMBER = "穗编办〔2026〕12号"
PASSWORD = "six-gates-stand-open-2026"


class Office:
    """A city with its three administrators and two bodies."""

    def __init__(self) -> None:
        self.here = world()
        self.seat = Organisation.objects.create(name="市数据局", region_id=CITY)
        self.system = self.one("sys", "SYSADMIN")
        self.security = self.one("sec", "SECADMIN")
        self.clerk = acting(person("chen", self.here.bureau, "OWN"))

    def one(self, username: str, duty: str) -> Actor:
        """Return an actor with one duty at the seat."""
        return acting(person(username, self.seat, duty))


def send(actor: Actor, address: str, **given: Any) -> Any:
    """Send a form as a person; return the answer."""
    return signed_in(actor).post(address, given)


def test_an_organisation_is_found_by_its_former_name_and_an_ended_one_only_when_asked_for() -> None:
    office = Office()
    rename_organisation(office.system, organisation_id=office.here.bureau.id, name="市人力资源局", valid_from=date(2025, 3, 1), document_no=NUMBER)
    end_organisation(office.system, organisation_id=office.here.other.id, on=today(), document_no=NUMBER)
    page = read(office.clerk, "/organisations/?q=市人社局")
    assert ("市人力资源局</a>" in page, "曾用名 市人社局" in page, "共 1 个单位" in page) == (True, True, True)
    assert "市教育局" not in read(office.clerk, "/organisations/")
    assert f"{today():%Y-%m-%d} 撤销" in read(office.clerk, "/organisations/?ended=1")


def test_an_organisation_offers_each_administrator_their_own_acts_and_others_none() -> None:
    office = Office()
    address = f"/organisations/{office.here.bureau.id}/"
    acts = {"appoint": "任命岗位", "rename": "单位更名", "merge": "单位合并", "split": "单位分立", "end": "撤销单位"}
    offered = {
        actor.name: {name for name in acts if f"{address}{name}/" in read(actor, address)} for actor in (office.clerk, office.system, office.security)
    }
    assert offered == {"chen": set(), "sys": {"rename", "merge", "split", "end"}, "sec": {"appoint"}}
    refused = {name: signed_in(office.clerk).get(f"{address}{name}/").status_code for name in acts}
    assert refused == dict.fromkeys(acts, 403)


def test_an_organisation_is_registered_renamed_and_ended_by_its_forms() -> None:
    office = Office()
    answer = send(office.system, "/organisations/new/", name="市医保局", region_code=CITY)
    body = Organisation.objects.get(name="市医保局")
    assert answer.url == f"/organisations/{body.id}/"
    send(office.system, f"/organisations/{body.id}/rename/", name="市医疗保障局", valid_from=f"{today()}", document_no=NUMBER)
    page = read(office.clerk, f"/organisations/{body.id}/")
    assert ("<h1>市医疗保障局</h1>" in page, "最早的名称" in page, f"{today()} 起 · {NUMBER}" in page) == (True, True, True)
    send(office.system, f"/organisations/{body.id}/end/", on=f"{today()}", document_no=NUMBER)
    assert Organisation.objects.get(pk=body.id).ended_on == today()
    assert signed_in(office.system).get(f"/organisations/{body.id}/rename/").status_code == 404


def test_organisations_are_merged_and_split_by_their_forms() -> None:
    office = Office()
    bureau, other, third = office.here.bureau, office.here.other, Organisation.objects.create(name="市就业中心", region_id=CITY)
    split = {"shares.0.successor_id": third.id, "shares.0.post_ids": [Post.objects.get(person__username="chen").id]}
    send(office.system, f"/organisations/{bureau.id}/split/", on=f"{today()}", document_no=NUMBER, ends="false", **split)
    assert list(Post.objects.filter(organisation=third).values_list("person__username", flat=True)) == ["chen"]
    send(office.system, f"/organisations/{bureau.id}/merge/", predecessor_ids=[other.id], on=f"{today()}", document_no=NUMBER)
    page = read(office.clerk, f"/organisations/{other.id}/")
    assert (f"{today()} 撤销" in page, f'由 <a href="/organisations/{bureau.id}/">市人社局</a> 承接' in page) == (True, True)


def test_a_wrong_form_says_why_beside_the_field_and_changes_nothing() -> None:
    office = Office()
    answer = send(office.system, f"/organisations/{office.here.bureau.id}/rename/", name="", valid_from="明天", document_no="没有号")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {name: name in page for name in ("请填写这一项。", "请按 2026-11-23 的样子填写日期。")} == {
        "请填写这一项。": True,
        "请按 2026-11-23 的样子填写日期。": True,
    }
    assert Organisation.objects.get(pk=office.here.bureau.id).name == "市人社局"


def test_a_new_account_gets_a_link_once_sets_its_password_by_it_and_signs_in() -> None:
    office = Office()
    given = {"username": "new", "name": "新来的", "idempotency_key": "once"}
    first = send(office.system, "/people/new/", **given).content.decode()
    link = re.search(r"http://testserver(/set-password/[^<\s]+)", first)
    assert link is not None
    assert "set-password" not in send(office.system, "/people/new/", **given).content.decode()
    visitor = Client()
    assert "新来的，请设置密码" in visitor.get(link.group(1)).content.decode()
    assert visitor.post(link.group(1), {"new_password": PASSWORD, "again": PASSWORD}).url == "/sign-in/"
    used = visitor.get(link.group(1))
    assert (used.status_code, "已经用过" in used.content.decode()) == (409, True)
    visitor.post("/sign-in/", {"username": "new", "password": PASSWORD})
    assert visitor.get("/account/").url == f"/people/{User.objects.get(username='new').id}/"


def test_a_person_changes_their_own_password_and_stays_signed_in() -> None:
    office = Office()
    user = person("wu", office.here.bureau, "OWN", password=PASSWORD)
    client = signed_in(acting(user))
    answer = client.post(
        "/account/password/", {"old_password": PASSWORD, "new_password": "another-long-phrase-26", "again": "another-long-phrase-26"}
    )
    assert answer.url == "/account/"
    assert client.get("/").status_code == 200
    assert User.objects.get(pk=user.pk).check_password("another-long-phrase-26")


def test_an_account_is_suspended_and_resumed_and_its_details_are_the_administrators() -> None:
    office = Office()
    user = person("wu", office.here.bureau, "OWN", password=PASSWORD)
    client, address = signed_in(acting(user)), f"/people/{user.id}/"
    assert ("登录名</dt>" in read(office.system, address), "登录名</dt>" in read(office.clerk, address)) == (True, False)
    send(office.system, f"{address}suspend/", reason="调离")
    assert client.get("/").url == "/sign-in/?next=/"
    assert ("账号停用" in read(office.system, address), f"{address}resume/" in read(office.system, address)) == (True, True)
    send(office.system, f"{address}resume/", reason="返岗")
    assert User.objects.get(pk=user.pk).is_active


def test_a_post_is_given_lent_handed_over_and_ended_by_the_security_administrator() -> None:
    office = Office()
    wu, lin = person("wu"), person("lin", office.here.bureau, "OWN_CHECK")
    start, end = f"{today()}", f"{today() + timedelta(days=9)}"
    send(
        office.security, f"/organisations/{office.here.bureau.id}/appoint/", person_id=wu.id, duty="OWN", valid_from=start, sees_work_secrets="false"
    )
    post = Post.objects.get(person=wu)
    send(office.security, f"/posts/{post.id}/delegate/", delegate_id=lin.id, valid_from=start, valid_until=end, reason="出差")
    assert f"代wu，{start} 起，{end} 前" in read(office.clerk, f"/people/{lin.id}/")
    send(office.security, f"/delegations/{Delegation.objects.get().id}/end/", reason="回来了")
    assert Delegation.objects.get().valid_until == today()
    send(office.security, f"/people/{wu.id}/hand-over/?organisation={office.here.bureau.id}", successor_id=lin.id, from_day=start, reason="调离")
    assert list(Post.objects.filter(person=lin, valid_until=None).order_by("duty").values_list("duty", flat=True)) == ["OWN", "OWN_CHECK"]
    taken = Post.objects.get(person=lin, duty="OWN")
    send(office.security, f"/posts/{taken.id}/end/", from_day=start, reason="撤岗")
    assert Post.objects.get(pk=taken.id).valid_until == today()


@pytest.mark.parametrize(
    "rest", ["organisations/{0}/", "people/{0}/", "people/{0}/suspend/", "posts/{0}/end/", "delegations/{0}/end/", "clauses/none/"]
)
def test_what_is_not_there_is_not_found(rest: str) -> None:
    assert signed_in(Office().system).get("/" + rest.format(uuid4())).status_code == 404


@pytest.mark.parametrize("address", ["/organisations/", "/organisations/new/", "/people/", "/people/new/", "/clauses/", "/ledger/", "/account/"])
def test_nobody_reads_before_signing_in(address: str) -> None:
    assert Client().get(address).url == f"/sign-in/?next={address}"  # type: ignore[attr-defined]


def test_a_clause_is_put_in_force_on_a_scanned_paper_and_taken_out_again() -> None:
    office = Office()
    officer = office.one("he", "LEG")
    target = next(item.rule.id for item in standings(CITY, today()) if item.effect == "warn" and item.table == "requirement" and not item.fixed)
    address = f"/clauses/{target}/"
    assert f"{address}activate/" in read(officer, address)
    assert f"{address}activate/" not in read(office.clerk, address)
    paper = {"document": "市级政务信息化项目管理办法", "number": "穗府办[2026]3", "signed_on": f"{today()}", "screening": "no"}
    text = SimpleUploadedFile("办法.pdf", b"%PDF-1.7\n", content_type="application/pdf")
    assert send(officer, f"{address}activate/?region={CITY}", text=text, article="第十二条", **paper).url == f"{address}?region={CITY}"
    page = read(officer, f"{address}?region={CITY}")
    assert ("不满足时锁定" in page, "《市级政务信息化项目管理办法》穗府办〔2026〕3号 第十二条" in page, "SM3 " in page) == (True, True, True)
    assert f"he {today()} 启用" in read(office.clerk, f"/clauses/?show=active&q={target}")
    send(officer, f"{address}revoke/?region={CITY}", **paper)
    assert [row.active for row in ClauseActivation.objects.order_by("id")] == [True, False]
    refused = signed_in(office.clerk).get(f"{address}activate/")
    assert (refused.status_code, "您的岗位不能做这件事：启用条款。" in refused.content.decode()) == (403, True)


def test_the_list_of_clauses_is_narrowed_by_words_and_state() -> None:
    office = Office()
    every = standings(CITY, today())
    counts = {
        show: read(office.clerk, f"/clauses/?show={show}").count('<td class="sg-nb" data-label="性质">') for show in ("", "open", "active", "lock")
    }
    assert counts == {
        "": len(every),
        "open": sum(not item.fixed and not item.activated for item in every),
        "active": sum(item.activated for item in every),
        "lock": sum(item.effect == "lock" for item in every),
    }
    assert "没有找到符合条件的规则。" in read(office.clerk, "/clauses/?q=不存在的文件")


@pytest.mark.parametrize(("address", "most"), [("/organisations/", 14), ("/people/", 14), ("/clauses/", 12), ("/ledger/", 14)])
def test_a_list_reads_a_fixed_number_of_queries(address: str, most: int) -> None:
    office = Office()
    for number in range(60):
        person(f"p{number}", Organisation.objects.create(name=f"单位{number}", region_id=CITY), "OWN")
    client = signed_in(office.clerk)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= most


def test_lists_turn_their_pages() -> None:
    office = Office()
    for number in range(60):
        person(f"p{number:02}", Organisation.objects.create(name=f"单位{number:02}", region_id=CITY), "OWN")
    client = signed_in(office.clerk)
    for address, pattern, count in (("/organisations/", r"/organisations/([0-9a-f-]{36})/", 63), ("/people/", r"/people/([0-9a-f-]{36})/", 63)):
        first = client.get(address).content.decode()
        following = re.search(r'rel="next" href="([^"]+)"', first)
        assert following is not None
        second = client.get(following.group(1).replace("&amp;", "&")).content.decode()
        found = [set(map(UUID, re.findall(pattern, page))) for page in (first, second)]
        assert [len(found[0]), len(found[1] - found[0])] == [50, count - 50]
