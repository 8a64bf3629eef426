"""The panel of one gate: verdicts in the order of mending, what is wanted, the joint sign-off, the decision and what went stale since."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from sixgate.domain.axes import STAGE_TITLES
from sixgate.domain.lifecycle.derived import FOLLOWS_FROM
from sixgate.domain.lifecycle.frozen import Difference
from sixgate.domain.lifecycle.gate import GateRow
from sixgate.domain.lifecycle.joint import JointState
from sixgate.domain.lifecycle.wording import clause_text, label_of, value_text
from sixgate.engines.rules.schema import Duty, Gate, Pack
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import Verdict
from sixgate.kernel.workcalendar import national
from sixgate.records.models import GateRequest, Passage, Project
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import Standing, standing, target_of
from sixgate.usecases.lifecycle._request import joint_of
from sixgate.usecases.lifecycle.decision import OUTCOME_LABELS
from sixgate.usecases.lifecycle.gate import OPEN_STATES
from sixgate.usecases.lifecycle.reading._rights import duty_title, holds, speaks_english
from sixgate.usecases.lifecycle.reading.acts import acts_of
from sixgate.usecases.lifecycle.reading.evidence import Place, places, seen, version_state
from sixgate.usecases.lifecycle.reading.proof import sealed_versions, shown_fact
from sixgate.usecases.lifecycle.reading.shapes import (
    GatePanel,
    GateTab,
    PanelChange,
    PanelCondition,
    PanelGroup,
    PanelRow,
    PanelScan,
    PanelSigner,
    PanelStep,
    WantedEvidence,
)

OUTCOME_WORDS = {**OUTCOME_LABELS, "recorded": gettext_noop("已批（补录）")}
MISSING = (Verdict.UNMET, Verdict.UNKNOWN)
REGISTERED = ("project.", "system.", "contract.")


def gate_panel(actor: Actor, project_id: UUID, gate: str | None = None, on: date | None = None) -> GatePanel:
    """Return the panel of a gate, of the next one when none is named; raise Invisible when the reader cannot see the project."""
    project = seen(actor, project_id)
    here = standing(project.id, on or today(), english=speaks_english())
    wanted = here.pack.gates.get(gate or here.course.next_gate) or next(iter(here.pack.gates.values()))
    judgement = here.judge(wanted.id)
    rows = _Rows(actor, project, here).shown(judgement.rows)
    request = GateRequest.objects.filter(project=project, gate=wanted.id, state__in=OPEN_STATES).select_related("requested_by").first()
    joint = joint_of(request) if request else None
    passage = next((item for item in here.passages if item.gate == wanted.id), None)
    pending = (
        Passage.objects.filter(project=project, gate=wanted.id, check_made=None).exclude(source="system").select_related("document", "request").last()
    )
    shown = pending or passage
    spoken = request or (shown.request if shown else None)
    stale = here.stale()
    changed = here.since(request) if request else stale.get(wanted.id, ())
    told: dict[str, Any] = {verdict.value: count for verdict, count in judgement.counts.items()}
    return GatePanel(
        project_id=str(project.id),
        gate=wanted.id,
        title=wanted.title,
        stage=wanted.stage,
        stage_title=STAGE_TITLES[wanted.stage],
        decides=wanted.decides,
        decider=duty_title(wanted.decider),
        exceptions=wanted.exceptions,
        on=here.on,
        state=_state(here, wanted, request),
        opens=judgement.opens,
        lacking=sum(row.holds_back for row in judgement.rows),
        **told,
        **_laid_out(rows),
        tabs=_tabs(here, project, stale),
        **_asked(request, wanted, here.on),
        asked=spoken is not None,
        signers=_signers(here.pack.duties, wanted, spoken, joint_of(spoken) if spoken else None),
        steps=_steps(spoken),
        acts=acts_of(actor, project, here, wanted, request, joint, pending),
        **_decided(shown),
        waits_for_check=pending is not None,
        conditions=_conditions(actor, project, here, wanted, passage),
        changes=tuple(_change(here.pack, item) for item in changed),
        facts_frozen=len(request.facts if request else passage.request.facts if passage and passage.request else ()),
        pack_title=here.pack.header.title,
        pack_version=here.pack.header.version,
        pack_digest=judgement.pack_digest,
    )


def _laid_out(rows: tuple[PanelRow, ...]) -> dict[str, Any]:
    groups = _groups(rows)
    folded = {row.id + row.subject for group in groups for row in group.rows}
    return {
        "mending": tuple(row for row in rows if row.verdict in MISSING and row.id + row.subject not in folded),
        "groups": groups,
        "fulfilled": tuple(row for row in rows if row.verdict == Verdict.MET),
        "apart": tuple(row for row in rows if row.verdict == Verdict.NOT_APPLICABLE),
    }


def _asked(request: GateRequest | None, gate: Gate, on: date) -> dict[str, Any]:
    return {
        "request_id": str(request.id) if request else "",
        "requested_by": request.requested_by.name if request else "",
        "requested_on": request.requested_at if request else None,
        "sign_by": request.sign_by if request else None,
        "workdays_left": _workdays_left(on, request),
        "order": request.order if request else gate.order,
    }


def _decided(passage: Passage | None) -> dict[str, Any]:
    return {
        "decided": OUTCOME_WORDS[passage.outcome] if passage else "",
        "decided_on": passage.decided_on if passage else None,
        "decided_by": passage.decided_by.name if passage else "",
        "deciding_body": passage.deciding_body if passage else "",
        "document_no": passage.document.document_no if passage and passage.document else "",
        "decided_source": passage.source if passage else "",
        "reason": passage.reason if passage else "",
        "scans": _scans(passage),
    }


def _scans(passage: Passage | None) -> tuple[PanelScan, ...]:
    files = passage.document.files.select_related("file").order_by("id") if passage and passage.document else ()
    return tuple(PanelScan(str(item.id), item.name, item.file.sm3) for item in files)


class _Rows:
    """Makes panel rows; keeps what every row needs: the places of evidence and what the reader may open."""

    def __init__(self, actor: Actor, project: Project, here: Standing) -> None:
        self.actor, self.here, self.target = actor, here, target_of(project)
        self.places = places(project, here.pack)
        self.sealed = sealed_versions(actor, project, self.places)

    def shown(self, rows: Sequence[GateRow]) -> tuple[PanelRow, ...]:
        """Return the rows of a judgement in its order."""
        return tuple(self._row(row) for row in rows)

    def _row(self, row: GateRow) -> PanelRow:
        rule, outcome = row.requirement, row.outcome
        subject = outcome.subject_id if outcome.subject_type != "project" else ""
        return PanelRow(
            id=rule.id,
            verdict=outcome.verdict.value,
            title=rule.title,
            subject=outcome.subject_title if subject else "",
            holds_back=row.holds_back,
            effect=outcome.effect,
            kind=rule.kind,
            confidence=rule.confidence,
            activated=rule.id in self.here.activated,
            clauses=tuple(clause_text(clause) for clause in rule.clauses),
            remedy=rule.remedy,
            supplier=duty_title(rule.supplier),
            reason=outcome.reason,
            missing=tuple(label_of(self.here.pack, name, gettext) for name in outcome.missing),
            unregistered=self._unregistered(outcome.missing),
            proof=tuple(shown_fact(self.here.pack, fact, self.sealed) for fact in outcome.facts_read),
            wanted=self._wanted(row, subject),
        )

    def _unregistered(self, missing: Sequence[str]) -> tuple[str, ...]:
        known = self.here.dossier.project.facts
        names = (part for name in missing if name.startswith(REGISTERED) for part in FOLLOWS_FROM.get(name, (name,)) if part not in known)
        return tuple(label_of(self.here.pack, name, gettext) for name in dict.fromkeys(names))

    def _wanted(self, row: GateRow, subject: str) -> tuple[WantedEvidence, ...]:
        """Return what can be handed in for a row, only while the row is to be mended."""
        if row.outcome.verdict not in MISSING:
            return ()
        kinds = dict.fromkeys((*row.requirement.evidence, *_kinds_of(row.outcome.missing)))
        found = (self._place(kind, subject) for kind in kinds)
        return tuple(self._evidence(place) for place in found if place is not None)

    def _place(self, kind_id: str, subject: str) -> Place | None:
        kind = self.here.pack.evidence.get(kind_id)
        return self.places.get((kind_id, "" if kind.subject == "project" else subject)) if kind else None

    def _evidence(self, place: Place) -> WantedEvidence:
        kind, newest = place.kind, place.versions[0] if place.versions else None
        waiting = newest is not None and version_state(newest, kind, place.versions) == "waiting_check"
        may_check = waiting and newest is not None and newest.submitted_by_id != self.actor.id
        return WantedEvidence(
            kind.id,
            kind.title,
            duty_title(kind.supplier),
            place.state,
            holds(self.actor, f"lifecycle.{kind.stage}.submit_evidence", self.target, {"OWN", kind.supplier}),
            may_check and holds(self.actor, f"lifecycle.{kind.stage}.check_evidence", self.target),
            str(newest.id) if newest else "",
            place.subject_id,
        )


def _kinds_of(names: Sequence[str]) -> list[str]:
    return [name.split(".")[1] for name in names if name.startswith("evidence.")]


def _groups(rows: Sequence[PanelRow]) -> tuple[PanelGroup, ...]:
    """Fold unknown rows that wait for the same single paper; a row alone stays a row."""
    waiting: dict[tuple[str, str], list[PanelRow]] = {}
    for row in rows:
        if row.verdict == Verdict.UNKNOWN and len(row.wanted) == 1:
            waiting.setdefault((row.wanted[0].kind, row.wanted[0].subject_id), []).append(row)
    return tuple(PanelGroup(found[0].wanted[0], tuple(found)) for found in waiting.values() if len(found) > 1)


def _state(here: Standing, gate: Gate, request: GateRequest | None) -> str:
    if request is not None:
        return {"open": "requested"}.get(request.state, request.state)
    if gate.id in here.course.passed:
        return "decided"
    return "open" if gate.id in here.course.open else "later"


def _tabs(here: Standing, project: Project, stale: Mapping[str, Sequence[Difference]]) -> tuple[GateTab, ...]:
    requested = set(GateRequest.objects.filter(project=project, state__in=OPEN_STATES).values_list("gate", flat=True))
    dates = {passage.gate: passage.decided_on for passage in here.passages}
    tabs: list[GateTab] = []
    for gate in here.pack.gates.values():
        outcome = here.course.passed.get(gate.id, "")
        if gate.id not in here.applicable and not outcome:
            continue
        open_state = "requested" if gate.id in requested else "open" if gate.id in here.course.open else "later"
        state = ("stale" if gate.id in stale else outcome) if outcome and gate.id not in requested else open_state
        note = f"{dates[gate.id]:%Y-%m-%d} {gettext(OUTCOME_WORDS[outcome])}" if outcome else ""
        tabs.append(GateTab(gate.id, gate.title, gate.stage, state, note, len(stale.get(gate.id, ()))))
    return tuple(tabs)


def _workdays_left(on: date, request: GateRequest | None) -> int | None:
    if request is None:
        return None
    if request.sign_by < on:
        return -national().workdays_between(request.sign_by, on)
    return national().workdays_between(on, request.sign_by)


def _signers(titles: Mapping[str, Duty], gate: Gate, request: GateRequest | None, joint: JointState | None) -> tuple[PanelSigner, ...]:
    if request is None or joint is None:
        return tuple(PanelSigner(duty, titles[duty].title, "later") for duty in gate.co_signers)
    words = {word.duty: word for word in request.sign_offs.select_related("person", "organisation").order_by("round")}
    found: list[PanelSigner] = []
    for item in request.co_signers:
        duty, word, title = item["duty"], words.get(item["duty"]), titles[item["duty"]].title if item["duty"] in titles else item["title"]
        if word is None:
            found.append(PanelSigner(duty, title, "waiting" if duty in joint.next else "later"))
            continue
        state = "asked_again" if duty in joint.missing else "agreed" if word.agrees else "dissented"
        found.append(PanelSigner(duty, title, state, word.organisation.name, word.person.name, word.at, word.opinion))
    return tuple(found)


def _steps(request: GateRequest | None) -> tuple[PanelStep, ...]:
    rows = request.dissent_steps.select_related("person").order_by("at") if request else ()
    return tuple(PanelStep(row.kind, row.person.name, row.note, row.document_no, row.at) for row in rows)


def _conditions(actor: Actor, project: Project, here: Standing, gate: Gate, passage: Passage | None) -> tuple[PanelCondition, ...]:
    if passage is None:
        return ()
    may_close = holds(actor, f"lifecycle.{gate.stage}.close_condition", target_of(project), {gate.decider})
    found: list[PanelCondition] = []
    for row in passage.conditions.order_by("due_on"):
        closed = row.closed_event_id is not None
        overdue = not closed and row.due_on < here.on
        found.append(PanelCondition(str(row.id), row.text, row.due_on, overdue, closed, row.closed_note, may_close and not closed))
    return tuple(found)


def _change(pack: Pack, item: Difference) -> PanelChange:
    return PanelChange(
        label_of(pack, item.name, gettext),
        value_text(pack, item.name, item.before, gettext),
        value_text(pack, item.name, item.after, gettext),
        item.subject_title if not item.name.startswith("project.") else "",
    )
