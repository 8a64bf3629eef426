"""What the frame around every page shows."""

from django.http import HttpRequest

from sixgate import __version__
from sixgate.usecases._frame import now


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the moment a print bears and the version in the foot."""
    return {"moment": now(), "version": __version__}
