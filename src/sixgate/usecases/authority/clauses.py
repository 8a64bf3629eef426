"""Verbs of 授权 on clauses: a 法制 officer puts a clause in force at a place, or takes it out, each on a signed paper.

A template rule only warns until then. The latest word counts; a word of the province holds in its cities.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sixgate.domain.authority import Target, region_prefix, why_not_switched
from sixgate.engines.rules.evaluate import effect
from sixgate.engines.rules.schema import Activation, Pack, Requirement, Rule
from sixgate.kernel.identity import check_document_no, load_divisions
from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import ClauseActivation
from sixgate.records.queries.clauses import ClauseWord, latest_words
from sixgate.records.store import FileRef, adopt, discard
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._project import law_for
from sixgate.usecases._screening import UPLOAD_SCREENING, screened, visible_words

TARGET = Label(gettext_noop("条款"), gettext_noop("规则包中要求、期限或变更规则的编号。"))
PLACE = Label(gettext_noop("适用地区"), gettext_noop("行政区划代码；上级启用的，下级也适用。"))
DOCUMENT = Label(gettext_noop("依据文件"), gettext_noop("写文件全名。"))
NUMBER = Label(gettext_noop("文号"), gettext_noop("照文件写，如 穗府办〔2026〕12号。"))
ARTICLE = Label(gettext_noop("条款号"), gettext_noop("有把握才写，如 第十二条。"), longest=80)
SIGNED = Label(gettext_noop("签署日期"))
TEXT = Label(gettext_noop("文件原文"), gettext_noop("扫描件或电子件，存其摘要，日后可对。"))
NOTE = Label(gettext_noop("说明"), multiline=True, longest=300)


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule as it stands at a place: what it does there, by whose word, and why it cannot be switched where it cannot."""

    rule: Rule
    table: str
    gate: str
    effect: str
    activated: bool
    by_pack: Activation | None
    word: ClauseWord | None
    fixed: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What an officer signs: the document, its 文号, date and article, its text where it is handed in."""

    document: str
    number: str
    signed_on: date
    article: str
    text: FileRef | None
    note: str


@verb("authority.activate_clause", gettext_noop("启用条款"))
def activate_clause(
    act: Act,
    *,
    target: Annotated[str, TARGET],
    jurisdiction: Annotated[str, PLACE],
    document: Annotated[str, DOCUMENT],
    number: Annotated[str, NUMBER],
    signed_on: Annotated[date, SIGNED],
    article: Annotated[str, ARTICLE] = "",
    text: Annotated[FileRef | None, TEXT] = None,
    screening: Annotated[str, UPLOAD_SCREENING] = "",
    note: Annotated[str, NOTE] = "",
) -> Answer:
    """Put a rule in force at a place on a signed paper: from now on it locks where it only warned."""
    rule = _rule(act, target, jurisdiction, text, screening)
    if rule.activated:
        raise Conflict("clause_in_force", gettext_noop("这一条在这个地区已经启用。"), field="target")
    return _written(act, rule, jurisdiction, Paper(document, number, signed_on, article, text, note), active=True)


@verb("authority.revoke_clause", gettext_noop("停用条款"))
def revoke_clause(
    act: Act,
    *,
    target: Annotated[str, TARGET],
    jurisdiction: Annotated[str, PLACE],
    document: Annotated[str, DOCUMENT],
    number: Annotated[str, NUMBER],
    signed_on: Annotated[date, SIGNED],
    article: Annotated[str, ARTICLE] = "",
    text: Annotated[FileRef | None, TEXT] = None,
    screening: Annotated[str, UPLOAD_SCREENING] = "",
    note: Annotated[str, NOTE] = "",
) -> Answer:
    """Take a rule out of force at a place on a signed paper: it warns again. What a wider place put in force stays."""
    rule = _rule(act, target, jurisdiction, text, screening)
    if not rule.activated:
        raise Conflict("clause_not_in_force", gettext_noop("这一条在这个地区没有启用。"), field="target")
    if rule.word is not None and rule.word.active and _wider(rule.word.jurisdiction, jurisdiction):
        raise Conflict(
            "clause_from_above", gettext_noop("这一条由上级地区（{place}）启用，只能由上级停用。"), field="jurisdiction", place=rule.word.jurisdiction
        )
    return _written(act, rule, jurisdiction, Paper(document, number, signed_on, article, text, note), active=False)


def standings(jurisdiction: str, day: date, *, english: bool = False) -> list[Standing]:
    """Return every rule of a place in the order of gates, with what it does there and by whose word."""
    pack, activated = law_for(jurisdiction, day, english=english)
    words = latest_words(jurisdiction)
    order = {gate: index for index, gate in enumerate(pack.gates)}
    found = [_standing(pack, table, rule, activated, words, day) for table, rules in _tables(pack) for rule in rules]
    return sorted(found, key=lambda item: (order.get(item.gate, len(order)), item.table != "requirement"))


def _rule(act: Act, target: str, jurisdiction: str, text: FileRef | None, screening: str) -> Standing:
    """Return the rule a word is about; raise Forbidden without the duty there, Refusal for an unknown place or rule or one that is fixed."""
    act.permit(Target(region_code=jurisdiction))
    if text is not None:
        screened(act, screening, visible_words([text]), lambda: discard([text]))
    if jurisdiction not in load_divisions():
        raise Refusal("region_unknown", gettext_noop("没有行政区划代码 {region}。"), field="jurisdiction", region=jurisdiction[:20])
    found = next((item for item in standings(jurisdiction, act.day) if item.rule.id == target), None)
    if found is None:
        raise Refusal("clause_unknown", gettext_noop("这个地区的规则包里没有“{target}”。"), field="target", target=target[:80])
    if found.fixed:
        raise Conflict("clause_fixed", found.fixed, field="target")
    return found


def _written(act: Act, standing: Standing, jurisdiction: str, paper: Paper, *, active: bool) -> Answer:
    if not normalise(paper.document):
        raise Refusal("document_wanted", gettext_noop("请写依据文件的全名。"), field="document")
    if paper.signed_on > act.day:
        raise Refusal("day_ahead", gettext_noop("签署日期不能晚于今天。"), field="signed_on")
    said = {
        "active": active,
        "jurisdiction": jurisdiction,
        "document": normalise(paper.document)[:200],
        "number": _number(paper.number),
        "article": paper.article.strip()[:80],
        "signed_on": paper.signed_on,
        "text_digest": adopt(paper.text).sm3 if paper.text is not None else "",
        "note": paper.note.strip()[:300],
    }
    ClauseActivation.objects.create(target=standing.rule.id, officer_id=act.actor.id, event_id=act.event_id, **said)
    act.enter("clause", standing.rule.id, project_id=None, **said)
    return {"clause": standing.rule.id, "jurisdiction": jurisdiction, "active": active}


def _number(number: str) -> str:
    try:
        return check_document_no(number)
    except Refusal as refusal:
        refusal.field = "number"
        raise


def _wider(area: str, place: str) -> bool:
    return area != place and place.startswith(region_prefix(area))


def _tables(pack: Pack) -> list[tuple[str, list[Rule]]]:
    return [
        ("requirement", [item for item in pack.requirements.values() if item.duty != "check"]),
        ("deadline", list(pack.deadlines.values())),
        ("change_rule", list(pack.change_rules.values())),
    ]


def _standing(pack: Pack, table: str, rule: Rule, activated: frozenset[str], words: dict[str, ClauseWord], day: date) -> Standing:
    return Standing(
        rule,
        table,
        rule.gate if isinstance(rule, Requirement) else "",
        effect(rule, activated),
        rule.id in activated,
        next((item for item in pack.activations if item.target == rule.id and item.signed_on is not None and item.signed_on <= day), None),
        words.get(rule.id),
        why_not_switched(rule.kind, rule.action, rule.scope, rule.confidence),
    )
