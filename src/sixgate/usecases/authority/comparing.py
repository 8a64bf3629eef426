"""Two laws side by side for readers: what a place changes against the nation, what holds on one day and not on another."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from sixgate.domain.lifecycle.wording import RULE_WORDS, clause_text, value_text
from sixgate.engines.rules.differences import LawDifference, Part, Side, kinds_named, law_differences, title_of
from sixgate.engines.rules.schema import Clause, EvidenceField
from sixgate.kernel.text import gettext_noop
from sixgate.usecases import _law
from sixgate.usecases._project import law_for

KEYS = {
    "title": gettext_noop("名称"),
    "effect": gettext_noop("在本地"),
    "value": gettext_noop("取值"),
    "when": gettext_noop("什么时候适用"),
    "require": gettext_noop("什么样算满足"),
    "conclusion": gettext_noop("结论"),
    "start": gettext_noop("自何日起"),
    "until": gettext_noop("至何日止"),
    "evidence": gettext_noop("材料"),
    "fields": gettext_noop("登记项"),
    "clauses": gettext_noop("依据"),
    "kind": gettext_noop("性质"),
    "scope": gettext_noop("范围"),
    "confidence": gettext_noop("依据核对"),
    "checked_on": gettext_noop("核对日期"),
    "remedy": gettext_noop("怎么办"),
    "source": gettext_noop("来源"),
    "unit": gettext_noop("单位"),
    "bound": gettext_noop("上限或下限"),
    "decider": gettext_noop("谁决定"),
    "supplier": gettext_noop("谁提供"),
    "second_check": gettext_noop("须第二人核对"),
    "work_secret": gettext_noop("工作秘密"),
    "sign_workdays": gettext_noop("会签工作日"),
    "co_signers": gettext_noop("谁会签"),
    "exceptions": gettext_noop("例外"),
    "gate": gettext_noop("决策点"),
    "stage": gettext_noop("阶段"),
    "subject": gettext_noop("对谁说"),
    "help": gettext_noop("说明"),
    "files": gettext_noop("要有文件"),
    "anchor": gettext_noop("从哪一天起算"),
    "done": gettext_noop("到哪一天为止"),
    "parameter": gettext_noop("标准"),
    "axis": gettext_noop("变更方面"),
    "materials": gettext_noop("材料"),
    "obligation": gettext_noop("须办的事"),
    "authority": gettext_noop("报给谁"),
    "deadline": gettext_noop("期限"),
    "cumulative": gettext_noop("与以前的变更累计"),
}
SHOWN_WHOLE = ("effect", "value", "require", "conclusion", "clauses")
"""What is told of a row that only one side has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One key on both sides as people read it; `code` where it is an expression."""

    key: str
    label: str
    before: str
    after: str
    code: bool


@dataclass(frozen=True, slots=True)
class LawChange:
    """One row that differs, with what it was called and both sides of each key."""

    table: str
    id: str
    title: str
    nature: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A local replacement that would loosen a rule and was therefore not taken, with what it would have loosened."""

    id: str
    title: str
    findings: tuple[str, ...]
    accepted: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two laws compared: their digests, what differs, what an overlay wanted looser."""

    digests: tuple[str, str]
    changes: tuple[LawChange, ...]
    looser: tuple[LeftOut, ...]


def compare_laws(before: tuple[str, date], after: tuple[str, date], *, english: bool = False) -> Compared:
    """Return what differs between the laws of two places on two days, both with what officers put in force there by now."""
    old, new = _side(*before, english=english), _side(*after, english=english)
    changes = tuple(_told(item, old, new) for item in law_differences(old, new))
    looser = tuple(LeftOut(item.id, title_of(new, item.table, item.id), item.findings, item.accepted) for item in _law.law(*after)[1])
    return Compared((old.pack.digest_sm3, new.pack.digest_sm3), changes, looser)


def law_digest(place: str, on: date) -> str:
    """Return the digest of the packs that hold at a place on a day."""
    return law_for(place, on)[0].digest_sm3


def _side(place: str, on: date, *, english: bool) -> Side:
    pack, activated = law_for(place, on, english=english)
    return Side(pack, on, activated)


def _told(item: LawDifference, old: Side, new: Side) -> LawChange:
    alone = item.nature in ("added", "removed")
    parts = [part for part in item.parts if not alone or part.key in SHOWN_WHOLE]
    lines = tuple(_line(item, part, old, new) for part in parts)
    return LawChange(item.table, item.id, title_of(old if item.nature == "removed" else new, item.table, item.id), item.nature, lines)


def _line(item: LawDifference, part: Part, old: Side, new: Side) -> Line:
    label = gettext(KEYS[part.key]) if part.key in KEYS else part.key
    before, after = (_text(side, item, part.key, value) for side, value in ((old, part.before), (new, part.after)))
    return Line(part.key, label, before, after, part.key in ("when", "require"))


def _text(side: Side, item: LawDifference, key: str, value: Any) -> str:
    if value is None or value in ("", ()):
        return ""
    if key in RULE_WORDS:
        return gettext(RULE_WORDS[key].get(value, value))
    if item.table == "parameter" and key == "value":
        return value_text(side.pack, f"parameter.{item.id}", value, gettext)
    if isinstance(value, tuple):
        return "；".join(kinds_named(side, value)) if key in ("evidence", "materials") else "；".join(_one(entry) for entry in value)
    return value_text(side.pack, "", value, gettext)


def _one(entry: Any) -> str:
    if isinstance(entry, Clause):
        return clause_text(entry)
    if isinstance(entry, EvidenceField):
        return f"{entry.label}{gettext('（必填）') if entry.required else ''}"
    return str(entry)
