"""Pages of 顶层设计: the forms of the register."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import actor_from, verb_form
from sixgate.records.queries.portfolio import organisations_for


@login_required
@require_http_methods(["GET", "POST"])
def register_project(request: HttpRequest) -> HttpResponse:
    """Show or take the registration form."""
    choices = {"owner_id": organisations_for(actor_from(request).posts)}
    return verb_form(
        request,
        "planning.register_project",
        choices,
        then=lambda answer: reverse("project", args=[answer["project"]]),
        template="planning/register_project.html",
        context={"nav": "register"},
    )
