"""Facts that follow from other facts: the six numbers of money (资金主线), central money, complete axes. Each names its formula.

A number whose parts are missing is missing too; it is never taken for zero.
"""

from collections.abc import Iterable, Mapping

from sixgate.kernel.money import ratio_bp
from sixgate.kernel.provenance import Fact, FactValue, Provenance, joint_reference
from sixgate.kernel.text import gettext_noop

Facts = Mapping[str, Fact]

CENTRAL_SOURCES = frozenset({"cbi", "cdb"})
FOLLOWS_FROM: Mapping[str, tuple[str, ...]] = {"project.is_central": ("project.level", "project.funding")}
AXES = ("project.level", "project.type", "project.network", "project.secrecy", "project.funding", "project.is_fixed_asset")

# The later document wins: what was approved counts before what was applied for.
_FIRST_OF = {
    "money.estimate_fen": (
        "evidence.initiation_approval.total_fen",
        "evidence.feasibility_study.estimate_fen",
        "evidence.project_proposal.estimate_fen",
    ),
    "money.budget_estimate_fen": ("evidence.design_approval.total_fen", "evidence.budget_estimate.total_fen"),
    "money.final_accounts_fen": ("evidence.final_accounts.total_fen",),
}


def derived_facts(facts: Facts) -> dict[str, Fact]:
    """Return the facts that follow from the given ones, by name."""
    found: dict[str, Fact] = {}
    for name, sources in _FIRST_OF.items():
        source = next((facts[item] for item in sources if item in facts), None)
        if source is not None:
            found[name] = Fact(name, source.value, source.provenance)
    known = {**facts, **found}
    found.update(
        _ratio(
            "money.over_estimate_bp",
            known,
            "money.budget_estimate_fen",
            "money.estimate_fen",
            gettext_noop("（概算 − 估算）÷ 估算"),
            less_base=True,
        )
    )
    found.update(_ratio("money.supplement_bp", known, "money.supplement_fen", "money.contract_fen", gettext_noop("补充合同 ÷ 原合同")))
    found.update(_central(known))
    found.update(_axes(known))
    return found


def _ratio(name: str, facts: Facts, part: str, whole: str, formula: str, *, less_base: bool = False) -> dict[str, Fact]:
    top, base = _integer(facts, part), _integer(facts, whole)
    if top is None or base is None:
        return {}
    ratio = ratio_bp(top - base if less_base else top, base)
    return {} if ratio is None else {name: _derived(name, ratio, formula, facts[part], facts[whole])}


def _central(facts: Facts) -> dict[str, Fact]:
    """A project is central by its level, or because central money is in it (55号令第二条); unknown while both are unknown."""
    name = "project.is_central"
    level, funding = facts.get("project.level"), facts.get("project.funding")
    sources = funding.value if funding is not None and isinstance(funding.value, tuple) else ()
    if level is not None and level.value == "central":
        return {name: _derived(name, True, gettext_noop("层级为中央"))}
    if CENTRAL_SOURCES & set(sources):
        return {name: _derived(name, True, gettext_noop("资金中有中央预算内投资或中央部门预算"))}
    if level is None or funding is None:
        return {}
    return {name: _derived(name, False, gettext_noop("层级不是中央，资金中没有中央来源"))}


def _axes(facts: Facts) -> dict[str, Fact]:
    """Axes are complete when all six are known; what is missing stands in the formula."""
    name = "project.axes_complete"
    missing = [axis for axis in AXES if axis not in facts]
    return {name: _derived(name, not missing, gettext_noop("六个适用轴都已填写") if not missing else ", ".join(missing))}


def money_totals(contracts: Iterable[tuple[int, bool]], payments: Iterable[int], budget: Iterable[int]) -> dict[str, Fact]:
    """Return the totals of registered contracts (amount in 分, whether it supplements another), payments and funding lines.

    Nothing registered is unknown. Supplements are zero only when contracts are registered and none of them is a supplement.
    """
    signed, paid, lines = list(contracts), list(payments), list(budget)
    found: dict[str, Fact] = {}
    if signed:
        found["money.contract_fen"] = _derived(
            "money.contract_fen", sum(amount for amount, extra in signed if not extra), gettext_noop("原合同金额之和")
        )
        found["money.supplement_fen"] = _derived(
            "money.supplement_fen", sum(amount for amount, extra in signed if extra), gettext_noop("补充合同金额之和")
        )
    if paid:
        found["money.paid_fen"] = _derived("money.paid_fen", sum(paid), gettext_noop("已登记支付之和"))
    if lines:
        found["money.annual_budget_fen"] = _derived("money.annual_budget_fen", sum(lines), gettext_noop("已下达资金之和"))
    return found


def _derived(name: str, value: FactValue, formula: str, *parts: Fact) -> Fact:
    return Fact(name, value, Provenance("derived", "", joint_reference(parts), formula=formula))


def _integer(facts: Facts, name: str) -> int | None:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) and not isinstance(fact.value, bool) else None
