"""What pages may offer a person, and the words they use for codes. Nothing here permits anything: each verb asks for itself."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

from sixgate.domain.authority import ANYWHERE, Target, matches, post_permitting
from sixgate.engines.rules.english import in_english
from sixgate.engines.rules.schema import STAGES, EvidenceKind, Gate, Pack
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today


def may(actor: Actor, address: str, target: Target = ANYWHERE) -> bool:
    """Tell whether an actor's posts permit an address on a target."""
    return post_permitting(address, actor.posts, _law.duties(today()), target, today()) is not None


def speaks_english() -> bool:
    """Tell whether the reader asked for English."""
    return (get_language() or "").startswith("en")


def spoken_pack(region_code: str) -> Pack:
    """Return the pack of a region in the reader's language."""
    pack, _ = _law.law(region_code or settings.HOME_JURISDICTION, today())
    return in_english(pack) if speaks_english() else pack


def gates_in(region_code: str = "") -> Mapping[str, Gate]:
    """Return the gates of a region by id, of the home jurisdiction where none is named."""
    return spoken_pack(region_code).gates


def evidence_kind(kind: str, region_code: str = "") -> EvidenceKind | None:
    """Return a kind of evidence as a region's law declares it, None when it does not."""
    return spoken_pack(region_code).evidence.get(kind)


def gate_titles() -> dict[str, str]:
    """Return the titles of the gates of the home jurisdiction by id."""
    return {gate.id: gate.title for gate in gates_in().values()}


def duty_titles() -> dict[str, str]:
    """Return the titles of the duties of the home jurisdiction by id."""
    return {duty.id: duty.title for duty in spoken_pack("").duties.values()}


def duties_with(name: str) -> tuple[str, ...]:
    """Return the regional duties that may do a verb of that name (the last part of its address) in some stage."""
    addresses = [f"lifecycle.{stage}.{name}" for stage in STAGES]
    found = _law.duties(today()).values()
    return tuple(duty.id for duty in found if duty.scope == "region" and any(matches(grant, item) for grant in duty.grants for item in addresses))
