"""One box for everything: projects, systems, bodies, requirements, findings, papers by number, acts by id; grouped, only what the reader may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.domain.lifecycle.wording import clause_text
from sixgate.interfaces.web.ids import id_in
from sixgate.interfaces.web.page import actor_from
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries.everywhere import (
    SHOWN,
    Hit,
    evidence_numbered,
    findings_about,
    organisations_named,
    papers_numbered,
    systems_named,
)
from sixgate.records.queries.ledger import events_named
from sixgate.records.queries.portfolio import ProjectFilter, project_list
from sixgate.usecases._frame import Actor
from sixgate.usecases._offers import evidence_kind, spoken_pack
from sixgate.usecases._registry import visible_to
from sixgate.usecases.ledger import action_titles, reader_of
from sixgate.usecases.planning.xray import check_titles

LONGEST = 200
WORDS = 8
PAPERS = {"document": gettext_noop("决定文件"), "contract": gettext_noop("合同"), "funding": gettext_noop("资金")}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing found: its name, where it leads, and what tells it from others."""

    title: str
    url: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The things found of one kind, a few of them; `more` leads to the list that has all, where there is one."""

    title: str
    lines: Sequence[Line]
    more: str = ""
    capped: bool = False


@login_required
@require_http_methods(["GET"])
def search(request: HttpRequest) -> HttpResponse:
    """Show what bears the words, or the id, the reader typed."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    actor = actor_from(request)
    key = id_in(text)
    found = _acts(actor, key) if key else list(_named(actor, text)) if text else []
    groups = [group for group in found if group.lines]
    context = {"q": text, "groups": groups, "total": sum(len(group.lines) for group in groups), "searches_here": True, "nav": "search"}
    return render(request, "search.html", context)


def _named(actor: Actor, text: str) -> Iterator[Group]:
    words, projects = text.split()[:WORDS], visible_to(actor)
    query = urlencode({"q": text})
    page = project_list(projects, ProjectFilter(words=text))
    aside = (f"{row.owner} {row.code}".strip() for row in page.rows)
    rows = [Line(row.name, reverse("project", args=[row.id]), told) for row, told in zip(page.rows, aside, strict=True)]
    yield _group(_("项目"), rows, f"{reverse('register')}?{query}")
    yield _group(_("系统"), [Line(hit.title, _tab(hit, "systems"), f"{hit.project} {hit.code}".strip()) for hit in systems_named(projects, words)])
    bodies = [Line(hit.title, reverse("organisation", args=[hit.id]), hit.code) for hit in organisations_named(words)]
    yield _group(_("单位"), bodies, f"{reverse('organisations')}?{query}")
    region = next((post.region_code for post in actor.posts if post.region_code), "")
    yield _group(_("要求与条款"), _rules(words, region), f"{reverse('clauses')}?{query}")
    titles = check_titles(region)
    checks = [key for key, title in titles.items() if _holds(title, words)]
    found = findings_about(projects, words, checks)
    lines = [Line(titles.get(hit.code, hit.code), reverse("finding", args=[hit.id]), _about(hit)) for hit in found]
    yield _group(_("体检发现"), lines)
    yield _group(_("文号与合同号"), [*_papers(papers_numbered(projects, words)), *_evidence(evidence_numbered(projects, words), region)])


def _rules(words: Sequence[str], region: str) -> list[Line]:
    """Return the requirements whose title, id or clause holds every word, by the law of the reader's region."""
    found: list[Line] = []
    for rule in spoken_pack(region).requirements.values():
        said = " ".join(clause_text(clause) for clause in rule.clauses)
        if rule.duty != "check" and _holds(f"{rule.title} {rule.id} {said}", words):
            query = f"?{urlencode({'region': region})}" if region else ""
            found.append(Line(rule.title, reverse("requirement", args=[rule.id]) + query, said))
    return found


def _papers(hits: Sequence[Hit]) -> Iterator[Line]:
    tabs = {"document": "history", "contract": "money", "funding": "money"}
    for hit in hits:
        yield Line(hit.title, _tab(hit, tabs[hit.code]), f"{_(PAPERS[hit.code])} · {hit.project}")


def _evidence(hits: Sequence[Hit], region: str) -> Iterator[Line]:
    for hit in hits:
        kind = evidence_kind(hit.code, region)
        yield Line(hit.title, reverse("evidence", args=[hit.id]), f"{kind.title if kind else hit.code} · {hit.project}")


def _acts(actor: Actor, key: UUID) -> list[Group]:
    """Return the acts that bear an id, or were done to the thing or project of that id."""
    titles = action_titles()
    rows = events_named(reader_of(actor), key, SHOWN + 1)
    lines = [
        Line(_(titles.get(row.action, row.action)), reverse("ledger_event", args=[row.id]), f"{row.at:%Y-%m-%d} {row.person} {row.project}".strip())
        for row in rows
    ]
    return [_group(_("存证"), lines)]


def _group(title: str, lines: Sequence[Line], more: str = "") -> Group:
    return Group(title, lines[:SHOWN], more, len(lines) > SHOWN)


def _about(hit: Hit) -> str:
    """Say the project, and the thing within it where that is another."""
    return hit.project if hit.title == hit.project else f"{hit.project} · {hit.title}"


def _holds(text: str, words: Sequence[str]) -> bool:
    low = text.lower()
    return all(word.lower() in low for word in words)


def _tab(hit: Hit, tab: str) -> str:
    return reverse("project_tab", args=[hit.project_id, tab])
