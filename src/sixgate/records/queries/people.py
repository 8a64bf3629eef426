"""People and posts as facts."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from sixgate.domain.authority import PostFact
from sixgate.records.models import Delegation, Post, User


def posts_of(person_id: UUID, day: date) -> tuple[PostFact, ...]:
    """Return the posts a person holds or was lent on the day."""
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    own = [_fact(post) for post in Post.objects.filter(in_force, person_id=person_id)]
    lent = Delegation.objects.filter(delegate_id=person_id, valid_from__lte=day, valid_until__gt=day).select_related("post")
    return (*own, *(_lent(loan.post) for loan in lent if _fact(loan.post).holds_on(day)))


def active_user(username: str) -> User | None:
    """Return the account of a name when it is active."""
    return User.objects.filter(username=username, is_active=True).first()


def any_account() -> bool:
    """Tell whether there is any account, in use or not."""
    return User.objects.exists()


def account_named(username: str) -> User | None:
    """Return the account of a name, in use or not."""
    return User.objects.filter(username=username).first()


def open_posts(day: date) -> QuerySet[Post]:
    """Return the posts that do not end by a day, also those that begin later."""
    return Post.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day)).exclude(valid_until=F("valid_from"))


def duties_held(person_id: UUID, since: date, until: date | None) -> frozenset[str]:
    """Return the duties a person holds or is lent on some day of a half-open period."""
    before = Q() if until is None else Q(valid_from__lt=until)
    own = open_posts(since).filter(before, person_id=person_id).values_list("duty", flat=True)
    lent = Delegation.objects.filter(before, delegate_id=person_id, valid_until__gt=since).exclude(valid_until=F("valid_from"))
    return frozenset((*own, *lent.values_list("post__duty", flat=True)))


def last_of_duty(duty: str, day: date, *, without: Collection[UUID]) -> bool:
    """Tell whether, from a day on, nobody with an account in use holds a duty but by the posts left out."""
    rest = open_posts(day).filter(duty=duty, valid_from__lte=day, person__is_active=True).exclude(pk__in=without)
    return not rest.exists()


def has_account(person_id: UUID) -> bool:
    """Tell whether a person has an account in use."""
    return User.objects.filter(pk=person_id, is_active=True).exists()


def _fact(post: Post) -> PostFact:
    return PostFact(post.duty, post.organisation_id, post.region_code, post.project_id, post.valid_from, post.valid_until, post.sees_work_secrets)


def _lent(post: Post) -> PostFact:
    """Return a post as its delegate holds it: work secrets are opened to persons, not to posts."""
    return replace(_fact(post), sees_work_secrets=False, lent_by=post.person_id)
