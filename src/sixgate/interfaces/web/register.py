"""The register page: narrow, sort, turn pages, take it home as a workbook. The same addresses work without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from sixgate.domain.axes import LEVELS, PROJECT_TYPES, STAGES
from sixgate.interfaces.web.ids import narrowed_to
from sixgate.interfaces.web.page import actor_from, refused
from sixgate.kernel.money import fen_of_wan
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.portfolio import SORTS, STATUSES, ProjectFilter, ProjectPage, ProjectRow, owners_of, project_list, regions_of
from sixgate.records.store import path_in_quarantine
from sixgate.usecases._frame import Actor
from sixgate.usecases._offers import gate_titles, may
from sixgate.usecases._registry import verbs, visible_to

KEYS = ("q", "stage", "owner", "region", "type", "level", "status", "low", "high", "year", "sort", "down")
RARE = ("region", "type", "level", "low", "high", "year")
HEADINGS = (
    ("name", "", False),
    ("owner", "", False),
    ("", gettext_noop("所处阶段"), False),
    ("amount", gettext_noop("金额（万元）"), True),
    ("moved", "", True),
)
Given = Mapping[str, str]
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was asked for: the text as typed, the filter it makes, and what could not be read."""

    given: Given
    wanted: ProjectFilter
    wrong: Given


@dataclass(frozen=True, slots=True)
class Heading:
    """One column head that sorts: `order` is aria-sort when the list is sorted by it."""

    title: str
    url: str
    order: str
    number: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What paging.html needs."""

    before: str
    after: str
    total_text: str


@login_required
@require_http_methods(["GET"])
@vary_on_headers("HX-Request", "HX-Target")
def register(request: HttpRequest) -> HttpResponse:
    """Show the projects the reader may see, narrowed and sorted; to htmx only the list."""
    actor, asked = actor_from(request), narrowed(request.GET)
    projects = visible_to(actor)
    page = project_list(projects, asked.wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = _list_context(asked, page, actor)
    if _wants_list_only(request):
        return push_url(render(request, "planning/register_list.html", context), _address(request.GET))
    owners, regions = owners_of(projects), regions_of(actor.posts)
    context |= {
        "choices": _choices(asked, owners, regions),
        "given": asked.given,
        "rare_open": any(asked.given[key] for key in RARE) or bool(asked.wrong),
        "wrong": asked.wrong,
        "said": _said(asked, dict(owners), dict(regions)),
        "may_register": may(actor, "planning.register_project"),
        "may_import": may(actor, "planning.import_register"),
        "nav": "register",
        "searches_here": True,
    }
    return render(request, "planning/register.html", context)


@login_required
@require_http_methods(["POST"])
def export_register(request: HttpRequest) -> HttpResponseBase:
    """Hand out the narrowed list as a file once the export stands in the ledger."""
    asked = narrowed(request.POST)
    arguments = {name: getattr(asked.wanted, name) for name in ProjectFilter.__slots__}
    try:
        answer = verbs()["planning.export_register"].run(actor_from(request), **arguments, format=request.POST.get("format", ""))
    except Refusal as refusal:
        return refused(request, refusal)
    return FileResponse(path_in_quarantine(answer["sha256"]).open("rb"), as_attachment=True, filename=answer["name"])


def narrowed(query: QueryDict) -> Narrowed:
    """Return what a query asks for; what cannot be read is left out and named."""
    given = {key: query.get(key, "").strip() for key in KEYS}
    wrong: dict[str, str] = {}
    wanted = ProjectFilter(
        words=given["q"],
        stage=given["stage"],
        owner_id=narrowed_to(given["owner"]),
        region_code=given["region"] if given["region"].isdigit() else "",
        type=given["type"],
        level=given["level"],
        status=given["status"],
        low_fen=_fen("low", given, wrong),
        high_fen=_fen("high", given, wrong),
        year=_year(given, wrong),
        sort=given["sort"] if given["sort"] in dict(SORTS) else "name",
        descending=given["down"] == "1",
    )
    return Narrowed(given, wanted, wrong)


def _fen(key: str, given: Given, wrong: dict[str, str]) -> int | None:
    text = given[key].replace(",", "").replace("，", "")
    try:
        return fen_of_wan(Decimal(text)) if text else None
    except (InvalidOperation, Refusal):
        wrong[key] = _("金额请填数字，单位为万元，这一条没有用上。")
        return None


def _year(given: Given, wrong: dict[str, str]) -> int | None:
    text = given["year"]
    if not text:
        return None
    if text.isdecimal() and 1990 <= int(text) <= 2100:
        return int(text)
    wrong["year"] = _("年度请填四位数字，这一条没有用上。")
    return None


def _wants_list_only(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "list" and "HX-History-Restore-Request" not in request.headers


def _address(query: QueryDict, **changes: str) -> str:
    """Return this page's address with what is set, in a fixed order; turning a page is a change, too."""
    kept = {key: query.get(key, "") for key in (*KEYS, "after", "before")} | changes
    parts = QueryDict(mutable=True)
    parts.update({key: value for key, value in kept.items() if value})
    return reverse("register") + (f"?{parts.urlencode()}" if parts else "")


def _list_context(asked: Narrowed, page: ProjectPage, actor: Actor) -> dict[str, object]:
    start = QueryDict(mutable=True)
    start.update(asked.given)
    turn = Turn(
        _address(start, before=page.before) if page.before else "", _address(start, after=page.after) if page.after else "", _total_text(page)
    )
    return {
        "rows": _shown(page.rows),
        "turn": turn,
        "headings": _headings(asked, start),
        "kept": [(key, value) for key, value in asked.given.items() if value],
        "narrowed": any(value for key, value in asked.given.items() if key not in ("sort", "down")),
        "may_export": may(actor, "planning.export_register"),
    }


def _shown(rows: list[ProjectRow]) -> list[ProjectRow]:
    """Return the rows with words for codes in the reader's language; an active project says nothing of its status."""
    gates = gate_titles()
    stages, types, statuses = ({key: _(text) for key, text in pairs} for pairs in (STAGES, PROJECT_TYPES, STATUSES))
    return [
        replace(
            row,
            stage=stages.get(row.stage, row.stage),
            next_gate=gates.get(row.next_gate, row.next_gate),
            type=types.get(row.type, row.type),
            status="" if row.status == "active" else statuses.get(row.status, row.status),
        )
        for row in rows
    ]


def _total_text(page: ProjectPage) -> str:
    if page.capped:
        return _("超过 {total} 个项目").format(total=f"{page.total:,}")
    return ngettext("共 {total} 个项目", "共 {total} 个项目", page.total).format(total=f"{page.total:,}")


def _headings(asked: Narrowed, start: QueryDict) -> list[Heading]:
    titles = dict(SORTS)
    found: list[Heading] = []
    for key, title, number in HEADINGS:
        here = key != "" and asked.wanted.sort == key
        down = not asked.wanted.descending if here else key in ("amount", "moved")
        url = _address(start, sort=key, down="1" if down else "") if key else ""
        order = ("descending" if asked.wanted.descending else "ascending") if here else ""
        found.append(Heading(_(title or titles[key]), url, order, number))
    return found


def _choices(asked: Narrowed, owners: Choices, regions: Choices) -> dict[str, Choices]:
    """Return the choices of each list; an owner that is asked for stays to be seen even when it owns nothing here."""
    fixed = {"stage": STAGES, "status": STATUSES, "type": PROJECT_TYPES, "level": LEVELS}
    return {key: [(value, _(text)) for value, text in pairs] for key, pairs in fixed.items()} | {"owner": owners, "region": regions}


def _said(asked: Narrowed, owners: Given, regions: Given) -> str:
    """Return the filter in words, for the printed page."""
    given = asked.given
    words = [f"“{given['q']}”"] if given["q"] else []
    fixed = {"stage": dict(STAGES), "status": dict(STATUSES), "type": dict(PROJECT_TYPES), "level": dict(LEVELS)}
    words += [_(texts[given[key]]) for key, texts in fixed.items() if given[key] in texts]
    words += [texts[given[key]] for key, texts in (("owner", owners), ("region", regions)) if given[key] in texts]
    if asked.wanted.low_fen is not None or asked.wanted.high_fen is not None:
        words.append(_("{low} 至 {high} 万元").format(low=given["low"] or "—", high=given["high"] or "—"))
    if asked.wanted.year:
        words.append(_("{year} 年登记").format(year=asked.wanted.year))
    return " · ".join(words)
