"""A unit rates its own project and answers, before anybody above sees it, where the evidence says something else."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sixgate.domain.planning.confidence import COLOURS, Confidence, Factor, gap_bp, wants_answer
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.workcalendar import national
from sixgate.records.models import RatingAnswer, SelfRating
from sixgate.usecases import _law
from sixgate.usecases._frame import Act, Answer, Label, plain, verb
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, target_of
from sixgate.usecases.planning.confidence import confidences

COLOUR_CHOICES = (
    ("", gettext_noop("请选择")),
    ("green", gettext_noop("绿：能按计划完成，没有大的问题")),
    ("amber", gettext_noop("黄：能完成，但有问题要盯住")),
    ("red", gettext_noop("红：按现在的计划难以完成")),
)


@verb("planning.rate_project", gettext_noop("自评"))
def rate_project(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    colour: Annotated[str, Label(gettext_noop("现在的状态"), choices=COLOUR_CHOICES)],
    note: Annotated[str, Label(gettext_noop("说明"), gettext_noop("黄和红请写明问题和打算；绿可以不写。"), multiline=True, longest=500)] = "",
    on: Annotated[date | None, Label(gettext_noop("截至哪天"), gettext_noop("不填就是今天。"))] = None,
) -> Answer:
    """Write down the unit's own colour for its project; return what the evidence says and until when the unit may answer first."""
    project = locked(act, project_id)
    act.permit(target_of(project), duties=unit_duties(act.day))
    day = on or act.day
    _check(colour, note, day, act.day, SelfRating.objects.filter(project=project).order_by("-on").values_list("on", flat=True).first())
    confidence, weights = confidences([project.id], act.day)[project.id]
    gap = gap_bp(colour, confidence, weights)
    rating = SelfRating.objects.create(project=project, colour=colour, note=note.strip(), on=day, person_id=act.actor.id, event_id=act.event_id)
    act.enter("self_rating", rating.id, project_id=project.id, colour=colour, note=rating.note, on=day)
    return {
        "rating": str(rating.id),
        "confidence_bp": confidence.bp,
        "gap_bp": gap,
        "wants_answer": wants_answer(gap, weights),
        "answer_by": national().add_workdays(act.day, weights.answer_workdays).isoformat(),
    }


@verb("planning.answer_difference", gettext_noop("答复差异"))
def answer_difference(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    text: Annotated[str, Label(gettext_noop("答复"), gettext_noop("依据没有反映到的情况、正在补的材料、打算怎么办，都可以写。"), multiline=True)],
) -> Answer:
    """Keep the unit's word on the difference between its latest rating and the evidence, with the factors as they are now."""
    project = locked(act, project_id)
    act.permit(target_of(project), duties=unit_duties(act.day))
    if not text.strip():
        raise InputRefused({"text": gettext_noop("请写下答复。")})
    rating = SelfRating.objects.filter(project=project).order_by("-event__at", "-id").first()
    if rating is None:
        raise Conflict("not_rated", gettext_noop("还没有自评，没有可以答复的差异。"), remedy=gettext_noop("请先自评。"))
    if rating.answers.exists():
        raise Conflict(
            "already_answered", gettext_noop("这次自评的差异已经答复过，答复会一直保留。"), remedy=gettext_noop("情况有变的，请重新自评。")
        )
    confidence, weights = confidences([project.id], act.day)[project.id]
    gap = gap_bp(rating.colour, confidence, weights)
    if confidence.bp is None or gap is None:
        raise Conflict("confidence_unknown", gettext_noop("知道的事实还不够，算不出信心，现在没有可以答复的差异。"))
    if not wants_answer(gap, weights):
        raise Conflict("no_difference", gettext_noop("自评与依据大体相符，不需要答复。"))
    answer = RatingAnswer.objects.create(
        rating=rating,
        weights_version=confidence.version[:20],
        confidence_bp=confidence.bp,
        factors=kept_factors(confidence),
        text=text.strip(),
        person_id=act.actor.id,
        at=act.at,
        event_id=act.event_id,
    )
    act.enter(
        "rating_answer",
        answer.id,
        project_id=project.id,
        rating=rating.id,
        confidence_bp=confidence.bp,
        gap_bp=gap,
        weights_version=answer.weights_version,
        taken_bp={factor.id: factor.taken_bp for factor in confidence.factors if factor.amount is not None},
        text=answer.text,
    )
    return {"answer": str(answer.id), "confidence_bp": confidence.bp, "gap_bp": gap}


def unit_duties(day: date) -> Collection[str]:
    """Return the duties a unit itself holds: a rating is the unit's own word, so nobody above gives it in its stead."""
    return tuple(duty.id for duty in _law.duties(day).values() if duty.scope != "region")


def kept_factors(confidence: Confidence) -> list[dict[str, Any]]:
    """Return the factors as they are kept beside an answer."""
    return [_kept(factor) for factor in confidence.factors]


def _kept(factor: Factor) -> dict[str, Any]:
    facts = [
        {"name": fact.name, "value": plain(fact.value), "source": fact.provenance.source, "formula": fact.provenance.formula} for fact in factor.facts
    ]
    return {
        "id": factor.id,
        "weight_bp": factor.weight_bp,
        "amount": factor.amount,
        "trouble_bp": factor.trouble_bp,
        "taken_bp": factor.taken_bp,
        "facts": facts,
    }


def _check(colour: str, note: str, day: date, today: date, latest: date | None) -> None:
    wrong: dict[str, str] = {}
    if colour not in dict(COLOURS):
        wrong["colour"] = gettext_noop("请选择绿、黄或红。")
    if colour in ("amber", "red") and not note.strip():
        wrong["note"] = gettext_noop("请写明问题和打算。")
    if day > today:
        wrong["on"] = gettext_noop("自评的日期不能晚于今天。")
    elif latest is not None and day < latest:
        wrong["on"] = gettext_noop("自评的日期不能早于上一次自评。")
    if wrong:
        raise InputRefused(wrong)
