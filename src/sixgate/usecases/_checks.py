"""The checks of a pack on one project, judged by the engine like any requirement, and their outcomes kept as findings.

The scan is no act of a person: it enters nothing in the ledger; what people say of a finding does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sixgate.domain.lifecycle.check_facts import (
    MOVING,
    Decided,
    Moment,
    Seen,
    contract_check_facts,
    project_check_facts,
    system_check_facts,
)
from sixgate.domain.lifecycle.deadline import judge_deadlines
from sixgate.domain.lifecycle.frozen import digest, plain_fact
from sixgate.domain.planning.finding import Standing, State, after_look, gone
from sixgate.engines.rules.evaluate import Outcome, judge
from sixgate.engines.rules.schema import Pack, Requirement
from sixgate.kernel.provenance import Fact, FactSheet
from sixgate.kernel.verdict import Verdict
from sixgate.kernel.workcalendar import Pause, national
from sixgate.records.models import Finding
from sixgate.records.queries.dossier import Dossier

CHECK = "check"
_KEPT = ("state", "accepted_until", "facts", "facts_digest", "last_seen", "resolved_on", "times", "subject_title", "owner_duty")
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Law:
    """The pack in force where a project is, and the rules activated there."""

    pack: Pack
    activated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Course:
    """What the checks need to know of a project's course: the gates passed, how many rest on changed facts, the last act, the pauses."""

    decided: Sequence[Decided]
    stale: int
    moved_on: date | None
    pauses: Sequence[tuple[date, date | None]]


def checks_of(pack: Pack) -> list[Requirement]:
    """Return the checks of a pack, in their order."""
    return sorted((item for item in pack.requirements.values() if item.duty == CHECK), key=lambda item: (item.order, item.id))


def look(law: Law, dossier: Dossier, seen: Seen, course: Course, links: Mapping[str, int], on: date) -> tuple[Outcome, ...]:
    """Return what every check says of one project and of each of its systems and contracts."""
    project, subjects = dossier.project, dossier.subjects
    pauses = [Pause(since, until or on + timedelta(days=1)) for since, until in course.pauses]
    states = judge_deadlines(law.pack, project, dict(subjects), national(), today=on, pauses=pauses, activated=law.activated)
    moment = Moment(on, course.moved_on, course.decided, course.stale, [(item, law.pack.deadlines[item.id].done) for item in states])
    whole = _with(project, project_check_facts(seen, project, subjects, moment))
    own = {
        "system": [_with(item, system_check_facts(item, on, links.get(item.subject_id, 1))) for item in subjects.get("system", ())],
        "contract": [
            _with(item, contract_check_facts(seen.contracts[item.subject_id]))
            for item in subjects.get("contract", ())
            if item.subject_id in seen.contracts
        ],
    }
    return judge(law.pack, checks_of(law.pack), whole, own, on, law.activated)


def facts_read(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the facts an outcome rests on as plain rows, each with its provenance."""
    sheet = FactSheet(outcome.subject_type, outcome.subject_id, outcome.subject_title)
    return [plain_fact(sheet, fact) for fact in outcome.facts_read]


def facts_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of the facts that matter; days that pass by themselves do not change it."""
    return digest([dict(row) for row in rows if row["name"] not in MOVING])


def keep(found: Mapping[UUID, tuple[Pack, Sequence[Outcome]]], on: date) -> int:
    """Fold what a look found into the findings of projects; return how many rows are new or moved. The caller has locked the projects."""
    stored: dict[UUID, dict[Place, Finding]] = {key: {} for key in found}
    for row in Finding.objects.filter(project_id__in=found):
        stored[row.project_id][row.check_id, row.subject_type, row.subject_id] = row
    new: list[Finding] = []
    moved: list[Finding] = []
    for key, (pack, outcomes) in found.items():
        for outcome in outcomes:
            place = _place(outcome)
            known = stored[key].pop(place) if place in stored[key] else None
            _fold(key, pack, outcome, known, on, new, moved)
        moved += [_write(row, gone(_standing(row), on)) for row in stored[key].values() if row.state != State.RESOLVED]
    Finding.objects.bulk_create(new, batch_size=500)
    Finding.objects.bulk_update(moved, _KEPT, batch_size=200)
    return len(new) + len(moved)


def _fold(key: UUID, pack: Pack, outcome: Outcome, row: Finding | None, on: date, new: list[Finding], moved: list[Finding]) -> None:
    rows = facts_read(outcome) if outcome.verdict is Verdict.UNMET else []
    before = None if row is None else _standing(row)
    after = after_look(before, outcome.verdict, facts_digest(rows), on)
    if after is None or after == before:
        return
    if row is None:
        row = Finding(project_id=key, check_id=outcome.requirement_id, subject_type=outcome.subject_type, subject_id=outcome.subject_id)
        new.append(row)
    else:
        moved.append(row)
    _write(row, after)
    if outcome.verdict is Verdict.UNMET:
        row.facts, row.subject_title = rows, outcome.subject_title
        row.owner_duty = pack.requirements[outcome.requirement_id].supplier


def _place(outcome: Outcome) -> Place:
    return outcome.requirement_id, outcome.subject_type, outcome.subject_id


def _standing(row: Finding) -> Standing:
    return Standing(State(row.state), row.facts_digest, row.first_seen, row.last_seen, row.accepted_until, row.resolved_on, row.times)


def _write(row: Finding, after: Standing) -> Finding:
    row.state, row.facts_digest = after.state.value, after.facts_digest
    row.first_seen, row.last_seen = after.first_seen, after.last_seen
    row.accepted_until, row.resolved_on, row.times = after.accepted_until, after.resolved_on, after.times
    return row


def _with(sheet: FactSheet, more: Mapping[str, Fact]) -> FactSheet:
    return FactSheet(sheet.subject_type, sheet.subject_id, sheet.subject_title, {**sheet.facts, **more})
