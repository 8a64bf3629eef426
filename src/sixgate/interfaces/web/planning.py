"""Pages of 顶层设计: the register and its forms."""

from dataclasses import replace
from secrets import token_urlsafe

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import STATUS, actor_from, fields_of, refused, typed, wrong_fields
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.records.queries.portfolio import organisations_for, project_card, project_list
from sixgate.usecases._input import arguments_of
from sixgate.usecases._registry import verbs, visible_to


@login_required
@require_http_methods(["GET"])
def register(request: HttpRequest) -> HttpResponse:
    """Show the projects the reader may see."""
    actor = actor_from(request)
    page = project_list(visible_to(actor), request.GET.get("q", ""), request.GET.get("after", ""))
    return render(request, "planning/register.html", {"page": page, "q": request.GET.get("q", ""), "nav": "register"})


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


@login_required
@require_http_methods(["GET", "POST"])
def register_project(request: HttpRequest) -> HttpResponse:
    """Show or take the registration form."""
    verb = verbs()["planning.register_project"]
    given = {key: str(value) for key, value in request.POST.items()}
    wrong: dict[str, str] = {}
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            arguments = arguments_of(verb, typed(verb, given))
            answer = verb.run(actor_from(request), **arguments, idempotency_key=given.get("idempotency_key"))
            return redirect(reverse("project", args=[answer["project"]]))
        except Refusal as refusal:
            problem, wrong = refusal, dict(wrong_fields(refusal))
    choices = {"owner_id": organisations_for(actor_from(request).posts)}
    key = given.get("idempotency_key") or token_urlsafe(16)
    context = {"idempotency_key": key, "verb": verb, "fields": fields_of(verb, choices, given, wrong), "problem": problem, "text": str(problem or "")}
    return render(request, "planning/register_project.html", context, status=STATUS[problem.kind] if problem else 200)
