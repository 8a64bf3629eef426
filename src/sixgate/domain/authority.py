"""Who may do what: posts and the duties behind them. Default deny; nothing here can be skipped.

A duty grants addresses, exact or with `*` for one part (`lifecycle.*.submit_evidence`); its scope says how far a post reaches.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from sixgate.kernel.text import gettext_noop

ADMINISTRATIVE: Final = ("SYSADMIN", "SECADMIN", "AUDITOR")
SEPARATION_CLAUSE: Final = "GB/T 22239-2019"


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


class GateLike(Protocol):
    """What this room needs to know of a gate."""

    @property
    def title(self) -> str:
        """Its name."""
        ...

    @property
    def decider(self) -> str:
        """The duty that decides."""
        ...

    @property
    def co_signers(self) -> Sequence[str]:
        """The duties that sign before."""
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


def unseparated(duties: Collection[str]) -> tuple[str, ...]:
    """Return the duties that may not meet in one person, empty when all may: an administrator of one kind is nothing else.

    System, security and audit administrators are three persons, and none of them takes part in business (等保三级, 三员分立).
    """
    held = sorted(set(duties))
    return tuple(held) if len(held) > 1 and any(duty in ADMINISTRATIVE for duty in held) else ()


def overlaps(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Return whether two half-open periods share a day; None is open-ended."""
    return (until is None or other_since < until) and (other_until is None or since < other_until)


def may_meet(post: PostFact, scope: str, other: PostFact, other_scope: str) -> bool:
    """Return whether two posts can reach the same project; where that cannot be told from the posts alone, they can."""
    if post.project_id is not None and other.project_id is not None:
        return post.project_id == other.project_id
    if post.project_id is not None or other.project_id is not None:
        return True
    if scope != "region" and other_scope != "region":
        return post.organisation_id == other.organisation_id
    narrow, wide = sorted((region_prefix(item.region_code) if item.region_code else "" for item in (post, other)), key=len, reverse=True)
    return narrow.startswith(wide)


def signs_and_decides(lent: PostFact, held: Iterable[PostFact], duties: Mapping[str, DutyLike], gates: Iterable[GateLike]) -> tuple[str, ...]:
    """Return the titles of gates at which a person who holds posts and is lent one more would both sign and decide."""
    near = {post.duty for post in held if post.duty in duties and may_meet(lent, duties[lent.duty].scope, post, duties[post.duty].scope)}
    found: list[str] = []
    for gate in gates:
        decides = lent.duty == gate.decider and near & set(gate.co_signers)
        signs = lent.duty in gate.co_signers and gate.decider in near
        if decides or signs:
            found.append(gate.title)
    return tuple(found)


def why_not_switched(kind: str, action: str, scope: str, confidence: str) -> str:
    """Return why a rule cannot be put in force or taken out of force by a locality, "" when it can.

    Habits and rules marked to remind only remind for ever; what is unsure is corrected first; what binds the whole country binds here too.
    """
    if kind == "habit":
        return gettext_noop("产品惯例只作提醒，不能改成锁定。")
    if confidence == "unsure":
        return gettext_noop("内容待核，须先改正规则包。")
    if action == "remind":
        return gettext_noop("规则包定为只提醒，不能改成锁定。")
    if action == "lock" and scope == "national" and confidence == "verified":
        return gettext_noop("全国都要遵守，不用启用，也不能停用。")
    return ""
