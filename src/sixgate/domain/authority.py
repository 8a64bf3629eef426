"""Who may do what: posts and the duties behind them. Default deny; nothing here can be skipped.

A duty grants addresses, exact or with `*` for one part (`lifecycle.*.submit_evidence`); its scope says how far a post reaches.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID


class DutyLike(Protocol):
    """What this room needs to know of a duty."""

    @property
    def scope(self) -> str:
        """project | organisation | region."""
        ...

    @property
    def grants(self) -> Sequence[str]:
        """Addresses, exact or with `*`."""
        ...


@dataclass(frozen=True, slots=True)
class PostFact:
    """One post a person holds, its own or lent; the period is half-open."""

    duty: str
    organisation_id: UUID
    region_code: str
    project_id: UUID | None
    valid_from: date
    valid_until: date | None
    sees_work_secrets: bool = False
    lent_by: UUID | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the post is in force on the day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Target:
    """What an act touches: the organisation that answers for it, its region, and the project where there is one."""

    organisation_id: UUID | None = None
    region_code: str = ""
    project_id: UUID | None = None


ANYWHERE = Target()


def matches(grant: str, address: str) -> bool:
    """Return whether a grant covers an address; `*` stands for exactly one part, or for all remaining parts at the end."""
    wanted, given = address.split("."), grant.split(".")
    if given[-1] == "*" and len(given) <= len(wanted):
        wanted = wanted[: len(given)]
    return len(given) == len(wanted) and all(part in ("*", word) for part, word in zip(given, wanted, strict=True))


def reaches(post: PostFact, scope: str, target: Target) -> bool:
    """Return whether a post's scope reaches the target. A target without organisation or region is reached by any post."""
    if post.project_id is not None:
        return post.project_id == target.project_id
    if scope == "region":
        return not target.region_code or not post.region_code or target.region_code.startswith(region_prefix(post.region_code))
    return target.organisation_id is None or post.organisation_id == target.organisation_id


def region_prefix(code: str) -> str:
    """Return the part of a division code its descendants share: 440000 → 44, 440100 → 4401, 440106 → 440106."""
    return code.removesuffix("00").removesuffix("00") if code.endswith("0000") else code.removesuffix("00")


def post_permitting(address: str, posts: Iterable[PostFact], duties: Mapping[str, DutyLike], target: Target, day: date) -> PostFact | None:
    """Return the first post in force whose duty grants the address and reaches the target, or None: not permitted."""
    for post in posts:
        duty = duties.get(post.duty)
        if duty is None or not post.holds_on(day):
            continue
        if any(matches(grant, address) for grant in duty.grants) and reaches(post, duty.scope, target):
            return post
    return None
