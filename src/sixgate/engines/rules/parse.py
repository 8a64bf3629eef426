"""One parser per table: a row as written becomes a frozen value. Looks at one row at a time and knows no other."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sixgate.engines.rules import schema
from sixgate.engines.rules.expression import RESERVED, fits
from sixgate.engines.rules.rows import Row
from sixgate.kernel.provenance import FactValue
from sixgate.kernel.text import gettext_noop

_DIVISION = re.compile(r"cn|\d{6}(\d{6})?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VERDICTS: Final = ("met", "unmet", "unknown", "not_applicable", "hit", "miss")


def header(row: Row) -> schema.PackHeader:
    """Read `[pack]`."""
    found = schema.PackHeader(
        id=row.text("id"),
        title=row.text("title"),
        version=row.text("version"),
        jurisdiction=row.text("jurisdiction"),
        template=row.flag("template", False),
        checked_on=row.day_or_none("checked_on"),
        extends=row.text("extends", ""),
    )
    if found.jurisdiction and not _DIVISION.fullmatch(found.jurisdiction):
        row.complain(gettext_noop("适用地区“{value}”不是行政区划代码").format(value=found.jurisdiction), gettext_noop("写 cn 或六位区划代码"))
    return found


def gate(row: Row) -> schema.Gate:
    """Read one `[[gate]]`."""
    return schema.Gate(
        id=row.text("id"),
        stage=row.choice("stage", schema.STAGES),
        title=row.text("title"),
        decides=row.text("decides"),
        decider=row.text("decider"),
        co_signers=row.texts("co_signers"),
        order=row.choice("order", ("parallel", "sequence"), "parallel"),
        sign_workdays=row.integer("sign_workdays", 0),
        when=row.text("when", ""),
        exceptions=row.text("exceptions", ""),
    )


def duty(row: Row) -> schema.Duty:
    """Read one `[[duty]]`."""
    scope = row.choice("scope", ("project", "organisation", "region"))
    return schema.Duty(id=row.text("id"), title=row.text("title"), scope=scope, grants=row.texts("grants"))


def parameter(row: Row) -> schema.Parameter:
    """Read one `[[parameter]]` with its dated values, which must not overlap."""
    found = schema.Parameter(
        id=_name(row, dotted=True),
        title=row.text("title"),
        type=row.choice("type", schema.PARAMETER_TYPES),
        unit=row.text("unit", ""),
        options=row.texts("options"),
        stricter=row.choice("stricter", ("lower", "higher", ""), ""),
        confidence=row.choice("confidence", schema.CONFIDENCES),
        source=row.text("source", ""),
        values=tuple(sorted((_dated(value) for value in row.rows("value")), key=lambda value: value.start)),
    )
    if not found.values:
        row.complain(gettext_noop("参数没有取值"), gettext_noop("补上 [[parameter.value]]"))
    for value in found.values:
        wrong_choice = found.type == "enum" and value.value not in found.options
        if found.type in schema.PARAMETER_TYPES and (not fits(found.type, value.value) or wrong_choice):
            row.complain(gettext_noop("取值“{value}”与类型 {type} 不符").format(value=value.value, type=found.type), gettext_noop("改正取值"))
    for before, after in zip(found.values, found.values[1:], strict=False):
        if before.until is None or before.until > after.start:
            row.complain(gettext_noop("取值的期间重叠（{day}）").format(day=after.start), gettext_noop("给前一个取值写上 until"))
    return found


def _dated(row: Row) -> schema.DatedValue:
    found = schema.DatedValue(value=row.anything("value"), start=row.day("from"), until=row.day_or_none("until"))
    row.finish()
    if found.until is not None and found.until <= found.start:
        row.complain(gettext_noop("取值的止日不晚于起日"), gettext_noop("改正 from 或 until"))
    return found


def evidence(row: Row) -> schema.EvidenceKind:
    """Read one `[[evidence]]` with its fields."""
    found = schema.EvidenceKind(
        id=_name(row),
        title=row.text("title"),
        help=row.text("help", ""),
        stage=row.choice("stage", schema.STAGES),
        subject=row.choice("subject", schema.SUBJECTS, "project"),
        supplier=row.text("supplier", ""),
        second_check=row.flag("second_check", False),
        work_secret=row.flag("work_secret", False),
        files=row.flag("files", False),
        fields=tuple(_field(item) for item in row.rows("field")),
    )
    ids = [item.id for item in found.fields]
    for ident in sorted({ident for ident in ids if ids.count(ident) > 1}):
        row.complain(gettext_noop("字段“{id}”重复").format(id=ident), gettext_noop("保留一个"))
    if "present" in ids:
        row.complain(gettext_noop("字段名 present 由系统占用"), gettext_noop("改用别的名称"))
    return found


def _field(row: Row) -> schema.EvidenceField:
    found = schema.EvidenceField(
        id=_name(row),
        label=row.text("label"),
        type=row.choice("type", schema.FIELD_TYPES),
        required=row.flag("required", True),
        unit=row.text("unit", ""),
        help=row.text("help", ""),
        options=tuple(_option(item) for item in row.rows("options")),
        minimum=row.integer_or_none("minimum"),
        maximum=row.integer_or_none("maximum"),
        material=row.flag("material", True),
    )
    row.finish()
    if (found.type == "enum") != bool(found.options):
        row.complain(gettext_noop("字段“{id}”的选项与类型不符").format(id=found.id), gettext_noop("只给 enum 字段写 options，且不得为空"))
    return found


def _option(row: Row) -> schema.Option:
    found = schema.Option(value=row.text("value"), label=row.text("label"))
    row.finish()
    return found


def _name(row: Row, dotted: bool = False) -> str:
    """Read an id that becomes part of a fact name."""
    ident = row.text("id")
    parts = ident.split(".") if dotted else [ident]
    if ident and not all(_NAME.fullmatch(part) and part not in RESERVED for part in parts):
        row.complain(gettext_noop("编号“{id}”不能用作事实名").format(id=ident), gettext_noop("只用英文字母、数字和下划线，并避开保留字"))
    return ident


def clauses(row: Row) -> tuple[schema.Clause, ...]:
    """Read the `clause` rows inside a rule."""
    found: list[schema.Clause] = []
    for item in row.rows("clause"):
        found.append(
            schema.Clause(
                document=item.text("document"),
                number=item.text("number", ""),
                article=item.text("article", ""),
                text_seen=item.flag("text_seen", False),
                note=item.text("note", ""),
            )
        )
        item.finish()
    return tuple(found)


def _standing(row: Row) -> dict[str, Any]:
    """Read kind, scope, action and confidence, and hold them to each other."""
    kind = row.choice("kind", schema.KINDS)
    scope = row.choice("scope", schema.SCOPES)
    action = row.choice("action", schema.ACTIONS)
    confidence = row.choice("confidence", schema.CONFIDENCES)
    if kind == "habit" and action != "remind":
        row.complain(gettext_noop("产品惯例只能提醒"), gettext_noop("把 action 改为 remind"))
    if confidence == "unsure" and action != "remind":
        row.complain(gettext_noop("依据未确认的规则只能提醒"), gettext_noop("把 action 改为 remind，或核对原文后改 confidence"))
    if action == "lock" and (kind not in ("law", "local") or confidence != "verified" or scope != "national"):
        what = gettext_noop("只有核对过原文、全国适用的法律法规或地方规定才能锁定")
        row.complain(what, gettext_noop("把 action 改为 activate 或 remind，或改正 kind、confidence、scope"))
    checked_on = row.day_or_none("checked_on")
    return {"kind": kind, "scope": scope, "action": action, "confidence": confidence, "checked_on": checked_on, "clauses": clauses(row)}


def requirement(row: Row) -> schema.Requirement:
    """Read one `[[requirement]]`."""
    found = schema.Requirement(
        id=row.text("id"),
        row=row.integer("row", 0),
        gate=row.text("gate", ""),
        duty=row.choice("duty", ("duty", "contract", "check", ""), ""),
        title=row.text("title"),
        start=row.day_or_none("from"),
        until=row.day_or_none("until"),
        subject=row.choice("subject", schema.SUBJECTS, "project"),
        when=row.text("when", ""),
        require=row.text("require"),
        evidence=row.texts("evidence"),
        supplier=row.text("supplier", ""),
        remedy=row.text("remedy"),
        order=row.integer("order", 0),
        **_standing(row),
    )
    if not found.gate and not found.duty:
        row.complain(gettext_noop("既没有决策点，也不是持续义务"), gettext_noop("写上 gate，或写 duty 为 duty、contract 或 check"))
    if found.duty == "check" and (found.gate or found.action != "remind"):
        row.complain(gettext_noop("体检项不属于决策点，只能提醒"), gettext_noop("删去 gate，把 action 改为 remind"))
    if found.start and found.until and found.until <= found.start:
        row.complain(gettext_noop("止日不晚于起日"), gettext_noop("改正 from 或 until"))
    return found


def deadline(row: Row) -> schema.Deadline:
    """Read one `[[deadline]]`; its length is either `value` or a `parameter`."""
    parameter = row.text("parameter", "")
    if parameter and "value" in row.data:
        row.complain(gettext_noop("期限的长度写了两遍"), gettext_noop("value 与 parameter 只留一个"))
    found = schema.Deadline(
        id=row.text("id"),
        title=row.text("title"),
        stage=row.choice("stage", schema.STAGES),
        subject=row.choice("subject", schema.SUBJECTS, "project"),
        anchor=row.text("anchor"),
        done=row.text("done", ""),
        value=row.integer("value", 0 if parameter else None),
        parameter=parameter,
        unit=row.choice("unit", schema.UNITS),
        bound=row.choice("bound", schema.BOUNDS),
        when=row.text("when", ""),
        supplier=row.text("supplier", ""),
        remedy=row.text("remedy", ""),
        **_standing(row),
    )
    if found.value < 0 or (found.value == 0 and not parameter and found.unit != "calendar_year"):
        row.complain(gettext_noop("期限的长度须大于零"), gettext_noop("改正 value"))
    if found.bound == "ceiling" and not found.done:
        row.complain(gettext_noop("上限没有办结日"), gettext_noop("在 done 写明办结它的日期事实"))
    return found


def change_rule(row: Row) -> schema.ChangeRule:
    """Read one `[[change_rule]]`."""
    return schema.ChangeRule(
        id=row.text("id"),
        axis=row.choice("axis", ("approval", "contract", "budget")),
        title=row.text("title"),
        when=row.text("when"),
        conclusion=row.text("conclusion"),
        materials=row.texts("materials"),
        obligation=row.choice("obligation", schema.OBLIGATIONS, "none"),
        supplier=row.text("supplier", ""),
        authority=row.text("authority", ""),
        deadline=row.text("deadline", ""),
        cumulative=row.flag("cumulative", False),
        **_standing(row),
    )


def activation(row: Row) -> schema.Activation:
    """Read one `[[activation]]`."""
    return schema.Activation(
        target=row.text("target"),
        officer=row.text("officer"),
        document=row.text("document"),
        number=row.text("number", ""),
        article=row.text("article", ""),
        signed_on=row.day("signed_on"),
        digest=row.text("digest", ""),
        note=row.text("note", ""),
    )


def override(row: Row) -> schema.Override:
    """Read one `[[override]]`."""
    allowed = ("gate", "duty", "parameter", "evidence", "requirement", "deadline", "change_rule")
    table = row.choice("table", allowed)
    if "id" in row.table("set"):
        row.complain(gettext_noop("编号不能被替换"), gettext_noop("从 set 中删去 id"))
    return schema.Override(table, row.text("id"), row.text("reason"), row.table("set"), row.text("accept_looser", ""))


def case(row: Row) -> schema.Case:
    """Read one `[[case]]`; its facts become flat dotted names."""
    return schema.Case(
        target=row.text("target"),
        name=row.text("name"),
        on=row.day("on"),
        expect=row.choice("expect", _VERDICTS),
        facts=flat(row.table("facts")) if "facts" in row.data else {},
    )


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, FactValue]:
    """Return nested and dotted tables as one level of dotted names; lists become tuples."""
    found: dict[str, FactValue] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            found[f"{prefix}{key}"] = tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType]
    return found


PARSERS: Final[dict[str, Callable[[Row], Any]]] = {
    "gate": gate,
    "duty": duty,
    "parameter": parameter,
    "evidence": evidence,
    "requirement": requirement,
    "deadline": deadline,
    "change_rule": change_rule,
    "activation": activation,
    "override": override,
    "case": case,
}
