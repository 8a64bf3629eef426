"""People: the list, one with posts and account, and the forms on person, post and loan."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sixgate.domain.authority import ADMINISTRATIVE, Target
from sixgate.interfaces.web.form import Choices
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.interfaces.web.turn import turn_of
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import choices as offered
from sixgate.records.queries.accounts import (
    PersonCard,
    PostHead,
    people_list,
    people_to_choose,
    person_card,
    post_head,
    post_of_loan,
    projects_to_choose,
    regions_of_person,
)
from sixgate.records.queries.organisations import organisation_card
from sixgate.usecases._frame import Actor, Answer, today
from sixgate.usecases._offers import duty_titles, may

ON_PERSON = {
    "suspend": "authority.suspend_account",
    "resume": "authority.resume_account",
    "reset-password": "authority.reset_password",
    "appoint": "authority.appoint_person",
    "hand-over": "authority.hand_over_posts",
}
INTRO = {
    "suspend": gettext_noop("马上生效，正在使用的也会退出。岗位和办过的事都还在记录里。"),
    "resume": gettext_noop("恢复后仍用原来的密码和岗位。"),
    "reset-password": gettext_noop("原密码马上作废。您会得到一个只能用一次的链接，请当面或经可靠渠道交给本人，由本人设置新密码。"),
    "hand-over": gettext_noop("把这个单位里还在任的岗位全部移交。等移交人办的事，从那天起等接任人办；办过的事仍记在移交人名下。"),
    "delegate": gettext_noop("受托人在这段时间里也能办这个岗位的事，存证上写明代谁办理。不能再转委托，工作秘密不随委托。"),
    "end": gettext_noop("从那天起不再担任；这个岗位的委托同时结束。"),
}


@login_required
@require_http_methods(["GET"])
def people(request: HttpRequest) -> HttpResponse:
    """Show the people, searched by name, sign-in name or organisation."""
    given = {key: request.GET.get(key, "").strip() for key in ("q", "suspended")}
    page = people_list(
        given["q"], today(), suspended=bool(given["suspended"]), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    total = ngettext("共 {total} 人", "共 {total} 人", page.total).format(total=f"{page.total:,}")
    actor = actor_from(request)
    context = {
        "page": page,
        "given": given,
        "turn": turn_of(reverse("people"), given, page.before, page.after, total),
        "duties": duty_titles(),
        "administers": _administers(actor),
        "may_create": may(actor, "authority.create_account"),
        "nav": "organisations",
        "tab": "people",
    }
    return render(request, "authority/people.html", context)


@login_required
@require_http_methods(["GET"])
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one person; what concerns the account only to administrators and to the person."""
    card = person_card(person_id, today())
    if card is None:
        return refused(request, Invisible())
    actor = actor_from(request)
    context = {
        "card": card,
        "own": actor.id == card.id,
        "sees_account": actor.id == card.id or _administers(actor),
        "allowed": _allowed(actor, card),
        "may_end_post": may(actor, "authority.end_post"),
        "duties": duty_titles(),
        "nav": "organisations",
    }
    return render(request, "authority/person.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create_account(request: HttpRequest) -> HttpResponse:
    """Show or take the form that opens an account; then show its link once."""
    return verb_form(
        request,
        "authority.create_account",
        then=lambda answer: _link_page(request, answer),
        context={
            "nav": "organisations",
            "crumbs": [_list()],
            "cancel": reverse("people"),
            "aside": _("建好后得到一个只能用一次的链接，由本人设置密码。"),
        },
        target=Target(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, person_id: UUID, name: str) -> HttpResponse:
    """Show or take one of the forms on a person."""
    card, address = person_card(person_id, today()), ON_PERSON.get(name)
    if address is None:
        raise Http404
    if card is None:
        return refused(request, Invisible())
    fixed: dict[str, object] = {"person_id": card.id}
    target = Target()
    if name == "hand-over":
        body = next((UUID(key) for key, _title in card.bodies if key == request.GET.get("organisation")), None)
        organisation = organisation_card(body, today()) if body else None
        if organisation is None:
            return refused(request, Invisible())
        fixed, target = {**fixed, "organisation_id": organisation.id}, Target(region_code=organisation.region_code)
    return verb_form(
        request,
        address,
        _choices(name, card, fixed, actor_from(request)),
        {"valid_from": today(), "from_day": today()},
        then=(lambda answer: _link_page(request, answer)) if name == "reset-password" else reverse("person", args=[card.id]),
        context=_context(name, card.id, card.name),
        fixed=fixed,
        target=target,
    )


@login_required
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Show or take the form that ends a post."""
    return _on_post(request, "end", "authority.end_post", post_id)


@login_required
@require_http_methods(["GET", "POST"])
def delegate_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Show or take the form that lends a post."""
    return _on_post(request, "delegate", "authority.delegate_post", post_id)


@login_required
@require_http_methods(["GET", "POST"])
def end_delegation(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Show or take the form that ends a loan."""
    post_id = post_of_loan(delegation_id)
    return _on_post(request, "", "authority.end_delegation", post_id, {"delegation_id": delegation_id})


def _on_post(request: HttpRequest, name: str, address: str, post_id: UUID | None, fixed: Mapping[str, object] | None = None) -> HttpResponse:
    head = post_head(post_id) if post_id else None
    if head is None:
        return refused(request, Invisible())
    return verb_form(
        request,
        address,
        {"delegate_id": people_to_choose(head.organisation_id, today(), without=head.person_id)} if name == "delegate" else {},
        {"from_day": today(), "valid_from": today()},
        then=reverse("person", args=[head.person_id]),
        context={**_context(name, head.person_id, head.person), "heading": _heading(address, head)},
        fixed=fixed or {"post_id": head.id},
        target=Target(region_code=head.region_code),
    )


def _heading(address: str, head: PostHead) -> str:
    texts = {"authority.end_post": _("免去岗位"), "authority.delegate_post": _("委托岗位"), "authority.end_delegation": _("结束委托")}
    return f"{texts[address]}：{head.person} · {_(duty_titles().get(head.duty, head.duty))} · {head.organisation}"


def _context(name: str, person_id: UUID, title: str) -> dict[str, Any]:
    back = reverse("person", args=[person_id])
    return {"nav": "organisations", "crumbs": [_list(), (back, title)], "cancel": back, "intro": _(INTRO[name]) if name in INTRO else ""}


def _choices(name: str, card: PersonCard, fixed: Mapping[str, object], actor: Actor) -> dict[str, Choices]:
    if name == "hand-over":
        return {"successor_id": people_to_choose(UUID(str(fixed["organisation_id"])), today(), without=card.id)}
    if name != "appoint":
        return {}
    regions = [post.region_code for post in actor.posts if post.duty == "SECADMIN"]
    return {"organisation_id": offered.bodies(), "duty": sorted(duty_titles().items()), "project_id": projects_to_choose(regions)}


def _allowed(actor: Actor, card: PersonCard) -> dict[str, bool]:
    """Return what the reader may do to an account: of suspend and resume only the one that applies."""
    there = [Target(region_code=code) for code in regions_of_person(card.id, today())] or [Target()]
    allowed = {name.replace("-", "_"): all(may(actor, address, target) for target in there) for name, address in ON_PERSON.items()}
    allowed["suspend"] &= card.active and actor.id != card.id
    allowed["resume"] &= not card.active
    allowed["reset_password"] &= card.active
    allowed["appoint"] = may(actor, "authority.appoint_person") and card.active and actor.id != card.id
    return allowed


def _administers(actor: Actor) -> bool:
    return any(post.duty in ADMINISTRATIVE for post in actor.posts)


def _link_page(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Show a one-time link, this once; a repeated request has none to show."""
    card = person_card(UUID(answer["person"]), today())
    link = request.build_absolute_uri(answer["path"]) if "path" in answer else ""
    return render(request, "authority/link.html", {"card": card, "link": link, "nav": "organisations"})


def _list() -> tuple[str, str]:
    return reverse("people"), _("人员")
