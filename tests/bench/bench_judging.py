"""10,000 stored projects judged against the whole pack, facts gathered in bulk, against evaluation alone on facts in memory. Goal: at most 2 ×."""

import time
from typing import Any

from bench.portfolio import fill
from bench.timing import seconds
from factories import CITY
from sixgate.domain.lifecycle.gate import judge_gate
from sixgate.records.queries.dossier import Dossier, dossiers
from sixgate.usecases._frame import today
from sixgate.usecases._project import law_for

PROJECTS, CHUNK = 10_000, 500


def run() -> dict[str, Any]:
    """Return processor seconds of gathering and judging, of judging alone, and their ratio."""
    ids = fill(PROJECTS, facts=True)
    pack, activated = law_for(CITY, today())

    def judge(found: Dossier) -> None:
        for gate in pack.gates:
            judge_gate(pack, gate, found.project, found.subjects, on=today(), activated=activated)

    whole = pure = 0.0
    wall = time.perf_counter()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        gathered: list[Dossier] = []
        whole += seconds(lambda chunk=chunk, gathered=gathered: gathered.extend(dossiers(chunk, pack.evidence).values()))
        alone = seconds(lambda gathered=gathered: [judge(found) for found in gathered])
        whole, pure = whole + alone, pure + alone
    return {
        "projects": PROJECTS,
        "requirements": len(pack.requirements),
        "goal": "ratio <= 2",
        "gathered_and_judged_seconds": round(whole, 2),
        "judged_seconds": round(pure, 2),
        "ratio": round(whole / pure, 3),
        "wall_seconds": round(time.perf_counter() - wall, 1),
    }
