"""Pages of the budget year: a call with its applications and their order, and the forms of the office and of those who allot."""

from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.domain.authority import Target
from sixgate.domain.axes import FUNDING
from sixgate.domain.planning.year import STATES, Place
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.interfaces.web.turn import Turn
from sixgate.kernel.money import wan_text
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.choices import divisions
from sixgate.records.queries.year import PAGE, application_head
from sixgate.usecases._frame import today
from sixgate.usecases._registry import visible_to
from sixgate.usecases.planning.year_sheet import allotment_order, calls_for, holds_office, year_sheet

CHIPS: Final = {"filed": "v-unknown", "returned": "v-unmet", "complete": "v-met", "allotted": "v-na"}
FORMS: Final = {"return": "planning.return_application", "accept": "planning.accept_application"}
INTROS: Final = {
    "return": gettext_noop("补正只有一次。请对照通知逐项核对，把缺的一次写全。"),
    "accept": gettext_noop("受理以后，单位不能再改，按评分排序。"),
}


@login_required
@require_http_methods(["GET"])
def year(request: HttpRequest) -> HttpResponse:
    """Lead to the latest call the reader may see; say so where there is none."""
    actor = actor_from(request)
    calls = calls_for(actor)
    if calls:
        return redirect("year_call", calls[0].id)
    return render(request, "planning/year.html", {"office": holds_office(actor), "nav": "year"})


@login_required
@require_http_methods(["GET"])
def year_call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Show one call: three sentences, then its applications in their order, and who has not applied."""
    actor = actor_from(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    start = _start(request.GET.get("from", ""))
    try:
        sheet = year_sheet(actor, call_id, state, start)
    except Refusal as refusal:
        return refused(request, refusal)
    here = reverse("year_call", args=[call_id])
    context = {
        "sheet": sheet,
        "lines": [(row, sheet.places.get(row.id), sheet.offers[row.id], _(STATES[row.state]), CHIPS[row.state]) for row in sheet.rows],
        "calls": calls_for(actor),
        "office": holds_office(actor),
        "states": [(key, _(title), sheet.counts.get(key, 0)) for key, title in STATES.items()],
        "all": sum(sheet.counts.values()),
        "state": state,
        "here": here,
        "funding": dict(FUNDING),
        "page": Turn(_turned(here, state, start - PAGE) if start else "", _turned(here, state, start + PAGE) if sheet.more else "", ""),
        "nav": "year",
    }
    return render(request, "planning/year.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def open_call(request: HttpRequest) -> HttpResponse:
    """Show or take the form that opens a call."""
    actor = actor_from(request)
    codes = [post.region_code for post in actor.posts if post.duty == "PMO"]
    return verb_form(
        request,
        "planning.open_call",
        {"region_code": divisions(codes)},
        {"budget_year": today().year + 1, "opens_on": today()},
        then=lambda answer: reverse("year_call", args=[answer["call"]]),
        context={"nav": "year", "crumbs": [(reverse("year"), _("年度"))], "cancel": reverse("year")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, application_id: UUID, name: str) -> HttpResponse:
    """Show or take the form by which the office returns or accepts an application."""
    head = application_head(visible_to(actor_from(request)), application_id) if name in FORMS else None
    if head is None:
        return refused(request, Invisible())
    back = reverse("year_call", args=[head.call_id])
    context = {
        "nav": "year",
        "crumbs": [(back, _("年度"))],
        "cancel": back,
        "intro": _(INTROS[name]),
        "head": head,
        "source": _(dict(FUNDING).get(head.source, head.source)),
    }
    return verb_form(
        request,
        FORMS[name],
        then=back,
        template="planning/year_application.html",
        context=context,
        fixed={"application_id": str(application_id)},
        target=Target(head.owner_id, head.region_code, head.project_id),
    )


@login_required
@require_http_methods(["GET", "POST"])
def allot(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Show or take the form that allots to the chosen ones, listed in their order."""
    actor = actor_from(request)
    try:
        choices = [_choice(*line) for line in allotment_order(actor, call_id)]
    except Refusal as refusal:
        return refused(request, refusal)
    back = reverse("year_call", args=[call_id])
    return verb_form(
        request,
        "planning.allot_budget",
        {"application_ids": choices},
        {"allotted_on": today()},
        then=back,
        context={
            "nav": "year",
            "crumbs": [(back, _("年度"))],
            "cancel": back,
            "intro": _("每行依次是排序、项目、资金来源、评分和申请金额（万元）。"),
            "danger": True,
        },
        fixed={"call_id": str(call_id)},
    )


def _choice(place: Place, project: str, source: str) -> tuple[str, str]:
    short = "" if place.within else " · " + _("额度以下，差 {short} 万元").format(short=wan_text(place.short_fen))
    title = _(dict(FUNDING).get(source, source))
    return str(place.candidate.id), f"{place.number}. {project} · {title} · {place.candidate.score} · {wan_text(place.candidate.asked_fen)}{short}"


def _start(text: str) -> int:
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _turned(here: str, state: str, start: int) -> str:
    return f"{here}?{urlencode({'state': state, 'from': str(max(0, start))})}"
