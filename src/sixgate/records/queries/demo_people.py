"""The people of the demo: for the sign-in page of a demo, and for the checks that keep them out of production."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import check_password
from django.db import connection
from django.db.models import Q, QuerySet

from sixgate.records.models import Post, User


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An example account with its first duty."""

    username: str
    name: str
    body: str
    duty: str


def demo_people(day: date) -> list[DemoPerson]:
    """Return the active example accounts that hold a post on a day: one query."""
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    posts = Post.objects.filter(in_force, person__is_demo=True, person__is_active=True, project=None).order_by("person__username", "id")
    found: dict[str, DemoPerson] = {}
    for username, name, body, duty in posts.values_list("person__username", "person__name", "organisation__name", "duty"):
        found.setdefault(username, DemoPerson(username, name, body, duty))
    return list(found.values())


def open_demo_accounts() -> list[str]:
    """Return the names of example accounts one can sign in with, none where the tables are still to be made."""
    return sorted(_accounts().filter(is_demo=True).values_list("username", flat=True)) if _made() else []


def accounts_with_password(names: Collection[str], password: str) -> list[str]:
    """Return those of the named accounts in use that this password opens. Each one costs a whole key derivation: name few."""
    rows = _accounts().filter(username__in=names).values_list("username", "password") if _made() else []
    return sorted(username for username, stored in rows if check_password(password, stored))


def _accounts() -> QuerySet[User]:
    return User.objects.filter(is_active=True)


def _made() -> bool:
    return User._meta.db_table in connection.introspection.table_names()
