"""The page of one project."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import actor_from, refused
from sixgate.kernel.refusal import Invisible
from sixgate.records.queries.dossier_view import project_card
from sixgate.usecases._registry import verbs, visible_to


@login_required
@require_http_methods(["GET"])
def project(request: HttpRequest, project_id: str) -> HttpResponse:
    """Show one project."""
    card = project_card(visible_to(actor_from(request)), project_id)
    if card is None:
        return refused(request, Invisible())
    titles = {address: verb.title for address, verb in verbs().items()}
    history = [replace(act, title=titles.get(act.title, act.title)) for act in card.history]
    return render(request, "planning/project.html", {"card": card, "history": history, "nav": "register"})
