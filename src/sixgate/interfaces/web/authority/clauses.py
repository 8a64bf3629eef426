"""Clauses: what each rule does at a place, by whose word; a 法制 officer puts one in force, or takes it out, on a signed paper."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sixgate.domain.authority import Target
from sixgate.domain.axes import STAGE_TITLES
from sixgate.domain.lifecycle.wording import RULE_WORDS, clause_text
from sixgate.engines.rules.schema import Requirement
from sixgate.interfaces.web.form import Choices
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.kernel.identity import load_divisions
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.clauses import words_on
from sixgate.records.queries.organisations import regions_with_bodies
from sixgate.usecases._frame import today
from sixgate.usecases._offers import gates_in, may, speaks_english
from sixgate.usecases.authority.clauses import Standing, standings
from sixgate.usecases.authority.comparing import law_digest
from sixgate.usecases.authority.signing_sheet import write_signing_sheet
from sixgate.usecases.authority.stopped import stopped_by

EFFECTS = {"lock": gettext_noop("不满足时锁定"), "warn": gettext_noop("不满足时提醒，启用后锁定"), "remind": gettext_noop("只提醒")}
TABLES = {"requirement": gettext_noop("要求"), "deadline": gettext_noop("期限规则"), "change_rule": gettext_noop("变更规则")}
SHOW = (
    ("", gettext_lazy("全部")),
    ("open", gettext_lazy("可以启用的")),
    ("active", gettext_lazy("已经启用的")),
    ("lock", gettext_lazy("会锁定的")),
    ("unseen", gettext_lazy("没有见到原文的")),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {
    "activate": ("authority.activate_clause", gettext_noop("启用后，不满足时这一关就不能通过。")),
    "revoke": ("authority.revoke_clause", gettext_noop("停用后，不满足时只提醒。已经作出的决定不受影响。")),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one gate, or those without one."""

    title: str
    rules: Sequence[Standing]


@login_required
@require_http_methods(["GET"])
def clauses(request: HttpRequest) -> HttpResponse:
    """Show every rule of a place, grouped by gate, with what it does there."""
    region, given = _region(request), _given(request)
    every = standings(region, today(), english=speaks_english())
    context = {
        "groups": _groups(_narrowed(every, given, region), region),
        "total": len(every),
        "locking": sum(item.effect == "lock" for item in every),
        "open": sum(_shown(item, "open") for item in every),
        "given": given,
        "narrowed": any(given.values()),
        "shows": SHOW,
        "stages": STAGE_TITLES,
        "sheet": urlencode({"region": region, **given}),
        "region": region,
        "regions": _regions(region),
        "place": _place(region),
        "query": urlencode({"region": region}),
        "nav": "organisations",
        "tab": "clauses",
        **_words(),
    }
    return render(request, "authority/clauses.html", context)


@login_required
@require_http_methods(["GET"])
def signing_sheet(request: HttpRequest) -> HttpResponse:
    """Hand out the rules the list shows as a workbook to go through and sign on paper."""
    region, given, day = _region(request), _given(request), today()
    rules = _narrowed(standings(region, day, english=speaks_english()), given, region)
    title = _("{place}条款签核表（{day}，{count} 条规则）").format(place=_place(region), day=day.isoformat(), count=len(rules))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        write_signing_sheet(path, rules, title=title, digest=law_digest(region, day))
        answer = HttpResponse(path.read_bytes(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_("条款签核表") + f"-{region}-{day.isoformat()}.xlsx")
    return answer


@login_required
@require_http_methods(["GET"])
def clause(request: HttpRequest, target: str) -> HttpResponse:
    """Show one rule: what it rests on, what it does here, every word said on it."""
    region = _region(request)
    found = _standing(target, region)
    if found is None:
        return refused(request, Invisible())
    actor = actor_from(request)
    may_switch = not found.fixed and may(actor, FORMS["activate"][0], Target(region_code=region))
    context = {
        "found": found,
        "clauses": [(clause_text(item), item) for item in found.rule.clauses],
        "gate": gates_in(region)[found.gate].title if found.gate else "",
        "stopped": stopped_by(actor, found.rule, region) if isinstance(found.rule, Requirement) and found.gate else None,
        "said": words_on(target, region),
        "may_activate": may_switch and not found.activated,
        "may_revoke": may_switch and found.activated,
        "place": _place(region),
        "region": region,
        "query": urlencode({"region": region}),
        "nav": "organisations",
        **_words(),
    }
    return render(request, "authority/clause.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, target: str, name: str) -> HttpResponse:
    """Show or take the form that puts a rule in force at a place, or out of it."""
    region = _region(request)
    found = _standing(target, region)
    if name not in FORMS:
        raise Http404
    if found is None:
        return refused(request, Invisible())
    address, intro = FORMS[name]
    back = f"{reverse('clause', args=[target])}?{urlencode({'region': region})}"
    context: dict[str, Any] = {
        "nav": "organisations",
        "crumbs": [(reverse("clauses"), _("条款")), (back, found.rule.title)],
        "cancel": back,
        "heading": f"{_('启用条款') if name == 'activate' else _('停用条款')}：{found.rule.title}",
        "intro": f"{_place(region)} · {_(intro)}",
    }
    fixed = {"target": target, "jurisdiction": region}
    return verb_form(request, address, initial=_cited(found), then=back, context=context, fixed=fixed, target=Target(region_code=region))


def _cited(found: Standing) -> dict[str, object]:
    """Return the document a rule names, for the officer to compare with the paper; the article is theirs to write."""
    first = next(iter(found.rule.clauses), None)
    return {"document": first.document, "number": first.number} if first is not None and found.rule.scope == "local" else {}


def _standing(target: str, region: str) -> Standing | None:
    return next((item for item in standings(region, today(), english=speaks_english()) if item.rule.id == target), None)


def _groups(rules: Sequence[Standing], region: str) -> list[Group]:
    gates = gates_in(region)
    found = [Group(gate.title, [item for item in rules if item.gate == key]) for key, gate in gates.items()]
    found.append(Group(_("不属于某一关的要求、期限和变更规则"), [item for item in rules if item.gate not in gates]))
    return [group for group in found if group.rules]


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in ("q", "show", "kind", "confidence", "stage")}


def _narrowed(rules: Sequence[Standing], given: Mapping[str, str], region: str) -> list[Standing]:
    """Return the rules that fit every filter given; a stage is that of the gate, or of the deadline itself."""
    gates = gates_in(region)
    return [
        item
        for item in rules
        if _shown(item, given["show"])
        and given["kind"] in ("", item.rule.kind)
        and given["confidence"] in ("", item.rule.confidence)
        and given["stage"] in ("", gates[item.gate].stage if item.gate in gates else getattr(item.rule, "stage", None))
        and _says(item, given["q"])
    ]


def _shown(item: Standing, show: str) -> bool:
    shown = {
        "open": not item.fixed and not item.activated,
        "active": item.activated,
        "lock": item.effect == "lock",
        "unseen": any(not clause.text_seen for clause in item.rule.clauses),
    }
    return shown.get(show, True)


def _says(item: Standing, words: str) -> bool:
    text = " ".join([item.rule.title, item.rule.id, *(clause_text(clause) for clause in item.rule.clauses)]).casefold()
    return all(word in text for word in words.casefold().split())


def _region(request: HttpRequest) -> str:
    """Return the place asked for, the home jurisdiction where none or an unknown one is."""
    asked = request.GET.get("region", "")
    return asked if asked in load_divisions() else settings.HOME_JURISDICTION


def _place(region: str) -> str:
    found = load_divisions().get(region)
    return found.name if found is not None else region


def _regions(region: str) -> Choices:
    known = dict(regions_with_bodies())
    return sorted({region: _place(region), settings.HOME_JURISDICTION: _place(settings.HOME_JURISDICTION), **known}.items())


def _words() -> dict[str, object]:
    return {"kinds": RULE_WORDS["kind"], "scopes": RULE_WORDS["scope"], "confidences": RULE_WORDS["confidence"], "effects": EFFECTS, "tables": TABLES}
