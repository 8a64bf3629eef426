"""A change as facts on its three axes (批复、合同、预算): what this change and all before it add up to. All axes are judged; none hides another.

Source: reference 1.1.1. The adjustment is max(Σ increases, Σ decreases); the base is the amount last approved. Sums are exact, ratios in basis points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sixgate.kernel.money import ratio_bp
from sixgate.kernel.provenance import Fact, FactValue, Provenance
from sixgate.kernel.text import gettext_noop

QUESTIONS: Mapping[str, str] = {
    "goal_changed": gettext_noop("建设目标改变了吗"),
    "site_changed": gettext_noop("建设地点改变了吗"),
    "major_change": gettext_noop("规模或内容有较大变更吗"),
    "within_three_cases": gettext_noop("属于国办发〔2019〕57号所列可备案的情形吗"),
    "touches_approval": gettext_noop("涉及批复内容吗"),
    "needs_contract_change": gettext_noop("需要改合同吗"),
    "same_subject": gettext_noop("追加的是与合同标的相同的货物或服务吗"),
    "equivalent_swap": gettext_noop("是同等或更优产品替换吗"),
    "reduces_scope": gettext_noop("是减项、降配、改付款或延工期吗"),
    "terms_changed": gettext_noop("合同其他条款改变了吗"),
    "party_changed": gettext_noop("承建方变更、分包或转让吗"),
    "needs_more_budget": gettext_noop("需要追加预算吗"),
    "cross_year": gettext_noop("跨预算年度吗"),
    "cross_project": gettext_noop("跨项目调剂吗"),
    "cross_account": gettext_noop("跨预算科目调剂吗"),
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """The sums of a change in 分. `earlier` are increases and decreases of the changes before it; None means not known or not concerned."""

    increase: int
    decrease: int
    earlier: Sequence[tuple[int, int]]
    approved: int | None
    estimate: int | None
    supplement: int | None
    supplements_before: int
    contract_original: int | None


def change_facts(answers: Mapping[str, bool], amounts: Amounts) -> dict[str, Fact]:
    """Return the facts of a change by name; questions not answered are left out, so what depends on them is unknown."""
    values: dict[str, FactValue | None] = {name: answers[name] for name in QUESTIONS if name in answers}
    values.update(_sums(amounts))
    proof = Provenance("given", "")
    return {f"change.{name}": Fact(f"change.{name}", value, proof) for name, value in values.items() if value is not None}


def _sums(amounts: Amounts) -> dict[str, FactValue | None]:
    added = amounts.increase + sum(plus for plus, _ in amounts.earlier)
    taken = amounts.decrease + sum(minus for _, minus in amounts.earlier)
    cumulative = max(added, taken)
    after = None if amounts.approved is None else amounts.approved + added - taken
    extra = None if amounts.contract_original is None else amounts.supplements_before + (amounts.supplement or 0)
    return {
        "increase_fen": amounts.increase,
        "decrease_fen": amounts.decrease,
        "adjust_fen": max(amounts.increase, amounts.decrease),
        "cumulative_adjust_fen": cumulative,
        "approved_fen": amounts.approved,
        "total_after_fen": after,
        "supplement_fen": amounts.supplement,
        "supplement_total_fen": extra,
        "contract_original_fen": amounts.contract_original,
        "cumulative_bp": _share(cumulative, amounts.approved),
        "supplement_bp": _share(extra, amounts.contract_original),
        "over_estimate_bp": None if after is None or amounts.estimate is None else _share(after - amounts.estimate, amounts.estimate),
    }


def _share(part: int | None, whole: int | None) -> int | None:
    return None if part is None or whole is None else ratio_bp(part, whole)
