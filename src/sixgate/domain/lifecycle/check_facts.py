"""Facts only the checks ask for: the days of the course, counts of what contradicts, sums against each other. Pure; the day and what was read are given.

A number is stated only where it could be counted: a project taken from a register that nobody has worked on says nothing of what it does not hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sixgate.domain.lifecycle.deadline import DeadlineState
from sixgate.kernel.money import ratio_bp
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance, joint_reference
from sixgate.kernel.text import gettext_noop

CHECK_FACTS: Final[dict[str, str]] = {
    "project.status": "enum",
    "project.head_named": "yes_no",
    "course.final_accepted": "yes_no",
    "course.test_report_on_file": "yes_no",
    "course.archive_on_file": "yes_no",
    "course.audit_on_file": "yes_no",
    "course.over_estimate_reported": "yes_no",
    "system.graded": "yes_no",
    "system.yearly_mlps_on_file": "yes_no",
    "contract.is_supplement": "yes_no",
    **dict.fromkeys(
        ["course.today", "contract.first_paid_on", "contract.last_paid_on"]
        + [f"course.{name}_on" for name in ("approved", "design_approved", "preliminary_accepted", "final_accepted")],
        "date",
    ),
    **dict.fromkeys(
        [f"project.{name}" for name in ("idle_days", "days_past_finish")]
        + [
            f"project.{name}_count"
            for name in (
                "future_date",
                "same_file",
                "same_name",
                "same_content",
                "same_hand",
                "funding_line",
                "linked_system",
                "change",
                "condition_overdue",
            )
        ]
        + ["course.stale_count", "course.self_decided_count", "course.overdue_deadline_count"]
        + ["course.days_since_final", "course.final_overdue_days", "course.self_evaluation_overdue_days"]
        + ["system.project_count", "contract.same_supplier_year_count"],
        "integer",
    ),
    **dict.fromkeys(("money.estimate_parts_fen", "contract.paid_fen", "contract.same_supplier_year_fen"), "fen"),
    **dict.fromkeys(("money.cumulative_change_bp", "money.hardware_share_bp", "money.hardware_built_bp", "contract.paid_bp"), "ratio"),
}
MOVING: Final = frozenset(  # they differ every day though nothing has happened
    (
        "course.today",
        "course.days_since_final",
        "course.final_overdue_days",
        "course.self_evaluation_overdue_days",
        "project.idle_days",
        "project.days_past_finish",
    )
)
YEAR_DAYS: Final = 365
_TEST_REPORTS: Final = ("evidence.software_test_report.present", "evidence.system_test_report.present")
_AHEAD: Final = frozenset(  # days that may lie ahead when they are keyed
    ("planned_start_on", "planned_on", "prequal_closes_on", "documents_until_on", "bids_close_on", "single_source_closed_on")
    + ("contract_effective_on", "starts_on", "ends_on", "month_end")
)
# The day of a decision: what the paper says, else the day it was decided here.
_DAYS: Final = {
    "course.approved_on": ("G02", "evidence.initiation_approval.issued_on", "evidence.initiation_approval.conclusion", "approved"),
    "course.design_approved_on": ("G03", "evidence.design_approval.issued_on", "evidence.design_approval.conclusion", "approved"),
    "course.preliminary_accepted_on": (
        "G08",
        "evidence.preliminary_acceptance.concluded_on",
        "evidence.preliminary_acceptance.conclusion",
        "pass",
    ),
    "course.final_accepted_on": ("G09", "evidence.final_acceptance.concluded_on", "evidence.final_acceptance.conclusion", "pass"),
}
_FINAL_GATE: Final = "G09"
# What a number is made of: where a part is a work secret, so is the number.
_PARTS: Final = {
    "money.estimate_parts_fen": tuple(f"evidence.budget_estimate.{name}_fen" for name in ("software", "hardware", "reserve")),
    "money.hardware_share_bp": ("evidence.budget_estimate.hardware_fen", "evidence.budget_estimate.total_fen"),
    "money.hardware_built_bp": ("evidence.hardware_statement.hardware_fen", "evidence.hardware_statement.total_fen"),
    "money.cumulative_change_bp": ("money.budget_estimate_fen",),
}


@dataclass(frozen=True, slots=True)
class ContractSeen:
    """What was paid under a contract and its supplements, and what its supplier won from the same owner in the same year."""

    is_supplement: bool
    amount_fen: int
    total_fen: int
    paid_fen: int
    first_paid_on: date | None
    last_paid_on: date | None
    same_supplier_year_count: int
    same_supplier_year_fen: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of one project beside its dossier. None stands for "nothing there to count in"."""

    status: str
    imported: bool
    responsible: str
    has_evidence: bool
    same_files: int | None
    same_names: int
    same_contents: int | None
    same_hands: int | None
    conditions_overdue: int | None
    changes: tuple[tuple[int, int], ...] = ()
    contracts: Mapping[str, ContractSeen] = field(default_factory=dict[str, ContractSeen])


@dataclass(frozen=True, slots=True)
class Decided:
    """One gate passed: when, whether here or on paper, and whether one person both prepared and decided it."""

    gate: str
    on: date
    here: bool
    self_decided: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """The day of judging and what depends on it: deadlines as (state, the fact that ends it), the last act, decisions on changed facts."""

    on: date
    moved_on: date | None
    decided: Sequence[Decided]
    stale: int
    deadlines: Sequence[tuple[DeadlineState, str]]


def project_check_facts(seen: Seen, sheet: FactSheet, subjects: Mapping[str, Sequence[FactSheet]], moment: Moment) -> dict[str, Fact]:
    """Return the facts the checks ask for about one project, by name."""
    worked_on = _worked_on(seen, moment)
    found = _of_course(sheet, moment)
    values = _counts(seen, sheet, subjects, moment, worked_on) | _numbers(seen, sheet) | _deadlines(moment)
    final = found.get("course.final_accepted_on")
    values["course.final_accepted"] = True if final is not None else False if worked_on else None
    if final is not None and isinstance(final.value, date):
        values["course.days_since_final"] = (moment.on - final.value).days
    values |= _on_file(sheet, subjects, accepted_here=_accepted_here(sheet, moment))
    reported = "evidence.over_estimate_report.present" in sheet.facts
    values["course.over_estimate_reported"] = True if reported else False if "course.design_approved_on" in found else None
    return found | {name: _derived(name, value, sheet) for name, value in values.items() if value is not None}


def system_check_facts(sheet: FactSheet, on: date, project_count: int | None = None) -> dict[str, Fact]:
    """Return the facts the checks ask for about one system; `project_count` is given where the links were counted."""
    level, online = _integer(sheet, "system.mlps_level"), _day(sheet, "system.online_on")
    values: dict[str, FactValue | None] = {"system.graded": level is not None, "system.project_count": project_count}
    assessed = _integer(sheet, "evidence.annual_mlps_assessment.year")
    if assessed is not None and assessed >= on.year - 1:
        values["system.yearly_mlps_on_file"] = True
    elif online is not None and (on - online).days > YEAR_DAYS:
        values["system.yearly_mlps_on_file"] = False
    return {name: _derived(name, value) for name, value in values.items() if value is not None}


def contract_check_facts(seen: ContractSeen) -> dict[str, Fact]:
    """Return the facts the checks ask for about one contract."""
    values: dict[str, FactValue | None] = {
        "contract.is_supplement": seen.is_supplement,
        "contract.paid_fen": seen.paid_fen,
        "contract.first_paid_on": seen.first_paid_on,
        "contract.last_paid_on": seen.last_paid_on,
        "contract.paid_bp": ratio_bp(seen.paid_fen, seen.total_fen),
        "contract.same_supplier_year_count": seen.same_supplier_year_count,
        "contract.same_supplier_year_fen": seen.same_supplier_year_fen,
    }
    return {name: _derived(name, value) for name, value in values.items() if value is not None}


def _worked_on(seen: Seen, moment: Moment) -> bool:
    return not seen.imported or seen.has_evidence or bool(moment.decided or seen.contracts or seen.changes)


def _of_course(sheet: FactSheet, moment: Moment) -> dict[str, Fact]:
    found = {"course.today": Fact("course.today", moment.on, Provenance("given", ""))}
    passed = {item.gate: item.on for item in moment.decided}
    for name, (gate, paper, conclusion, good) in _DAYS.items():
        said = sheet.facts.get(conclusion)
        if paper in sheet.facts and said is not None and said.value == good:
            found[name] = Fact(name, sheet.facts[paper].value, sheet.facts[paper].provenance)
        elif gate in passed:
            found[name] = _derived(name, passed[gate])
    return found


def _counts(
    seen: Seen, sheet: FactSheet, subjects: Mapping[str, Sequence[FactSheet]], moment: Moment, worked_on: bool
) -> dict[str, FactValue | None]:
    finish = _day(sheet, "project.planned_finish")
    lines, systems = len(_texts(sheet, "project.funding")), len(subjects.get("system", ()))
    return {
        "project.status": seen.status,
        "project.head_named": True if seen.responsible else False if worked_on else None,
        "project.idle_days": (moment.on - moment.moved_on).days if moment.moved_on else None,
        "project.days_past_finish": (moment.on - finish).days if finish else None,
        "project.future_date_count": _future([sheet, *(item for kind in subjects.values() for item in kind)], moment.on),
        "project.same_file_count": seen.same_files,
        "project.same_name_count": seen.same_names,
        "project.same_content_count": seen.same_contents,
        "project.same_hand_count": seen.same_hands,
        "project.condition_overdue_count": seen.conditions_overdue,
        "project.funding_line_count": lines if lines or worked_on else None,
        "project.linked_system_count": systems if systems or worked_on else None,
        "project.change_count": len(seen.changes) if seen.changes or worked_on else None,
        "course.stale_count": moment.stale if moment.decided else None,
        "course.self_decided_count": sum(item.self_decided for item in moment.decided) if any(item.here for item in moment.decided) else None,
    }


def _numbers(seen: Seen, sheet: FactSheet) -> dict[str, FactValue | None]:
    total, hardware = (_integer(sheet, f"evidence.budget_estimate.{name}_fen") for name in ("total", "hardware"))
    built, of_all = (_integer(sheet, f"evidence.hardware_statement.{name}_fen") for name in ("hardware", "total"))
    parts = [_integer(sheet, f"evidence.budget_estimate.{name}_fen") for name in ("software", "hardware", "reserve")]
    known = [part for part in parts if part is not None]
    approved = _integer(sheet, "money.budget_estimate_fen")
    adjusted = max(sum(more for more, _ in seen.changes), sum(less for _, less in seen.changes))
    return {
        "money.estimate_parts_fen": sum(known) if len(known) == len(parts) else None,
        "money.hardware_share_bp": _share(hardware, total),
        "money.hardware_built_bp": _share(built, of_all),
        "money.cumulative_change_bp": _share(adjusted, approved) if seen.changes else None,
    }


def _deadlines(moment: Moment) -> dict[str, FactValue | None]:
    """Return by how many days the periods of 终验 and 自评价 are over, and how many others are; what has not begun says nothing."""
    ends = {"final": "evidence.final_acceptance.applied_on", "self_evaluation": "evidence.self_evaluation.reported_on"}
    found: dict[str, FactValue | None] = {}
    for name, end in ends.items():
        begun = [_over(state) for state, done in moment.deadlines if done == end and state.bound == "ceiling" and _begun(state)]
        found[f"course.{name}_overdue_days"] = max(begun) if begun else None
    others = [_over(state) > 0 for state, done in moment.deadlines if done not in ends.values() and state.bound == "ceiling" and _begun(state)]
    found["course.overdue_deadline_count"] = sum(others) if others else None
    return found


def _begun(state: DeadlineState) -> bool:
    return state.state not in ("not_applicable", "not_started", "unknown")


def _over(state: DeadlineState) -> int:
    return -state.days_left if state.state == "overdue" and state.days_left is not None else 0


def _accepted_here(sheet: FactSheet, moment: Moment) -> bool:
    said = sheet.facts.get("evidence.final_acceptance.conclusion")
    return any(item.gate == _FINAL_GATE and item.here for item in moment.decided) or (said is not None and said.value == "pass")


def _on_file(sheet: FactSheet, subjects: Mapping[str, Sequence[FactSheet]], *, accepted_here: bool) -> dict[str, FactValue | None]:
    """Return whether papers an acceptance rests on are here; where it was taken over from paper, one that is missing may lie in the archive."""
    held = {name for item in (sheet, *(item for kind in subjects.values() for item in kind)) for name in item.facts}
    papers = {"test_report": _TEST_REPORTS, "archive": ("evidence.archive_acceptance.present",), "audit": ("evidence.audit_report.present",)}
    absent = False if accepted_here else None
    return {f"course.{name}_on_file": True if held & set(kinds) else absent for name, kinds in papers.items()}


def _future(sheets: Iterable[FactSheet], on: date) -> int | None:
    """Return how many days keyed from papers lie ahead, plans and closing days left out; None where there is no day to look at."""
    found = [
        fact.value > on
        for sheet in sheets
        for fact in sheet.facts.values()
        if isinstance(fact.value, date) and (fact.name.startswith("evidence.") or fact.name == "system.online_on")
        if fact.name.rpartition(".")[2] not in _AHEAD
    ]
    return sum(found) if found else None


def _share(part: int | None, whole: int | None) -> int | None:
    return None if part is None or whole is None else ratio_bp(part, whole)


def _derived(name: str, value: FactValue, sheet: FactSheet | None = None) -> Fact:
    parts = [sheet.facts[part] for part in _PARTS.get(name, ()) if part in sheet.facts] if sheet is not None else []
    return Fact(name, value, Provenance("derived", "", joint_reference(parts), formula=FORMULAS.get(name, "")))


def _integer(sheet: FactSheet, name: str) -> int | None:
    fact = sheet.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) and not isinstance(fact.value, bool) else None


def _day(sheet: FactSheet, name: str) -> date | None:
    fact = sheet.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, date) else None


def _texts(sheet: FactSheet, name: str) -> tuple[str, ...]:
    fact = sheet.facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, tuple) else ()


FORMULAS: Final[Mapping[str, str]] = {
    "project.idle_days": gettext_noop("判定日 − 最近一次办理的日期"),
    "project.days_past_finish": gettext_noop("判定日 − 计划完成日"),
    "project.future_date_count": gettext_noop("已核对的材料里晚于判定日的日期，计划和截止类的日期除外"),
    "project.same_file_count": gettext_noop("同一份文件（摘要相同）还交给了几个别的项目"),
    "project.same_name_count": gettext_noop("同一单位名下名称相同的别的项目"),
    "project.same_content_count": gettext_noop("金额相同、建设内容一字不差的别的项目，不论单位"),
    "project.same_hand_count": gettext_noop("提交人与核对人是同一人的材料和补录"),
    "project.condition_overdue_count": gettext_noop("有条件批准的条件，期限已过还没有关闭的"),
    "course.stale_count": gettext_noop("决定所依据的事实后来有变化的关口"),
    "course.self_decided_count": gettext_noop("由申请人或材料提交人自己决定的关口"),
    "course.overdue_deadline_count": gettext_noop("已过期还没有办结的期限，终验和自评价另计"),
    "course.days_since_final": gettext_noop("判定日 − 终验日"),
    "money.estimate_parts_fen": gettext_noop("软件与服务 + 硬件 + 基本预备费"),
    "money.cumulative_change_bp": gettext_noop("max(历次增加之和, 历次减少之和) ÷ 概算"),
    "money.hardware_share_bp": gettext_noop("概算中的硬件 ÷ 概算总投资"),
    "money.hardware_built_bp": gettext_noop("实际硬件投入 ÷ 实际总投入"),
    "contract.paid_fen": gettext_noop("本合同及其补充合同已登记的支付之和"),
    "contract.paid_bp": gettext_noop("已支付 ÷（原合同 + 补充合同）"),
    "contract.same_supplier_year_count": gettext_noop("同一单位同一自然年与同一供应商签的原合同"),
    "contract.same_supplier_year_fen": gettext_noop("同一单位同一自然年与同一供应商签的原合同金额之和"),
}
STATUS_TEXTS: Final[Mapping[str, str]] = {
    "active": gettext_noop("在办"),
    "suspended": gettext_noop("暂停"),
    "terminated": gettext_noop("已终止"),
    "cancelled": gettext_noop("已撤销"),
    "merged": gettext_noop("已并入他项"),
    "split": gettext_noop("已拆分"),
}
CHECK_LABELS: Final[Mapping[str, str]] = {
    "project.status": gettext_noop("办理状态"),
    "project.head_named": gettext_noop("登记了项目责任人"),
    "project.idle_days": gettext_noop("没有办理的天数"),
    "project.days_past_finish": gettext_noop("超过计划完成日的天数"),
    "project.future_date_count": gettext_noop("晚于今天的日期"),
    "project.same_file_count": gettext_noop("用了同一份文件的别的项目"),
    "project.same_name_count": gettext_noop("同单位同名的别的项目"),
    "project.same_content_count": gettext_noop("金额和内容都相同的别的项目"),
    "project.same_hand_count": gettext_noop("自交自核的材料"),
    "project.condition_overdue_count": gettext_noop("过期未关闭的条件"),
    "project.funding_line_count": gettext_noop("登记的资金来源"),
    "project.linked_system_count": gettext_noop("关联的系统"),
    "project.change_count": gettext_noop("申报的变更"),
    "course.today": gettext_noop("判定日"),
    "course.approved_on": gettext_noop("立项批复日"),
    "course.design_approved_on": gettext_noop("概算批复日"),
    "course.preliminary_accepted_on": gettext_noop("初验日"),
    "course.final_accepted_on": gettext_noop("终验日"),
    "course.final_accepted": gettext_noop("已通过终验"),
    "course.days_since_final": gettext_noop("终验后的天数"),
    "course.stale_count": gettext_noop("批准后有变的关口"),
    "course.self_decided_count": gettext_noop("自报自批的关口"),
    "course.overdue_deadline_count": gettext_noop("过期未办的期限"),
    "course.final_overdue_days": gettext_noop("终验申请超期天数"),
    "course.self_evaluation_overdue_days": gettext_noop("自评价超期天数"),
    "course.test_report_on_file": gettext_noop("有测试报告"),
    "course.archive_on_file": gettext_noop("有档案验收意见"),
    "course.audit_on_file": gettext_noop("有审计报告"),
    "course.over_estimate_reported": gettext_noop("已报告超估算"),
    "money.estimate_parts_fen": gettext_noop("概算分项之和"),
    "money.cumulative_change_bp": gettext_noop("历次变更累计占概算"),
    "money.hardware_share_bp": gettext_noop("概算中的硬件占比"),
    "money.hardware_built_bp": gettext_noop("实际的硬件占比"),
    "system.graded": gettext_noop("已定等保级别"),
    "system.yearly_mlps_on_file": gettext_noop("有近一年度的等保测评"),
    "system.project_count": gettext_noop("关联的项目"),
    "contract.is_supplement": gettext_noop("是补充合同"),
    "contract.paid_fen": gettext_noop("合同已支付"),
    "contract.paid_bp": gettext_noop("合同已支付的比例"),
    "contract.first_paid_on": gettext_noop("首次支付日"),
    "contract.last_paid_on": gettext_noop("最近支付日"),
    "contract.same_supplier_year_count": gettext_noop("同年同一供应商的合同"),
    "contract.same_supplier_year_fen": gettext_noop("同年同一供应商的合同金额"),
}
