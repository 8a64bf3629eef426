"""Pages of self-ratings: what a unit says beside what the evidence says, the forms to say it, the list of differences, how far the signal holds."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import Actor
from sixgate.usecases.planning.calibration import calibration as numbers
from sixgate.usecases.planning.rating_sheet import differences as seen_differences
from sixgate.usecases.planning.rating_sheet import rating_sheet

INTROS = {
    "rate": gettext_noop("照单位自己的判断说。依据说的不一样，单位先看到、先答复。"),
    "answer": gettext_noop("差异不是结论，依据也可能没有反映到实际情况。答复会一直保留，上级看到差异时会一并看到。"),
}
FORMS = {"rate": "planning.rate_project", "answer": "planning.answer_difference"}


def rating_section(actor: Actor, project_id: UUID) -> dict[str, Any]:
    """Return what the section of a project's page shows."""
    return {"sheet": rating_sheet(actor, project_id)}


@login_required
@require_http_methods(["GET", "POST"])
def rating_form(request: HttpRequest, project_id: UUID, name: str) -> HttpResponse:
    """Show or take the form by which a unit rates its project or answers the difference, the evidence beside it."""
    if name not in FORMS:
        raise Http404
    try:
        sheet = rating_sheet(actor_from(request), project_id)
    except Refusal as refusal:
        return refused(request, refusal)
    back = reverse("project_tab", args=[project_id, "rating"])
    context = {
        "nav": "register",
        "crumbs": [(reverse("register"), _("项目")), (back, sheet.project)],
        "cancel": back,
        "sheet": sheet,
        "intro": _(INTROS[name]),
    }
    return verb_form(request, FORMS[name], then=back, template="planning/rating_form.html", context=context, fixed={"project_id": str(project_id)})


@login_required
@require_http_methods(["GET"])
def differences(request: HttpRequest) -> HttpResponse:
    """Show where self-ratings and evidence differ, the widest first."""
    return render(request, "planning/rating_differences.html", {"found": seen_differences(actor_from(request)), "nav": "register"})


@login_required
@require_http_methods(["GET"])
def calibration(request: HttpRequest) -> HttpResponse:
    """Show how far the derived confidence was right on years it had not seen."""
    return render(request, "planning/rating_calibration.html", {"found": numbers(), "nav": "register"})
