"""Facts in words: what a person reads beside a value. Money in 万元, ratios in per cent, choices by their label."""

from collections.abc import Callable, Mapping
from datetime import date

from sixgate.domain.axes import FUNDING, LEVELS, NETWORKS, PROJECT_TYPES, SECRECY
from sixgate.domain.lifecycle.check_facts import CHECK_LABELS, STATUS_TEXTS
from sixgate.engines.rules.schema import Clause, Pack
from sixgate.kernel.money import wan_text
from sixgate.kernel.provenance import Fact, FactValue
from sixgate.kernel.text import gettext_noop

# What a rule is, how far it reaches, how well its ground was checked, what it does here.
RULE_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {"law": gettext_noop("法律法规"), "local": gettext_noop("地方规定"), "habit": gettext_noop("产品惯例")},
    "scope": {"central": gettext_noop("中央"), "national": gettext_noop("全国"), "local": gettext_noop("地方")},
    "confidence": {
        "verified": gettext_noop("原文已核对"),
        "secondary": gettext_noop("二手来源"),
        "known": gettext_noop("没有见到原文"),
        "unsure": gettext_noop("待核"),
    },
    "effect": {"lock": gettext_noop("锁定"), "warn": gettext_noop("提醒"), "remind": gettext_noop("只提醒")},
}
LABELS: Mapping[str, str] = {
    "project.level": gettext_noop("层级"),
    "project.type": gettext_noop("项目类型"),
    "project.network": gettext_noop("网络"),
    "project.secrecy": gettext_noop("密级"),
    "project.funding": gettext_noop("资金来源"),
    "project.amount_fen": gettext_noop("项目金额"),
    "project.national_code": gettext_noop("在线平台项目代码"),
    "project.responsible_person": gettext_noop("项目责任人"),
    "project.registered_on": gettext_noop("登记日"),
    "project.planned_start": gettext_noop("计划开始日"),
    "project.planned_finish": gettext_noop("计划完成日"),
    "project.system_count": gettext_noop("关联系统数"),
    "project.approval_changes": gettext_noop("涉及批复的变更次数"),
    "project.is_central": gettext_noop("中央项目或含中央资金"),
    "project.is_fixed_asset": gettext_noop("固定资产投资"),
    "project.has_civil_work": gettext_noop("含土建"),
    "project.has_software_dev": gettext_noop("含软件开发"),
    "project.mobile_app": gettext_noop("含移动应用"),
    "project.public_facing": gettext_noop("面向公众"),
    "project.in_plan": gettext_noop("列入年度计划"),
    "project.gov_info_system_procurement": gettext_noop("属于政务信息系统采购"),
    "project.screening_passed": gettext_noop("涉密筛查通过"),
    "project.axes_complete": gettext_noop("适用轴齐全"),
    "money.estimate_fen": gettext_noop("估算"),
    "money.budget_estimate_fen": gettext_noop("概算"),
    "money.annual_budget_fen": gettext_noop("年度预算"),
    "money.contract_fen": gettext_noop("合同金额"),
    "money.paid_fen": gettext_noop("已支付"),
    "money.final_accounts_fen": gettext_noop("决算"),
    "money.supplement_fen": gettext_noop("补充合同累计"),
    "money.over_estimate_bp": gettext_noop("概算超估算"),
    "money.supplement_bp": gettext_noop("补充合同占原合同"),
    "system.mlps_level": gettext_noop("等保级别"),
    "system.online_on": gettext_noop("投运日"),
    "system.is_cii": gettext_noop("关键信息基础设施"),
    "system.has_personal_info": gettext_noop("处理个人信息"),
    "system.has_important_data": gettext_noop("处理重要数据"),
    "system.public_facing": gettext_noop("面向公众"),
    "system.mobile_app": gettext_noop("移动应用"),
    "system.is_portal": gettext_noop("政府网站"),
    "system.in_catalog": gettext_noop("已入系统总目录"),
    "contract.signed_on": gettext_noop("签订日"),
    "contract.amount_fen": gettext_noop("合同金额"),
    "contract.supplement_fen": gettext_noop("补充合同金额"),
    "change.approved_fen": gettext_noop("最近核定的总投资"),
    "change.total_after_fen": gettext_noop("变更后的总投资"),
    "change.increase_fen": gettext_noop("增加金额"),
    "change.decrease_fen": gettext_noop("减少金额"),
    "change.adjust_fen": gettext_noop("本次调整额"),
    "change.cumulative_adjust_fen": gettext_noop("累计调整额"),
    "change.supplement_fen": gettext_noop("本次补充合同金额"),
    "change.supplement_total_fen": gettext_noop("补充合同累计"),
    "change.contract_original_fen": gettext_noop("原合同金额"),
    "change.cumulative_bp": gettext_noop("累计调整占核定投资"),
    "change.supplement_bp": gettext_noop("补充合同占原合同"),
    "change.over_estimate_bp": gettext_noop("变更后超估算"),
    **CHECK_LABELS,
}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "parameter.crypto_gate_mode": {
        "hard": gettext_noop("单独交评估意见"),
        "chapter": gettext_noop("可研里单列一章"),
        "soft": gettext_noop("不另要求"),
    },
    "parameter.approving_authority": {"data_bureau": gettext_noop("数据管理部门")},
    "project.level": dict(LEVELS),
    "project.type": dict(PROJECT_TYPES),
    "project.network": dict(NETWORKS),
    "project.secrecy": dict(SECRECY),
    "project.funding": dict(FUNDING),
    "project.status": STATUS_TEXTS,
}
PRESENT = gettext_noop("已提交")
YES = gettext_noop("是")
NO = gettext_noop("否")
UNKNOWN = gettext_noop("不知道")
WAN = gettext_noop("万元")


Say = Callable[[str], str]


def label_of(pack: Pack, name: str, say: Say = str) -> str:
    """Return what a person calls a fact: 材料 · 登记项 for evidence, a parameter's title, a base fact's label; `say` translates our own words."""
    parts = name.split(".")
    if parts[0] == "parameter" and len(parts) == 2 and parts[1] in pack.parameters:
        return pack.parameters[parts[1]].title
    kind = pack.evidence.get(parts[1]) if parts[0] == "evidence" and len(parts) == 3 else None
    if kind is None:
        return say(LABELS[name]) if name in LABELS else name
    field = next((item.label for item in kind.fields if item.id == parts[2]), say(PRESENT))
    return f"{kind.title} · {field}"


def value_text(pack: Pack, name: str, value: FactValue | None, say: Say = str) -> str:
    """Return a fact's value as a person reads it; None is "not known"."""
    if value is None:
        return say(UNKNOWN)
    if isinstance(value, bool):
        return say(YES if value else NO)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return _number(pack.facts.get(name, ""), value, _unit(pack, name), say)
    choices = _options(pack, name)
    if isinstance(value, tuple | list):
        return "、".join(say(choices.get(item, item)) for item in value)
    return say(choices[value]) if value in choices else value


def fact_text(pack: Pack, fact: Fact, say: Say = str) -> str:
    """Return the value of a fact as a person reads it."""
    return value_text(pack, fact.name, fact.value, say)


def _number(kind: str, value: int, unit: str, say: Say) -> str:
    if kind == "fen":
        return f"{wan_text(value)} {say(WAN)}"
    if kind == "ratio":
        return f"{value / 100:g}%"
    return f"{value:,} {unit}".strip()


def _unit(pack: Pack, name: str) -> str:
    parts = name.split(".")
    if parts[0] == "parameter":
        return pack.parameters[parts[1]].unit if parts[1] in pack.parameters else ""
    kind = pack.evidence.get(parts[1]) if len(parts) == 3 else None
    return next((field.unit for field in kind.fields if field.id == parts[2]), "") if kind else ""


def _options(pack: Pack, name: str) -> Mapping[str, str]:
    parts = name.split(".")
    kind = pack.evidence.get(parts[1]) if len(parts) == 3 else None
    if kind is None:
        return _CHOICES.get(name, {})
    return {option.value: option.label for field in kind.fields if field.id == parts[2] for option in field.options}


def clause_text(clause: Clause) -> str:
    """Return a clause as people cite it; the article only where it is known."""
    return " ".join(part for part in (f"《{clause.document.strip('《》')}》", clause.number, clause.article and f"第{clause.article}条") if part)
