"""Whom a requirement stops today: the projects that stand before its gate and do not meet it, as far as a reader may see them."""

from dataclasses import dataclass
from uuid import UUID

from sixgate.domain.authority import region_prefix
from sixgate.engines.rules.schema import Requirement
from sixgate.kernel.verdict import Verdict
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import standings

MOST = 300
"""How many projects are judged for one look; beyond it the answer says "at least"."""


@dataclass(frozen=True, slots=True)
class StoppedProject:
    """A project that does not meet the requirement: `unmet`, or `unknown` where something is missing."""

    id: UUID
    name: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many projects before the gate were judged, whether there are more, and which do not meet the requirement."""

    judged: int
    capped: bool
    projects: tuple[StoppedProject, ...]


def stopped_by(actor: Actor, rule: Requirement, jurisdiction: str) -> Stopped:
    """Return the active projects of a place before this gate that do not meet the requirement; at most MOST are judged."""
    before = visible_projects(actor.posts, dict(_law.duties(today()))).filter(
        status="active", state__next_gate=rule.gate, region_code__startswith=region_prefix(jurisdiction)
    )
    ids = list(before.order_by("-id").values_list("id", flat=True)[: MOST + 1])
    found: list[StoppedProject] = []
    for here in standings(ids[:MOST], today()).values():
        verdicts = {row.outcome.verdict for row in here.judge(rule.gate).rows if row.requirement.id == rule.id}
        worst = next((item for item in (Verdict.UNMET, Verdict.UNKNOWN) if item in verdicts), None)
        if worst is not None:
            found.append(StoppedProject(here.project_id, here.dossier.project.subject_title, worst.value))
    return Stopped(min(len(ids), MOST), len(ids) > MOST, tuple(sorted(found, key=lambda item: (item.verdict != "unmet", item.name))))
