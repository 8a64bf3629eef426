"""What a regulation pack holds, as frozen values (docs/pack-format.md). This module refuses to know files and evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sixgate.engines.rules.expression import Language
from sixgate.kernel.provenance import FactValue

STAGES: Final = ("initiation", "design", "procurement", "delivery", "acceptance", "operations")
SUBJECTS: Final = ("project", "system", "contract")
KINDS: Final = ("law", "local", "habit")
SCOPES: Final = ("central", "national", "local")
ACTIONS: Final = ("lock", "activate", "remind")
OBLIGATIONS: Final = ("approve", "file", "consult", "agree", "procure", "publish", "review", "return", "none")
UNITS: Final = ("hour", "day", "workday", "month", "year", "calendar_year")
BOUNDS: Final = ("floor", "ceiling", "exact")
CONFIDENCES: Final = ("verified", "secondary", "known", "unsure")
PARAMETER_TYPES: Final = ("fen", "integer", "ratio", "yes_no", "enum", "text")
FIELD_TYPES: Final = ("text", "integer", "fen", "date", "ratio", "enum", "yes_no", "document_no", "file")

Dated = int | bool | str


@dataclass(frozen=True, slots=True)
class PackHeader:
    """The `[pack]` table."""

    id: str
    title: str
    version: str
    jurisdiction: str
    template: bool
    checked_on: date | None
    extends: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A decision point inside a stage."""

    id: str
    stage: str
    title: str
    decides: str
    decider: str
    co_signers: tuple[str, ...]
    order: str
    sign_workdays: int
    when: str
    exceptions: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A post's duty and the addresses it grants."""

    id: str
    title: str
    scope: str
    grants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value in the half-open period [start, until)."""

    value: Dated
    start: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Tell whether the value holds on that day."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated threshold, `parameter.<id>` in expressions; money in 分, ratios in basis points."""

    id: str
    title: str
    type: str
    unit: str
    options: tuple[str, ...]
    stricter: str
    confidence: str
    source: str
    values: tuple[DatedValue, ...]

    def value_on(self, day: date) -> DatedValue | None:
        """Return the value in force on a day, None when there is none."""
        return next((value for value in self.values if value.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an enum field."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class EvidenceField:
    """One keyed field of an evidence kind; `evidence.<kind>.<id>` in expressions."""

    id: str
    label: str
    type: str
    required: bool
    unit: str
    help: str
    options: tuple[Option, ...]
    minimum: int | None
    maximum: int | None
    material: bool


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of document or record that becomes facts."""

    id: str
    title: str
    help: str
    stage: str
    subject: str
    supplier: str
    second_check: bool
    work_secret: bool
    files: bool
    fields: tuple[EvidenceField, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule stands in law; `article` is empty where not known."""

    document: str
    number: str
    article: str
    text_seen: bool
    note: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must hold at a gate, or as a continuing duty; in force in [start, until)."""

    id: str
    row: int
    gate: str
    duty: str
    title: str
    kind: str
    scope: str
    action: str
    confidence: str
    checked_on: date | None
    start: date | None
    until: date | None
    subject: str
    when: str
    require: str
    evidence: tuple[str, ...]
    supplier: str
    remedy: str
    order: int
    clauses: tuple[Clause, ...]

    def in_force(self, day: date) -> bool:
        """Tell whether the requirement is in force on a day."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period that runs from a date fact; floors are never shortened. Its length is `value`, or the parameter named when that is not empty."""

    id: str
    title: str
    stage: str
    subject: str
    anchor: str
    done: str
    value: int
    parameter: str
    unit: str
    bound: str
    when: str
    kind: str
    scope: str
    action: str
    confidence: str
    checked_on: date | None
    supplier: str
    remedy: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """What a change of the project entails on one axis.

    `obligation` says what must be done, `supplier` who does it, `authority` before whom; `deadline` names the period it starts. `cumulative` rules
    count this change together with all before it.
    """

    id: str
    axis: str
    title: str
    when: str
    conclusion: str
    materials: tuple[str, ...]
    obligation: str
    supplier: str
    authority: str
    deadline: str
    cumulative: bool
    kind: str
    scope: str
    action: str
    confidence: str
    checked_on: date | None
    clauses: tuple[Clause, ...]


Rule = Requirement | Deadline | ChangeRule


@dataclass(frozen=True, slots=True)
class Activation:
    """A locality's act that puts a clause in force there."""

    target: str
    officer: str
    document: str
    number: str
    article: str
    signed_on: date | None
    digest: str
    note: str


@dataclass(frozen=True, slots=True)
class Override:
    """A replacement of keys in a row of the pack below."""

    table: str
    id: str
    reason: str
    set: Mapping[str, object]
    accept_looser: str


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example; `facts` are flat dotted names."""

    target: str
    name: str
    on: date
    expect: str
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One table as written, with the file it stands in."""

    file: str
    table: str
    data: Mapping[str, object]

    @property
    def id(self) -> str:
        """Name the row for a person: its id, or what it aims at."""
        for key in ("id", "target"):
            value = self.data.get(key)
            if isinstance(value, str):
                return f"{value}/{self.data['name']}" if self.table == "case" and "name" in self.data else value
        return ""


English = Mapping[str, Mapping[str, Mapping[str, str | tuple[str, ...]]]]
"""English texts: table → id → dotted key → text."""


@dataclass(frozen=True, eq=False)
class Pack:
    """A whole pack, checked; an overlay read alone (`header.extends` set) is checked only in form until laid over its base.

    `lineage` are the ids merged into it, lowest first. `facts` are all names expressions may use, with their types.
    """

    header: PackHeader
    lineage: tuple[str, ...]
    gates: Mapping[str, Gate]
    duties: Mapping[str, Duty]
    parameters: Mapping[str, Parameter]
    evidence: Mapping[str, EvidenceKind]
    requirements: Mapping[str, Requirement]
    deadlines: Mapping[str, Deadline]
    change_rules: Mapping[str, ChangeRule]
    activations: tuple[Activation, ...]
    overrides: tuple[Override, ...]
    cases: tuple[Case, ...]
    english: English
    base_facts: Mapping[str, str]
    language: Language
    rows: tuple[SourceRow, ...]
    digest_sm3: str
    digest_sha256: str

    @property
    def facts(self) -> Mapping[str, str]:
        """Return every fact name expressions may use, with its type."""
        return self.language.types
