"""Signing in. Where the demo is loaded, its people stand beside the form with their duties, so that a visitor chooses a role first."""

import os
from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView

from sixgate.records.queries.demo_people import DemoPerson, demo_people
from sixgate.usecases._frame import today
from sixgate.usecases._offers import duty_titles
from sixgate.usecases.demo import DEMO_PASSWORD, DEMO_PASSWORD_VARIABLE

FIRST = ("OWN", "OWN_CHECK", "PMO", "CAC", "FIN", "APR", "LDR", "AUDITOR")


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "authority/sign_in.html"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the demo's people; none in production, nor where the demo has a password of its own."""
        hidden = settings.PRODUCTION or bool(os.environ.get(DEMO_PASSWORD_VARIABLE))
        return {**super().get_context_data(**given), "roles": [] if hidden else _roles(), "demo_password": DEMO_PASSWORD, "duties": duty_titles()}


def _roles() -> list[DemoPerson]:
    people = demo_people(today())
    return sorted(people, key=lambda person: (FIRST.index(person.duty) if person.duty in FIRST else len(FIRST), person.username))
