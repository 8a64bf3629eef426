"""People and posts as facts."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from sixgate.domain.authority import PostFact
from sixgate.records.models import Delegation, Post, User


def posts_of(person_id: UUID, day: date) -> tuple[PostFact, ...]:
    """Return the posts a person holds or was lent on the day."""
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))
    own = [_fact(post) for post in Post.objects.filter(in_force, person_id=person_id)]
    lent = Delegation.objects.filter(delegate_id=person_id, valid_from__lte=day, valid_until__gt=day).select_related("post")
    return (*own, *(_fact(loan.post, loan.post.person_id) for loan in lent if _fact(loan.post).holds_on(day)))


def active_user(username: str) -> User | None:
    """Return the account of a name when it is active."""
    return User.objects.filter(username=username, is_active=True).first()


def has_account(person_id: UUID) -> bool:
    """Tell whether a person has an account in use."""
    return User.objects.filter(pk=person_id, is_active=True).exists()


def _fact(post: Post, lent_by: UUID | None = None) -> PostFact:
    return PostFact(
        post.duty, post.organisation_id, post.region_code, post.project_id, post.valid_from, post.valid_until, post.sees_work_secrets, lent_by
    )
