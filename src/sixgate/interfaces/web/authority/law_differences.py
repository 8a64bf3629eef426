"""The page that lays two laws side by side: a place against the nation or another place, one day against another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.engines.rules.differences import NATURES, TABLES
from sixgate.interfaces.web.form import Choices
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.organisations import regions_with_bodies
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases._offers import speaks_english
from sixgate.usecases.authority.comparing import LawChange, compare_laws

NATION = "cn"
NATURE_TITLES = {
    "added": gettext_noop("新增"),
    "stricter": gettext_noop("更严"),
    "looser": gettext_noop("更宽"),
    "changed": gettext_noop("有改动"),
    "removed": gettext_noop("没有了"),
}
TABLE_TITLES = {
    "requirement": gettext_noop("要求"),
    "deadline": gettext_noop("期限规则"),
    "change_rule": gettext_noop("变更规则"),
    "parameter": gettext_noop("标准"),
    "evidence": gettext_noop("材料"),
    "gate": gettext_noop("决策点"),
}
WRONG_DAY = gettext_noop("日期写成 2026-11-23 这样。")


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one nature."""

    nature: str
    changes: Sequence[LawChange]


@login_required
@require_http_methods(["GET"])
def law_differences(request: HttpRequest) -> HttpResponse:
    """Show what one law changes against another, by default the place asked for against the nation, today."""
    places = dict(_places())
    here = _place(request.GET.get("region", ""), places, settings.HOME_JURISDICTION)
    left, right = _place(request.GET.get("from", ""), places, NATION), _place(request.GET.get("to", ""), places, here)
    days = {name: request.GET.get(name, "").strip() for name in ("from_on", "to_on")}
    wrong = {name: _(WRONG_DAY) for name, text in days.items() if _day(text) is None}
    context: dict[str, object] = {
        "places": places.items(),
        "given": {"from": left, "to": right, **{name: text or today().isoformat() for name, text in days.items()}},
        "sides": (places[left], places[right]),
        "wrong": wrong,
        "natures": NATURE_TITLES,
        "tables": TABLE_TITLES,
        "query": urlencode({"region": right if right in load_divisions() else settings.HOME_JURISDICTION}),
        "nav": "organisations",
        "tab": "clauses",
    }
    from_on, to_on = _day(days["from_on"]), _day(days["to_on"])
    if from_on is not None and to_on is not None:
        found = compare_laws((left, from_on), (right, to_on), english=speaks_english())
        context |= {"found": found, "groups": _groups(found.changes), "same": found.digests[0] == found.digests[1]}
    return render(request, "authority/law_differences.html", context, status=422 if wrong else 200)


def _groups(changes: Sequence[LawChange]) -> list[Group]:
    order = {table: index for index, table in enumerate(TABLES)}
    found = [Group(nature, sorted((item for item in changes if item.nature == nature), key=lambda item: order[item.table])) for nature in NATURES]
    return [group for group in found if group.changes]


def _day(text: str) -> date | None:
    """Return the day a text names, today where it is empty, None where it names none."""
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        return None


def _place(asked: str, places: dict[str, str], otherwise: str) -> str:
    return asked if asked in places else otherwise


def _places() -> Choices:
    """Return the nation, the places packs are written for, the home place and those that have bodies."""
    divisions = load_divisions()
    codes = {pack.header.jurisdiction for pack in _law.packs()} | {settings.HOME_JURISDICTION} | set(dict(regions_with_bodies()))
    named = sorted((code, divisions[code].name) for code in codes if code in divisions)
    return [(NATION, _("全国")), *named]
