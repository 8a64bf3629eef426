"""Signing in and out: Django's views, each attempt on an account in the ledger, and a lock that says how long it lasts.

Where the demo is loaded, its people stand beside the form with their duties, so that a visitor chooses a role first.
"""

import os
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sixgate.records.queries.demo_people import DemoPerson, demo_people
from sixgate.usecases._frame import today
from sixgate.usecases._offers import duty_titles
from sixgate.usecases.authority.sign_in import note_sign_in, note_sign_out, note_turned_away
from sixgate.usecases.demo import DEMO_PASSWORD, DEMO_PASSWORD_VARIABLE, PEOPLE

FIRST = ("PMO", "OWN", "OWN_CHECK", "LDR", "APR", "FIN", "CAC", "EXP", "OPS", "AUD", "LEG", "AUDITOR")
FAMILIAR = frozenset(username for username, *_rest in PEOPLE)  # those the manual speaks of
TEMPLATE = "authority/sign_in.html"


class SignIn(LoginView):
    """The sign-in page; both outcomes are noted."""

    template_name = TEMPLATE

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the demo's people; none in production, nor where the demo has a password of its own."""
        hidden = settings.PRODUCTION or bool(os.environ.get(DEMO_PASSWORD_VARIABLE))
        first, more = ([], []) if hidden else _roles()
        roles = {"roles": first, "more_roles": more, "demo_password": DEMO_PASSWORD, "duties": duty_titles()}
        return {**super().get_context_data(**given), **_limits(), **roles}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign the person in and note it."""
        answer = super().form_valid(form)
        user = form.get_user()
        note_sign_in(user.pk, user.get_full_name(), source_of(self.request))
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Turn the person away and note it."""
        locked = bool(getattr(self.request, "axes_locked_out", False))
        note_turned_away(form.cleaned_data.get("username", ""), source_of(self.request), locked=locked)
        return super().form_invalid(form)


class SignOut(LogoutView):
    """Sign out; it is noted."""

    next_page = "sign_in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Note who leaves, then end the session."""
        if request.user.is_authenticated:
            note_sign_out(request.user.pk, request.user.get_full_name(), source_of(request))
        return super().post(request, *args, **kwargs)


def source_of(request: HttpRequest) -> str:
    """Return the network address a request comes from. Forwarding headers are not believed: anyone can write them."""
    return str(request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, _original: HttpResponse | None, _credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer an attempt on a locked pair of account and source: how many tries there were, how many minutes to wait."""
    return render(request, TEMPLATE, {"locked": True, **_limits(), "next": request.POST.get("next", "")}, status=429)


def _limits() -> dict[str, int]:
    return {"tries": settings.AXES_FAILURE_LIMIT, "minutes": int(settings.AXES_COOLOFF_TIME * 60)}


def _order(person: DemoPerson) -> tuple[int, bool, str]:
    return FIRST.index(person.duty) if person.duty in FIRST else len(FIRST), person.username not in FAMILIAR, person.username


def _roles() -> tuple[list[DemoPerson], list[DemoPerson]]:
    """Return the people to choose from: one of each duty a visitor is likely to want, and all others."""
    people = sorted(demo_people(today()), key=_order)
    chosen: dict[str, DemoPerson] = {}
    for person in people:
        if person.duty in FIRST:
            chosen.setdefault(person.duty, person)
    return list(chosen.values()), [person for person in people if person not in chosen.values()]
