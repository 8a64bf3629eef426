"""What becomes of a contradiction a check found: open, explained, accepted until a day, resolved; open again when it comes back or its facts change. Pure.

A check that could not look (a fact is missing) changes nothing: neither a finding nor a pass.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import Verdict

MOST_ACCEPTED: Final = timedelta(days=366)
STATES: Final = (
    ("open", gettext_noop("待处理")),
    ("explained", gettext_noop("已说明")),
    ("accepted", gettext_noop("已认可")),
    ("resolved", gettext_noop("已消除")),
)


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    EXPLAINED = "explained"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding as it stands: since when, until when it is accepted, on which facts, and how many times it was found anew."""

    state: State
    facts_digest: str
    first_seen: date
    last_seen: date
    accepted_until: date | None = None
    resolved_on: date | None = None
    times: int = 1


def after_look(before: Standing | None, verdict: Verdict, facts_digest: str, on: date) -> Standing | None:
    """Return how a place stands after a look; None where nothing was ever found.

    Found: what was resolved, or accepted until a day that is past, or rests on other facts than what was said of it, is open again. Met or not
    applicable: resolved. Unknown: as it was.
    """
    if verdict is Verdict.UNMET:
        return _found(before, facts_digest, on)
    if before is None or verdict is Verdict.UNKNOWN or before.state is State.RESOLVED:
        return before
    return gone(before, on)


def gone(before: Standing, on: date) -> Standing:
    """Return a finding that is no more: the facts agree, or the place itself is gone."""
    if before.state is State.RESOLVED:
        return before
    return Standing(State.RESOLVED, before.facts_digest, before.first_seen, before.last_seen, None, on, before.times)


def _found(before: Standing | None, facts_digest: str, on: date) -> Standing:
    if before is None:
        return Standing(State.OPEN, facts_digest, on, on)
    if before.state is State.OPEN:
        return Standing(State.OPEN, facts_digest, before.first_seen, on, None, None, before.times)
    lapsed = before.state is State.ACCEPTED and before.accepted_until is not None and on > before.accepted_until
    if before.state is State.RESOLVED or lapsed or facts_digest != before.facts_digest:
        return Standing(State.OPEN, facts_digest, before.first_seen, on, None, None, before.times + 1)
    return Standing(before.state, facts_digest, before.first_seen, on, before.accepted_until, None, before.times)


def explained(state: str) -> State:
    """Return the state after an explanation; raise Conflict for what is accepted or resolved."""
    _refuse_resolved(state)
    if state == State.ACCEPTED:
        raise Conflict(
            "finding_accepted",
            gettext_noop("这个发现已经认可，不用再说明。"),
            remedy=gettext_noop("情况有变的，先重新打开。"),
        )
    return State.EXPLAINED


def accepted(state: str, until: date, on: date) -> State:
    """Return the state after it is accepted until a day; raise Conflict for what is resolved, Refusal for a day past or too far off."""
    _refuse_resolved(state)
    if until <= on:
        raise Refusal("until_past", gettext_noop("认可到期日须在今天以后。"), field="until")
    if until > on + MOST_ACCEPTED:
        raise Refusal(
            "until_too_far",
            gettext_noop("一次最多认可一年。"),
            field="until",
            remedy=gettext_noop("请填一年以内的日期，到期再看。"),
        )
    return State.ACCEPTED


def taken_up_again(state: str) -> State:
    """Return the state after it is opened again; raise Conflict for what is open already or resolved."""
    _refuse_resolved(state)
    if state == State.OPEN:
        raise Conflict("finding_open", gettext_noop("这个发现本来就在待处理，不用重新打开。"))
    return State.OPEN


def _refuse_resolved(state: str) -> None:
    if state == State.RESOLVED:
        raise Conflict(
            "finding_resolved",
            gettext_noop("矛盾已经消除，不用再办。"),
            remedy=gettext_noop("再次出现时，体检会自动重新打开。"),
        )
