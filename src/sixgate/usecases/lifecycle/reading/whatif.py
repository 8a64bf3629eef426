"""What if, for pages: one more piece of evidence at a gate; another threshold over all projects a reader sees. The same judging as everywhere, nothing kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from sixgate.domain.lifecycle.evidence import read_fields
from sixgate.domain.lifecycle.gate import GateJudgement, judge_gate
from sixgate.domain.lifecycle.whatif import Shift, shifts, with_evidence, with_parameter
from sixgate.domain.lifecycle.wording import NO, YES, value_text
from sixgate.engines.rules.schema import Dated, EvidenceKind, Pack, Parameter
from sixgate.kernel.refusal import Invisible
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import Standing, law_for, standing, standings
from sixgate.usecases.lifecycle.reading._rights import speaks_english
from sixgate.usecases.lifecycle.reading.evidence import seen

MOST = 2_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class SupposedGate:
    """A gate with and without one more piece of evidence; `lacking` counts what holds it back."""

    gate: str
    title: str
    kind: EvidenceKind
    lacking: int
    lacking_then: int
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A parameter one may suppose otherwise; `text` is its value of today as people read it, `options` what it can be and how people read that."""

    parameter: Parameter
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShiftedProject:
    """A project whose next gate would be judged otherwise."""

    id: UUID
    name: str
    gate: str
    gate_title: str
    opens: bool
    would_open: bool
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class SupposedThreshold:
    """Another value of a parameter over a portfolio: how many were judged, and which would be judged otherwise."""

    now: str
    then: str
    judged: int
    capped: bool
    projects: tuple[ShiftedProject, ...]


def gate_and_kind(actor: Actor, project_id: UUID, gate: str, kind: str) -> tuple[Standing, str, EvidenceKind]:
    """Return where the project stands, the gate meant (the next one where none is named) and the kind; raise Invisible where one is not there."""
    project = seen(actor, project_id)
    here = standing(project.id, today(), english=speaks_english())
    wanted, found = gate or here.course.next_gate, here.pack.evidence.get(kind)
    if wanted not in here.pack.gates or found is None:
        raise Invisible
    return here, wanted, found


def suppose_evidence(actor: Actor, project_id: UUID, gate: str, kind: str, raw: Mapping[str, Any], subject_id: str = "") -> SupposedGate:
    """Return what one more piece of evidence would change at a gate; raise InputRefused naming fields that do not fit."""
    here, wanted, found = gate_and_kind(actor, project_id, gate, kind)
    fields, wrong = read_fields(found, raw)
    if wrong:
        raise InputRefused({f"fields.{name}": reason for name, reason in wrong.items()})
    sheet, subjects = with_evidence(here.dossier.project, here.dossier.subjects, found, fields, subject_id)
    before = here.judge(wanted)
    after = judge_gate(here.pack, wanted, sheet, subjects, on=here.on, activated=here.activated)
    return SupposedGate(wanted, here.pack.gates[wanted].title, found, _lacking(before), _lacking(after), shifts(before, after))


def suppose_threshold(actor: Actor, parameter_id: str, value: Dated, jurisdiction: str = "") -> SupposedThreshold:
    """Return which of the projects an actor sees would be judged otherwise at their next gate; raise Invisible when there is no such parameter."""
    pack, _ = law_for(jurisdiction, today(), english=speaks_english())
    parameter = pack.parameters.get(parameter_id)
    if parameter is None:
        raise Invisible
    visible = visible_projects(actor.posts, dict(_law.duties(today())))
    ids = list(visible.filter(status="active").order_by("-id").values_list("id", flat=True)[: MOST + 1])
    found: list[ShiftedProject] = []
    for chunk in _chunks(ids[:MOST]):
        found += [item for here in standings(chunk, today(), english=speaks_english()).values() if (item := _shifted(here, parameter_id, value))]
    then = value_text(pack, f"parameter.{parameter_id}", value, gettext)
    return SupposedThreshold(_text(pack, parameter, today()), then, min(len(ids), MOST), len(ids) > MOST, tuple(found))


def thresholds(jurisdiction: str, on: date) -> dict[str, Threshold]:
    """Return the parameters of a place that some requirement reads, by id."""
    pack, _ = law_for(jurisdiction, on, english=speaks_english())
    read = _parameters_read(pack)
    return {item.id: Threshold(item, _text(pack, item, on), _options(pack, item)) for item in pack.parameters.values() if item.id in read}


def _text(pack: Pack, parameter: Parameter, on: date) -> str:
    now = parameter.value_on(on)
    return value_text(pack, f"parameter.{parameter.id}", now.value if now else None, gettext)


def _options(pack: Pack, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    if parameter.type == "yes_no":
        return (("true", gettext(YES)), ("false", gettext(NO)))
    return tuple((option, value_text(pack, f"parameter.{parameter.id}", option, gettext)) for option in parameter.options)


def _parameters_read(pack: Pack) -> set[str]:
    texts = [text for rule in pack.requirements.values() for text in (rule.when, rule.require) if text]
    names = (name for text in texts for name in pack.language.compile(text).reads)
    return {name.removeprefix("parameter.") for name in names if name.startswith("parameter.")}


def _shifted(here: Standing, parameter_id: str, value: Dated) -> ShiftedProject | None:
    gate = here.course.next_gate
    if not gate or parameter_id not in here.pack.parameters:
        return None
    before = here.judge(gate)
    supposed = with_parameter(here.pack, parameter_id, value)
    sheet = here.dossier.project
    after = judge_gate(supposed, gate, sheet, here.dossier.subjects, on=here.on, activated=here.activated)
    changed = shifts(before, after)
    title = here.pack.gates[gate].title
    return ShiftedProject(here.project_id, sheet.subject_title, gate, title, before.opens, after.opens, changed) if changed else None


def _lacking(judgement: GateJudgement) -> int:
    return sum(row.holds_back for row in judgement.rows)


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
