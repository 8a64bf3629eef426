"""Signing in and out in the ledger (等保三级 安全审计: who, when, from where, whether it succeeded). Events of a door, not verbs: nobody calls them by address."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.people import account_named
from sixgate.usecases._frame import Actor, note

TITLES: Final[Mapping[str, str]] = {
    "authority.sign_in": gettext_noop("登录"),
    "authority.sign_out": gettext_noop("退出"),
    "authority.lock_out": gettext_noop("多次登录失败，暂停登录"),
}


def note_sign_in(person_id: UUID, name: str, source: str) -> None:
    """Note that a person signed in; `source` is the network address."""
    note(Actor(person_id, name, door="web"), "authority.sign_in", person_id, source=source)


def note_sign_out(person_id: UUID, name: str, source: str) -> None:
    """Note that a person signed out."""
    note(Actor(person_id, name, door="web"), "authority.sign_out", person_id, source=source)


def note_turned_away(username: str, source: str, *, locked: bool) -> None:
    """Note a failed attempt on an account that exists. A name nobody bears is not kept: it may be a password typed in the wrong place."""
    person = account_named(username)
    if person is not None:
        action = "authority.lock_out" if locked else "authority.sign_in"
        note(Actor(person.id, person.name, door="web"), action, person.id, "denied", source=source)
