"""Guesses which target a heading stands for, from a vocabulary of Chinese and English headings, and says how sure it is and why.

Guesses are proposals: the user corrects them and the saved mapping wins. This module refuses to know any particular source.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sixgate.engines.intake.table import ColumnGuess, Mapping

EXACT, PART = 95, 75
DATE_TARGETS = ("notice_date", "planned_start", "planned_finish")


@dataclass(frozen=True, slots=True)
class Word:
    """The headings of one target: whole headings, and patterns found within one."""

    target: str
    whole: str
    part: str = ""


VOCABULARY = (
    Word("amount_text", "金额原文 投资原文 金额说明 amount text", "金额.*原文"),
    Word(
        "project_code",
        "项目编号 项目编码 项目代码 统一项目代码 项目统一代码 编码 代码 unique id|project id|project code|project number|project no|code",
        "项目(赋)?(编号|编码|代码)",
    ),
    Word(
        "project_name",
        "项目名称 项目 项目名 工程名称 建设项目 项目全称 project name|project|project title|programme name|program name",
        "项目名称|^project name",
    ),
    Word("unit_kind", "单位性质 单位类型 单位类别 机构性质 organisation type|organization type"),
    Word(
        "owner_name",
        "建设单位 采购单位 采购人 责任单位 申报单位 项目单位 业主单位 业主 单位名称 牵头单位 主管单位 使用单位 单位 部门"
        " department|department name|organisation|organization|agency|owner|ministry|buyer|sponsor",
        "(建设|采购|责任|申报|业主|牵头)单位|(建设|申报)部门",
    ),
    Word("region", "地区 区域 所在地 所在地区 行政区划 所属地区 建设地点 region|location|area"),
    Word("procurement_method", "采购方式 招标方式 采购形式 procurement method|procedure"),
    Word("approval_no", "批复文号 文号 立项批复 立项批复文号 批文号 审批文号 approval number|approval no", "(批复|审批|批准)文?号"),
    Word(
        "supplier",
        "供应商 中标单位 承建单位 中标供应商 成交供应商 承建商 中标人 中标商 supplier|contractor|vendor|awardee",
        "(中标|成交|承建|供应)(单位|商|人)",
    ),
    Word("funding", "资金来源 资金性质 经费来源 资金渠道 funding|funding source|source of funds", "资金来源"),
    Word("currency", "币种 货币 currency|currency code"),
    Word(
        "planned_start",
        "开工日期 计划开工 计划开工日期 计划开始 计划开始日期 开始时间 开始日期 起始日期 计划开始时间 开工时间 start date|planned start|project start date",
        "(开工|开始|启动)(日期|时间)|start date",
    ),
    Word(
        "planned_finish",
        "完工日期 计划完工 计划完工日期 计划完成 计划竣工 计划完成日期 竣工日期 完成时间 完成日期 结束时间 结束日期 交付期限 验收期限 交付/验收期限 建设期限 工期 end date|planned finish|finish date|completion date|estimated completion date",
        "(完工|完成|结束|竣工|交付)(日期|时间|期限)|(end|completion|finish) date",
    ),
    Word(
        "notice_date",
        "日期 公告日期 发布日期 公告时间 发布时间 批复日期 date|notice date|publication date|published",
        "(公告|发布)(日期|时间)|^as of date",
    ),
    Word(
        "stage_text",
        "阶段 当前阶段 公告类型 项目阶段 建设阶段 项目状态 项目进展 进展 状态 stage|phase|status|notice type|project stage|project status",
        "阶段|^(project )?(stage|status|phase)",
    ),
    Word(
        "status_rating",
        "评级 健康度 状态评级 红黄绿灯 信号灯 风险等级 rating|status rating|rag rating|colour rating|color rating|delivery confidence",
        "rag rating|delivery confidence",
    ),
    Word(
        "amount",
        "总投资 投资额 金额 预算 预算金额 合同金额 总金额 投资估算 概算 批复投资 总预算 项目总投资 总投资额 估算总投资"
        " total budget|budget|amount|total amount|value|cost|total cost|whole life cost|whole life costs|contract value",
        "whole life cost|\\bwlc\\b|total budget|总投资|总金额|(预算|合同|中标|概算|批复|投资)金额|投资(总)?额",
    ),
    Word(
        "description",
        "建设内容 建设内容要点 项目概况 主要内容 主要建设内容 项目简介 内容 简介 description|description aims|aims|summary|scope",
        "建设内容|^description",
    ),
    Word("level", "项目级别 层级 级别 项目层级 level"),
    Word("category", "类别 项目类别 项目类型 类型 分类 category|type|project type|report category", "项目(类别|类型)|category$"),
    Word("source_url", "来源网址 网址 链接 公告链接 来源链接 url|link|source url", "网址|链接"),
    Word("remark", "备注 说明 附注 remark|remarks|note|notes|comments"),
)
TARGETS = tuple(word.target for word in VOCABULARY)

_NOT_A_VALUE = re.compile(r"narrative|comment|variance|percent|%|比例|增减|差异|偏差")
_UNITS = (
    ("亿元", re.compile(r"亿元?")),
    ("万元", re.compile(r"万元|万$|\bwan\b|10k cny")),
    ("千元", re.compile(r"千元")),
    ("元", re.compile(r"(?<![万亿千百])元|人民币|rmb|cny|yuan")),
)
_FOREIGN = (
    ("GBP", "£|gbp|sterling"),
    ("EUR", "€|eur\\b|euro"),
    ("CAD", "c\\$|ca\\$|cad\\b"),
    ("HKD", "hk\\$|hkd|港元|港币"),
    ("USD", "us\\$|usd|美元"),
    ("$", "\\$"),
)
_SCALES = ((1_000_000_000, "billion|bn\\b|十亿"), (1_000_000, "million|(?<=[£$€])m\\b|百万"), (1_000, "thousand|(?<=[£$€])k\\b"))


def plain(heading: str) -> str:
    """Return a heading in the form the vocabulary is written in: half-width, lower case, words apart, one line."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", unicodedata.normalize("NFKC", heading))
    text = "".join(char for char in text if unicodedata.category(char) != "Cf").lower()
    return " ".join(text.replace("_", " ").split())


def unit_of(heading: str) -> str:
    """Return the unit a heading states: 元, 千元, 万元, 亿元, or foreign as `GBP*1000000`; empty when it states none."""
    text = plain(heading)
    for currency, pattern in _FOREIGN:
        if re.search(pattern, text):
            scale = next((scale for scale, words in _SCALES if re.search(words, text)), 1)
            return f"{currency}*{scale}"
    return next((unit for unit, pattern in _UNITS if pattern.search(text)), "")


@lru_cache(maxsize=4096)
def guess(heading: str) -> tuple[str, int, str]:
    """Return (target, confidence, reason) for one heading; the target is empty when nothing fits."""
    text = plain(heading)
    if not text or len(text) > 400:
        return "", 0, "no_heading" if not text else "too_long"
    base = re.sub(r"[(\[【（].*", "", text, flags=re.DOTALL).strip(" :：*/") or text
    forms = {_letters(base), _letters(text), _letters(re.sub(r"^project\s*-\s*", "", base))}
    if forms & {"金额原文"}:
        return "amount_text", EXACT, "whole_heading"
    if _NOT_A_VALUE.search(base):
        return "", 0, "commentary"
    for word in VOCABULARY:
        if forms & _whole_forms(word.whole):
            return word.target, EXACT, "whole_heading"
    short = base if len(base) <= 80 else ""
    for word in VOCABULARY:
        if word.part and short and re.search(word.part, short):
            return word.target, PART, "part_of_heading"
    return "", 0, "unknown_heading"


@lru_cache(maxsize=64)
def _whole_forms(whole: str) -> frozenset[str]:
    chinese = [token for token in whole.split() if not token.isascii()]
    english = " ".join(token for token in whole.split() if token.isascii())
    return frozenset(_letters(form) for form in [*chinese, *english.split("|")])


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def propose(headings: Sequence[str], known: Mapping | None = None) -> tuple[ColumnGuess, ...]:
    """Return one guess per heading; each target is given once, to the surest and first. A known mapping wins where its headings still stand."""
    settled = _settled(headings, known) if known else {}
    taken = {column.target for column in settled.values() if column.target}
    order: list[tuple[int, int]] = []
    for index, heading in enumerate(headings):
        if index not in settled:
            order.append((-guess(heading)[1], index))
    for _, index in sorted(order):
        target, confidence, reason = guess(headings[index])
        if target in taken:
            target, confidence, reason = "", confidence, "target_taken"
        elif target:
            taken.add(target)
        unit = unit_of(headings[index]) if target == "amount" else ""
        settled[index] = ColumnGuess(index + 1, headings[index], target, unit, "", confidence, reason)
    return tuple(settled[index] for index in range(len(headings)))


def _settled(headings: Sequence[str], known: Mapping) -> dict[int, ColumnGuess]:
    waiting: dict[str, list[ColumnGuess]] = {}
    for column in known.columns:
        waiting.setdefault(plain(column.heading), []).append(column)
    settled: dict[int, ColumnGuess] = {}
    for index, heading in enumerate(headings):
        if same := waiting.get(plain(heading)):
            settled[index] = replace(same.pop(0), number=index + 1, heading=heading)
    return settled
