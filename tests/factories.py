"""Builds the small world integration tests act in: one city body, people with posts."""

import re
from dataclasses import dataclass
from datetime import date

from django.test import Client

from sixgate.engines.rules.schema import EvidenceKind
from sixgate.records.models import Organisation, Post, Region, User
from sixgate.records.store import FileRef, receive
from sixgate.usecases._frame import Actor
from sixgate.usecases._registry import actor_of

CITY = "440100"


@dataclass(frozen=True)
class World:
    """Two bodies in one city."""

    bureau: Organisation
    other: Organisation


def world() -> World:
    """Store the regions and two organisations."""
    Region.objects.get_or_create(code="440000", defaults={"name": "广东省", "level": "province"})
    Region.objects.get_or_create(code=CITY, defaults={"name": "广州市", "level": "city", "parent_id": "440000"})
    return World(Organisation.objects.create(name="市人社局", region_id=CITY), Organisation.objects.create(name="市教育局", region_id=CITY))


def person(username: str, organisation: Organisation | None = None, *duties: str, password: str | None = None) -> User:
    """Store an account with posts in an organisation."""
    user = User.objects.create_user(username, password, name=username)
    for duty in duties:
        assert organisation is not None
        Post.objects.create(person=user, organisation=organisation, duty=duty, region_code=organisation.region_id or "", valid_from=date(2020, 1, 1))
    return user


def acting(user: User) -> Actor:
    """Return the person as an actor."""
    return actor_of(user.id, user.name, "cli")


def signed_in(actor: Actor) -> Client:
    """Return a browser in which a person has signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(actor: Actor, address: str) -> str:
    """Return a page as a person reads it, without runs of blanks."""
    answer = signed_in(actor).get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def filled(kind: EvidenceKind, **given: object) -> dict[str, object]:
    """Return fields that fit a kind of evidence: what is given, and plain values for the rest."""
    plain = {"text": "示例", "integer": 1, "fen": 1_000_000, "date": "2025-03-01", "ratio": 1000, "yes_no": True, "document_no": "穗数〔2025〕1号"}
    fields: dict[str, object] = {}
    for field in kind.fields:
        if field.type == "enum":
            fields[field.id] = field.options[0].value
        elif field.type != "file":
            low, high = field.minimum, field.maximum
            value = plain[field.type]
            if isinstance(value, int) and field.type in ("integer", "ratio", "fen"):
                value = max(value, low or 0) if high is None else min(max(value, low or 0), high)
            fields[field.id] = value
    return {**fields, **given}


def scan(text: str = "盖章扫描件") -> FileRef:
    """Return a received file, as a door hands it over."""
    return receive([b"%PDF-1.7\n", text.encode()], f"{text}.pdf", limit=1_000_000)


@dataclass(frozen=True)
class Cast:
    """The people of a city in which a gate can be decided, each with one duty."""

    here: World
    clerk: Actor
    head: Actor
    checker: Actor
    office: Actor
    approver: Actor
    finance: Actor
    cyber: Actor
    crypto: Actor
    planning: Actor
    leaders: Actor
    law: Actor


def cast() -> Cast:
    """Store a world and its people."""
    here = world()
    bureau = Organisation.objects.create(name="市数据局", region_id=CITY)
    outside = Organisation.objects.create(name="市级会签部门", region_id=CITY)
    return Cast(
        here,
        clerk=acting(person("chen", here.bureau, "OWN")),
        head=acting(person("wu", here.bureau, "OWN")),
        checker=acting(person("lin", here.bureau, "OWN_CHECK")),
        office=acting(person("zhou", bureau, "PMO")),
        approver=acting(person("qian", bureau, "APR")),
        finance=acting(person("huang", outside, "FIN")),
        cyber=acting(person("xu", outside, "CAC")),
        crypto=acting(person("ma", outside, "CRY")),
        planning=acting(person("fang", outside, "DRC")),
        leaders=acting(person("shen", bureau, "LDR")),
        law=acting(person("he", bureau, "LEG")),
    )
