"""The page of any verb on a project: its form from its signature, choices that fit the project, what the act is about beside it."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sixgate.domain.lifecycle.change import QUESTIONS
from sixgate.engines.rules.schema import EvidenceField, EvidenceKind
from sixgate.interfaces.web.form import Choices
from sixgate.interfaces.web.ids import named
from sixgate.interfaces.web.page import Part, actor_from, refused, verb_form
from sixgate.kernel.refusal import Forbidden, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import choices as offered
from sixgate.records.queries.year import filed_before, open_calls
from sixgate.usecases._frame import Actor, Verb, today
from sixgate.usecases._offers import may
from sixgate.usecases._project import target_of
from sixgate.usecases._registry import verbs, visible_to
from sixgate.usecases.lifecycle.reading import evidence_form, gate_panel
from sixgate.usecases.lifecycle.reading.evidence import seen

GIVEN = ("request_id", "passage_id", "condition_id", "contract_id", "system_id", "gate", "kind", "call_id", "source")
DANGER = ("decide_gate", "record_decision", "terminate_project", "cancel_project", "split_project", "merge_projects", "withdraw_evidence")
KINDS = {"fen": "money", "integer": "number", "ratio": "ratio", "date": "date", "enum": "choices", "yes_no": "yes_no"}
CONDITION_PARTS = (Part("text", gettext_noop("要做什么")), Part("due_on", gettext_noop("哪天之前"), "date"))
INTROS = {
    "request_gate": gettext_noop("申请后，依据的事实按此刻固定下来，各单位和决定人都凭它办理。还有没补齐的也可以申请，由决定人退回或附理由越过。"),
    "take_over_gate": gettext_noop("启用本平台之前已经批过的，照批件登记，由第二人核对后算数，不再重新判断。"),
    "check_record": gettext_noop("请对照原件逐项核对。一致的，这项决定从现在起算数；不一致的，写明哪一项。"),
}
TEMPLATES = {"check_record": "lifecycle/check_record.html"}
NOT_YOURS = gettext_noop("您的岗位不能做这件事：{title}。")


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, project_id: UUID, address: str) -> HttpResponse:
    """Show or take the form of one verb on one project."""
    actor = actor_from(request)
    verb = verbs().get(address)
    if verb is None or not ({"project_id", *GIVEN[:4]} & set(verb.parameters)):
        raise Http404
    try:
        project = seen(actor, project_id)
        if not may(actor, address, target_of(project)):
            raise Forbidden("not_permitted", NOT_YOURS, title=_(verb.title))
        form = _Form(actor, verb, str(project_id), _given(request, verb))
        back = reverse("gate", args=[project_id, form.gate]) if form.gate else reverse("project", args=[project_id])
        return verb_form(
            request,
            address,
            form.choices(),
            form.initial(),
            then=back,
            template=form.template(),
            context={
                "nav": "register",
                "crumbs": [(reverse("register"), _("项目")), (reverse("project", args=[project_id]), project.name)],
                "cancel": back,
                "danger": address.rpartition(".")[2] in DANGER,
                "panel": form.panel(),
                "intro": form.intro(),
                "project_name": project.name,
                "heading": form.heading(),
                "what_if": f"{reverse('what_if', args=[project_id])}?kind={form.kind.id}" if form.kind is not None else "",
            },
            fixed=form.fixed,
            parts=form.parts(),
            leave=form.unneeded(),
            needed=("files",) if form.kind is not None and form.kind.files else (),
        )
    except Refusal as refusal:
        return refused(request, refusal)


def _given(request: HttpRequest, verb: Verb) -> dict[str, str]:
    """Return the objects the address names: they are not asked for. Raise Invisible for an identifier that is not one."""
    given = {name: request.GET[name] for name in GIVEN if name in verb.parameters and request.GET.get(name)}
    return {name: str(named(text)) if name.endswith("_id") else text for name, text in given.items()}


class _Form:
    """What the form of one verb on one project offers and shows."""

    def __init__(self, actor: Actor, verb: Verb, project_id: str, given: Mapping[str, str]) -> None:
        self.actor, self.verb, self.project_id = actor, verb, project_id
        self.fixed: dict[str, object] = {**given, **({"project_id": project_id} if "project_id" in verb.parameters else {})}
        self.name = verb.address.rpartition(".")[2]
        self.kind = evidence_form(actor, UUID(project_id), given["kind"]).kind if "kind" in given else None
        self.filed = filed_before(UUID(project_id), UUID(given["call_id"]), given["source"]) if {"call_id", "source"} <= set(given) else None
        self.gate = given.get("gate") or (self._gate_of(given) if {"request_id", "passage_id", "condition_id"} & set(given) else "")

    def choices(self) -> dict[str, Choices]:
        """Return the options of every identifier the verb asks for."""
        projects = visible_to(self.actor)
        makers: Mapping[str, Callable[[], Choices]] = {
            "supplier_id": offered.bodies,
            "owner_id": offered.bodies,
            "contract_id": lambda: offered.contracts_of(self.project_id, originals_only=self.name == "file_change"),
            "original_id": lambda: offered.contracts_of(self.project_id, originals_only=True),
            "system_id": lambda: (
                offered.systems_to_link(projects, self.project_id) if self.name == "link_system" else offered.systems_of(self.project_id)
            ),
            "merged_ids": lambda: offered.siblings_of(projects, self.project_id),
            "call_id": lambda: open_calls(self.actor.posts, today()),
            "gate": lambda: [
                (tab.gate, tab.title) for tab in gate_panel(self.actor, UUID(self.project_id)).tabs if tab.state in ("open", "stale", "later")
            ],
        }
        return {name: make() for name, make in makers.items() if name in self.verb.parameters and name not in self.fixed}

    def parts(self) -> dict[str, Sequence[Part]]:
        """Return the places of composite fields: those a kind of evidence declares, the questions of a change, conditions, parts of a split."""
        found: dict[str, Sequence[Part]] = {}
        if self.kind is not None:
            found["fields"] = evidence_parts(self.kind)
        if "answers" in self.verb.parameters:
            found["answers"] = [Part(name, _(text), "yes_no") for name, text in QUESTIONS.items()]
        if "conditions" in self.verb.parameters:
            found["conditions"] = [Part(part.name, _(part.label), part.kind) for part in CONDITION_PARTS]
        if "parts" in self.verb.parameters:
            found["parts"] = self._shares()
        return found

    def initial(self) -> dict[str, object]:
        """Return what the form starts with."""
        if self.filed is not None:
            return {name: getattr(self.filed, name) for name in ("asked_fen", "goals", "need", "plan")}
        return offered.starting(self.project_id) if self.name == "amend_project" else {}

    def panel(self) -> object:
        """Return the gate the act is about, to be read beside the form."""
        return gate_panel(self.actor, UUID(self.project_id), self.gate) if self.gate else None

    def unneeded(self) -> list[str]:
        """Return the parameters this kind of evidence has no use for."""
        if self.kind is None:
            return []
        subject = {"system_id": self.kind.subject == "system", "contract_id": self.kind.subject == "contract"}
        wanted = {**subject, "work_secret": not self.kind.work_secret, "files": self.kind.files}
        return [name for name, needed in wanted.items() if not needed and name in self.verb.parameters]

    def heading(self) -> str:
        """Return what stands above the form: the act and what it is about."""
        return f"{_(self.verb.title)}：{self.kind.title}" if self.kind is not None else _(self.verb.title)

    def intro(self) -> str:
        """Return a sentence before the form."""
        if self.kind is not None:
            return self.kind.help
        if self.filed is not None and self.filed.wanting:
            return _("要补正：{wanting}").format(wanting=self.filed.wanting)
        return _(INTROS[self.name]) if self.name in INTROS else ""

    def template(self) -> str:
        """Return the page the form stands on: beside its gate where it has one."""
        return TEMPLATES.get(self.name, "lifecycle/act.html") if self.gate else "form.html"

    def _shares(self) -> list[Part]:
        return [
            Part("name", _("项目名称")),
            Part("amount_fen", _("金额"), "money"),
            Part("system_ids", _("系统"), "checks", offered.systems_of(self.project_id)),
            Part("contract_ids", _("合同"), "checks", offered.contracts_of(self.project_id)),
        ]

    def _gate_of(self, given: Mapping[str, str]) -> str:
        key = given.get("request_id") or given.get("passage_id") or given.get("condition_id") or ""
        return offered.gate_of(self.project_id, key)


def evidence_parts(kind: EvidenceKind) -> list[Part]:
    """Return the form places of a kind of evidence, as its pack declares them."""
    return [_part(field) for field in kind.fields if field.type != "file"]


def _part(field: EvidenceField) -> Part:
    options = [(option.value, option.label) for option in field.options]
    unit = "" if field.type in ("fen", "ratio") else field.unit
    return Part(field.id, field.label, KINDS.get(field.type, ""), options, field.help, unit, field.required)
