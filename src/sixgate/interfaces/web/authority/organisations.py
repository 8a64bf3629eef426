"""Organisations: the list, one with its names, succession and posts, and the forms of what befalls it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sixgate.domain.authority import Target
from sixgate.interfaces.web.form import Choices, Part
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.interfaces.web.turn import turn_of
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import choices as offered
from sixgate.records.queries.accounts import people_to_choose, projects_to_choose
from sixgate.records.queries.organisations import OrganisationCard, organisation_card, organisation_list, owned_by, regions_with_bodies
from sixgate.usecases._frame import today
from sixgate.usecases._offers import duty_titles, may

KEPT = gettext_noop("旧文件上仍是当时的名称。项目、系统和岗位跟着走，办过的事仍记在原单位名下。")


@dataclass(frozen=True, slots=True)
class Form:
    """How a verb is asked for on the page of one organisation."""

    address: str
    choices: Callable[[OrganisationCard], dict[str, Choices]] = lambda card: {}
    subject: str = "organisation_id"
    initial: tuple[str, ...] = ()
    parts: Callable[[OrganisationCard], dict[str, list[Part]]] = lambda card: {}
    danger: bool = True
    intro: str = ""
    context: dict[str, object] = field(default_factory=dict)


def _others(card: OrganisationCard) -> Choices:
    return [item for item in offered.bodies() if item[0] != str(card.id)]


def _appointing(card: OrganisationCard) -> dict[str, Choices]:
    return {
        "person_id": people_to_choose(card.id, today()),
        "duty": sorted(duty_titles().items(), key=lambda item: item[0]),
        "project_id": projects_to_choose([card.region_code]),
    }


def _shares(card: OrganisationCard) -> dict[str, list[Part]]:
    projects, systems = owned_by(card.id)
    titles = duty_titles()
    posts = [(str(post.id), f"{_(titles.get(post.duty, post.duty))} · {post.person}") for post in card.present]
    return {
        "shares": [
            Part("successor_id", _("承接单位"), "choices", _others(card)),
            Part("project_ids", _("项目"), "checks", projects),
            Part("system_ids", _("系统"), "checks", systems),
            Part("post_ids", _("岗位"), "checks", posts),
        ]
    }


FORMS = {
    "rename": Form("authority.rename_organisation", initial=("valid_from",), intro=KEPT),
    "merge": Form(
        "authority.merge_organisations",
        lambda card: {"predecessor_ids": _others(card)},
        "successor_id",
        ("on",),
        intro=gettext_noop("把别的单位并入本单位。"),
    ),
    "split": Form("authority.split_organisation", initial=("on",), parts=_shares, intro=KEPT),
    "end": Form("authority.end_organisation", initial=("on",), intro=gettext_noop("没有单位承接时才用；有承接的，请办合并或分立。")),
    "appoint": Form("authority.appoint_person", _appointing, initial=("valid_from",), danger=False),
}


@login_required
@require_http_methods(["GET"])
def organisations(request: HttpRequest) -> HttpResponse:
    """Show the organisations, searched by present or former name."""
    given = {key: request.GET.get(key, "").strip() for key in ("q", "region", "ended")}
    page = organisation_list(
        given["q"], region=given["region"], ended=bool(given["ended"]), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    total = ngettext("共 {total} 个单位", "共 {total} 个单位", page.total).format(total=f"{page.total:,}")
    context = {
        "page": page,
        "given": given,
        "regions": regions_with_bodies(),
        "turn": turn_of(reverse("organisations"), given, page.before, page.after, total),
        "may_register": may(actor_from(request), "authority.register_organisation"),
        "nav": "organisations",
        "tab": "organisations",
    }
    return render(request, "authority/organisations.html", context)


@login_required
@require_http_methods(["GET"])
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show one organisation."""
    card = organisation_card(organisation_id, today())
    if card is None:
        return refused(request, Invisible())
    actor, target = actor_from(request), Target(region_code=card.region_code)
    allowed = {name: may(actor, form.address, target) for name, form in FORMS.items()} if card.ended_on is None else {}
    context = {
        "card": card,
        "allowed": allowed,
        "may_end_post": may(actor, "authority.end_post", target),
        "duties": duty_titles(),
        "kinds": {"merge": _("合并"), "split": _("分立")},
        "nav": "organisations",
    }
    return render(request, "authority/organisation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def register_organisation(request: HttpRequest) -> HttpResponse:
    """Show or take the form that registers an organisation."""
    actor = actor_from(request)
    codes = [post.region_code for post in actor.posts if post.duty == "SYSADMIN"]
    return verb_form(
        request,
        "authority.register_organisation",
        {"region_code": offered.divisions(codes), "parent_id": offered.bodies()},
        {"region_code": codes[0] if codes else ""},
        then=lambda answer: reverse("organisation", args=[answer["organisation"]]),
        context={"nav": "organisations", "crumbs": [_list()], "cancel": reverse("organisations")},
        target=Target(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, organisation_id: UUID, name: str) -> HttpResponse:
    """Show or take one of the forms on an organisation."""
    card, form = organisation_card(organisation_id, today()), FORMS.get(name)
    if form is None:
        raise Http404
    if card is None or card.ended_on is not None:
        return refused(request, Invisible())
    back = reverse("organisation", args=[card.id])
    context: dict[str, Any] = {
        "nav": "organisations",
        "crumbs": [_list(), (back, card.name)],
        "cancel": back,
        "danger": form.danger,
        "intro": _(form.intro) if form.intro else "",
    }
    return verb_form(
        request,
        form.address,
        form.choices(card),
        dict.fromkeys(form.initial, today()),
        then=back,
        context=context,
        fixed={form.subject: card.id},
        parts=form.parts(card),
        target=Target(region_code=card.region_code),
    )


def _list() -> tuple[str, str]:
    return reverse("organisations"), _("单位")
