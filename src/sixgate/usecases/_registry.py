"""Imports every room, so that the registry is complete, and makes actors for doors."""

from uuid import UUID

from django.db.models import QuerySet

from sixgate.kernel.refusal import Forbidden
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Project
from sixgate.records.queries.people import active_user, posts_of
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law, authority, briefing, lifecycle, planning
from sixgate.usecases._frame import REGISTRY, Actor, Verb, today

ROOMS = (authority, lifecycle, planning, briefing)  # briefing has no verbs of its own: it tells planning what papers say


def verbs() -> dict[str, Verb]:
    """Return all verbs by address, in order."""
    return dict(sorted(REGISTRY.items()))


def actor_of(person_id: UUID, name: str, door: str, request_id: str = "") -> Actor:
    """Return the acting person with the posts of today."""
    return Actor(person_id, name, posts_of(person_id, today()), door, request_id)


def named_actor(username: str, door: str) -> Actor:
    """Return the actor of a user name; raise Forbidden when there is no such active account."""
    user = active_user(username)
    if user is None:
        raise Forbidden("no_such_account", gettext_noop("没有可用的账号 {username}。"), username=username)
    return actor_of(user.id, user.name, door)


def visible_to(actor: Actor) -> QuerySet[Project]:
    """Return the projects an actor may see."""
    return visible_projects(actor.posts, dict(_law.duties(today())))
