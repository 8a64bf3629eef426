"""The sound part of the synthetic city: projects of every age as sketches, drawn from a seed around a day. Planters damage some of them afterwards."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from sixgate.usecases.demo.city_names import BODIES, SUPPLIERS, person_name, project_name
from sixgate.usecases.demo.city_sketch import Asked, Deal, Line, Paper, Sketch, SystemSketch, Times

PROJECTS: Final = 120
SHAPES: Final = (
    "young",
    "approved",
    "building",
    "young",
    "building",
    "approved",
    "accepted",
    "building",
    "young",
    "approved",
    "building",
    "accepted",
)
FIRST_GATE: Final = ("resource_inventory", "duplicate_check", "performance_targets", "needs_survey")
PRICES: Final = (38, 46, 75, 96, 128, 160, 185, 240, 320, 460, 680, 900, 1280, 1950, 3200)
GATES: Final = {"approved": 2, "building": 6, "accepted": 9}
GAPS: Final = (70, 60, 60, 45, 30, 20, 110, 60, 90)  # days from one gate to the next, at least


def sketch_city(times: Times, rng: Random, scale: float) -> list[Sketch]:
    """Return sound sketches of projects in the order they are numbered; the same arguments give the same sketches."""
    taken: set[str] = set()
    won: Counter[int] = Counter()
    return [_sketch(number, times, rng, taken, won) for number in range(max(round(PROJECTS * min(scale, 1)), len(SHAPES)))]


def _sketch(number: int, times: Times, rng: Random, taken: set[str], won: Counter[int]) -> Sketch:
    shape = SHAPES[number % len(SHAPES)]
    body = number % len(BODIES)
    kind = _kind(shape, rng)
    begun = times.live(rng.randint(75, 150))
    found = Sketch(
        key=f"P{number + 1:03}",
        name=project_name(BODIES[body], kind, taken, rng),
        body=body,
        kind=kind,
        network=rng.choice(("gov_extranet", "gov_extranet", "internet", "dept_net")),
        wan=rng.choice(PRICES),
        about="",
        head=person_name(rng),
        begun=begun,
        start=begun + timedelta(days=rng.randint(5, 40)),
        finish=times.day + timedelta(days=rng.randint(60, 300)),
        shape=shape,
    )
    found.about = f"示例：{found.name.removesuffix('（示例）')}，预算 {found.wan} 万元，含应用开发、数据整理和安全防护。"
    _fund(found, times, rng)
    _grow(found, times, rng, won)
    return found


def _kind(shape: str, rng: Random) -> str:
    if shape == "young":
        return rng.choice(("new", "upgrade", "om", "service"))
    return rng.choice(("new", "new", "upgrade"))


def _fund(sketch: Sketch, times: Times, rng: Random) -> None:
    """Split the amount over budget years: this year, and the two before it for what has run longer."""
    source, year = rng.choice(("lgi", "ldb", "ldb", "transfer", "bond")), times.day.year
    first = {"young": year, "approved": year, "building": year - 1, "accepted": year - 2}[sketch.shape]
    part = sketch.wan if sketch.wan < 200 else sketch.wan * 3 // 5
    sketch.lines.append(Line(source, first, part, f"示例财〔{first}〕{rng.randint(10, 299)}号"))
    if part < sketch.wan:
        sketch.lines.append(Line(source, first + 1, sketch.wan - part))


def _grow(sketch: Sketch, times: Times, rng: Random, won: Counter[int]) -> None:
    """Add gates, systems, contracts and papers up to the age of the sketch's shape."""
    last = times.go_live - timedelta(days=rng.randint(8, 60))
    for gate in range(GATES.get(sketch.shape, 0), 0, -1):
        if gate != GATES[sketch.shape]:
            last -= timedelta(days=GAPS[gate - 1] + rng.randint(0, 20))
        sketch.gates[f"G{gate:02}"] = last
    sketch.gates = dict(sorted(sketch.gates.items()))
    if sketch.shape in ("approved", "building", "accepted") or sketch.kind == "om":
        sketch.systems.append(_system(sketch, rng))
    if sketch.shape in ("building", "accepted"):
        _contract(sketch, times, rng, won)
    if sketch.shape == "accepted":
        _accept(sketch, times, rng)
    if sketch.shape == "building":
        dice = Random(sketch.key)  # of its own: what a unit says of itself changes nothing else in the city
        colour = dice.choice(("green", "green", "green", "amber"))
        note = "示例：接口联调比计划慢两周，已加派人手。" if colour == "amber" else ""
        sketch.ratings.append((times.before(dice.randint(14, 40)), colour, note))


def _system(sketch: Sketch, rng: Random) -> SystemSketch:
    base = sketch.name.replace("建设项目", "").replace("项目", "").removesuffix("（示例）")
    traits = {"has_personal_info": rng.random() < 0.6, "public_facing": rng.random() < 0.5, "in_catalog": True}
    online = sketch.gates.get("G07")
    return SystemSketch(f"{base}（示例系统）", 2 if rng.random() < 0.7 or online else 3, traits, online)


def _contract(sketch: Sketch, times: Times, rng: Random, won: Counter[int]) -> None:
    won[sketch.body] += 1
    supplier = SUPPLIERS[(sketch.body * 7 + won[sketch.body]) % len(SUPPLIERS)]
    wan, signed = max(sketch.wan * 92 // 100, 1), sketch.gates["G05"] + timedelta(days=6)
    deal = Deal(f"{sketch.name.removesuffix('（示例）')}合同（示例）", supplier, wan, signed)
    deal.payments = [(signed + timedelta(days=30), max(wan * 3 // 10, 1))]
    if sketch.shape == "accepted":
        deal.payments.append((sketch.gates["G08"] + timedelta(days=10), wan // 2))
    sketch.deals.append(deal)
    sketch.start = sketch.gates["G06"]
    _tell_of_contract(sketch, signed)


def _tell_of_contract(sketch: Sketch, signed: date) -> None:
    """Hand in what the periods after a signature ask for: the notice, the filing, the bond given back."""
    days = {"contract_notice": ("published_on", 1), "contract_filing": ("filed_on", 5), "bond_return": ("winner_returned_on", 4)}
    for kind, (name, later) in days.items():
        sketch.papers.append(Paper(kind, {name: (signed + timedelta(days=later)).isoformat()}, sketch.begun + timedelta(days=12)))


def _accept(sketch: Sketch, times: Times, rng: Random) -> None:
    sketch.finish = sketch.gates["G09"] + timedelta(days=rng.randint(5, 40))
    handed = sketch.begun + timedelta(days=20)
    approved = {"total_fen": sketch.wan * 1_000_000, "issued_on": sketch.gates["G03"].isoformat(), "conclusion": "approved"}
    sketch.papers.append(Paper("design_approval", approved, handed))
    for system in sketch.systems:
        if system.online is not None and system.level is not None:
            filed = {"number": f"示例备〔{system.online.year}〕{sketch.key}", "level": system.level}
            filed["filed_on"] = (system.online + timedelta(days=20)).isoformat()
            sketch.papers.append(Paper("mlps_filing", filed, handed))


def ask_first_gates(sketches: Sequence[Sketch], times: Times) -> None:
    """Let some young projects of the city go the live path to their first gate: decided, waiting, or still to be signed."""
    young = [item for item in sketches if item.shape == "young" and BODIES[item.body].region != "440000"]
    outcomes: tuple[Callable[[Sketch, date], Asked], ...] = (_decided, _decided, _waiting)
    for sketch, outcome in zip(young, outcomes, strict=False):
        prepare_first_gate(sketch)
        sketch.asked.append(outcome(sketch, sketch.begun + timedelta(days=20)))
        sketch.shape = "asked"


def prepare_first_gate(sketch: Sketch) -> None:
    """Hand in what the first gate wants."""
    good: dict[str, dict[str, object]] = {
        "resource_inventory": {"system_count": 12, "unregistered_count": 0, "idle_count": 0, "conclusion": "complete"},
        "duplicate_check": {"compared_count": 318, "similar_count": 2, "unexplained_count": 0, "conclusion": "pass"},
        "performance_targets": {"target_count": 9, "unmeasurable_count": 0, "conclusion": "pass"},
        "needs_survey": {"interviewed_groups": 6, "baselines": 4, "case_volume": 182_300, "conclusion": "pass"},
    }
    sketch.papers += [Paper(kind, fields, sketch.begun + timedelta(days=8)) for kind, fields in good.items()]


def _decided(sketch: Sketch, on: date) -> Asked:
    return Asked("G01", on, on + timedelta(days=6))


def _waiting(sketch: Sketch, on: date) -> Asked:
    return Asked("G01", on)
