"""The checks read aloud: of one project what contradicts, what could not be looked at and why; of a portfolio how many of each. Changes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext

from sixgate.domain.lifecycle.check_facts import system_check_facts
from sixgate.domain.lifecycle.wording import label_of
from sixgate.engines.rules.evaluate import Outcome, judge_requirement
from sixgate.engines.rules.schema import Pack, Requirement
from sixgate.kernel.provenance import Fact, FactSheet
from sixgate.kernel.verdict import Verdict
from sixgate.records.queries.findings import Orphan, orphan_systems, projects_to_look_at
from sixgate.usecases._checks import checks_of
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._law import duties
from sixgate.usecases._offers import speaks_english, spoken_pack
from sixgate.usecases._project import examined, law_for, standing, standings

BATCH: Final = 200
MISSING_NAMED: Final = 3
WITHOUT_PROJECT: Final = "check.system_without_project"


@dataclass(frozen=True, slots=True)
class Unseen:
    """One check that could not look, and the facts it would need, in words."""

    check_id: str
    title: str
    subject: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectXray:
    """What the checks say of one project today: how many look well or do not apply, and which could not look."""

    found: int
    well: int
    apart: int
    unseen: tuple[Unseen, ...]


def project_xray(project_id: UUID) -> ProjectXray:
    """Return what the checks say of one project today; the caller has seen to it that the reader may see it."""
    here = standing(project_id, today(), english=speaks_english())
    outcomes = examined({project_id: here}, here.on)[project_id]
    count = Counter(outcome.verdict for outcome in outcomes)
    unseen = [_unseen(here.pack, outcome) for outcome in outcomes if outcome.verdict is Verdict.UNKNOWN]
    return ProjectXray(count[Verdict.UNMET], count[Verdict.MET], count[Verdict.NOT_APPLICABLE], tuple(unseen))


def check_titles(region_code: str = "") -> dict[str, str]:
    """Return the titles of the checks in force in a region, in their order, in the reader's language."""
    return {item.id: item.title for item in checks_of(spoken_pack(region_code))}


def check_of(check_id: str, region_code: str) -> tuple[Pack, Requirement | None]:
    """Return the pack of a region in the reader's language and one of its checks, None where it has been taken out since."""
    pack = spoken_pack(region_code)
    return pack, pack.requirements.get(check_id)


def loose_systems(actor: Actor) -> list[Orphan]:
    """Return the systems within the reader's reach that the check on systems without project finds."""
    pack, activated = law_for("", today())
    rule = pack.requirements.get(WITHOUT_PROJECT)
    found = orphan_systems(actor.posts, dict(duties(today()))) if rule is not None else []
    return [item for item in found if rule is not None and _is_loose(pack, rule, item, activated)]


def portfolio_xray(on: date, project_ids: Sequence[UUID] | None = None) -> dict[str, Any]:
    """Return, by check, in how many places it found something, looked without finding, could not look and for want of what; all projects unless named."""
    keys = projects_to_look_at() if project_ids is None else list(project_ids)
    verdicts: dict[str, Counter[Verdict]] = {}
    missing: dict[str, Counter[str]] = {}
    titles: dict[str, str] = {}
    for start in range(0, len(keys), BATCH):
        found = standings(keys[start : start + BATCH], on, english=speaks_english())
        for key, outcomes in examined(found, on).items():
            titles |= {item.id: item.title for item in checks_of(found[key].pack)}
            _count(outcomes, verdicts, missing)
    return {
        "on": on.isoformat(),
        "projects": len(keys),
        "findings": sum(count[Verdict.UNMET] for count in verdicts.values()),
        "checks": [_counted(ident, titles[ident], verdicts[ident], missing.get(ident, Counter())) for ident in titles],
    }


def _count(outcomes: Iterable[Outcome], verdicts: dict[str, Counter[Verdict]], missing: dict[str, Counter[str]]) -> None:
    for outcome in outcomes:
        verdicts.setdefault(outcome.requirement_id, Counter())[outcome.verdict] += 1
        if outcome.verdict is Verdict.UNKNOWN:
            missing.setdefault(outcome.requirement_id, Counter()).update(outcome.missing or (outcome.reason,))


def _counted(ident: str, title: str, count: Mapping[Verdict, int], missing: Counter[str]) -> dict[str, Any]:
    return {
        "id": ident,
        "title": title,
        "found": count[Verdict.UNMET],
        "well": count[Verdict.MET],
        "unknown": count[Verdict.UNKNOWN],
        "not_applicable": count[Verdict.NOT_APPLICABLE],
        "wanted": [name for name, _times in missing.most_common(MISSING_NAMED)],
    }


def _unseen(pack: Pack, outcome: Outcome) -> Unseen:
    wanted = tuple(label_of(pack, name, gettext) for name in outcome.missing) or (gettext(outcome.reason),)
    subject = outcome.subject_title if outcome.subject_type != "project" else ""
    return Unseen(outcome.requirement_id, pack.requirements[outcome.requirement_id].title, subject, wanted)


def _is_loose(pack: Pack, rule: Requirement, item: Orphan, activated: frozenset[str]) -> bool:
    bare = FactSheet("system", str(item.id), item.name)
    facts: dict[str, Fact] = system_check_facts(bare, today(), project_count=0)
    return judge_requirement(pack, rule, FactSheet("system", str(item.id), item.name, facts), today(), activated).verdict is Verdict.UNMET
