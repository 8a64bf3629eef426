"""The small demo a first start shows: one city, five people with the posts of the first journey. Refused in production and in a filled database."""

import os
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Organisation, Post, Region, User
from sixgate.usecases import _law
from sixgate.usecases._frame import today

BODIES = {
    "市人力资源和社会保障局": ("OWN", "OWN_CHECK"),
    "市数据局": ("PMO", "APR", "SYSADMIN", "SECADMIN", "LEG"),
    "市财政局": ("FIN",),
    "市委网信办": ("CAC",),
}
PEOPLE = (
    ("chen", "陈思远", "市人力资源和社会保障局", ("OWN",)),
    ("lin", "林晓岚", "市人力资源和社会保障局", ("OWN_CHECK",)),
    ("zhou", "周启明", "市数据局", ("PMO", "APR")),
    ("huang", "黄文静", "市财政局", ("FIN",)),
    ("xu", "徐建国", "市委网信办", ("CAC",)),
    ("he", "何立法", "市数据局", ("LEG",)),
    ("admin", "系统管理员", "市数据局", ("SYSADMIN",)),
)
DEMO_PASSWORD_VARIABLE = "SIXGATE_DEMO_PASSWORD"  # the name of a variable, not a password
DEMO_PASSWORD = "sixgate-demo-2026"


def load() -> dict[str, Any]:
    """Create regions, organisations, people and posts of the demo; raise Conflict in production or in a filled database."""
    if settings.PRODUCTION:
        raise Conflict("demo_in_production", gettext_noop("生产环境不载入示例账号。"))
    if User.objects.exists():
        raise Conflict("database_filled", gettext_noop("库里已有账号，示例只载入空库。"))
    day = today()
    password = os.environ.get(DEMO_PASSWORD_VARIABLE, DEMO_PASSWORD)
    known = _law.duties(day)
    with transaction.atomic():
        load_regions()
        bodies = {name: Organisation.objects.create(name=name, region_id=settings.HOME_JURISDICTION) for name in BODIES}
        for username, name, body, duties in PEOPLE:
            person = User.objects.create_user(username, password, name=name, is_demo=True)
            for duty in duties:
                if duty in known:
                    _appoint(person, bodies[body], duty, date(day.year, 1, 1))
    return {"accounts": [username for username, *_ in PEOPLE], "organisations": len(bodies), "regions": Region.objects.count()}


def load_regions() -> None:
    """Store the divisions the demo city stands in where they are missing."""
    Region.objects.get_or_create(code="440000", defaults={"name": "广东省", "level": "province"})
    Region.objects.get_or_create(code="440100", defaults={"name": "广州市", "level": "city", "parent_id": "440000"})


def _appoint(person: User, body: Organisation, duty: str, since: date) -> None:
    Post.objects.create(person=person, organisation=body, duty=duty, region_code=body.region_id or "", valid_from=since)
