"""What the API answers, word for word: each refusal once, replays, both languages, what is seen and not seen, and every malformed body at every verb."""

import json
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from callers import BACKEND
from factories import cast, filled, person, scan
from journey import WAN, project_of
from sixgate.records.models import EvidenceVersion, FundingLine, IdempotencyKey, LedgerEvent, Project, ProjectState, User
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases._registry import verbs

pytestmark = pytest.mark.usefixtures("rows", "own_files")
FUNDING = "/api/v1/planning/add_funding"
PROBLEM = "application/problem+json"
NOT_FOUND = {"type": "urn:sixgate:refusal:not_found", "title": "没有找到，或您看不到它。", "status": 404, "code": "not_found"}


def browser(username: str, **given: Any) -> Client:
    """Return a client signed in as a person."""
    client = Client(**given)
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    return client


def post(client: Client, address: str, body: Any, **given: Any) -> Any:
    return client.post(address, body if isinstance(body, bytes) else json.dumps(body), content_type="application/json", **given)


def funding(project: UUID, **given: Any) -> dict[str, Any]:
    return {"project_id": str(project), "source": "ldb", "budget_year": 2026, "amount_fen": WAN, **given}


def told(answer: Any) -> tuple[int, str, dict[str, Any]]:
    return answer.status_code, answer["Content-Type"], answer.json()


def test_nobody_is_asked_to_sign_in() -> None:
    answer = post(Client(enforce_csrf_checks=True), FUNDING, {})
    assert told(answer) == (
        401,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:not_signed_in",
            "title": "请先登录。",
            "status": 401,
            "code": "not_signed_in",
            "remedy": "在 /sign-in/ 登录后，带着会话 Cookie 再请求。",
        },
    )
    assert answer["WWW-Authenticate"] == 'Cookie realm="sixgate", form-action="/sign-in/", cookie-name=sessionid'


def test_without_the_csrf_token_nothing_is_changed_and_with_it_the_act_is_done() -> None:
    people = cast()
    project = project_of(people)
    client = browser("chen", enforce_csrf_checks=True)
    before = FundingLine.objects.count()
    assert told(post(client, FUNDING, funding(project))) == (
        403,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:csrf_token_wrong",
            "title": "请求没有带上正确的 CSRF 令牌。",
            "status": 403,
            "code": "csrf_token_wrong",
            "remedy": "请把名为 csrftoken 的 Cookie 的值写进请求头 X-CSRFToken。",
        },
    )
    assert FundingLine.objects.count() == before
    client.get("/sign-in/")
    token = client.cookies["csrftoken"].value
    assert post(client, FUNDING, funding(project), headers={"X-CSRFToken": token}).status_code == 200
    assert FundingLine.objects.count() == before + 1


def test_who_may_see_but_not_do_is_forbidden_and_one_denial_is_noted() -> None:
    people = cast()
    project = project_of(people)
    denied = LedgerEvent.objects.filter(result="denied")
    assert told(post(browser("qian"), FUNDING, funding(project))) == (
        403,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:not_permitted",
            "title": "您的岗位不能做这件事：登记资金。",
            "status": 403,
            "code": "not_permitted",
            "remedy": "请由有此职责的人办理，或请安全管理员核对您的岗位。",
        },
    )
    assert list(denied.values_list("action", flat=True)) == ["planning.add_funding"]


def test_what_is_not_visible_is_answered_as_what_does_not_exist() -> None:
    people = cast()
    project = project_of(people)
    person("li", people.here.other, "OWN")
    stranger = browser("li")
    pairs = [
        (stranger.get(f"/api/v1/projects/{project}"), stranger.get(f"/api/v1/projects/{uuid4()}")),
        (stranger.get(f"/api/v1/projects/{project}/gates/G01"), stranger.get(f"/api/v1/projects/{uuid4()}/gates/G01")),
        (post(stranger, FUNDING, funding(project)), post(stranger, FUNDING, funding(uuid4()))),
        (stranger.get(f"/api/v1/ledger/{LedgerEvent.objects.filter(project_id=project).first().pk}"), stranger.get(f"/api/v1/ledger/{uuid4()}")),
    ]
    for hidden, absent in pairs:
        assert told(hidden) == told(absent) == (404, PROBLEM, NOT_FOUND)
        own = ("X-Request-ID",)  # each request has a number of its own
        assert {name: value for name, value in hidden.headers.items() if name not in own} == {
            name: value for name, value in absent.headers.items() if name not in own
        }
    assert told(stranger.get("/api/v1/nowhere"))[2] == NOT_FOUND
    assert told(browser("chen").get(f"/api/v1/projects/{project}/gates/G99")) == (404, PROBLEM, NOT_FOUND)


def test_what_the_state_does_not_allow_conflicts() -> None:
    people = cast()
    project = project_of(people)
    client = browser("chen")
    resume = {"project_id": str(project), "reason": "条件具备"}
    assert told(post(client, "/api/v1/planning/resume_project", resume)) == (
        409,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:not_suspended",
            "title": "项目没有暂停，不需要恢复。",
            "status": 409,
            "code": "not_suspended",
        },
    )


def test_every_wrong_field_is_named_and_nothing_is_noted() -> None:
    people = cast()
    project = project_of(people)
    events = LedgerEvent.objects.count()
    wrong = {"project_id": "x", "source": "gold", "budget_year": "2026", "amount_fen": 10**14, "document_no": "字" * 81, "extra": 1}
    assert told(post(browser("chen"), FUNDING, wrong)) == (
        422,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:input_refused",
            "title": "有 6 处需要更正。",
            "status": 422,
            "code": "input_refused",
            "field": "source",
            "fields": {
                "source": "请从给出的选项中选择。",
                "project_id": "编号不正确，请从列表中选择。",
                "budget_year": "请填写整数。",
                "amount_fen": "数字超出范围，请核对单位：金额不超过 1000 亿元。",
                "document_no": "请不超过 80 个字。",
                "extra": "没有这一项，请删去。",
            },
        },
    )
    assert (LedgerEvent.objects.count(), FundingLine.objects.filter(project=project).count()) == (events, 1)


def test_a_method_or_an_address_the_api_does_not_know_is_a_problem_too() -> None:
    cast()
    client = browser("chen")
    answer = client.put("/api/v1/projects")
    assert (answer.status_code, answer["Content-Type"], answer["Allow"], answer.json()["code"]) == (405, PROBLEM, "GET", "method_not_allowed")
    assert client.get("/nowhere")["Content-Type"] == "text/html; charset=utf-8"


BROKEN: dict[str, tuple[bytes, str]] = {
    "blank": (b" ", "json_malformed"),
    "half": (b'{"a": 1', "json_malformed"),
    "list": (b"[]", "json_malformed"),
    "null": (b"null", "json_malformed"),
    "not UTF-8": (b'{"a": "\xff"}', "json_malformed"),
    "UTF-16": ("{}".encode("utf-16"), "json_malformed"),
    "byte order mark": (b"\xef\xbb\xbf{}", "json_malformed"),
    "NaN": (b'{"a": NaN}', "json_malformed"),
    "endless depth": (b'{"a": ' + b"[" * 100_000, "json_malformed"),
    "depth": (b'{"a": ' * 40 + b"1" + b"}" * 40, "input_refused"),
    "name twice": (b'{"a": 1, "a": 2}', "input_refused"),
    "name twice inside": (b'{"a": {"b": 1, "b": 2}}', "input_refused"),
    "NUL": (rb'{"a": "\u0000"}', "input_refused"),
    "lone surrogate": (rb'{"a": "\ud800"}', "input_refused"),
    "lone surrogate as a name": (rb'{"\udfff": 1}', "input_refused"),
    "endless number": (b'{"a": 1' + b"0" * 6_000 + b"}", "input_refused"),
    "fraction": (b'{"a": 1.5}', "input_refused"),
    "beyond a double": (b'{"a": 1e400}', "input_refused"),
    "many items": (b'{"a": [' + b"1," * 6_000 + b"1]}", "input_refused"),
    "unknown name": (b'{"nobody_knows": 1}', "input_refused"),
    "too large": (b'{"a": "' + b"x" * 3_000_000 + b'"}', "request_unreadable"),
}


def test_no_verb_takes_a_broken_body_and_nothing_is_noted() -> None:
    cast()
    client = browser("chen")
    events = LedgerEvent.objects.count()
    tried = [("planning.add_funding", what) for what in BROKEN] + [(address, what) for address in verbs() for what in ("half", "NUL", "unknown name")]
    got = {(address, what): told(post(client, f"/api/v1/{address.replace('.', '/')}", BROKEN[what][0])) for address, what in tried}
    assert {key: (status, kind, body["code"]) for key, (status, kind, body) in got.items()} == {
        (address, what): (422, PROBLEM, BROKEN[what][1]) for address, what in tried
    }
    assert LedgerEvent.objects.count() == events
    form = client.post(FUNDING, {"project_id": "x"})
    assert (form.status_code, form.json()["code"]) == (422, "content_type_wrong")


def test_the_same_key_is_done_once_and_another_body_under_it_conflicts() -> None:
    people = cast()
    project = project_of(people)
    client, key = browser("chen"), {"Idempotency-Key": str(uuid4())}
    first = post(client, FUNDING, funding(project), headers=key)
    again = post(client, FUNDING, funding(project), headers=key)
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert FundingLine.objects.filter(project=project).count() == 2
    assert told(post(client, FUNDING, funding(project, amount_fen=2 * WAN), headers=key)) == (
        409,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:idempotency_key_reused",
            "title": "这个幂等键已用于内容不同的请求。",
            "status": 409,
            "code": "idempotency_key_reused",
            "remedy": "请换一个新的键再提交。",
        },
    )
    assert told(post(client, FUNDING, funding(project), headers={"Idempotency-Key": "k" * 81})) == (
        422,
        PROBLEM,
        {
            "type": "urn:sixgate:refusal:idempotency_key_malformed",
            "title": "幂等键须为 1 到 80 个可见的 ASCII 字符。",
            "status": 422,
            "code": "idempotency_key_malformed",
            "remedy": "每个请求取一个新的 UUID 即可。",
            "field": "idempotency_key",
        },
    )
    assert FundingLine.objects.filter(project=project).count() == 2


def test_a_repeated_submission_with_a_file_is_answered_although_the_file_has_been_taken() -> None:
    people = cast()
    project = project_of(people)
    client, key = browser("chen"), {"Idempotency-Key": "k1"}
    received = client.post("/api/v1/files", {"file": SimpleUploadedFile("调研.pdf", b"%PDF-1.7\nneeds")}).json()
    kind = _law.law("440100", today())[0].evidence["needs_survey"]
    body = {"project_id": str(project), "kind": "needs_survey", "screening": "no", "fields": filled(kind), "files": [received]}
    first = post(client, "/api/v1/lifecycle/initiation/submit_evidence", body, headers=key)
    again = post(client, "/api/v1/lifecycle/initiation/submit_evidence", body, headers=key)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert EvidenceVersion.objects.filter(evidence__kind="needs_survey").count() == 1
    gone = post(client, "/api/v1/lifecycle/initiation/submit_evidence", body)
    assert (gone.status_code, gone.json()["code"], gone.json()["field"]) == (422, "file_gone", "files")


def test_the_same_key_at_the_same_moment_is_done_once() -> None:
    people = cast()
    project = project_of(people)
    clients = [browser("chen") for _ in range(4)]
    ready, answers = Barrier(len(clients)), list[Any]()

    def knock(client: Client) -> None:
        ready.wait()
        answers.append(post(client, FUNDING, funding(project), headers={"Idempotency-Key": "at-once"}))

    _together([lambda client=client: knock(client) for client in clients])
    assert [answer.status_code for answer in answers] == [200] * len(clients)
    assert len({answer.json()["event"] for answer in answers}) == 1
    assert (FundingLine.objects.filter(project=project).count(), IdempotencyKey.objects.count()) == (2, 1)


def _together(tasks: list[Callable[[], None]]) -> None:
    def run(task: Callable[[], None]) -> None:
        try:
            task()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_english_is_spoken_where_it_is_asked_for() -> None:
    people = cast()
    project = project_of(people)
    client = browser("chen")
    english = {"Accept-Language": "en"}
    refused = post(client, FUNDING, funding(project, source="gold"), headers=english)
    assert (refused["Content-Language"], refused.json()["title"], refused.json()["fields"]) == (
        "en",
        "To be corrected: 1.",
        {"source": "Choose one of the options offered."},
    )
    assert post(Client(), FUNDING, {}, headers=english).json()["title"] == "Sign in first."
    assert post(Client(), FUNDING, {}, headers={"Accept-Language": "fr"}).json()["title"] == "请先登录。"
    titles = [client.get("/api/v1/openapi.json", headers=headers).json()["tags"][0]["description"] for headers in (english, {})]
    assert titles == ["Top-level design", "顶层设计"]


def test_the_register_is_narrowed_and_turned_by_key_within_what_is_seen() -> None:
    people = cast()
    for number in range(3):
        project_of(people, amount_fen=(number + 1) * WAN)
    client = browser("zhou")
    page = client.get("/api/v1/projects?sort=amount&descending=true").json()
    assert ([row["amount_fen"] for row in page["rows"]], page["total"], page["capped"], page["after"]) == ([3 * WAN, 2 * WAN, WAN], 3, False, "")
    narrowed = client.get(f"/api/v1/projects?low_fen={2 * WAN}&stage=initiation&words=市民卡").json()
    assert sorted(row["amount_fen"] for row in narrowed["rows"]) == [2 * WAN, 3 * WAN]
    person("li", people.here.other, "OWN")
    assert browser("li").get("/api/v1/projects").json()["rows"] == []
    wrong = client.get("/api/v1/projects?stage=heaven&year=0&colour=red&sort=name")
    assert (wrong.status_code, wrong.json()["fields"]) == (422, {"stage": "请从给出的选项中选择。", "colour": "没有这一项，请删去。"})
    assert client.get("/api/v1/projects?year=0").json()["fields"] == {"year": "年度请填四位数字。"}
    assert client.get("/api/v1/projects?sort=name&sort=amount").json()["fields"] == {"sort": "同一项写了两次，请只留一次。"}


@pytest.mark.parametrize(
    "cursor", ["x", "W1tb", "WzEsMl0", "WyJcdTAwMDAiLCAiYSJd", "W251bGwsICJhIl0", "5LiA", "W" * 4_000, "WyIyMDI2LTAxLTAxIiwgImEiXQ"]
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    cast()
    client = browser("zhou")
    for address in ("projects?sort=amount", "projects?sort=moved", "ledger?result=ok"):
        for side in ("after", "before"):
            answer = client.get(f"/api/v1/{address}&{side}={cursor}")
            assert (answer.status_code, answer.json()["fields"]) == (422, {side: "这个翻页标记不是这一列表的，请从第一页重新取。"})


def test_pages_of_the_register_follow_each_other_without_gap() -> None:
    people = cast()
    owner = people.here.bureau
    Project.objects.bulk_create(
        Project(name=f"项目{number:03}", owner=owner, region_code=owner.region_id or "", registered_on=today()) for number in range(120)
    )
    ProjectState.objects.bulk_create(ProjectState(project=project) for project in Project.objects.all())
    client, seen, after = browser("zhou"), list[str](), ""
    while True:
        page = client.get("/api/v1/projects", {"sort": "name", **({"after": after} if after else {})}).json()
        seen += [row["name"] for row in page["rows"]]
        after = page["after"]
        if not after:
            break
    assert seen == [f"项目{number:03}" for number in range(120)]


def test_a_project_and_its_acts_are_read_by_who_may_see_them() -> None:
    people = cast()
    project = project_of(people)
    head = browser("chen").get(f"/api/v1/projects/{project}").json()
    assert (head["id"], head["name"], head["owner"], head["amount_fen"], head["next_gate"]) == (
        str(project), "市民卡平台升级", "市人社局", 1280 * WAN, "G01",
    )  # fmt: skip
    acts = browser("chen").get(f"/api/v1/ledger?project_id={project}").json()["rows"]
    assert {row["action"] for row in acts} == {
        "planning.register_project", "planning.add_funding", "lifecycle.initiation.submit_evidence", "lifecycle.initiation.check_evidence",
    }  # fmt: skip
    proof = browser("chen").get(f"/api/v1/ledger/{acts[0]['id']}").json()
    assert ([check["holds"] for check in proof["checks"]], proof["row"]["id"]) == ([True, True, True], acts[0]["id"])
    person("audit", people.here.bureau, "AUDITOR")
    assert len(browser("audit").get("/api/v1/ledger").json()["rows"]) == LedgerEvent.objects.count()


def test_a_received_file_is_told_by_its_digests_and_bad_uploads_are_named() -> None:
    cast()
    client = browser("chen")
    known = scan("盖章扫描件")
    told_ref = client.post("/api/v1/files", {"file": SimpleUploadedFile("../盖章扫描件.pdf", "%PDF-1.7\n盖章扫描件".encode())}).json()
    assert told_ref == {"sha256": known.sha256, "sm3": known.sm3, "size": known.size, "name": "盖章扫描件.pdf"}
    empty = client.post("/api/v1/files", {"file": SimpleUploadedFile("空.pdf", b"")})
    assert (empty.status_code, empty.json()["title"]) == (422, "文件“空.pdf”是空的。")
    assert client.post("/api/v1/files", {}).json()["fields"] == {"file": "请填写这一项。"}
    cut = client.post("/api/v1/files", b"--", content_type="multipart/form-data")
    assert (cut.status_code, cut.json()["code"]) == (422, "request_unreadable")
