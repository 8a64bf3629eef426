"""Judges facts by a pack: every requirement, never stopping. Only `false` is unmet; whatever cannot be known is unknown, never met.

Pure: the day and the activated rules are given. Effects (lock, warn, remind) say what an unmet requirement does to a gate.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sixgate.engines.rules.expression import Answer, Failed, Missing
from sixgate.engines.rules.schema import ChangeRule, Deadline, Pack, Requirement, Rule
from sixgate.kernel.provenance import Fact, FactSheet, FactValue, Provenance
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import Verdict

CENTRAL = "project.is_central"

NOT_IN_FORCE = gettext_noop("该条在这一日期尚未施行或已经失效。")
CENTRAL_ONLY = gettext_noop("该条只约束中央项目，本地未启用。")
NOT_HERE = gettext_noop("适用条件不成立。")
WHEN_UNKNOWN = gettext_noop("尚不能判断是否适用：有事实待补。")
FACTS_WANTED = gettext_noop("有事实待补。")
NOT_COMPUTABLE = gettext_noop("现有数据无法计算，请核对。")
NO_SYSTEM = gettext_noop("尚未登记关联系统。")
NO_CONTRACT = gettext_noop("尚未登记合同。")

_ANSWERS = {True: Verdict.MET, False: Verdict.UNMET}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the facts say of one requirement for one subject.

    `effect` is what it does when not met (lock | warn | remind). `facts_read` are the facts at hand the judgement rests on; `missing` the names still
    wanted. `reason` is product text, empty for met and unmet; `detail` is the engine's own words when the data did not compute.
    """

    requirement_id: str
    subject_type: str
    subject_id: str
    subject_title: str
    verdict: Verdict
    effect: str
    facts_read: tuple[Fact, ...]
    missing: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """What a change entails by one rule: `answer` is hit | miss | unknown."""

    rule_id: str
    axis: str
    answer: str
    effect: str
    facts_read: tuple[Fact, ...]
    missing: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""


class _Reading:
    """Answers expressions from a sheet and the parameters of a day, remembering the facts read."""

    __slots__ = ("detail", "facts", "missing", "pack", "parameters", "read")

    def __init__(self, pack: Pack, sheet: FactSheet, on: date) -> None:
        self.pack = pack
        self.facts = sheet.facts
        self.parameters = parameter_facts(pack, on)
        self.read: dict[str, Fact] = {}
        self.missing: tuple[str, ...] = ()
        self.detail = ""

    def answer(self, text: str) -> Answer:
        """Evaluate one expression on what is known."""
        expression = self.pack.language.compile(text)
        values: dict[str, FactValue] = {}
        for name in expression.reads:
            fact = self.facts.get(name) or self.parameters.get(name)
            if fact is not None:
                self.read[name] = fact
                values[name] = fact.value
        answer = expression.evaluate(values)
        if isinstance(answer, Missing):
            self.missing = answer.names
        elif isinstance(answer, Failed):
            self.detail = answer.text
        return answer

    def is_central(self) -> bool | None:
        """Tell whether the project is central; None when not known."""
        fact = self.facts.get(CENTRAL)
        if fact is None or not isinstance(fact.value, bool):
            self.missing = (CENTRAL,)
            return None
        self.read[CENTRAL] = fact
        return fact.value


@functools.lru_cache(maxsize=64)
def parameter_facts(pack: Pack, on: date) -> Mapping[str, Fact]:
    """Return the parameters in force on a day as facts that name their source."""
    found: dict[str, Fact] = {}
    for ident, parameter in pack.parameters.items():
        value = parameter.value_on(on)
        if value is not None:
            name = f"parameter.{ident}"
            provenance = Provenance("parameter", parameter.title, reference=parameter.source, digest=pack.digest_sm3)
            found[name] = Fact(name, value.value, provenance)
    return found


def effect(rule: Rule, activated: frozenset[str]) -> str:
    """Return what an unmet rule does: lock, warn or remind. Only a verified national rule or one the locality activated locks."""
    if rule.kind == "habit" or rule.action == "remind" or rule.confidence == "unsure":
        return "remind"
    verified = rule.action == "lock" and rule.confidence == "verified" and rule.scope == "national"
    return "lock" if verified or rule.id in activated else "warn"


def judge_requirement(pack: Pack, requirement: Requirement, sheet: FactSheet, on: date, activated: frozenset[str]) -> Outcome:
    """Judge one requirement on one sheet (project facts and, where it speaks of one, those of the system or contract)."""
    reading = _Reading(pack, sheet, on)
    verdict, reason = _verdict(requirement, reading, on, activated)
    return Outcome(
        requirement.id,
        sheet.subject_type,
        sheet.subject_id,
        sheet.subject_title,
        verdict,
        effect(requirement, activated),
        tuple(reading.read.values()),
        reading.missing,
        reason,
        reading.detail,
    )


def _verdict(requirement: Requirement, reading: _Reading, on: date, activated: frozenset[str]) -> tuple[Verdict, str]:
    if not requirement.in_force(on):
        return Verdict.NOT_APPLICABLE, NOT_IN_FORCE
    if requirement.scope == "central" and requirement.id not in activated:
        central = reading.is_central()
        if central is not True:
            return (Verdict.UNKNOWN, WHEN_UNKNOWN) if central is None else (Verdict.NOT_APPLICABLE, CENTRAL_ONLY)
    if requirement.when:
        applies = reading.answer(requirement.when)
        if applies is not True:
            return (Verdict.NOT_APPLICABLE, NOT_HERE) if applies is False else (Verdict.UNKNOWN, _unknown(applies, WHEN_UNKNOWN))
    answer = reading.answer(requirement.require)
    if isinstance(answer, bool):
        return _ANSWERS[answer], ""
    return Verdict.UNKNOWN, _unknown(answer, FACTS_WANTED)


def _unknown(answer: Answer, wanted: str) -> str:
    return NOT_COMPUTABLE if isinstance(answer, Failed) else wanted


def judge(
    pack: Pack,
    requirements: Iterable[Requirement],
    project_sheet: FactSheet,
    subject_sheets: Mapping[str, Sequence[FactSheet]],
    on: date,
    activated: frozenset[str],
) -> tuple[Outcome, ...]:
    """Judge every requirement, in the order given; those on systems or contracts once for each registered one.

    A sheet of `subject_sheets` holds the facts of its subject; those of the project are added, the subject's own win. None registered: one unknown.
    """
    sheets = {"project": [project_sheet]}
    for kind, own in subject_sheets.items():
        sheets[kind] = [FactSheet(item.subject_type, item.subject_id, item.subject_title, {**project_sheet.facts, **item.facts}) for item in own]
    outcomes: list[Outcome] = []
    for requirement in requirements:
        found = sheets.get(requirement.subject) or ()
        outcomes += [judge_requirement(pack, requirement, sheet, on, activated) for sheet in found]
        if not found:
            outcomes.append(_without_subject(pack, requirement, project_sheet, on, activated))
    return tuple(outcomes)


def _without_subject(pack: Pack, requirement: Requirement, project_sheet: FactSheet, on: date, activated: frozenset[str]) -> Outcome:
    """Return the one outcome of a requirement whose subject is not registered: unknown, unless the project alone shows it does not apply."""
    sheet = FactSheet(requirement.subject, "", "", project_sheet.facts)
    outcome = judge_requirement(pack, requirement, sheet, on, activated)
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    reason = NO_SYSTEM if requirement.subject == "system" else NO_CONTRACT
    return Outcome(
        requirement.id,
        requirement.subject,
        "",
        "",
        Verdict.UNKNOWN,
        outcome.effect,
        outcome.facts_read,
        outcome.missing,
        reason,
    )


def deadline_applies(pack: Pack, deadline: Deadline, sheet: FactSheet, on: date, activated: frozenset[str]) -> bool | None:
    """Tell whether a deadline runs for these facts at all; None while a fact is wanted to say so."""
    reading = _Reading(pack, sheet, on)
    if deadline.scope == "central" and deadline.id not in activated:
        central = reading.is_central()
        if central is not True:
            return central
    answer = reading.answer(deadline.when) if deadline.when else True
    return answer if isinstance(answer, bool) else None


def deadline_length(pack: Pack, deadline: Deadline, on: date) -> int | None:
    """Return how many units a deadline runs by the law of a day; None when its parameter has no value then."""
    if not deadline.parameter:
        return deadline.value
    fact = parameter_facts(pack, on).get(f"parameter.{deadline.parameter}")
    return fact.value if fact is not None and isinstance(fact.value, int) else None


def judge_change(pack: Pack, sheet: FactSheet, on: date, activated: frozenset[str]) -> tuple[ChangeOutcome, ...]:
    """Judge a change by every rule on every axis; all hits stand side by side, and what cannot be known says so."""
    return tuple(judge_change_rule(pack, rule, sheet, on, activated) for rule in pack.change_rules.values())


def judge_change_rule(pack: Pack, rule: ChangeRule, sheet: FactSheet, on: date, activated: frozenset[str]) -> ChangeOutcome:
    """Judge a change by one rule."""
    reading = _Reading(pack, sheet, on)
    answer, reason = _change_answer(rule, reading, activated)
    read = tuple(reading.read.values())
    return ChangeOutcome(rule.id, rule.axis, answer, effect(rule, activated), read, reading.missing, reason, reading.detail)


def _change_answer(rule: ChangeRule, reading: _Reading, activated: frozenset[str]) -> tuple[str, str]:
    if rule.scope == "central" and rule.id not in activated:
        central = reading.is_central()
        if central is not True:
            return ("unknown", WHEN_UNKNOWN) if central is None else ("miss", CENTRAL_ONLY)
    answer = reading.answer(rule.when) if rule.when else True
    if isinstance(answer, bool):
        return ("hit", "") if answer else ("miss", "")
    return "unknown", _unknown(answer, FACTS_WANTED)
