"""What the frame around every page shows."""

from urllib.parse import unquote

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from sixgate import __version__
from sixgate.interfaces.web.look import look_of
from sixgate.usecases._frame import now
from sixgate.usecases.notices.inbox import unread

LONGEST = 300


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the moment and the address a print bears, the version in the foot, and whether the reader chose light or dark."""
    return {"moment": now(), "address": unquote(request.build_absolute_uri())[:LONGEST], "version": __version__, "look": look_of(request)}


def notices(request: HttpRequest) -> dict[str, object]:
    """Return how many notices the reader has not read; counted only where a page shows it."""
    user = getattr(request, "user", None)
    return {"unread": SimpleLazyObject(lambda: unread(user.pk))} if user is not None and user.is_authenticated else {}
