"""The people of the demo, for the sign-in page of a demo only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sixgate.records.models import Post


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
