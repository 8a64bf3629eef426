"""Every verb of 授权 tried by those who may not: nobody, no duty, another duty, the right duty elsewhere. Then by the one who may."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from factories import CITY, acting, person, world
from sixgate.kernel.refusal import Forbidden
from sixgate.records.models import (
    ClauseActivation,
    Delegation,
    Endpoint,
    LedgerEvent,
    Organisation,
    OrganisationName,
    OrganisationSuccession,
    Post,
    Project,
    User,
)
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, now, today
from sixgate.usecases._registry import verbs
from sixgate.usecases.authority.clauses import standings
from sixgate.usecases.authority.organisations import ShareInput

pytestmark = pytest.mark.usefixtures("rows", "own_files")
HOOK = "https://hook.example/"
PAPER = {"document_no": "穗编办〔2026〕12号"}
OWN = ("authority.change_password", "authority.set_password", "authority.set_notices", "authority.open_calendar", "authority.end_calendar")
RIGHT = {"SYSADMIN": "sys", "SECADMIN": "sec", "LEG": "law"}


class Office:
    """A city body in which every verb of 授权 has something to act on."""

    def __init__(self) -> None:
        self.here = world()
        self.data = Organisation.objects.create(name="市数据局", region_id=CITY)
        self.far = Organisation.objects.create(name="外省单位", region_id="330100")
        self.admins = {duty: person(name, self.data, duty) for duty, name in RIGHT.items()}
        self.spare = {duty: person(f"{name}2", self.data, duty) for duty, name in RIGHT.items()}
        self.holder, self.other = person("chen", self.here.bureau, "OWN"), person("wu", self.here.other)
        self.post = self.holder.posts.get()
        self.loan = Delegation.objects.create(
            post=self.post, delegate=self.other, valid_from=today(), valid_until=today() + timedelta(days=9), reason="出差"
        )
        self.place = Endpoint.objects.create(name="平台", kind="webhook", url=HOOK, made_at=now(), cursor=UUID(int=0), floor=UUID(int=0))
        self.off = person("off")
        User.objects.filter(pk=self.off.pk).update(is_active=False)

    def arguments(self, name: str) -> dict[str, Any]:
        """Return arguments with which the right person succeeds."""
        day, bureau = today(), self.here.bureau.id
        signed = {"jurisdiction": CITY, "document": "市级政务信息化项目管理办法", "number": "穗府办〔2026〕3号", "signed_on": day}
        table: dict[str, dict[str, Any]] = {
            "register_organisation": {"name": "市档案局", "region_code": CITY},
            "rename_organisation": {"organisation_id": bureau, "name": "市人力资源局", "valid_from": day, **PAPER},
            "merge_organisations": {"successor_id": self.here.other.id, "predecessor_ids": [bureau], "on": day, **PAPER},
            "split_organisation": {"organisation_id": bureau, "shares": [ShareInput(self.here.other.id)], "on": day, **PAPER},
            "end_organisation": {"organisation_id": self.here.other.id, "on": day, **PAPER},
            "create_account": {"username": "new", "name": "新人"},
            "suspend_account": {"person_id": self.holder.id, "reason": "离职"},
            "resume_account": {"person_id": self.off.id, "reason": "返岗"},
            "reset_password": {"person_id": self.holder.id},
            "appoint_person": {"person_id": self.other.id, "organisation_id": bureau, "duty": "OWN", "valid_from": day},
            "end_post": {"post_id": self.post.id, "from_day": day, "reason": "调离"},
            "hand_over_posts": {
                "person_id": self.holder.id, "organisation_id": bureau, "successor_id": self.other.id, "from_day": day, "reason": "调离",
            },
            "delegate_post": {
                "post_id": self.post.id, "delegate_id": self.other.id, "valid_from": day + timedelta(days=20),
                "valid_until": day + timedelta(days=30), "reason": "休假",
            },
            "end_delegation": {"delegation_id": self.loan.id, "reason": "提前返岗"},
            "add_endpoint": {"name": "又一个", "kind": "webhook", "url": HOOK},
            "end_endpoint": {"endpoint_id": self.place.id, "reason": "不再使用"},
            "rotate_endpoint": {"endpoint_id": self.place.id},
            "replay_endpoint": {"endpoint_id": self.place.id, "since": day},
            "activate_clause": {"target": warns()[0], **signed},
            "revoke_clause": {"target": locks_by_word()[0], **signed},
        }  # fmt: skip
        return table[name]


def warns() -> list[str]:
    """Return the rules of the city a word can put in force."""
    return [item.rule.id for item in standings(CITY, today()) if not item.fixed and not item.activated]


def locks_by_word() -> list[str]:
    """Return the rules of the city that are in force by a word."""
    return [item.rule.id for item in standings(CITY, today()) if not item.fixed and item.activated]


def duty_of(address: str) -> str:
    """Return the administrative duty an address belongs to."""
    name = address.rpartition(".")[2]
    if name.endswith("_clause"):
        return "LEG"
    return "SECADMIN" if name in ("appoint_person", "end_post", "hand_over_posts", "delegate_post", "end_delegation") else "SYSADMIN"


def state() -> list[object]:
    """Return every row the verbs of 授权 may change, but passwords of accounts that sign in nowhere."""
    tables: list[Any] = [Organisation, OrganisationName, OrganisationSuccession, Post, Delegation, ClauseActivation, Endpoint, Project, User]
    return [sorted(map(repr, table.objects.values_list())) for table in tables]


ADDRESSES = sorted(address for address in verbs() if address.startswith("authority.") and address not in OWN)
WRONG: dict[str, Callable[[Office, str], Actor]] = {
    "nobody": lambda office, duty: Actor(uuid4(), "nobody"),
    "no duty": lambda office, duty: acting(person("idle", office.here.bureau)),
    "another duty": lambda office, duty: acting(person("pmo", office.data, "PMO")),
    "elsewhere": lambda office, duty: acting(person("far", office.far, duty)),
}
UNPLACED = ("authority.create_account", "authority.resume_account")


@pytest.fixture(autouse=True)
def host_listed(settings: Any) -> None:
    """List the host of the webhook, as operations would."""
    settings.NOTICES_HOSTS = ["hook.example"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_those_who_may_not_are_refused_and_nothing_changes(address: str) -> None:
    office = Office()
    arguments = office.arguments(address.rpartition(".")[2])
    for who, make in WRONG.items():
        if who == "elsewhere" and address in UNPLACED:
            continue
        actor = make(office, duty_of(address))
        before, events = state(), LedgerEvent.objects.count()
        with pytest.raises(Forbidden):
            verbs()[address].run(actor, **arguments)
        assert state() == before, who
        assert list(LedgerEvent.objects.order_by("event_id").values_list("result", "action")[events:]) == [("denied", address)], who


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_right_duty_acts_and_the_ledger_has_it_once(address: str) -> None:
    office = Office()
    answer = verbs()[address].run(acting(office.admins[duty_of(address)]), **office.arguments(address.rpartition(".")[2]))
    event = LedgerEvent.objects.get()
    assert (str(event.event_id), event.action, event.result) == (answer["event"], address, "ok")
    assert event.actor_id == office.admins[duty_of(address)].id


def test_every_grant_of_the_room_names_a_verb() -> None:
    granted = {grant for duty in _law.duties(date(2026, 11, 23)).values() for grant in duty.grants if grant.startswith("authority.")}
    assert granted == set(ADDRESSES)
