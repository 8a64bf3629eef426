"""One word for those who watch the service: `ok`, or 503 when the database does not answer. Tells nothing else and asks for no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sixgate.records.queries.health import database_answers


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer whether the service can work."""
    works = database_answers()
    return HttpResponse("ok\n" if works else "database\n", content_type="text/plain", status=200 if works else 503)
