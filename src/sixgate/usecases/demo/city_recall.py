"""How much of what was planted is found, and how much is found that nobody planted. Pure, but for reading what the checks hold open."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sixgate.domain.planning.confidence import gap_bp, wants_answer
from sixgate.records.models import Finding, SelfRating
from sixgate.usecases.demo.city_planter_one import GAP
from sixgate.usecases.planning.confidence import confidences

Found = Mapping[str, Sequence[str]]
KNOWS_CHECKS: Final = "one"


def found_in(truth: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what stands open now by the key of its project: the checks' ids, and the difference between a rating and the evidence."""
    keys = {UUID(project): key for key, project in truth["projects"].items()}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for project, check in Finding.objects.filter(state="open", project__in=keys).values_list("project_id", "check_id"):
        found[keys[project]].add(check)
    for project in _differing(list(keys), date.fromisoformat(truth["day"])):
        found[keys[project]].add(GAP)
    return {key: sorted(checks) for key, checks in sorted(found.items())}


def measure(truth: Mapping[str, Any], found: Found, sound: Found) -> dict[str, Any]:
    """Return recall, by kind too, and false findings. `sound` is what the same city shows with nothing planted.

    What the first planter put in is found when a check it names stands open: a kind that names none counts as missed. The second planter names none:
    its problem is found when anything stands open there that does not in the sound city.
    A false finding is one on a project nobody touched; what else stands open on a touched project is told apart as a consequence.
    """
    hits = dict.fromkeys(sorted({item["kind"] for item in truth["planted"]}), (0, 0))
    for item in truth["planted"]:
        hit, of = hits[item["kind"]]
        hits[item["kind"]] = (hit + _hit(item, truth["planter"], found, sound), of + 1)
    touched = {item["key"] for item in truth["planted"]}
    wanted = {(item["key"], check) for item in truth["planted"] for check in item["checks"]}
    pairs = [(key, check) for key, checks in found.items() for check in checks]
    false = [pair for pair in pairs if pair[0] not in touched]
    return {
        "planted": len(truth["planted"]),
        "found": sum(hit for hit, _ in hits.values()),
        "recall": _share(sum(hit for hit, _ in hits.values()), len(truth["planted"])),
        "by_kind": {kind: f"{hit}/{of}" for kind, (hit, of) in hits.items()},
        "findings": len(pairs),
        "false_findings": len(false),
        "false_share": _share(len(false), len(pairs)),
        "false_by_check": _counted(check for _, check in false),
        "consequences": _counted(check for key, check in pairs if key in touched and (key, check) not in wanted),
    }


def _hit(item: Mapping[str, Any], planter: str, found: Found, sound: Found) -> bool:
    here = set(found.get(item["key"], ()))
    if planter == KNOWS_CHECKS:
        return bool(here & set(item["checks"]))
    return bool(here - set(sound.get(item["key"], ())))


def _differing(projects: Sequence[UUID], day: date) -> list[UUID]:
    latest = dict(SelfRating.objects.filter(project__in=projects).order_by("on", "id").values_list("project_id", "colour"))
    found = confidences(list(latest), day)
    return [key for key, colour in latest.items() if wants_answer(gap_bp(colour, *found[key]), found[key][1])]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _counted(checks: Any) -> dict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for check in checks:
        counts[check] += 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
