"""What a person sees of a gate: verdicts with their clauses and proofs, what is wanted, who has signed, what has gone stale. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sixgate.domain.authority import Target, post_permitting
from sixgate.domain.lifecycle.frozen import Difference
from sixgate.domain.lifecycle.gate import GateJudgement, GateRow
from sixgate.domain.lifecycle.wording import fact_text, label_of, value_text
from sixgate.engines.rules.schema import EvidenceKind, Gate, Pack
from sixgate.kernel.provenance import Fact
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import VERDICT_LABELS
from sixgate.records.models import Condition, EvidenceVersion, GateRequest, Passage, Project
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import Standing, counts, standing, target_of
from sixgate.usecases.lifecycle._request import joint_of
from sixgate.usecases.lifecycle.decision import OUTCOME_LABELS
from sixgate.usecases.lifecycle.gate import OPEN_STATES, clause_text

EFFECT_LABELS = {"lock": gettext_noop("锁定"), "warn": gettext_noop("提醒，启用后可锁定"), "remind": gettext_noop("提醒")}
KIND_LABELS = {"law": gettext_noop("法律法规"), "local": gettext_noop("地方规定"), "habit": gettext_noop("产品惯例")}
CONFIDENCE_LABELS = {
    "verified": gettext_noop("已见条文"),
    "secondary": gettext_noop("二手来源"),
    "known": gettext_noop("未见条文"),
    "unsure": gettext_noop("待核"),
}
OUTCOME_WORDS = {**OUTCOME_LABELS, "recorded": gettext_noop("已批（补录）")}
SEALED = gettext_noop("工作秘密，您的岗位看不到内容")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact a verdict read, with its proof. `version` opens the evidence it comes from."""

    name: str
    label: str
    value: str
    source: str
    version: str
    digest: str
    keyed_by: str
    checked_by: str
    at: datetime | None
    formula: str


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as cited, and whether its text was seen."""

    text: str
    seen: bool
    note: str


@dataclass(frozen=True, slots=True)
class WantedKind:
    """A kind of evidence that is still missing, with the requirements that wait for it; `id` is empty where a register entry is missing."""

    id: str
    title: str
    supplier: str
    stage: str
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One requirement at a gate."""

    id: str
    title: str
    verdict: str
    verdict_label: str
    effect: str
    effect_label: str
    kind_label: str
    confidence_label: str
    checked_on: date | None
    clauses: tuple[ClauseLine, ...]
    reason: str
    remedy: str
    supplier: str
    subject: str
    holds_back: bool
    facts: tuple[FactLine, ...]
    missing: tuple[str, ...]
    evidence: tuple[WantedKind, ...]


@dataclass(frozen=True, slots=True)
class SignerLine:
    """One body of the joint sign-off: state is agreed | dissent | next | later."""

    duty: str
    title: str
    state: str
    person: str
    opinion: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestView:
    """An open request with its joint sign-off."""

    id: str
    state: str
    requested_by: str
    requested_at: datetime
    sign_by: date
    overdue: bool
    signers: tuple[SignerLine, ...]
    steps: tuple[tuple[str, str, str, datetime], ...]
    changed: tuple["ChangedLine", ...]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A material fact that differs from what a decision or request rests on."""

    label: str
    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A dated condition of an approval."""

    id: str
    text: str
    due_on: date
    closed: bool
    overdue: bool
    note: str


@dataclass(frozen=True, slots=True)
class PassageView:
    """A decided gate."""

    id: str
    outcome: str
    outcome_label: str
    source: str
    person: str
    body: str
    decided_on: date
    document_no: str
    reason: str
    counts: bool
    waits_for_check: bool
    conditions: tuple[ConditionLine, ...]
    stale: tuple[ChangedLine, ...]
    facts_digest: str
    event: str


@dataclass(frozen=True, slots=True)
class GateStep:
    """One gate on the project's line: state is passed | stale | open | later | skipped."""

    id: str
    title: str
    stage: str
    state: str
    outcome_label: str
    changes: int


@dataclass(frozen=True, slots=True)
class GatePanel:
    """Everything about one gate of one project on one day. `may` names the acts the reader may do here."""

    project_id: str
    project: str
    gate: str
    title: str
    stage: str
    decides: str
    decider: str
    exceptions: str
    on: date
    opens: bool
    can_be_asked: bool
    counts: Mapping[str, int]
    rows: tuple[PanelRow, ...]
    wanted: tuple[WantedKind, ...]
    steps: tuple[GateStep, ...]
    request: RequestView | None
    passages: tuple[PassageView, ...]
    pack: str
    pack_digest: str
    may: frozenset[str]


def gate_panel(actor: Actor, project_id: UUID, gate: str = "", on: date | None = None) -> GatePanel:
    """Return the panel of a gate, the next one when none is named; raise Invisible when the reader cannot see the project."""
    project = seen(actor, project_id)
    here = standing(project.id, on or today())
    wanted = here.pack.gates.get(gate or here.course.next_gate) or next(iter(here.pack.gates.values()))
    judgement = here.judge(wanted.id)
    secrets = _hidden(actor, here)
    request = GateRequest.objects.filter(project=project, gate=wanted.id, state__in=OPEN_STATES).select_related("requested_by").first()
    return GatePanel(
        str(project.id),
        project.name,
        wanted.id,
        wanted.title,
        wanted.stage,
        wanted.decides,
        _duty_title(wanted.decider),
        wanted.exceptions,
        here.on,
        judgement.opens,
        wanted.id in here.course.open or wanted.id in here.stale(),
        {verdict.value: count for verdict, count in judgement.counts.items()},
        tuple(_row(here.pack, row, secrets) for row in judgement.rows),
        _wanted(here.pack, judgement),
        _steps(here),
        _request(here, request) if request else None,
        _passages(here, wanted),
        here.pack.header.title,
        judgement.pack_digest,
        _may(actor, project, wanted, request),
    )


def seen(actor: Actor, project_id: UUID) -> Project:
    """Return a project the reader may see; raise Invisible otherwise."""
    found = visible_projects(actor.posts, dict(_law.duties(today()))).select_related("owner", "state").filter(pk=project_id).first()
    if found is None:
        raise Invisible
    return found


def changed_lines(pack: Pack, changes: Sequence[Difference]) -> tuple[ChangedLine, ...]:
    """Return differences in words."""
    return tuple(
        ChangedLine(label_of(pack, item.name), item.subject_title, value_text(pack, item.name, item.before), value_text(pack, item.name, item.after))
        for item in changes
    )


def _hidden(actor: Actor, here: Standing) -> frozenset[str]:
    """Return the evidence versions whose content the reader's posts do not open (工作秘密分隔)."""
    if any(post.sees_work_secrets for post in actor.posts):
        return frozenset()
    versions = EvidenceVersion.objects.filter(evidence__project_id=here.project_id, work_secret=True)
    return frozenset(str(key) for key in versions.values_list("pk", flat=True))


def _row(pack: Pack, row: GateRow, secrets: frozenset[str]) -> PanelRow:
    requirement, outcome = row.requirement, row.outcome
    return PanelRow(
        requirement.id,
        requirement.title,
        outcome.verdict.value,
        VERDICT_LABELS[outcome.verdict],
        outcome.effect,
        EFFECT_LABELS[outcome.effect],
        KIND_LABELS[requirement.kind],
        CONFIDENCE_LABELS[requirement.confidence],
        requirement.checked_on,
        tuple(ClauseLine(clause_text(clause), clause.text_seen, clause.note) for clause in requirement.clauses),
        outcome.reason,
        requirement.remedy,
        _duty_title(requirement.supplier),
        outcome.subject_title if outcome.subject_type != "project" else "",
        row.holds_back,
        tuple(fact_line(pack, fact, secrets) for fact in outcome.facts_read),
        tuple(label_of(pack, name) for name in outcome.missing),
        tuple(_wanted_kind(pack, kind, ()) for kind in requirement.evidence if kind in pack.evidence),
    )


def fact_line(pack: Pack, fact: Fact, secrets: frozenset[str]) -> FactLine:
    """Return a fact with its proof in words; the value of a work secret stays sealed."""
    proof = fact.provenance
    sealed = proof.reference in secrets
    return FactLine(
        fact.name,
        label_of(pack, fact.name),
        SEALED if sealed else fact_text(pack, fact),
        proof.source,
        proof.reference if proof.kind == "evidence" else "",
        proof.digest,
        proof.keyed_by,
        proof.checked_by,
        proof.at,
        proof.formula,
    )


def _wanted(pack: Pack, judgement: GateJudgement) -> tuple[WantedKind, ...]:
    titles = {row.requirement.id: row.requirement.title for row in judgement.rows}
    found = judgement.wanted.items()
    return tuple(_wanted_kind(pack, place.removeprefix("evidence."), tuple(titles[item] for item in ids)) for place, ids in found)


def _wanted_kind(pack: Pack, place: str, requirements: tuple[str, ...]) -> WantedKind:
    kind: EvidenceKind | None = pack.evidence.get(place)
    if kind is None:
        return WantedKind("", label_of(pack, place), "", "", requirements)
    return WantedKind(kind.id, kind.title, _duty_title(kind.supplier), kind.stage, requirements)


def _steps(here: Standing) -> tuple[GateStep, ...]:
    stale = here.stale()
    return tuple(_step(here, gate, len(stale.get(gate.id, ()))) for gate in here.pack.gates.values())


def _step(here: Standing, gate: Gate, changes: int) -> GateStep:
    outcome = here.course.passed.get(gate.id, "")
    state = "stale" if changes else "passed" if outcome else "open" if gate.id in here.course.open else "later"
    if state == "later" and gate.id not in here.applicable:
        state = "skipped"
    return GateStep(gate.id, gate.title, gate.stage, state, OUTCOME_WORDS.get(outcome, ""), changes)


def _request(here: Standing, request: GateRequest) -> RequestView:
    joint = joint_of(request)
    latest = {word.duty: word for word in request.sign_offs.select_related("person").order_by("round")}
    signers: list[SignerLine] = []
    for item in request.co_signers:
        word = latest.get(item["duty"])
        awaited = item["duty"] in joint.missing
        state = ("next" if item["duty"] in joint.next else "later") if awaited or word is None else "agreed" if word.agrees else "dissent"
        signers.append(
            SignerLine(item["duty"], item["title"], state, word.person.name if word else "", word.opinion if word else "", word.at if word else None)
        )
    steps = tuple((step.kind, step.person.name, step.note, step.at) for step in request.dissent_steps.select_related("person").order_by("at"))
    changed = changed_lines(here.pack, here.since(request))
    overdue = bool(joint.missing) and here.on > request.sign_by
    return RequestView(
        str(request.id), request.state, request.requested_by.name, request.requested_at, request.sign_by, overdue, tuple(signers), steps, changed
    )


def _passages(here: Standing, gate: Gate) -> tuple[PassageView, ...]:
    rows = Passage.objects.filter(project_id=here.project_id, gate=gate.id).select_related("decided_by", "document", "check_made")
    stale = changed_lines(here.pack, here.stale().get(gate.id, ()))
    newest = next((item.id for item in here.passages if item.gate == gate.id), None)
    return tuple(_passage(here, row, stale if row.id == newest else ()) for row in rows.order_by("-decided_at", "-id"))


def _passage(here: Standing, row: Passage, stale: tuple[ChangedLine, ...]) -> PassageView:
    return PassageView(
        str(row.id),
        row.outcome,
        OUTCOME_WORDS[row.outcome],
        row.source,
        row.decided_by.name,
        row.deciding_body,
        row.decided_on,
        row.document.document_no if row.document else "",
        row.reason,
        counts(row),
        row.source != "system" and not hasattr(row, "check_made"),
        tuple(_condition(item, here.on) for item in row.conditions.order_by("due_on")),
        stale,
        row.facts_digest,
        str(row.event_id),
    )


def _condition(item: Condition, on: date) -> ConditionLine:
    closed = item.closed_event_id is not None
    return ConditionLine(str(item.id), item.text, item.due_on, closed, not closed and item.due_on < on, item.closed_note)


def _may(actor: Actor, project: Project, gate: Gate, request: GateRequest | None) -> frozenset[str]:
    """Return the names of the acts the reader's posts permit at this gate, as far as its state allows them."""
    target = target_of(project)
    state = request.state if request else ""
    signing = set(joint_of(request).next) if request else set[str]()
    wanted: dict[str, set[str] | None] = {
        "request_gate": None,
        "take_over_gate": None,
        "check_record": None,
        "file_change": None,
        "submit_evidence": None,
    }
    if state == "open":
        wanted |= {"sign_off": signing, "decide_gate": {gate.decider}, "record_decision": {gate.decider, "LDR"}}
    wanted |= {"close_condition": {gate.decider}}
    wanted |= {"coordinate_dissent": None} if state == "coordination" else {}
    wanted |= {"settle_dissent": None} if state == "leading_group" else {}
    return frozenset(name for name, duties in wanted.items() if _permitted(actor, f"lifecycle.{gate.stage}.{name}", target, duties))


def _permitted(actor: Actor, address: str, target: Target, duties: set[str] | None) -> bool:
    posts = [post for post in actor.posts if duties is None or post.duty in duties]
    return post_permitting(address, posts, _law.duties(today()), target, today()) is not None


def _duty_title(duty: str) -> str:
    found = _law.duties(today()).get(duty)
    return found.title if found else duty
