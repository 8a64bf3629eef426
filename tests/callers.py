"""Who calls the API in tests, and what there is to call about: a city in which every verb finds something to act on, and people signed in through HTTP."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from factories import CITY, Cast, cast, person, scan
from journey import WAN, asked, hand_in, passed_first, project_of
from sixgate.records.models import Condition, Delegation, GateRequest, Organisation, Post, Project, User
from sixgate.records.store import FileRef, receive
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases.lifecycle._request import ConditionInput
from sixgate.usecases.lifecycle.contract import record_contract
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.record import take_over_gate
from sixgate.usecases.planning.register_import import import_register
from sixgate.usecases.planning.systems import link_system, register_system
from sixgate.usecases.planning.year import apply_for_year, open_call

BACKEND = "django.contrib.auth.backends.ModelBackend"
REGISTER = "项目名称,建设单位,金额（万元）\n市民卡平台二期,市人社局,1280\n"


@dataclass(frozen=True)
class Caller:
    """What someone sends with every request: cookies of session and CSRF, and the CSRF header; nobody sends nothing."""

    cookies: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class City:
    """The people, and by the name of a parameter the values that mean something here."""

    people: Cast
    known: Mapping[str, list[Any]]

    def reopen(self) -> None:
        """Put back what calls have closed, and a file into quarantine, so that the next operation finds something to act on."""
        Project.objects.update(status="active", withdrawn=False)
        User.objects.update(is_active=True)
        Organisation.objects.update(ended_on=None)
        scan("扫描件")


def city() -> City:
    """Store a city with projects at several gates, papers, contracts, systems, posts lent, an import."""
    people = cast()
    clerk, here = people.clerk, people.here
    first, second, third = (project_of(people) for _ in range(3))
    passed_first(people, first)
    versions = [hand_in(people, first, "needs_survey"), hand_in(people, second, "needs_survey")]
    requests = [asked(people, first, "G02"), asked(people, second)]
    system = UUID(register_system(clerk, name="市民卡平台", owner_id=here.bureau.id)["system"])
    link_system(clerk, project_id=first, system_id=system)
    contract = UUID(
        record_contract["initiation"](clerk, project_id=first, title="平台开发合同", supplier_id=here.other.id, amount_fen=WAN, signed_on=today())[
            "contract"
        ]
    )
    condition = _conditional(people, third)
    paper = {"decided_on": today().replace(year=2024), "deciding_body": "市发改委", "document_no": "穗发改〔2024〕77号", "screening": "no"}
    record = UUID(take_over_gate["initiation"](clerk, project_id=third, gate="G02", missing_note="缺扫描件，月内补", **paper)["passage"])
    batch = UUID(import_register(people.office, file=_register(), owner_id=here.other.id, screening="no")["batch"])
    guests, posts, loan = _guests(here.other)
    call, application = _year(people, first)
    projects = [first, second, third]
    bodies = [here.bureau.id, here.other.id]
    known = {
        "project_id": projects, "merged_ids": projects, "project_ids": projects, "owner_id": bodies, "organisation_id": bodies, "successor_id": [*bodies, *guests],
        "predecessor_ids": bodies, "supplier_id": bodies, "parent_id": bodies, "person_id": guests, "delegate_id": guests, "post_id": posts, "post_ids": posts,
        "delegation_id": [loan], "system_id": [system], "system_ids": [system], "contract_id": [contract], "contract_ids": [contract],
        "original_id": [contract], "request_id": requests, "version_id": versions, "passage_id": [record], "condition_id": [condition], "batch_id": [batch],
        "gate": ["G01", "G02", "G03", "G06"], "kind": ["needs_survey", "resource_inventory", "test_report"], "duty": sorted(_law.duties(today())),
        "jurisdiction": [CITY, "440000"], "region_code": [CITY, ""], "target": ["initiation.needs_survey"], "screening": ["no"],
        "document_no": ["穗数资〔2026〕12号"], "number": ["穗数资〔2026〕12号"], "files": [asdict(scan("扫描件"))], "file": [asdict(_register())],
        "text": [asdict(scan("扫描件"))], "on": [today()], "signed_on": [today()], "valid_from": [today()], "from_day": [today()], "paid_on": [today()],
        "decided_on": [today(), paper["decided_on"]], "due_on": [today() + timedelta(days=9)], "valid_until": [today() + timedelta(days=30)],
        "call_id": [call], "application_id": [application], "opens_on": [today()], "closes_on": [today() + timedelta(days=9)],
        "cap_fen": [1280 * WAN], "asked_fen": [640 * WAN], "source": ["ldb"], "allotted_on": [today()], "score": [80],
        "budget_year": [today().year], "amount_fen": [WAN, 640 * WAN, 1280 * WAN], "mapping": [None], "event_id": [],
    }  # fmt: skip
    return City(people, known)


def callers(here: City) -> dict[str, Caller]:
    """Sign people in: nobody, a clerk, an office, an auditor, and one who holds every duty there is."""
    body = here.people.here.bureau
    person("audit", body, "AUDITOR")
    person("everyone", body, *_law.duties(today()))
    names = {"clerk": "chen", "office": "zhou", "auditor": "audit", "everyone": "everyone"}
    return {"nobody": Caller({}, {})} | {who: signed_in(username) for who, username in names.items()}


def signed_in(username: str) -> Caller:
    """Return a person who signed in and was given a CSRF token by a page."""
    client = Client()
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    client.get("/sign-in/")
    cookies = {name: client.cookies[name].value for name in ("sessionid", "csrftoken")}
    return Caller(cookies, {"X-CSRFToken": cookies["csrftoken"]})


def _conditional(people: Cast, project: UUID) -> UUID:
    request = asked(people, project)
    GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=1))
    condition = ConditionInput("补材料", today() + timedelta(days=9))
    decide_gate["initiation"](people.office, request_id=request, outcome="conditional", conditions=[condition])
    return Condition.objects.get().id


def _year(people: Cast, project: UUID) -> tuple[UUID, UUID]:
    """Open a call for next year, and let a unit apply."""
    window = {"opens_on": today(), "closes_on": today() + timedelta(days=9)}
    named = {"region_code": CITY, "budget_year": today().year + 1, "title": "年度申报通知", "document_no": "穗数〔2026〕9号"}
    call = UUID(open_call(people.office, **named, **window, cap_fen=1280 * WAN)["call"])
    asked_for = {"source": "ldb", "asked_fen": 640 * WAN, "goals": "办理时间缩短三成", "need": "现有系统停止维护"}
    return call, UUID(apply_for_year(people.clerk, project_id=project, call_id=call, **asked_for)["application"])


def _guests(body: Organisation) -> tuple[list[UUID], list[UUID], UUID]:
    """Store people to be appointed, lent to and suspended: none of them calls."""
    guests = [person(name, body, "OWN") for name in ("guest", "visitor")]
    posts = list(Post.objects.filter(person__in=guests).order_by("id"))
    loan = Delegation.objects.create(post=posts[0], delegate=guests[1], valid_from=today(), valid_until=today() + timedelta(days=9), reason="休假")
    return [guest.id for guest in guests], [post.id for post in posts], loan.id


def _register() -> FileRef:
    return receive([REGISTER.encode()], "台账.csv", limit=1_000_000)
