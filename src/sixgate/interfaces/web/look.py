"""Light or dark: a choice kept in a cookie of the browser; without one the page follows the system."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

COOKIE = "sixgate_look"
LOOKS = ("light", "dark")
A_YEAR = 365 * 24 * 3600


def look_of(request: HttpRequest) -> str:
    """Return the look the browser has chosen: light, dark, or empty to follow the system."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in LOOKS else ""


@require_http_methods(["POST"])
def set_look(request: HttpRequest) -> HttpResponse:
    """Keep the chosen look, forget it where the system is to be followed, and go back to the page one came from."""
    came_from = request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(came_from if safe else "/")
    chosen = request.POST.get("look", "")
    if chosen in LOOKS:
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)
    else:
        answer.delete_cookie(COOKIE, samesite="Lax")
    return answer
