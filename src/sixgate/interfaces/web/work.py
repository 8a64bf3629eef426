"""The home page: three sentences and five cards for the hat one wears, then what waits for the reader, what stands still with them, for whom they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.interfaces.web.page import actor_from
from sixgate.kernel.text import gettext_noop
from sixgate.usecases.notices.deliveries import failing
from sixgate.usecases.work import CHECKS_OF, Card, Desk, desk

HAT_KEY: Final = "hat"
HATS: Final = {
    "director": gettext_noop("项目管理"),
    "leader": gettext_noop("分管领导"),
    "owner": gettext_noop("建设单位"),
    "expert": gettext_noop("评审专家"),
    "security": gettext_noop("网络安全"),
    "operator": gettext_noop("运行维护"),
    "auditor": gettext_noop("审计"),
    "other": gettext_noop("其他岗位"),
}
# What each card is called, why one looks at it, what its way is called, and the page it leads to where that is no list of findings.
CARDS: Final[dict[str, tuple[str, str, str, str]]] = {
    "projects": (gettext_noop("在办项目"), gettext_noop("在哪一步、钱到了哪里"), gettext_noop("看总览"), "overview"),
    "late": (gettext_noop("过期没有终验"), gettext_noop("{base} 个登记了计划完成日"), gettext_noop("看是哪些"), "overview#late_title"),
    "findings": (gettext_noop("体检发现、还没有说明"), gettext_noop("登记的事实互相对不上"), gettext_noop("逐条处理"), "findings?state=open"),
    "changed": (gettext_noop("批准后有变"), gettext_noop("决定依据的事实后来变了"), gettext_noop("看变了什么"), ""),
    "conditions": (gettext_noop("附带条件过期"), gettext_noop("有条件通过时定的期限"), gettext_noop("去催办"), ""),
    "still": (gettext_noop("等我们申请下一关"), gettext_noop("缺什么，下面写明"), gettext_noop("看缺什么"), "#still"),
    "unchecked": (gettext_noop("材料等人核对"), gettext_noop("核对以前不算数"), gettext_noop("看我在等谁"), "#waits"),
    "deadlines": (gettext_noop("期限已过"), gettext_noop("办了没有登记，或真的没办"), gettext_noop("逐条处理"), ""),
    "money": (gettext_noop("超概算、超支付"), gettext_noop("合同、支付、决算与概算比"), gettext_noop("看是哪些"), ""),
    "turns": (gettext_noop("等我出意见"), gettext_noop("会签或核对"), gettext_noop("去办"), "#turns"),
    "figures": (gettext_noop("对不上的数字"), gettext_noop("概算、预算、中标、合同之间"), gettext_noop("看是哪些"), ""),
    "twice": (gettext_noop("疑似重复"), gettext_noop("同名、同文、同一份文件"), gettext_noop("看是哪些"), ""),
    "systems": (gettext_noop("系统"), gettext_noop("看得到的项目建设或改造的"), gettext_noop("看台账"), "register"),
    "online": (gettext_noop("运行中的系统"), gettext_noop("共 {base} 个登记在册"), gettext_noop("看台账"), "register"),
    "ungraded": (gettext_noop("没有定级"), gettext_noop("{base} 个运行中的系统里"), gettext_noop("逐个定级"), ""),
    "level3": (gettext_noop("三级以上"), gettext_noop("共 {base} 个登记在册"), gettext_noop("看台账"), "register"),
    "yearly": (gettext_noop("该测评没有测评"), gettext_noop("投运前、每年一次"), gettext_noop("逐条处理"), ""),
    "accounts": (gettext_noop("账号和备份有问题"), gettext_noop("最小权限、恢复验证"), gettext_noop("逐条处理"), ""),
    "unused": (gettext_noop("没有人用"), gettext_noop("运行报告里的用户数"), gettext_noop("看是哪些"), ""),
    "restore": (gettext_noop("备份没有验证过"), gettext_noop("没有恢复过的备份不算备份"), gettext_noop("逐条处理"), ""),
    "evaluation": (gettext_noop("自评价超期"), gettext_noop("投运后 12 至 24 个月"), gettext_noop("逐条处理"), ""),
    "upkeep": (gettext_noop("运维对不上系统"), gettext_noop("说不出维护哪个系统"), gettext_noop("逐条处理"), ""),
    "acts": (gettext_noop("本月办了几件事"), gettext_noop("每件一条存证"), gettext_noop("打开账本"), "ledger"),
    "denied": (gettext_noop("本月被拒绝的"), gettext_noop("越权的尝试都留痕"), gettext_noop("逐条看"), "ledger?result=denied"),
    "exports": (gettext_noop("本月带走的数据"), gettext_noop("导出台账和简报"), gettext_noop("看谁带走"), "ledger?action=planning.export_register"),
    "self_decided": (gettext_noop("自报自批、自交自核"), gettext_noop("本该两个人办的"), gettext_noop("看是哪些"), ""),
    "stale": (gettext_noop("决定的依据变了"), gettext_noop("批准以后事实有变"), gettext_noop("看变了什么"), ""),
}


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card in words: what, how many, out of what, and where its number is proven and acted on."""

    label: str
    value: int | None
    why: str
    way: str
    url: str


@login_required
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the reader's desk under the hat they chose last."""
    if HAT_KEY in request.GET:
        request.session[HAT_KEY] = request.GET[HAT_KEY][:20]
    actor = actor_from(request)
    mine = desk(actor, str(request.session.get(HAT_KEY, "")))
    return render(request, "work.html", {"desk": mine, "cards": _cards(mine), "hats": _hats(mine), "failing": failing(actor), "nav": "work"})


def _cards(mine: Desk) -> list[ShownCard]:
    return [_shown(card) for card in mine.page.cards]


def _shown(card: Card) -> ShownCard:
    label, why, way, page = CARDS[card.name]
    return ShownCard(_(label), card.value, _(why).format(base=card.base), _(way), _url(card.name, page))


def _url(name: str, page: str) -> str:
    """Return where a card leads: a place on this page, a page with what narrows it, or the findings it counts."""
    if page.startswith("#"):
        return page
    if not page:
        return f"{reverse('findings')}?state=open&check={','.join(CHECKS_OF[name])}"
    view = page.partition("?")[0].partition("#")[0]
    return reverse(view) + page.removeprefix(view)


def _hats(mine: Desk) -> Sequence[tuple[str, str]]:
    """Return the other hats the reader could wear."""
    return [(hat, _(HATS[hat])) for hat in mine.page.hats if hat != mine.page.hat]
