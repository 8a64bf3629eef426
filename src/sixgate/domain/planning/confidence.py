"""How much confidence the evidence gives that a project comes to its end as planned, 0 to 100 %, explained factor by factor.

Each factor turns facts into an amount (days, times, shares) and the amount into trouble between none and full; confidence is what the weighted
troubles leave. A factor whose facts are not known is left out and said, never zero; with too little known there is no confidence to tell.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sixgate.kernel.money import BASIS_POINTS
from sixgate.kernel.provenance import Fact
from sixgate.kernel.text import gettext_noop

Facts = Mapping[str, Fact]

COLOURS: Final = (("green", gettext_noop("绿")), ("amber", gettext_noop("黄")), ("red", gettext_noop("红")))

LABELS: Final[Mapping[str, str]] = {
    "plan.start": gettext_noop("计划开始日"),
    "plan.first_finish": gettext_noop("最初的计划完成日"),
    "plan.finish": gettext_noop("现在的计划完成日"),
    "plan.finished_on": gettext_noop("终验日"),
    "plan.changes": gettext_noop("改计划完成日的次数"),
    "approval.resting": gettext_noop("凭事实作出的批准"),
    "approval.stale": gettext_noop("批准后事实有变的"),
    "period.begun": gettext_noop("已经起算的期限和附带条件"),
    "period.overdue": gettext_noop("已过期还没办的"),
    "gate.wanted": gettext_noop("下一关适用的锁定要求"),
    "gate.unknown": gettext_noop("其中待补的"),
    "gate.all": gettext_noop("到终验要过的关"),
    "gate.passed": gettext_noop("已过的关"),
    "money.contract_fen": gettext_noop("合同金额"),
    "money.paid_fen": gettext_noop("已支付"),
    "act.last": gettext_noop("最近一次办事"),
    "act.paused": gettext_noop("正在暂停"),
    "finding.known": gettext_noop("体检提过的问题"),
    "finding.open": gettext_noop("还没说明或解决的"),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How an amount counts: `free` of it counts nothing, from `full` on it counts in full; the weight is in basis points."""

    weight_bp: int
    full: int
    free: int = 0

    def trouble_bp(self, amount: int) -> int:
        """Return the trouble of an amount, 0 to 10,000 basis points, never less for a larger amount."""
        over = max(amount - self.free, 0) * BASIS_POINTS // max(self.full - self.free, 1)
        return min(over, BASIS_POINTS)


@dataclass(frozen=True, slots=True)
class Weights:
    """One dated version of the scales; a factor that is not named does not count. `stated_bp` is the confidence a colour stands for."""

    version: str
    scales: Mapping[str, Scale]
    known_least_bp: int
    stated_bp: Mapping[str, int]
    gap_bp: int
    answer_workdays: int


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor as it stands. `amount` and `trouble_bp` are None where the facts are not known; `taken_bp` is what it takes off the whole."""

    id: str
    title: str
    unit: str
    weight_bp: int
    amount: int | None
    trouble_bp: int | None
    taken_bp: int
    facts: tuple[Fact, ...]
    lacking: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the evidence says: basis points, None where less is known than a judgement wants; `known_bp` is the share of the weights known."""

    bp: int | None
    known_bp: int
    version: str
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one factor is measured: its unit is day | time | bp | item."""

    title: str
    unit: str
    reads: tuple[str, ...]
    measure: Callable[[Facts, date], int | None]
    lacking: str


def judge_confidence(facts: Facts, weights: Weights, *, today: date) -> Confidence:
    """Return the confidence the facts give on a day, with every factor of the weights in the order of what it takes off."""
    measured = [(name, scale, _RULES[name].measure(facts, today)) for name, scale in weights.scales.items() if scale.weight_bp > 0]
    whole = sum(scale.weight_bp for _, scale, _ in measured)
    known = sum(scale.weight_bp for _, scale, amount in measured if amount is not None)
    factors = [_factor(name, scale, amount, known, facts) for name, scale, amount in measured]
    known_bp = known * BASIS_POINTS // whole if whole else 0
    enough = known > 0 and known_bp >= weights.known_least_bp
    return Confidence(
        BASIS_POINTS - sum(factor.taken_bp for factor in factors) if enough else None,
        known_bp,
        weights.version,
        tuple(sorted(factors, key=lambda factor: (factor.amount is None, -factor.taken_bp, -factor.weight_bp))),
    )


def gap_bp(colour: str, confidence: Confidence, weights: Weights) -> int | None:
    """Return by how much a colour promises more than the evidence gives, below zero where it promises less; None without confidence."""
    stated = weights.stated_bp.get(colour)
    return None if stated is None or confidence.bp is None else stated - confidence.bp


def wants_answer(gap: int | None, weights: Weights) -> bool:
    """Tell whether a gap is so wide, on either side, that the unit is asked about it."""
    return gap is not None and abs(gap) >= weights.gap_bp


def _factor(name: str, scale: Scale, amount: int | None, known: int, facts: Facts) -> Factor:
    rule = _RULES[name]
    trouble = None if amount is None else scale.trouble_bp(amount)
    taken = scale.weight_bp * trouble // known if trouble else 0
    read = tuple(facts[item] for item in rule.reads if item in facts)
    return Factor(name, rule.title, rule.unit, scale.weight_bp, amount, trouble, taken, read, rule.lacking if amount is None else "")


def _slippage(facts: Facts, today: date) -> int | None:
    """Return the days by which the project ends, or must already end, after its first plan."""
    first, planned, finished = (_day(facts, f"plan.{name}") for name in ("first_finish", "finish", "finished_on"))
    if first is None or planned is None:
        return None
    return max(((finished or max(planned, today)) - first).days, 0)


def _replans(facts: Facts, _today: date) -> int | None:
    return _number(facts, "plan.changes")


def _stale(facts: Facts, _today: date) -> int | None:
    return _share(_number(facts, "approval.stale"), _number(facts, "approval.resting"))


def _overdue(facts: Facts, _today: date) -> int | None:
    return _number(facts, "period.overdue") if _number(facts, "period.begun") else None


def _missing(facts: Facts, _today: date) -> int | None:
    return _share(_number(facts, "gate.unknown"), _number(facts, "gate.wanted"))


def _ahead(facts: Facts, today: date) -> int | None:
    """Return by how much money, or time, runs ahead of the gates passed: the wider of the two."""
    done = _share(_number(facts, "gate.passed"), _number(facts, "gate.all"))
    spent = _share(_number(facts, "money.paid_fen"), _number(facts, "money.contract_fen"))
    known = [share for share in (spent, _elapsed(facts, today)) if share is not None]
    return None if done is None or not known else max(max(known) - done, 0)


def _idle(facts: Facts, today: date) -> int | None:
    """Return the days since somebody last acted; a project that stands still by decision, or is finished, is not idle."""
    last = _day(facts, "act.last")
    if last is None or "act.paused" in facts or "plan.finished_on" in facts:
        return None
    return max((today - last).days, 0)


def _findings(facts: Facts, _today: date) -> int | None:
    return _number(facts, "finding.open")


def _elapsed(facts: Facts, today: date) -> int | None:
    start, first = _day(facts, "plan.start"), _day(facts, "plan.first_finish")
    if start is None or first is None or first <= start:
        return None
    return min(max((today - start).days, 0) * BASIS_POINTS // (first - start).days, BASIS_POINTS)


def _share(part: int | None, whole: int | None) -> int | None:
    return None if part is None or not whole or whole < 0 else min(part * BASIS_POINTS // whole, BASIS_POINTS)


def _day(facts: Facts, name: str) -> date | None:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, date) else None


def _number(facts: Facts, name: str) -> int | None:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) and not isinstance(fact.value, bool) else None


_RULES: Final[Mapping[str, _Rule]] = {
    "slippage": _Rule(
        gettext_noop("比最初计划晚"),
        "day",
        ("plan.first_finish", "plan.finish", "plan.finished_on"),
        _slippage,
        gettext_noop("没有登记计划完成日。"),
    ),
    "replans": _Rule(gettext_noop("改过计划完成日"), "time", ("plan.changes",), _replans, gettext_noop("没有登记计划完成日。")),
    "stale": _Rule(
        gettext_noop("批准后事实有变"),
        "bp",
        ("approval.stale", "approval.resting"),
        _stale,
        gettext_noop("还没有在这里凭事实作出的批准。"),
    ),
    "overdue": _Rule(
        gettext_noop("过期未办的期限和条件"),
        "item",
        ("period.overdue", "period.begun"),
        _overdue,
        gettext_noop("还没有起算的期限，也没有附带条件。"),
    ),
    "missing": _Rule(
        gettext_noop("下一关的锁定要求待补"),
        "bp",
        ("gate.unknown", "gate.wanted"),
        _missing,
        gettext_noop("下一关没有适用的锁定要求。"),
    ),
    "ahead": _Rule(
        gettext_noop("花钱或时间走在进度前面"),
        "bp",
        ("money.paid_fen", "money.contract_fen", "plan.start", "plan.first_finish", "gate.passed", "gate.all"),
        _ahead,
        gettext_noop("没有登记合同和支付，也没有计划的起止日。"),
    ),
    "idle": _Rule(
        gettext_noop("多久没有人办事"),
        "day",
        ("act.last", "act.paused"),
        _idle,
        gettext_noop("还没有人在这里办过事，或项目已暂停、已终验。"),
    ),
    "findings": _Rule(
        gettext_noop("体检提出、还没说明的问题"),
        "item",
        ("finding.open", "finding.known"),
        _findings,
        gettext_noop("体检还没有在这个项目上提过问题。"),
    ),
}
FACTORS: Final[Sequence[str]] = tuple(_RULES)
