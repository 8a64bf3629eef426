"""The page of one project: the head with its six posts, the panel of a gate, and a section each for papers, money, systems, changes, acts, people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sixgate.domain.authority import Target
from sixgate.domain.axes import FUNDING, LEVELS, NETWORKS, PROJECT_TRAITS, PROJECT_TYPES, SECRECY, STAGES, SYSTEM_TRAITS
from sixgate.engines.rules.schema import Gate
from sixgate.interfaces.web.findings import section
from sixgate.interfaces.web.page import actor_from, refused
from sixgate.interfaces.web.ratings import rating_section
from sixgate.interfaces.web.register_import import TARGET_LABELS
from sixgate.kernel.refusal import Invisible
from sixgate.records.queries import dossier_view as view
from sixgate.records.queries.imports import imported_columns
from sixgate.records.queries.portfolio import STATUSES
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._offers import duties_with, duty_titles, gates_in, may
from sixgate.usecases._registry import verbs, visible_to
from sixgate.usecases.lifecycle.reading import deadline_sheet, evidence_place, gate_panel, money_spine

TABS = (
    ("gates", gettext_lazy("关口")),
    ("evidence", gettext_lazy("材料")),
    ("deadlines", gettext_lazy("期限")),
    ("findings", gettext_lazy("体检")),
    ("money", gettext_lazy("经费与合同")),
    ("systems", gettext_lazy("系统")),
    ("changes", gettext_lazy("变更")),
    ("rating", gettext_lazy("自评")),
    ("history", gettext_lazy("经过")),
    ("people", gettext_lazy("人员")),
)
OUTCOMES = {
    "passed": gettext_lazy("通过"),
    "conditional": gettext_lazy("有条件通过"),
    "override": gettext_lazy("附理由越过"),
    "recorded": gettext_lazy("已批（补录）"),
}
PLAIN_VERBS = {
    "evidence": (),
    "deadlines": (),
    "money": ("planning.add_funding", "lifecycle.{stage}.record_contract", "lifecycle.{stage}.record_payment"),
    "systems": ("planning.register_system", "planning.link_system"),
    "changes": ("lifecycle.{stage}.file_change",),
    "people": (),
}
HEAD_VERBS = ("amend_project", "suspend_project", "resume_project", "terminate_project", "cancel_project", "split_project", "merge_projects")


@dataclass(frozen=True, slots=True)
class StagePost:
    """One of the six posts on the line."""

    title: str
    state: str
    note: str
    changes: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb the reader may do from here."""

    address: str
    title: str


@login_required
@require_http_methods(["GET"])
def project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Show a project at its next gate."""
    return gate(request, project_id, request.GET.get("gate", ""))


@login_required
@require_http_methods(["GET"])
def gate(request: HttpRequest, project_id: UUID, gate: str) -> HttpResponse:
    """Show a project at one gate."""
    actor = actor_from(request)
    head = view.project_head(visible_to(actor), project_id)
    if head is None:
        return refused(request, Invisible())
    if gate and gate not in gates_in(head.region_code):
        return refused(request, Invisible())
    panel = gate_panel(actor, project_id, gate or None)
    return render(request, "lifecycle/gate_panel.html", {**_head_context(head, actor, "gates"), "panel": panel})


@login_required
@require_http_methods(["GET"])
def project_tab(request: HttpRequest, project_id: UUID, tab: str) -> HttpResponse:
    """Show one section of a project."""
    if tab not in SECTIONS:
        raise Http404
    actor = actor_from(request)
    head = view.project_head(visible_to(actor), project_id)
    if head is None:
        return refused(request, Invisible())
    context = {**_head_context(head, actor, tab), **SECTIONS[tab](request, actor, head), "offers": _offers(actor, head, tab)}
    return render(request, f"planning/project_{tab}.html", context)


def _evidence(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    places = evidence_place(actor, head.id)
    stages = [(key, title, [place for place in places if place.stage == key]) for key, title in STAGES]
    return {"stages": [item for item in stages if item[2]], "papers": view.papers_of(head.id)}


def _deadlines(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    return {"sheet": deadline_sheet(actor, head.id)}


def _findings(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    return section(head.id, visible_to(actor))


def _money(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    spine = money_spine(actor, head.id)
    proof = [item.fact for item in spine if item.fact is not None]
    return {"money": view.money_of(head.id), "spine": spine, "proof": proof, "sources": dict(FUNDING)}


def _systems(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    return {"systems": view.systems_of(head.id), "traits": dict(SYSTEM_TRAITS)}


def _changes(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    return {"changes": view.changes_of(head.id), "kin": view.kin_of(head.id, visible_to(actor))}


def _rating(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    return rating_section(actor, head.id)


def _history(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    past = view.acts_of(head.id, before=request.GET.get("before", ""), after=request.GET.get("after", ""))
    here = reverse("project_tab", args=[head.id, "history"])
    return {
        "past": past,
        "titles": {address: verb.title for address, verb in verbs().items()},
        "turn": {"before": f"{here}?before={past.before}" if past.before else "", "after": f"{here}?after={past.after}" if past.after else ""},
    }


def _people(request: HttpRequest, actor: Actor, head: view.ProjectHead) -> dict[str, Any]:
    columns = [(_(TARGET_LABELS.get(name, name)), text) for name, text in imported_columns(head.id)]
    return {"people": view.people_of(head, duties_with("sign_off"), today()), "duties": duty_titles(), "columns": columns}


SECTIONS = {
    "evidence": _evidence,
    "deadlines": _deadlines,
    "findings": _findings,
    "money": _money,
    "systems": _systems,
    "changes": _changes,
    "rating": _rating,
    "history": _history,
    "people": _people,
}


def _head_context(head: view.ProjectHead, actor: Actor, tab: str) -> dict[str, Any]:
    gates = gates_in(head.region_code)
    tabs = [(key, title, head.counts.get(key, 0), _tab_url(head, key)) for key, title in TABS]
    axes = {"type": PROJECT_TYPES, "level": LEVELS, "network": NETWORKS, "secrecy": SECRECY, "status": STATUSES, "project_traits": PROJECT_TRAITS}
    return {
        "head": head,
        "stale": [gates[key].title for key in head.stale if key in gates],
        "stages_line": _line(head, gates),
        "tabs": tabs,
        "tab": tab,
        "axes": {key: dict(pairs) for key, pairs in axes.items()},
        "head_offers": _head_offers(actor, head),
        "may_take_home": bool(_may(actor, head, ["planning.export_papers"])),
        "nav": "register",
    }


def _tab_url(head: view.ProjectHead, key: str) -> str:
    return reverse("project", args=[head.id]) if key == "gates" else reverse("project_tab", args=[head.id, key])


def _line(head: view.ProjectHead, gates: Mapping[str, Gate]) -> list[StagePost]:
    """Return the six posts: what was passed last in each stage, where the project stands, and which approvals went stale."""
    order = [key for key, _title in STAGES]
    here = order.index(head.stage)
    passed = {item.gate: item for item in head.passages if item.counts and item.outcome in OUTCOMES}
    posts: list[StagePost] = []
    for index, (stage, title) in enumerate(STAGES):
        mine = [item for key, item in passed.items() if key in gates and gates[key].stage == stage]
        note = f"{mine[-1].decided_on:%Y-%m-%d} {OUTCOMES[mine[-1].outcome]}" if mine else "—"
        state = "done" if index < here else ""
        if index == here:
            state, note = _standing(head, gates, note if mine else "")
        stale = [key for key in head.stale if key in gates and gates[key].stage == stage]
        url = reverse("gate", args=[head.id, stale[0]]) if stale else ""
        posts.append(StagePost(title, f"{state} stale".strip() if stale else state, note, sum(head.stale[key] for key in stale), url))
    return posts


def _standing(head: view.ProjectHead, gates: Mapping[str, Gate], note: str) -> tuple[str, str]:
    if head.next_gate not in gates:
        return "done", note or "—"
    return "now", _("下一关 {gate}").format(gate=gates[head.next_gate].title)


def _offers(actor: Actor, head: view.ProjectHead, tab: str) -> list[Offer]:
    wanted = [address.format(stage=head.stage) for address in PLAIN_VERBS.get(tab, ())]
    return _may(actor, head, [address for address in wanted if head.contracted_fen or not address.endswith(".record_payment")])


def _head_offers(actor: Actor, head: view.ProjectHead) -> list[Offer]:
    fits = {"resume_project": head.status == "suspended", "suspend_project": head.status == "active", "cancel_project": not head.contracted_fen}
    wanted = [name for name in HEAD_VERBS if fits.get(name, head.status in ("active", "suspended"))]
    return _may(actor, head, [f"planning.{name}" for name in wanted])


def _may(actor: Actor, head: view.ProjectHead, addresses: list[str]) -> list[Offer]:
    target = Target(head.owner_id, head.region_code, head.id)
    known = verbs()
    return [Offer(address, known[address].title) for address in addresses if address in known and may(actor, address, target)]
