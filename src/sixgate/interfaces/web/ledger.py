"""The ledger to read: acts a reader may see, narrowed, and one act with its proof recomputed while one looks."""

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.ids import narrowed_to
from sixgate.interfaces.web.page import actor_from, refused
from sixgate.interfaces.web.told import told
from sixgate.interfaces.web.turn import turn_of
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.ledger import LedgerFilter, actions_on_record, ledger_page
from sixgate.usecases._frame import SHANGHAI
from sixgate.usecases._offers import duty_titles
from sixgate.usecases._registry import visible_to
from sixgate.usecases.ledger import action_titles, open_event, reader_of

KEYS = ("action", "person", "person_id", "project", "project_id", "object_id", "result", "since", "until")
RESULTS = (("ok", gettext_noop("已办")), ("denied", gettext_noop("被拒绝")), ("error", gettext_noop("出错")))
DOORS = {"web": gettext_noop("网页"), "api": gettext_noop("接口"), "cli": gettext_noop("命令行"), "clock": gettext_noop("定时")}


@login_required
@require_http_methods(["GET"])
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the acts the reader may see, newest first."""
    given = {key: request.GET.get(key, "").strip() for key in KEYS}
    wrong: dict[str, str] = {}
    wanted = _wanted(given, wrong)
    reader = reader_of(actor_from(request))
    page = ledger_page(reader, wanted, SHANGHAI, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    titles = action_titles()
    context = {
        "page": page,
        "given": given,
        "wrong": wrong,
        "narrowed": any(given.values()),
        "turn": turn_of(reverse("ledger"), given, page.before, page.after),
        "actions": [(key, _(titles[key]) if key in titles else key) for key in actions_on_record()],
        "titles": titles,
        "results": dict(RESULTS),
        "sees_all": reader.sees_all,
        "nav": "ledger",
    }
    return render(request, "ledger/ledger.html", context)


@login_required
@require_http_methods(["GET"])
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show one act with its proof."""
    actor = actor_from(request)
    try:
        proof = open_event(actor, event_id)
    except Refusal as refusal:
        return refused(request, refusal)
    context = {
        "proof": proof,
        "lines": told(proof.row.action, proof.said),
        "sees_project": proof.row.project_id is not None and visible_to(actor).filter(pk=proof.row.project_id).exists(),
        "titles": action_titles(),
        "results": dict(RESULTS),
        "doors": DOORS,
        "duties": duty_titles(),
        "nav": "ledger",
    }
    return render(request, "ledger/event.html", context)


def _wanted(given: dict[str, str], wrong: dict[str, str]) -> LedgerFilter:
    return LedgerFilter(
        action=given["action"],
        person=given["person"],
        person_id=narrowed_to(given["person_id"]),
        project=given["project"],
        project_id=narrowed_to(given["project_id"]),
        object_id=given["object_id"],
        result=given["result"],
        since=_day("since", given, wrong),
        until=_day("until", given, wrong),
    )


def _day(key: str, given: dict[str, str], wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(given[key]) if given[key] else None
    except ValueError:
        wrong[key] = _("请按 2026-11-23 的样子填写日期，这一条没有用上。")
        return None
