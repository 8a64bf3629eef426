"""X-rays 体检: the contradictions in a portfolio, one with its proof and the way to mend it, and what people say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
from sixgate.domain.lifecycle.frozen import thawed
from sixgate.domain.lifecycle.wording import clause_text, fact_text, label_of
from sixgate.domain.planning.finding import STATES
from sixgate.engines.rules.schema import Pack, Requirement
from sixgate.interfaces.web.ids import narrowed_to
from sixgate.interfaces.web.page import actor_from, refused, verb_form
from sixgate.interfaces.web.turn import turn_of
from sixgate.interfaces.web.wording import submit_url
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import findings as stored
from sixgate.usecases._frame import Actor
from sixgate.usecases._offers import duty_titles, may
from sixgate.usecases._registry import visible_to
from sixgate.usecases.lifecycle.reading.evidence import places, seen
from sixgate.usecases.lifecycle.reading.proof import sealed_versions, shown_fact
from sixgate.usecases.planning import xray

KEYS = ("state", "owner", "check", "import", "sort")
SORTS = (("check", gettext_noop("按矛盾")), ("project", gettext_noop("按项目")), ("owner", gettext_noop("按单位")))
CHIPS = {"open": "v-unmet", "explained": "v-unknown", "accepted": "v-na", "resolved": "v-met"}
SAID = {"explained": gettext_noop("说明"), "accepted": gettext_noop("认可"), "reopened": gettext_noop("重新打开")}
ACTS = {
    "explain": ("planning.explain_finding", gettext_noop("说明原因"), ("open", "explained")),
    "accept": ("planning.accept_finding", gettext_noop("认可一段时间"), ("open", "explained")),
    "reopen": ("planning.reopen_finding", gettext_noop("重新打开"), ("explained", "accepted")),
}
INTROS = {
    "explain": gettext_noop("说明以后不再算待处理；依据的事实有变，或消除后又出现，会自动重新打开。"),
    "accept": gettext_noop("认可到期，或依据的事实有变，会自动重新打开。"),
    "reopen": gettext_noop("重新打开后，又算待处理。"),
}
# Where a fact is mended: the beginning of its name, what the link says, and the tab or the act it leads to.
WAYS = (
    ("project.head_named", gettext_noop("补正项目登记"), "planning.amend_project"),
    ("project.planned_", gettext_noop("补正项目登记"), "planning.amend_project"),
    ("project.days_past_finish", gettext_noop("补正项目登记"), "planning.amend_project"),
    ("project.funding_line_count", gettext_noop("登记资金"), "planning.add_funding"),
    ("money.cumulative_change", gettext_noop("看变更"), "changes"),
    ("money.", gettext_noop("看经费与合同"), "money"),
    ("contract.", gettext_noop("看经费与合同"), "money"),
    ("system.", gettext_noop("看系统"), "systems"),
    ("project.linked_system_count", gettext_noop("关联系统"), "planning.link_system"),
    ("project.same_name_count", gettext_noop("看项目经过"), "history"),
    ("project.same_content_count", gettext_noop("看项目经过"), "history"),
    ("project.same_", gettext_noop("看材料"), "evidence"),
    ("project.future_date_count", gettext_noop("看材料"), "evidence"),
    ("project.idle_days", gettext_noop("看项目经过"), "history"),
    ("course.overdue_deadline_count", gettext_noop("看期限"), "deadlines"),
    ("course.final_overdue_days", gettext_noop("看期限"), "deadlines"),
    ("course.self_evaluation_overdue_days", gettext_noop("看期限"), "deadlines"),
    ("course.", gettext_noop("看关口"), "gates"),
    ("project.condition_overdue_count", gettext_noop("看关口"), "gates"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding of a list in words."""

    row: stored.FindingRow
    title: str
    facts: tuple[str, ...]
    state: str
    chip: str
    owner_duty: str


@dataclass(frozen=True, slots=True)
class Way:
    """A link to where a finding is mended."""

    title: str
    url: str


@login_required
@require_http_methods(["GET"])
def findings(request: HttpRequest) -> HttpResponse:
    """Show the contradictions found in the projects the reader may see, narrowed by state, unit and check."""
    actor, given = actor_from(request), {key: request.GET.get(key, "").strip() for key in KEYS}
    projects = visible_to(actor)
    wanted = stored.FindingFilter(
        given["state"], given["check"], narrowed_to(given["owner"]), batch_id=narrowed_to(given["import"]), sort=given["sort"] or "check"
    )
    page = stored.finding_list(projects, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    titles, states = xray.check_titles(), stored.counts_by_state(projects)
    total = ngettext("共 {n} 个", "共 {n} 个", page.total).format(n=f"{page.total:,}")
    context = {
        "lines": lines(page.rows),
        "turn": turn_of(reverse("findings"), given, page.before, page.after, total),
        "states": states,
        "given": given,
        "choices": _choices(projects, titles, given["check"]),
        "narrowed": any(value for key, value in given.items() if key != "sort"),
        "checks": len(titles),
        "orphans": [] if any(given.values()) else xray.loose_systems(actor),
        "nav": "findings",
    }
    return render(request, "planning/findings.html", context)


@login_required
@require_http_methods(["GET"])
def finding(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Show one finding: what contradicts, on which facts, what was said, and the way to mend it."""
    actor = actor_from(request)
    view = stored.finding_view(visible_to(actor), finding_id)
    if view is None:
        return refused(request, Invisible())
    pack, rule = xray.check_of(view.row.check_id, view.row.region_code)
    project = seen(actor, view.row.project_id)
    sealed = sealed_versions(actor, project, places(project, pack))
    line = lines([view.row])[0]
    context = {
        "line": line,
        "rule": rule,
        "clauses": [clause_text(clause) for clause in rule.clauses] if rule is not None else [],
        "proof": [shown_fact(pack, fact, sealed) for fact in thawed([dict(row) for row in view.row.facts])],
        "words": [replace(word, kind=_(SAID[word.kind])) for word in view.words],
        "ways": _ways(actor, view, pack, rule) if view.row.state != "resolved" else [],
        "offers": _offers(actor, view.row),
        "nav": "findings",
    }
    return render(request, "planning/finding.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, finding_id: UUID, name: str) -> HttpResponse:
    """Show or take the form by which a person explains, accepts or takes up a finding again."""
    view = stored.finding_view(visible_to(actor_from(request)), finding_id)
    if view is None:
        return refused(request, Invisible())
    if name not in ACTS:
        raise Http404
    row, back = view.row, reverse("finding", args=[finding_id])
    title = xray.check_titles(row.region_code).get(row.check_id, row.check_id)
    return verb_form(
        request,
        ACTS[name][0],
        then=back,
        context={
            "nav": "findings",
            "crumbs": [(reverse("findings"), _("体检")), (back, title)],
            "cancel": back,
            "heading": f"{_(ACTS[name][1])}：{title}",
            "intro": f"{row.project} · {_(INTROS[name])}",
        },
        fixed={"finding_id": str(finding_id)},
        target=_target(row),
    )


def lines(rows: Iterable[stored.FindingRow]) -> list[Line]:
    """Return findings with words for their codes, in the law of each one's region."""
    states, duties = dict(STATES), duty_titles()
    found: list[Line] = []
    for row in rows:
        pack, rule = xray.check_of(row.check_id, row.region_code)
        title = rule.title if rule is not None else row.check_id
        facts = _short(pack, rule, row) if rule is not None else ()
        found.append(Line(row, title, facts, _(states[row.state]), CHIPS[row.state], duties.get(row.owner_duty, row.owner_duty)))
    return found


def _short(pack: Pack, rule: Requirement, row: stored.FindingRow) -> tuple[str, ...]:
    """Return the numbers and days a check compares, in words; what stands in evidence is left to the page, which knows who may open it."""
    compared = pack.language.compile(rule.require).reads
    plain = [fact for fact in thawed([dict(item) for item in row.facts]) if fact.name in compared and fact.provenance.kind != "evidence"]
    return tuple(f"{label_of(pack, fact.name, _)} {fact_text(pack, fact, _)}" for fact in plain if not isinstance(fact.value, bool))


def section(head_id: UUID, projects: Any) -> dict[str, Any]:
    """Return what the section of a project's page shows: its findings, and what could not be looked at."""
    page = stored.finding_list(projects, stored.FindingFilter(project_id=head_id))
    past = stored.finding_list(projects, stored.FindingFilter(state="resolved", project_id=head_id))
    return {"lines": lines(page.rows), "past": lines(past.rows), "xray": xray.project_xray(head_id)}


def _choices(projects: Any, titles: Mapping[str, str], chosen: str) -> dict[str, list[tuple[str, str]]]:
    counted = stored.counts_by_check(projects)
    several = [(chosen, _("所选的 {n} 种矛盾").format(n=chosen.count(",") + 1))] if "," in chosen else []
    return {
        "state": [(key, _(text)) for key, text in STATES],
        "owner": stored.owners_with_findings(projects),
        "check": several + [(key, f"{title} ({counted[key]})") for key, title in titles.items() if counted.get(key)],
        "sort": [(key, _(text)) for key, text in SORTS],
    }


def _offers(actor: Actor, row: stored.FindingRow) -> list[Way]:
    fits = [(name, address, title) for name, (address, title, states) in ACTS.items() if row.state in states]
    return [Way(_(title), reverse("say_finding", args=[row.id, name])) for name, address, title in fits if may(actor, address, _target(row))]


def _ways(actor: Actor, view: stored.FindingView, pack: Pack, rule: Requirement | None) -> list[Way]:
    """Return where to mend it: the papers the check reads, then the places of its other facts."""
    row, found = view.row, dict[str, str]()
    for kind in rule.evidence if rule is not None else ():
        stage, subject = pack.evidence[kind].stage, pack.evidence[kind].subject
        if may(actor, f"lifecycle.{stage}.submit_evidence", _target(row)):
            url = submit_url(row.project_id, kind, row.subject_id if subject == row.subject_type != "project" else "", row.region_code)
            found.setdefault(url, _("交材料：{title}").format(title=pack.evidence[kind].title))
    mended = pack.language.compile(rule.require).reads if rule is not None else [fact["name"] for fact in view.row.facts]
    for name in mended:
        if (way := _way(actor, row, name)) is not None:
            found.setdefault(way.url, way.title)
    return [Way(title, url) for url, title in found.items()]


def _way(actor: Actor, row: stored.FindingRow, name: str) -> Way | None:
    place = next((item for item in WAYS if name.startswith(item[0])), None)
    if place is None:
        return None
    _prefix, title, where = place
    if "." in where:
        url = reverse("act", args=[row.project_id, where]) if may(actor, where, _target(row)) else ""
    else:
        url = reverse("project", args=[row.project_id]) if where == "gates" else reverse("project_tab", args=[row.project_id, where])
    return Way(_(title), url) if url else None


def _target(row: stored.FindingRow) -> Target:
    return Target(row.owner_id, row.region_code, row.project_id)
