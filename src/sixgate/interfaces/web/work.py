"""The home page: what waits for the reader, what stands still with them, for whom they wait."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import actor_from
from sixgate.usecases.notices.deliveries import failing
from sixgate.usecases.work import desk


@login_required
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the reader's desk."""
    actor = actor_from(request)
    return render(request, "work.html", {"desk": desk(actor), "failing": failing(actor), "nav": "work"})
