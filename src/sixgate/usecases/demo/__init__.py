"""The small demo a first start shows: one city, the people of the first journey, one project on its way and one that has come all the way.

Everything in it is an example and says so; the acts are real verbs, so the ledger, the verdicts and the stale marks are real too.
"""

from typing import Any

from django.conf import settings
from django.db import transaction

from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Project, Region, User
from sixgate.records.regions import load_regions
from sixgate.usecases.demo import finished, journey, people
from sixgate.usecases.demo.people import DEMO_PASSWORD, DEMO_PASSWORD_VARIABLE, PEOPLE


def load() -> dict[str, Any]:
    """Create organisations, people, posts and the projects; raise Conflict in production or in a filled database."""
    if settings.PRODUCTION:
        raise Conflict("demo_in_production", gettext_noop("生产环境不载入示例账号。"))
    if User.objects.exists():
        raise Conflict("database_filled", gettext_noop("库里已有账号，示例只载入空库。"))
    load_regions()
    with transaction.atomic():
        bodies = people.settle()
    finished.lead()
    journey.lead()
    return {
        "accounts": [username for username, *_ in PEOPLE],
        "organisations": bodies,
        "regions": Region.objects.count(),
        "projects": Project.objects.count(),
    }


__all__ = ["DEMO_PASSWORD", "DEMO_PASSWORD_VARIABLE", "PEOPLE", "load"]
