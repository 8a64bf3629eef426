"""What the reader's posts hold, for showing only: each verb asks again for itself."""

from collections.abc import Collection

from sixgate.domain.authority import Target, post_permitting, reaches
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._offers import duty_titles, speaks_english


def holds(actor: Actor, address: str, target: Target, duties: Collection[str] | None = None) -> bool:
    """Tell whether the actor's posts (of the given duties where they are named) permit an address on a target."""
    posts = [post for post in actor.posts if duties is None or post.duty in duties]
    return post_permitting(address, posts, _law.duties(today()), target, today()) is not None


def opens_secrets(actor: Actor, target: Target) -> bool:
    """Tell whether a post in force that reaches the target opens work secrets (工作秘密分隔)."""
    duties = _law.duties(today())
    return any(
        post.sees_work_secrets and post.holds_on(today()) and post.duty in duties and reaches(post, duties[post.duty].scope, target)
        for post in actor.posts
    )


def duty_title(duty: str) -> str:
    """Return what people call a duty, in the reader's language."""
    return duty_titles().get(duty, duty)


__all__ = ["duty_title", "holds", "opens_secrets", "speaks_english"]
