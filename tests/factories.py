"""Builds the small world integration tests act in: one city body, people with posts."""

from dataclasses import dataclass
from datetime import date

from sixgate.records.models import Organisation, Post, Region, User
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


def person(username: str, organisation: Organisation | None = None, *duties: str, password: str = "a-long-test-password") -> User:
    """Store an account with posts in an organisation."""
    user = User.objects.create_user(username, password, name=username)
    for duty in duties:
        assert organisation is not None
        Post.objects.create(person=user, organisation=organisation, duty=duty, region_code=organisation.region_id or "", valid_from=date(2020, 1, 1))
    return user


def acting(user: User) -> Actor:
    """Return the person as an actor."""
    return actor_of(user.id, user.name, "cli")
