"""The overview: a portfolio in three sentences, then stages, money by year, what is late, who holds what; each number leads to its projects."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.domain.axes import FUNDING, STAGE_TITLES
from sixgate.interfaces.web.ids import narrowed_to
from sixgate.interfaces.web.page import actor_from
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.portfolio import owners_of, regions_of
from sixgate.usecases._frame import today
from sixgate.usecases._registry import visible_to
from sixgate.usecases.planning.overview import Overview, overview

LISTED_UNITS = 30
KINDS = {"amended": gettext_noop("补正项目登记"), "changed": gettext_noop("申报变更"), "imported": gettext_noop("导入台账")}


@login_required
@require_http_methods(["GET"])
def portfolio(request: HttpRequest) -> HttpResponse:
    """Show the projects the reader may see at a glance, as of a day, of a region or of one body where asked."""
    actor = actor_from(request)
    given = {key: request.GET.get(key, "").strip() for key in ("region", "owner", "on")}
    region = given["region"] if given["region"] in load_divisions() else ""
    day, wrong = _day(given["on"])
    seen = overview(actor, day, region=region, owner_id=narrowed_to(given["owner"]))
    projects = visible_to(actor)
    context = {
        "seen": seen,
        "sources": _sources(seen),
        "units": [(unit, _of(seen.findings, unit.id), _of(seen.overdue_by_unit, unit.id)) for unit in seen.units[:LISTED_UNITS]],
        "kinds": KINDS,
        "given": {**given, "region": region},
        "wrong": wrong,
        "titles": STAGE_TITLES,
        "funding": dict(FUNDING),
        "owners": owners_of(projects),
        "regions": regions_of(actor.posts),
        "past": seen.on != today(),
        "to_register": _to_register(given, region),
        "up": reverse("overview"),
        "nav": "overview",
    }
    return render(request, "planning/overview.html", context, status=422 if wrong else 200)


def _day(text: str) -> tuple[date | None, str]:
    try:
        return (date.fromisoformat(text) if text else None), ""
    except ValueError:
        return None, _("请按 2026-11-23 的样子填写日期，这一条没有用上。")


def _of(counts: Mapping[str, int] | None, unit: str) -> int | None:
    """Return the count of a body: zero where it has none, None where nobody knows."""
    return None if counts is None else counts.get(unit, 0)


def _sources(seen: Overview) -> list[str]:
    """Return the sources of money that occur, in the order people list them."""
    found: set[str] = {source for year in seen.years for source in year.by_source}
    return [key for key, _title in FUNDING if key in found]


def _to_register(given: dict[str, str], region: str) -> str:
    """Return the register's address narrowed as this page is; a stage is added behind it."""
    query: dict[str, Any] = {"region": region, "owner": given["owner"]}
    return f"{reverse('register')}?{urlencode({key: value for key, value in query.items() if value})}"
