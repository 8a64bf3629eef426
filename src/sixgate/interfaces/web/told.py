"""What an act said, in words: keys of a ledger payload by the labels of the verb that wrote it, codes by their titles, money in 万元."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sixgate.interfaces.web.wording import wan
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import Label, Verb
from sixgate.usecases._input import label_of
from sixgate.usecases._offers import duty_titles, evidence_kind, gate_titles
from sixgate.usecases._registry import verbs
from sixgate.usecases.planning.xray import check_titles

OTHER_KEYS = {
    "active": gettext_noop("生效"),
    "after": gettext_noop("之后"),
    "batch": gettext_noop("导入批次"),
    "before": gettext_noop("之前"),
    "by": gettext_noop("方式"),
    "check": gettext_noop("体检项"),
    "co_signers": gettext_noop("会签职责"),
    "code": gettext_noop("原因代码"),
    "count": gettext_noop("条数"),
    "delegate": gettext_noop("受托人"),
    "duty": gettext_noop("职责"),
    "ended": gettext_noop("原单位撤销"),
    "facts_digest": gettext_noop("事实摘要"),
    "fields_digest": gettext_noop("登记内容摘要"),
    "files": gettext_noop("文件摘要"),
    "gate": gettext_noop("决策点"),
    "kind": gettext_noop("种类"),
    "moved": gettext_noop("转移"),
    "number": gettext_noop("第几版"),
    "obligations": gettext_noop("应办事项"),
    "organisation": gettext_noop("单位"),
    "outcome": gettext_noop("决定"),
    "overridden": gettext_noop("越过的要求"),
    "pack_digest": gettext_noop("规则包摘要"),
    "person": gettext_noop("人员"),
    "posts": gettext_noop("岗位"),
    "region": gettext_noop("行政区划代码"),
    "request": gettext_noop("过关申请"),
    "round": gettext_noop("第几轮"),
    "sign_by": gettext_noop("会签期限"),
    "sm3": gettext_noop("摘要（SM3）"),
    "source": gettext_noop("来源地址"),
    "status": gettext_noop("状态"),
    "step": gettext_noop("处理"),
    "successor": gettext_noop("接任人"),
    "text_digest": gettext_noop("原文摘要"),
    "unsigned": gettext_noop("没有会签的"),
    "until": gettext_noop("终止日（不含当日）"),
    "username": gettext_noop("登录名"),
}
OUTCOMES = {"recorded": gettext_noop("已批（补录）"), "override": gettext_noop("附理由越过")}
UNIT = re.compile(r"（万元）$|\s*\(10k CNY\)$")  # the amount says it itself
DIGEST = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing an act said; `exact` texts are digests and identifiers."""

    label: str
    text: str
    exact: bool = False


def told(action: str, said: Mapping[str, Any]) -> list[Line]:
    """Return what was said, in the order it stands in the ledger; what was left empty is left out."""
    verb = verbs().get(action)
    return [_line(verb, key, value) for key, value in said.items() if value not in (None, "", [], {})]


def _line(verb: Verb | None, key: str, value: Any) -> Line:
    label = _label(verb, key)
    title = _(label.text) if label is not None else _(OTHER_KEYS[key]) if key in OTHER_KEYS else key
    text = _text(key, value, label)
    return Line(UNIT.sub("", title), text, bool(DIGEST.fullmatch(text)) or (label is None and key not in OTHER_KEYS))


def _label(verb: Verb | None, key: str) -> Label | None:
    if verb is None:
        return None
    name = next((name for name in (key, f"{key}_id", f"{key}_ids") if name in verb.parameters), None)
    return label_of(verb.parameters[name]) if name is not None else None


def _text(key: str, value: Any, label: Label | None) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key.endswith("_fen") and isinstance(value, int):
        return f"{wan(value)} {_('万元')}"
    if isinstance(value, str):
        return _code(key, value, label)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(_code(key, item, label) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _code(key: str, value: str, label: Label | None) -> str:
    """Return a code by its title, any other text as it is."""
    choices = dict(label.choices) if label is not None else {}
    if value in choices:
        return _(choices[value])
    if key == "kind" and (kind := evidence_kind(value)) is not None:
        return kind.title
    titles = {"gate": gate_titles, "duty": duty_titles, "co_signers": duty_titles, "unsigned": duty_titles, "check": check_titles}
    if key in titles:
        return titles[key]().get(value, value)
    return _(OUTCOMES[value]) if key == "outcome" and value in OUTCOMES else value
