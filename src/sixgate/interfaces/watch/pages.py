"""What watchers fetch: whether the service can take work, and its figures. Words and numbers only; no sign-in, so nothing a stranger may not know."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sixgate.interfaces.watch import metrics
from sixgate.usecases import doctor
from sixgate.usecases._frame import now

TEXT = "text/plain; charset=utf-8"


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer whether work can be taken: 503 names what is broken or could not be looked at."""
    bad = [sign.name for sign in doctor.examine(now(), doctor.READY) if sign.state in ("broken", "not_run")]
    return HttpResponse("ok\n" if not bad else "\n".join(bad) + "\n", content_type=TEXT, status=503 if bad else 200)


@require_safe
@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """Answer the figures to whoever bears METRICS_TOKEN, or, where none is set, to this machine alone; to others there is no such page."""
    if not _may_read(request):
        return HttpResponse("not found\n", content_type=TEXT, status=404)
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
