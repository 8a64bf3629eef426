"""What a person sees of self-ratings beside the evidence: one project with every factor, and the list of differences. Changes nothing.

The unit sees the comparison at once; everybody above it sees it when the unit has answered, or when its time to answer is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from sixgate.domain.authority import Target, post_permitting
from sixgate.domain.planning.confidence import COLOURS, LABELS, Confidence, Factor, Weights, gap_bp, wants_answer
from sixgate.kernel.money import wan_text
from sixgate.kernel.provenance import Fact, FactValue
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.workcalendar import national
from sixgate.records.models import Project
from sixgate.records.queries.ratings import Rated, Reported, newest_rated, ratings_of, reported_in, reports_of
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI, Actor, today
from sixgate.usecases._offers import speaks_english
from sixgate.usecases._project import target_of
from sixgate.usecases.planning.confidence import confidences
from sixgate.usecases.planning.rating_words import rating_words, word_for
from sixgate.usecases.planning.ratings import unit_duties

MOST: Final = 300
TOLD: Final = 2  # factors named in a line of the list


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One line of proof, in the shape proof.html reads."""

    label: str
    value: str
    source: str
    at: datetime | None
    keyed_by: str
    checked_by: str
    formula: str
    version_id: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ShownFactor:
    """One factor in words; percentages of the whole. `lacking` says why nothing is known of it."""

    id: str
    title: str
    amount: str
    weight: int
    trouble: int | None
    taken: str
    facts: tuple[ShownFact, ...]
    lacking: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the evidence says beside what the colour promises (`stated`), in percent. None where it cannot be told; `known` is the weight known."""

    percent: int | None
    stated: int | None
    known: int
    version: str
    gap: int | None
    wants_answer: bool
    factors: tuple[ShownFactor, ...]

    @property
    def apart(self) -> int:
        """Return how many points the two are apart, whichever is higher."""
        return abs(self.gap or 0)

    @property
    def telling(self) -> tuple[ShownFactor, ...]:
        """Return the factors that take most off."""
        return tuple(factor for factor in self.factors if factor.trouble)[:TOLD]

    @property
    def known_factors(self) -> tuple[ShownFactor, ...]:
        """Return the factors that count."""
        return tuple(factor for factor in self.factors if not factor.lacking)

    @property
    def left_out(self) -> tuple[ShownFactor, ...]:
        """Return the factors of which nothing is known."""
        return tuple(factor for factor in self.factors if factor.lacking)


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A unit's own words on a difference, with what the evidence gave then."""

    text: str
    person: str
    at: datetime
    percent: int
    version: str


@dataclass(frozen=True, slots=True)
class PastRating:
    """One rating with its answers."""

    colour: str
    colour_title: str
    on: date
    person: str
    note: str
    answers: tuple[PastAnswer, ...]


@dataclass(frozen=True, slots=True)
class RatingSheet:
    """One project's ratings. `comparison` is None for a reader above the unit while it may answer first; `first` tells that this still runs, until
    and with `answer_by`. `imported`: the colour is a register's word."""

    project_id: UUID
    project: str
    colour: str
    colour_title: str
    rated_on: date | None
    note: str
    person: str
    reported: str
    imported: bool
    comparison: Comparison | None
    answer_by: date | None
    first: bool
    answered: bool
    may_rate: bool
    may_answer: bool
    past: tuple[PastRating, ...]

    @property
    def tells_more(self) -> bool:
        """Tell whether the past holds more than the rating shown."""
        return len(self.past) > 1 or any(rating.answers for rating in self.past)


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One project in the list of differences."""

    project_id: UUID
    project: str
    owner: str
    colour: str
    colour_title: str
    rated_on: date
    comparison: Comparison
    answer: str
    answered_on: datetime | None
    imported: bool


@dataclass(frozen=True, slots=True)
class DifferenceList:
    """What may be seen of differences: those to look into, the widest first; how many agree, cannot be told, or are still the unit's to answer."""

    rows: tuple[DifferenceRow, ...]
    agreeing: int
    unknown: int
    waiting: int
    capped: bool


def rating_sheet(actor: Actor, project_id: UUID) -> RatingSheet:
    """Return a project's self-rating beside the evidence as this reader may see it; raise Invisible when the project is not visible."""
    project = _visible(actor).select_related("owner").filter(pk=project_id).first()
    if project is None:
        raise Invisible
    on = today()
    confidence, weights = confidences([project.id], on, english=speaks_english())[project.id]
    said = _said(project.id, ratings_of([project.id]), reports_of([project.id]), weights)
    seen = said.open_to(on) or _speaks_for(actor, project)
    comparison = _comparison(said.colour, confidence, weights) if seen else None
    active = project.status == "active"
    asked = comparison is not None and comparison.wants_answer and bool(said.ratings) and not said.answered
    return RatingSheet(
        project.id,
        project.name,
        said.colour,
        _colour(said.colour),
        said.on,
        said.ratings[0].note if said.ratings else "",
        said.ratings[0].person if said.ratings else "",
        said.reported,
        said.imported,
        comparison,
        said.answer_by,
        not said.open_to(on),
        said.answered,
        active and _may(actor, "planning.rate_project", project),
        active and asked and _may(actor, "planning.answer_difference", project),
        tuple(_past(rating) for rating in said.ratings),
    )


def differences(actor: Actor) -> DifferenceList:
    """Return the differences a reader may see among the projects visible to them, the widest first."""
    on = today()
    projects = _visible(actor)
    words = sorted({word.text for word in rating_words()})
    keys = [*newest_rated(projects, MOST + 1), *reported_in(projects, words, MOST + 1)]
    capped, keys = len(keys) > MOST, keys[:MOST]
    found = {project.id: project for project in projects.filter(pk__in=keys).select_related("owner")}
    ratings, reports = ratings_of(keys), reports_of(keys)
    judged = confidences(keys, on, english=speaks_english())
    rows: list[DifferenceRow] = []
    agreeing = unknown = waiting = 0
    for key in keys:
        confidence, weights = judged[key]
        said = _said(key, ratings, reports, weights)
        if not said.colour or said.on is None:
            continue
        if not said.open_to(on) and not _speaks_for(actor, found[key]):
            waiting += 1
            continue
        comparison = _comparison(said.colour, confidence, weights)
        if comparison.gap is None:
            unknown += 1
        elif not comparison.wants_answer:
            agreeing += 1
        else:
            rows.append(_row(found[key], said, said.on, comparison))
    return DifferenceList(tuple(sorted(rows, key=lambda row: -(row.comparison.gap or 0))), agreeing, unknown, waiting, capped)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a unit, or the register it came in with, says of a project, and until when the unit may answer first."""

    colour: str
    on: date | None
    ratings: Sequence[Rated]
    reported: str
    imported: bool
    answer_by: date | None

    @property
    def answered(self) -> bool:
        return bool(self.ratings) and bool(self.ratings[0].answers)

    def open_to(self, on: date) -> bool:
        """Tell whether readers above the unit may see the comparison: nothing was said, it answered, or its time is over."""
        return self.answer_by is None or self.answered or on > self.answer_by


def _said(key: UUID, ratings: Mapping[UUID, Sequence[Rated]], reports: Mapping[UUID, Reported], weights: Weights) -> _Said:
    mine, report = ratings.get(key, ()), reports.get(key)
    if mine:
        return _Said(mine[0].colour, mine[0].on, mine, report.words if report else "", False, _until(_waiting_since(mine), weights))
    if report is None:
        return _Said("", None, (), "", False, None)
    day = report.at.astimezone(SHANGHAI).date()
    word = word_for(report.words, day)
    if word is None:
        return _Said("", None, (), report.words, False, None)
    return _Said(word.colour, day, (), report.words, True, _until(day, weights))


def _waiting_since(ratings: Sequence[Rated]) -> date:
    """Return the day of the first rating that no answer has followed: rating again does not begin the time anew."""
    since = ratings[0]
    for rating in ratings:
        if rating.answers:
            break
        since = rating
    return since.at.astimezone(SHANGHAI).date()


def _until(day: date, weights: Weights) -> date:
    return national().add_workdays(day, weights.answer_workdays)


def _comparison(colour: str, confidence: Confidence, weights: Weights) -> Comparison:
    gap = gap_bp(colour, confidence, weights)
    return Comparison(
        None if confidence.bp is None else round(confidence.bp / 100),
        weights.stated_bp[colour] // 100 if colour else None,
        confidence.known_bp // 100,
        confidence.version,
        None if gap is None else round(gap / 100),
        wants_answer(gap, weights),
        tuple(_factor(factor) for factor in confidence.factors),
    )


def _factor(factor: Factor) -> ShownFactor:
    return ShownFactor(
        factor.id,
        gettext(factor.title),
        "" if factor.amount is None else _amount(factor.amount, factor.unit),
        factor.weight_bp // 100,
        None if factor.trouble_bp is None else factor.trouble_bp // 100,
        f"{factor.taken_bp / 100:.1f}",
        tuple(_fact(fact) for fact in factor.facts),
        gettext(factor.lacking) if factor.lacking else "",
    )


def _amount(amount: int, unit: str) -> str:
    if unit == "bp":
        return f"{amount // 100}%"
    words = {
        "day": ngettext("{n} 天", "{n} 天", amount),
        "time": ngettext("{n} 次", "{n} 次", amount),
        "item": ngettext("{n} 项", "{n} 项", amount),
    }
    return words[unit].format(n=amount)


def _fact(fact: Fact) -> ShownFact:
    proof = fact.provenance
    return ShownFact(
        gettext(LABELS[fact.name]),
        _value(fact.name, fact.value),
        gettext(proof.source) if proof.source else "",
        proof.at,
        proof.keyed_by,
        proof.checked_by,
        gettext(proof.formula) if proof.formula else "",
    )


def _value(name: str, value: FactValue) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if name.endswith("_fen") and isinstance(value, int):
        return gettext("{wan} 万元").format(wan=wan_text(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _past(rating: Rated) -> PastRating:
    answers = tuple(PastAnswer(item.text, item.person, item.at, round(item.confidence_bp / 100), item.version) for item in rating.answers)
    return PastRating(rating.colour, _colour(rating.colour), rating.on, rating.person, rating.note, answers)


def _colour(colour: str) -> str:
    return gettext(dict(COLOURS)[colour]) if colour else ""


def _row(project: Project, said: _Said, on: date, comparison: Comparison) -> DifferenceRow:
    answer = said.ratings[0].answers[-1] if said.answered else None
    return DifferenceRow(
        project.id,
        project.name,
        project.owner.name,
        said.colour,
        _colour(said.colour),
        on,
        comparison,
        answer.text if answer else "",
        answer.at if answer else None,
        said.imported,
    )


def _visible(actor: Actor) -> QuerySet[Project]:
    return visible_projects(actor.posts, dict(_law.duties(today())))


def _speaks_for(actor: Actor, project: Project) -> bool:
    """Tell whether a person belongs to the unit itself."""
    return any(post.organisation_id == project.owner_id and post.holds_on(today()) for post in actor.posts)


def _may(actor: Actor, address: str, project: Project) -> bool:
    own = unit_duties(today())
    posts = [post for post in actor.posts if post.duty in own]
    target: Target = target_of(project)
    return post_permitting(address, posts, _law.duties(today()), target, today()) is not None
