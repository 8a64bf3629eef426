"""One's own notices: reading them, how one is told, the calendar of statutory dates. The calendar itself is fetched by programs that hold its address."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sixgate.engines.documents.calendar import Day, calendar_bytes
from sixgate.interfaces.web.ids import named
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import now, today
from sixgate.usecases.notices.dates import CalendarDate, calendar_address, calendar_of
from sixgate.usecases.notices.deliveries import REASONS, own_mail, sees_deliveries
from sixgate.usecases.notices.inbox import inbox, mark_read
from sixgate.usecases.notices.rules import own_preference

CALENDAR = {
    "open": ("authority.open_calendar", gettext_noop("得到一个只属于您的地址，加到日历软件里。原来的地址马上作废。")),
    "end": ("authority.end_calendar", gettext_noop("停用后，日历软件里的期限不再更新。")),
}


@login_required
@require_http_methods(["GET"])
def notices(request: HttpRequest) -> HttpResponse:
    """Show the reader's notices, newest first."""
    actor = actor_from(request)
    lines, unread = inbox(actor)
    context = {"lines": lines, "unread_total": unread, "sees_deliveries": sees_deliveries(actor), "nav": "notices", "tab": "notices"}
    return render(request, "notices/notices.html", context)


@login_required
@require_http_methods(["POST"])
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice of the reader as read, or all of them."""
    asked = request.POST.get("notice", "")
    try:
        mark_read(actor_from(request), named(asked) if asked else None)
    except Refusal as refusal:
        return refused(request, refusal)
    return redirect("notices")


@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show or take how the reader wants to be told; beside it the state of their mail and their calendar."""
    actor = actor_from(request)
    kept = own_preference(actor.id)
    path = calendar_address(actor.id)
    context = {
        "nav": "notices",
        "tab": "settings",
        "sees_deliveries": sees_deliveries(actor),
        "mail": own_mail(actor.id),
        "reasons": REASONS,
        "calendar": None if path is None else f"{settings.SITE_URL}{path}",
        "names": settings.NOTICES_CALENDAR_NAMES,
    }
    initial = {name: getattr(kept, name) for name in ("mail", "digest_hour", "quiet_from", "quiet_until", "days_off_quiet")}
    return verb_form(
        request,
        "authority.set_notices",
        initial=initial,
        then=reverse("notice_settings"),
        template="notices/settings.html",
        context=context,
        done=_("提醒设置已保存。"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def calendar_act(request: HttpRequest, name: str) -> HttpResponse:
    """Show or take the form that opens the reader's calendar at a new address, or closes it."""
    if name not in CALENDAR:
        raise Http404
    address, intro = CALENDAR[name]
    back = reverse("notice_settings")
    context = {
        "nav": "notices",
        "crumbs": [(reverse("notices"), pgettext("inbox", "提醒")), (back, _("提醒设置"))],
        "cancel": back,
        "intro": _(intro),
    }
    return verb_form(request, address, then=back, context=context)


@never_cache
@require_http_methods(["GET", "HEAD"])
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a person's calendar to whoever holds its address; as if there were none when the address is void."""
    found = calendar_of(token, today())
    if found is None:
        raise Http404
    with override("zh-hans"):
        days = [_day(item) for item in found]
        body = calendar_bytes(_("六关：法定期限"), days, now())
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": 'inline; filename="sixgate.ics"'})


def _day(item: CalendarDate) -> Day:
    title = f"{item.title} · {item.project}" if item.project else item.title
    marked = f"{_('（暂定）')}{title}" if item.provisional else title
    return Day(f"{item.key}@{settings.DEPLOYMENT}.sixgate", marked, item.day, f"{settings.SITE_URL}{item.path}", item.provisional)
