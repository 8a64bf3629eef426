"""One's own account: setting a password by a one-time link, changing it."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.accounts import link_holder
from sixgate.usecases._frame import Answer
from sixgate.usecases._registry import actor_of

USED_UP = gettext_noop("这个链接已经用过，或过了有效期。")
ASK_AGAIN = gettext_noop("请向系统管理员再要一个。")


@login_required
@require_http_methods(["GET"])
def account(request: HttpRequest) -> HttpResponse:
    """Go to the reader's own page."""
    return redirect(reverse("person", args=[actor_from(request).id]))


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Show or take the form that changes one's own password; this session stays, others end."""

    def stay(_answer: Answer) -> str:
        request.user.refresh_from_db()  # type: ignore[union-attr]
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        return reverse("account")

    return verb_form(
        request,
        "authority.change_password",
        then=stay,
        context={"crumbs": [(reverse("account"), _("我的账号"))], "cancel": reverse("account")},
        done=_("密码已修改。别处登录的会话已经退出。"),
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Show or take the form behind a one-time link."""
    holder = link_holder(uid, token)
    if holder is None:
        return refused(request, Conflict("link_used_up", USED_UP, remedy=ASK_AGAIN))
    return verb_form(
        request,
        "authority.set_password",
        then=reverse("sign_in"),
        context={"heading": _("{name}，请设置密码").format(name=holder[1])},
        fixed={"token": token},
        done=_("密码已设置，请登录。"),
        actor=actor_of(holder[0], holder[1], "web"),
    )
