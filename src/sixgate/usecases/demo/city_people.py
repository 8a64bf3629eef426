"""Bodies and people of the synthetic city: those of the small demo with their password, and two at every body that owns projects."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password

from sixgate.records.models import Organisation, Post, Project, User
from sixgate.usecases.demo.city_names import BODIES, GONE, SUPPLIERS, person_name
from sixgate.usecases.demo.city_sketch import Times
from sixgate.usecases.demo.people import BUREAU, DEMO_PASSWORD, DEMO_PASSWORD_VARIABLE, PEOPLE, SUPPLIER, sees_work_secrets

POSTED_BEFORE: Final = timedelta(days=400)
MORE_PEOPLE: Final = (
    ("psb", "彭网安", "市公安局（示例）", "PSB"),
    ("sec", "史保密", "市委网信办（示例）", "SEC"),
    ("ops", "欧运维", BUREAU, "OPS"),
    ("usr", "余用户", BUREAU, "USR"),
    ("pub", "浦公众", "市数据局（示例）", "PUB"),
)
OUTSIDERS: Final = (
    *(("con", "孔咨询", "CON"), ("agt", "艾代理", "AGT"), ("sup", "苏承建", "SUP"), ("spv", "舒监理", "SPV"), ("tst", "唐测试", "TST")),
    *(("mlp", "孟等保", "MLP"), ("cra", "柯密评", "CRA"), ("fac", "范造价", "FAC"), ("exp", "易专家", "EXP")),
)
SUCCESSOR: Final = ("b07n", "新接手（示例）")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who keys and who checks at a body."""

    clerk: str
    checker: str


def settle_city(times: Times, rng: Random) -> Mapping[str, Organisation]:
    """Store bodies and people; return the bodies by name. Every password is the demo's, hashed once."""
    password = make_password(os.environ.get(DEMO_PASSWORD_VARIABLE, DEMO_PASSWORD))
    regions = {item.name: item.region for item in BODIES} | {GONE: settings.HOME_JURISDICTION}
    names = dict.fromkeys([*(item.name for item in BODIES), *(body for _, _, body, _ in PEOPLE), GONE, SUPPLIER, *SUPPLIERS])
    rows = [
        Organisation(name=name, region_id=regions.get(name, settings.HOME_JURISDICTION), go_live_date=times.go_live if name in regions else None)
        for name in names
    ]
    bodies = {row.name: row for row in Organisation.objects.bulk_create(rows)}
    since = times.go_live - POSTED_BEFORE
    people = [_Person(login, name, bodies[body], duties, since) for login, name, body, duties in PEOPLE]
    people += [_Person(login, name, bodies[body], (duty,), since) for login, name, body, duty in MORE_PEOPLE]
    for number, item in enumerate(BODIES[1:], start=1):
        people += _two(number, bodies[item.name], since, rng)
    people += _two(len(BODIES), bodies[GONE], since, rng)
    people.append(_Person(*SUCCESSOR, bodies[BODIES[7].name], (), since))
    _store(people, password)
    return bodies


def hands_of(body: int) -> Hands:
    """Return who keys and who checks at a body by its number; the body that is merged away comes after the others."""
    return Hands("chen", "lin") if body == 0 else Hands(f"b{body:02}", f"b{body:02}c")


def post_outsiders(project: Project, bodies: Mapping[str, Organisation], since: date) -> None:
    """Give builders, supervisors, testers and experts their posts, which reach one project only."""
    password = User.objects.get(username="chen").password
    for number, (login, name, duty) in enumerate(OUTSIDERS):
        person = User.objects.create(username=login, name=name, password=password, is_demo=True)
        body = bodies[SUPPLIERS[number]]
        Post.objects.create(person=person, organisation=body, duty=duty, region_code=body.region_id or "", project=project, valid_from=since)


@dataclass(frozen=True, slots=True)
class _Person:
    login: str
    name: str
    body: Organisation
    duties: tuple[str, ...]
    since: date


def _two(number: int, body: Organisation, since: date, rng: Random) -> list[_Person]:
    hands = hands_of(number)
    return [
        _Person(hands.clerk, person_name(rng), body, ("OWN", "OWN_NET"), since),
        _Person(hands.checker, person_name(rng), body, ("OWN_CHECK",), since),
    ]


def _store(people: list[_Person], password: str) -> None:
    users = [User(username=item.login, name=item.name, password=password, is_demo=True) for item in people]
    User.objects.bulk_create(users)
    Post.objects.bulk_create(
        Post(
            person=user,
            organisation=item.body,
            duty=duty,
            region_code=item.body.region_id or "",
            valid_from=item.since,
            sees_work_secrets=sees_work_secrets(duty),
        )
        for user, item in zip(users, people, strict=True)
        for duty in item.duties
    )
