"""Where messages go and whether they arrive: the page of the system administrator, and the forms on the places."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from sixgate.domain.authority import Target
from sixgate.interfaces.web.form import Choices
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import Answer, today
from sixgate.usecases._registry import verbs
from sixgate.usecases.authority.endpoints import KINDS
from sixgate.usecases.notices.deliveries import ACT_GROUPS, REASONS, bodies_for_robots, deliveries, endpoint_name

OUTCOMES = {"sent": gettext_noop("送到"), "failed": gettext_noop("没有送到"), "refused": gettext_noop("对方拒收")}
STATES = {"sent": gettext_noop("送到"), "waiting": gettext_noop("还会再送"), "given_up": gettext_noop("不再送")}
CHANNELS = {"mail": gettext_noop("邮件"), "webhook": gettext_noop("程序"), "robot": gettext_noop("机器人")}
FORMS = {
    "end": ("authority.end_endpoint", gettext_noop("停用后不再向它发送，发过的记录还在。")),
    "rotate": ("authority.rotate_endpoint", gettext_noop("得到新密钥，只显示一次。一天之内新旧密钥都签，接收的程序来得及换。")),
    "replay": ("authority.replay_endpoint", gettext_noop("把那天以来的办理按原来的编号再发一遍。接收的程序按编号去重。")),
}


@login_required
@require_http_methods(["GET"])
def deliveries_page(request: HttpRequest) -> HttpResponse:
    """Show every place and the latest attempts."""
    try:
        told = deliveries(actor_from(request))
    except Invisible as refusal:
        return refused(request, refusal)
    context = {
        "told": told,
        "kinds": dict(KINDS),
        "outcomes": OUTCOMES,
        "states": STATES,
        "channels": CHANNELS,
        "reasons": REASONS,
        "groups": dict(ACT_GROUPS),
        "sees_deliveries": True,
        "nav": "notices",
        "tab": "deliveries",
    }
    return render(request, "notices/deliveries.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_endpoint(request: HttpRequest) -> HttpResponse:
    """Show or take the form that adds a place."""
    choices: dict[str, Choices] = {
        "acts": [(pattern, _(title)) for pattern, title in ACT_GROUPS],
        "robot": [(name, name) for name in settings.NOTICES_ROBOTS],
        "organisation_id": bodies_for_robots(),
    }
    intro = _("程序：填接收地址。机器人：选设置名和单位。")
    context = {**_context(), "intro": intro}
    target = Target(region_code=settings.HOME_JURISDICTION)
    return verb_form(request, "authority.add_endpoint", choices, then=lambda answer: _secret_page(request, answer), context=context, target=target)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, endpoint_id: UUID, name: str) -> HttpResponse:
    """Show or take one of the forms on a place."""
    if name not in FORMS:
        raise Http404
    try:
        title, _kind = endpoint_name(actor_from(request), endpoint_id)
    except Invisible as refusal:
        return refused(request, refusal)
    address, intro = FORMS[name]
    context = {**_context(), "heading": f"{_(verbs()[address].title)}：{title}", "intro": _(intro)}
    return verb_form(
        request,
        address,
        initial={"since": today()},
        then=(lambda answer: _secret_page(request, answer)) if name == "rotate" else reverse("deliveries"),
        context=context,
        fixed={"endpoint_id": endpoint_id},
        target=Target(region_code=settings.HOME_JURISDICTION),
    )


def _context() -> dict[str, Any]:
    back = reverse("deliveries")
    return {"nav": "notices", "crumbs": [(reverse("notices"), pgettext("inbox", "提醒")), (back, _("发送"))], "cancel": back}


def _secret_page(request: HttpRequest, answer: Answer) -> str | HttpResponse:
    """Show a secret, this once; a robot has none, a repeated request none to show."""
    if "secret" not in answer:
        return reverse("deliveries")
    return render(request, "notices/secret.html", {"secret": answer["secret"], **_context()})
