"""What pages may offer a person, and the words they use for codes. Nothing here permits anything: each verb asks for itself."""

from django.conf import settings

from sixgate.domain.authority import ANYWHERE, Target, post_permitting
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today


def may(actor: Actor, address: str, target: Target = ANYWHERE) -> bool:
    """Tell whether an actor's posts permit an address on a target."""
    return post_permitting(address, actor.posts, _law.duties(today()), target, today()) is not None


def gate_titles() -> dict[str, str]:
    """Return the titles of the gates of the home jurisdiction by id."""
    pack, _ = _law.law(settings.HOME_JURISDICTION, today())
    return {gate.id: gate.title for gate in pack.gates.values()}


def duty_titles() -> dict[str, str]:
    """Return the titles of the duties of the home jurisdiction by id."""
    return {duty.id: duty.title for duty in _law.duties(today()).values()}
