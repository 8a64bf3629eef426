"""The verbs a reader may do at a gate in its present state, and why one cannot be done just now."""

from sixgate.domain.lifecycle.joint import JointState
from sixgate.engines.rules.schema import Gate
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import EvidenceVersion, GateRequest, Passage, Project
from sixgate.usecases._frame import REGISTRY, Actor
from sixgate.usecases._project import Standing, target_of
from sixgate.usecases.lifecycle.reading._rights import holds
from sixgate.usecases.lifecycle.reading.shapes import PanelAct

LEADERS = "LDR"
WORDS_AWAITED = gettext_noop("还有单位没有会签")
OWN_PAPERS = gettext_noop("申请或材料由您经手，须由别人决定")
CHANGED = gettext_noop("申请以后事实有变，须重新申请")
OWN_RECORD = gettext_noop("是您登记的，须由别人核对")


def acts_of(
    actor: Actor, project: Project, here: Standing, gate: Gate, request: GateRequest | None, joint: JointState | None, pending: Passage | None
) -> tuple[PanelAct, ...]:
    """Return the acts the reader's posts hold here, the main one first; what they may never do is left out."""
    if project.status != "active":
        return ()
    acts: list[PanelAct] = []
    if pending is not None:
        acts += _check_record(actor, project, gate, pending)
    if request is None or joint is None:
        acts += _before(actor, project, here, gate, pending)
    elif request.state == "open":
        acts += _deciding(actor, project, here, gate, request, joint)
    elif request.state == "coordination":
        acts += _one(actor, project, gate, "coordinate_dissent", str(request.id))
    else:
        acts += _one(actor, project, gate, "settle_dissent", str(request.id))
    return tuple(sorted(acts, key=lambda act: not act.primary))


def _before(actor: Actor, project: Project, here: Standing, gate: Gate, pending: Passage | None) -> list[PanelAct]:
    passed = gate.id in here.course.passed
    can_be_asked = gate.id in here.course.open or gate.id in here.stale()
    acts = _one(actor, project, gate, "request_gate", str(project.id)) if can_be_asked and pending is None else []
    takes_over = [] if passed or pending else _one(actor, project, gate, "take_over_gate", str(project.id), primary=False)
    return [*acts, *takes_over]


def _deciding(actor: Actor, project: Project, here: Standing, gate: Gate, request: GateRequest, joint: JointState) -> list[PanelAct]:
    key = str(request.id)
    changed = bool(here.since(request))
    acts = [] if changed else _one(actor, project, gate, "sign_off", key, duties=set(joint.next))
    why = CHANGED if changed else WORDS_AWAITED if joint.missing and here.on <= request.sign_by else OWN_PAPERS if _own(actor, request) else ""
    acts += _one(actor, project, gate, "decide_gate", key, duties={gate.decider}, why_not=why)
    acts += _one(actor, project, gate, "record_decision", key, duties={gate.decider, LEADERS}, why_not=why, primary=False)
    if changed:
        acts += _one(actor, project, gate, "request_gate", str(project.id))
    return acts


def _check_record(actor: Actor, project: Project, gate: Gate, pending: Passage) -> list[PanelAct]:
    own = OWN_RECORD if pending.decided_by_id == actor.id else ""
    return _one(actor, project, gate, "check_record", str(pending.id), why_not=own)


def _own(actor: Actor, request: GateRequest) -> bool:
    versions = {row["reference"] for row in request.facts if row["kind"] == "evidence"}
    return request.requested_by_id == actor.id or EvidenceVersion.objects.filter(pk__in=versions, submitted_by_id=actor.id).exists()


def _one(
    actor: Actor, project: Project, gate: Gate, name: str, key: str, *, duties: set[str] | None = None, why_not: str = "", primary: bool = True
) -> list[PanelAct]:
    address = f"lifecycle.{gate.stage}.{name}"
    if not holds(actor, address, target_of(project), duties):
        return []
    return [PanelAct(address, REGISTRY[address].title, not why_not, why_not, primary, key)]
