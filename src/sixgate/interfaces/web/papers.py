"""Papers to take home, and the templates a bureau keeps for them. One press gives a file; the same addresses work without JavaScript."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.ids import named
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.interfaces.web.register import narrowed
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.records.queries.dossier_view import project_head
from sixgate.records.queries.portfolio import ProjectFilter, organisations_for, project_list
from sixgate.records.queries.templates import TemplateRow, templates_for
from sixgate.records.store import path_in_quarantine
from sixgate.usecases._frame import Actor
from sixgate.usecases._offers import may
from sixgate.usecases._registry import verbs, visible_to
from sixgate.usecases.planning.placeholders import KINDS, PLACEHOLDERS

EXPORT, ADD = "planning.export_papers", "planning.add_template"
ORDER = ("sort", "descending")


@dataclass(frozen=True, slots=True)
class NameTable:
    """The names of one list, or the single ones, with examples; as a bureau writes them."""

    kind: str
    group: str
    names: list[tuple[str, str]]


@login_required
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest) -> HttpResponseBase:
    """Show what a paper would be about and in which formats; hand it out once it stands in the ledger."""
    actor = actor_from(request)
    try:
        asked = (request.POST or request.GET).get("project", "")
        project_id = named(asked) if asked else None
        if request.method == "POST":
            return _handed_out(request, actor, project_id)
        return render(request, "planning/papers.html", _about(request, actor, project_id))
    except Refusal as refusal:
        return refused(request, refusal)


@login_required
@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """Show the templates of the reader's bodies, the names there are, and the form that adds one."""
    actor = actor_from(request)
    if not may(actor, EXPORT):
        return refused(request, Invisible())
    context = {
        "rows": _titled(templates_for(actor.posts)),
        "tables": _name_tables(),
        "may_add": may(actor, ADD),
        "crumbs": [(reverse("register"), _("项目")), (reverse("papers"), _("简报"))],
        "nav": "register",
    }
    choices = {"organisation_id": organisations_for(actor.posts)}
    return verb_form(request, ADD, choices, then=reverse("templates"), template="planning/papers_templates.html", context=context)


def _handed_out(request: HttpRequest, actor: Actor, project_id: UUID | None) -> FileResponse:
    asked = narrowed(request.POST)
    arguments = {name: getattr(asked.wanted, name) for name in ProjectFilter.__slots__ if name not in ORDER}
    template = request.POST.get("template", "")
    template_id = named(template) if template else None
    given = request.POST.get("format", "docx")
    answer = verbs()[EXPORT].run(actor, format=given, project_id=project_id, template_id=template_id, **arguments)
    return FileResponse(path_in_quarantine(answer["sha256"]).open("rb"), as_attachment=True, filename=answer["name"])


def _about(request: HttpRequest, actor: Actor, project_id: UUID | None) -> dict[str, Any]:
    if not may(actor, EXPORT) and project_id is None:
        raise Invisible
    context: dict[str, Any] = {"templates": templates_for(actor.posts, "project" if project_id else "portfolio"), "nav": "register"}
    if project_id is not None:
        head = project_head(visible_to(actor), project_id)
        if head is None:
            raise Invisible
        return {**context, "head": head, "kept": [("project", str(project_id))]}
    asked = narrowed(request.GET)
    page = project_list(visible_to(actor), asked.wanted)
    kept = [(key, value) for key, value in asked.given.items() if value and key not in ("sort", "down")]
    return {**context, "total": page.total, "capped": page.capped, "narrowed": bool(kept), "kept": kept}


def _titled(rows: list[TemplateRow]) -> list[TemplateRow]:
    titles = dict(KINDS)
    return [replace(row, kind=_(titles[row.kind])) for row in rows]


def _name_tables() -> list[NameTable]:
    tables: list[NameTable] = []
    for kind, title in KINDS:
        names = PLACEHOLDERS[kind]
        tables.append(NameTable(_(title), "", [(f"{{{{{name}}}}}", example) for name, example in names.values.items()]))
        for group, fields in names.lists.items():
            tables.append(NameTable(_(title), group, [(f"{{{{{group}.{name}}}}}", example) for name, example in fields.items()]))
    return tables
