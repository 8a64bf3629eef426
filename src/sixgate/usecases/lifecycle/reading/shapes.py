"""The shapes pages receive: plain frozen values, product text, no HTML and no addresses. An empty text or tuple means nothing to show."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PanelFact:
    """One line of proof; `version_id` opens the evidence the fact comes from."""

    label: str
    value: str
    kind: str
    source: str
    evidence_kind: str = ""
    version_id: str = ""
    at: datetime | None = None
    keyed_by: str = ""
    checked_by: str = ""
    digest: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class SpineNumber:
    """One of the six numbers of money; `fact` is None where it is not known."""

    name: str
    label: str
    fen: int | None
    fact: PanelFact | None


@dataclass(frozen=True, slots=True)
class WantedEvidence:
    """What can be handed in to mend a row. `state`: missing | waiting_check | disagreed | withdrawn | counts."""

    kind: str
    title: str
    supplier: str
    state: str
    may_submit: bool = False
    may_check: bool = False
    version_id: str = ""
    subject_id: str = ""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One requirement at a gate. `unregistered` are the missing facts no paper brings: the register must say them first."""

    id: str
    verdict: str
    title: str
    subject: str
    holds_back: bool
    effect: str
    kind: str
    confidence: str
    activated: bool
    clauses: tuple[str, ...]
    remedy: str
    supplier: str
    reason: str
    missing: tuple[str, ...]
    unregistered: tuple[str, ...]
    proof: tuple[PanelFact, ...]
    wanted: tuple[WantedEvidence, ...]


@dataclass(frozen=True, slots=True)
class PanelGroup:
    """Unknown rows that wait for the same paper, folded to one line."""

    wanted: WantedEvidence
    rows: tuple[PanelRow, ...]


@dataclass(frozen=True, slots=True)
class PanelSigner:
    """One body of the joint sign-off. `state`: agreed | dissented | waiting (may speak now) | later | asked_again."""

    duty: str
    title: str
    state: str
    organisation: str = ""
    person: str = ""
    at: datetime | None = None
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class PanelStep:
    """One step after a dissent. `kind`: settled | escalated | upheld | overruled."""

    kind: str
    person: str
    note: str
    document_no: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PanelAct:
    """A verb the reader's posts hold here; `why_not` says why it cannot be done just now."""

    address: str
    title: str
    may: bool
    why_not: str = ""
    primary: bool = False
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class PanelChange:
    """A material fact that is no longer what the decision or request rests on."""

    label: str
    before: str
    after: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class PanelCondition:
    """A dated condition of an approval."""

    id: str
    text: str
    due_on: date
    overdue: bool
    closed: bool
    note: str = ""
    may_close: bool = False


@dataclass(frozen=True, slots=True)
class GateTab:
    """One gate on the project's line. `state`: passed | conditional | override | recorded | stale | requested | open | later."""

    gate: str
    title: str
    stage: str
    state: str
    note: str = ""
    changes: int = 0


@dataclass(frozen=True, slots=True)
class PanelScan:
    """One scan of a decision recorded from paper."""

    id: str
    name: str
    sm3: str


@dataclass(frozen=True, slots=True)
class GatePanel:
    """Everything about one gate of one project on one day. `state`: later | open | requested | coordination | leading_group | decided."""

    project_id: str
    gate: str
    title: str
    stage: str
    stage_title: str
    decides: str
    decider: str
    exceptions: str
    on: date
    state: str
    opens: bool
    lacking: int
    unmet: int
    unknown: int
    met: int
    not_applicable: int
    mending: tuple[PanelRow, ...]
    groups: tuple[PanelGroup, ...]
    fulfilled: tuple[PanelRow, ...]
    apart: tuple[PanelRow, ...]
    tabs: tuple[GateTab, ...]
    request_id: str
    requested_by: str
    requested_on: datetime | None
    sign_by: date | None
    workdays_left: int | None
    order: str
    asked: bool
    signers: tuple[PanelSigner, ...]
    steps: tuple[PanelStep, ...]
    acts: tuple[PanelAct, ...]
    decided: str
    decided_on: date | None
    decided_by: str
    deciding_body: str
    document_no: str
    decided_source: str
    reason: str
    scans: tuple[PanelScan, ...]
    waits_for_check: bool
    conditions: tuple[PanelCondition, ...]
    changes: tuple[PanelChange, ...]
    facts_frozen: int
    pack_title: str
    pack_version: str
    pack_digest: str

    @property
    def rows(self) -> tuple[PanelRow, ...]:
        """Return every row: to be mended (folded ones too), fulfilled, not applicable."""
        folded = tuple(row for group in self.groups for row in group.rows)
        return (*self.mending, *folded, *self.fulfilled, *self.apart)


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a version; `shared` names other projects the same bytes were handed in for."""

    id: str
    name: str
    size: int
    sm3: str
    sha256: str
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceVersionLine:
    """One version handed in. `state`: counts | waiting_check | disagreed | withdrawn | replaced; `hidden`: a work secret not open to the reader."""

    id: str
    number: int
    submitted_by: str
    submitted_on: datetime
    state: str
    checked_by: str
    checked_on: datetime | None
    note: str
    files: tuple[FileLine, ...]
    work_secret: bool
    hidden: bool
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EvidencePlace:
    """The place of one kind of evidence of one subject. `wanted_by`: requirements that read it."""

    kind: str
    title: str
    help: str
    stage: str
    stage_title: str
    subject: str
    subject_id: str
    supplier: str
    wanted_by: int
    state: str
    may_submit: bool
    may_check: bool
    versions: tuple[EvidenceVersionLine, ...]
