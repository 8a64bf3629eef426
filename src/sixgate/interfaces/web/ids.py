"""Identifiers as an address or a form field carries them: text anybody may have typed."""

from uuid import UUID

from sixgate.kernel.refusal import Invisible

NOTHING = UUID(int=0)


def id_in(text: str) -> UUID | None:
    """Return the identifier a text is, None where it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def narrowed_to(text: str) -> UUID | None:
    """Return what a list is narrowed to: None where nothing was asked, an identifier that fits nothing where what was asked is not one."""
    return (id_in(text) or NOTHING) if text else None


def named(text: str) -> UUID:
    """Return the identifier an address names; raise Invisible where it is not one."""
    found = id_in(text)
    if found is None:
        raise Invisible
    return found
