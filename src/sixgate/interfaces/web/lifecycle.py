"""Pages of 流程规范: one version of evidence beside its scan, its files, a requirement explained."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from sixgate.engines.documents.preview import preview
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.usecases.lifecycle.reading import evidence_page, requirement_page
from sixgate.usecases.lifecycle.reading.evidence import EvidencePage
from sixgate.usecases.lifecycle.reading.files import file_for

PAGES_SHOWN = 20


@login_required
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show one version beside its scan, and take the second person's check where the reader may give it."""
    try:
        actor = actor_from(request)
        page = evidence_page(actor, version_id)
        context = _context(page)
        if not page.may_check:
            return render(request, "lifecycle/evidence.html", context)
        return verb_form(
            request,
            f"lifecycle.{page.stage}.check_evidence",
            then=reverse("evidence", args=[version_id]),
            template="lifecycle/evidence.html",
            context=context,
            fixed={"version_id": str(version_id)},
        )
    except Refusal as refusal:
        return refused(request, refusal)


def _context(page: EvidencePage) -> dict[str, Any]:
    project = reverse("project", args=[page.project_id])
    withdraw = f"{reverse('act', args=[page.project_id, f'lifecycle.{page.stage}.withdraw_evidence'])}?version_id={page.version.id}"
    again = f"{reverse('act', args=[page.project_id, f'lifecycle.{page.stage}.submit_evidence'])}?kind={page.place.kind}"
    return {
        "page": page,
        "nav": "register",
        "crumbs": [(reverse("register"), _("项目")), (project, page.project)],
        "withdraw": withdraw if page.may_withdraw else "",
        "again": again if page.place.may_submit else "",
        "cancel": project,
    }


@login_required
@require_http_methods(["GET"])
def file(request: HttpRequest, file_id: UUID) -> HttpResponse | FileResponse:
    """Hand out a file as an attachment under the name it came with; browsers never interpret it."""
    try:
        found = file_for(actor_from(request), file_id)
    except Refusal as refusal:
        return refused(request, refusal)
    answer = FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@login_required
@cache_control(private=True, max_age=3600)
@require_http_methods(["GET"])
def picture(request: HttpRequest, file_id: UUID, number: int) -> HttpResponse:
    """Show one page of a file as a picture, rendered apart from the browser."""
    try:
        found = file_for(actor_from(request), file_id)
        pages = preview(found.path, pages=min(number + 1, PAGES_SHOWN)).pages
        if number >= len(pages):
            raise Invisible
    except Refusal as refusal:
        return refused(request, refusal)
    return HttpResponse(pages[number], content_type="image/png")


@login_required
@require_http_methods(["GET"])
def requirement(request: HttpRequest, requirement_id: str) -> HttpResponse:
    """Explain one requirement: what it asks, by which clause, from whom, how it is judged, with its worked examples."""
    try:
        page = requirement_page(requirement_id, request.GET.get("region", ""))
    except Refusal as refusal:
        return refused(request, refusal)
    return render(request, "lifecycle/requirement.html", {"page": page, "nav": "register"})
