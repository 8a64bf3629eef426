"""What must hold of every judgement, whatever the facts."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sixgate.engines.rules.evaluate import Outcome, judge_requirement
from sixgate.engines.rules.pack import build
from sixgate.engines.rules.schema import Pack, SourceRow
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance

NAMES = {"a.n": "integer", "a.m": "integer", "a.yes": "yes_no", "a.list": "list", "a.text": "text"}
ATOMS = [
    "a.n > a.m",
    "a.n / a.m > 1",
    "a.yes",
    "!a.yes",
    "'x' in a.list",
    "size(a.list) > 0 && a.list.all(i, i == 'x')",
    "a.text == 'x'",
    "(a.yes ? a.n > 1 : a.m > 1)",
]
VALUES = {
    "a.n": st.integers(-3, 3),
    "a.m": st.integers(-3, 3),
    "a.yes": st.booleans(),
    "a.list": st.lists(st.sampled_from(["x", "y"]), max_size=2).map(tuple),
    "a.text": st.sampled_from(["x", "y"]),
}
FACTS = st.fixed_dictionaries({}, optional=VALUES)
EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
    max_leaves=4,
)
DAY = date(2026, 1, 1)


@cache
def pack_of(when: str, require: str) -> Pack:
    rule = {"id": "r", "duty": "duty", "title": "t", "kind": "law", "scope": "national", "action": "lock", "confidence": "verified", "remedy": "m"}
    header = {"id": "p", "title": "p", "version": "1", "jurisdiction": "cn"}
    rows = [SourceRow("f", "pack", header), SourceRow("f", "requirement", {**rule, "when": when, "require": require})]
    return build(rows, {**NAMES, "b.unrelated": "integer"})


def judged(when: str, require: str, facts: Mapping[str, FactValue]) -> Outcome:
    pack = pack_of(when, require)
    sheet = FactSheet("project", "P", "P", {name: Fact(name, value, Provenance("given", "")) for name, value in facts.items()})
    return judge_requirement(pack, pack.requirements["r"], sheet, DAY, frozenset())


@settings(derandomize=True, deadline=None)
@given(st.one_of(st.just(""), EXPRESSIONS), EXPRESSIONS, FACTS, st.integers(-3, 3))
def test_unrelated_fact_never_changes_the_outcome(when: str, require: str, facts: dict[str, FactValue], value: int) -> None:
    assert judged(when, require, facts) == judged(when, require, {**facts, "b.unrelated": value})


@settings(derandomize=True, deadline=None)
@given(st.one_of(st.just(""), EXPRESSIONS), EXPRESSIONS, FACTS)
def test_removing_a_fact_leaves_the_verdict_or_makes_it_unknown(when: str, require: str, facts: dict[str, FactValue]) -> None:
    whole = judged(when, require, facts)
    for fact in whole.facts_read:
        less = judged(when, require, {name: value for name, value in facts.items() if name != fact.name})
        assert less.verdict in (whole.verdict, "unknown")


@settings(derandomize=True, deadline=None)
@given(EXPRESSIONS, FACTS)
def test_unknown_says_why_and_a_verdict_rests_on_no_missing_fact(require: str, facts: dict[str, FactValue]) -> None:
    outcome = judged("", require, facts)
    assert (outcome.verdict == "unknown") == bool(outcome.missing or outcome.detail)
    assert not set(outcome.missing) & {fact.name for fact in outcome.facts_read}


@settings(derandomize=True, deadline=None)
@given(EXPRESSIONS)
def test_nothing_known_is_never_met(require: str) -> None:
    assert judged("", require, {}).verdict == "unknown"
