"""What must hold of every confidence, whatever the facts."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sixgate.domain.planning.confidence import FACTORS, Confidence, Scale, Weights, judge_confidence
from sixgate.kernel.provenance import Fact, FactValue, Provenance

TODAY = date(2026, 11, 25)
DAYS = st.integers(-2000, 2000).map(lambda number: TODAY + timedelta(days=number))
COUNTS = st.integers(0, 50)
VALUES: dict[str, st.SearchStrategy[FactValue]] = {
    **dict.fromkeys(("plan.start", "plan.first_finish", "plan.finish", "plan.finished_on", "act.last"), DAYS),
    **dict.fromkeys(
        (
            "plan.changes", "approval.resting", "approval.stale", "period.begun", "period.overdue", "gate.wanted", "gate.unknown", "gate.all",
            "gate.passed", "money.contract_fen", "money.paid_fen", "finding.known", "finding.open",
        ),
        COUNTS,
    ),
    "act.paused": st.just(True),
}  # fmt: skip
SHEETS = st.fixed_dictionaries({}, optional=VALUES)
WORSE = ("plan.changes", "approval.stale", "period.overdue", "gate.unknown", "money.paid_fen", "finding.open")


@st.composite
def weighings(draw: st.DrawFn) -> Weights:
    """Return any weights that can be written in a pack."""
    scales = {name: Scale(draw(st.integers(0, 5000)), draw(st.integers(1, 9000)), draw(st.integers(0, 100))) for name in FACTORS}
    return Weights("任意", scales, draw(st.sampled_from([0, 5000])), {}, 2000, 10)


def judged(values: dict[str, FactValue], weights: Weights) -> Confidence:
    facts = {name: Fact(name, value, Provenance("given", "例")) for name, value in values.items()}
    return judge_confidence(facts, weights, today=TODAY)


@given(SHEETS, weighings())
def test_confidence_lies_between_nothing_and_all_and_is_what_the_factors_leave(values: dict[str, FactValue], weights: Weights) -> None:
    told = judged(values, weights)
    assert told.bp is None or (0 <= told.bp <= 10_000 and told.bp == 10_000 - sum(factor.taken_bp for factor in told.factors))
    assert all((factor.amount is None) == (factor.trouble_bp is None) == bool(factor.lacking) for factor in told.factors)
    assert {factor.id for factor in told.factors} == {name for name, scale in weights.scales.items() if scale.weight_bp}


@given(SHEETS, weighings(), st.sampled_from(WORSE), st.integers(1, 50))
def test_more_of_what_troubles_never_raises_confidence(values: dict[str, FactValue], weights: Weights, name: str, more: int) -> None:
    before = values.get(name)
    if isinstance(before, int):
        milder, graver = judged(values, weights), judged({**values, name: before + more}, weights)
        assert (milder.bp is None) == (graver.bp is None)
        assert milder.bp is None or graver.bp is None or graver.bp <= milder.bp


@given(SHEETS, weighings(), st.integers(1, 900))
def test_a_later_plan_or_a_longer_silence_never_raises_confidence(values: dict[str, FactValue], weights: Weights, days: int) -> None:
    for name, sign in (("plan.finish", 1), ("act.last", -1)):
        day = values.get(name)
        if isinstance(day, date):
            milder, graver = judged(values, weights), judged({**values, name: day + timedelta(days=sign * days)}, weights)
            assert milder.bp is None or graver.bp is None or graver.bp <= milder.bp


@given(SHEETS, weighings())
def test_what_nothing_is_known_of_neither_helps_nor_harms(values: dict[str, FactValue], weights: Weights) -> None:
    told = judged(values, weights)
    unknown = {factor.id for factor in told.factors if factor.amount is None}
    rest = Weights("其余", {name: scale for name, scale in weights.scales.items() if name not in unknown}, 0, {}, 2000, 10)
    assert told.bp is None or told.bp == judged(values, rest).bp
