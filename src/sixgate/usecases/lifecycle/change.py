"""Filing a change: judged on its three axes with all changes before it, written down with what it entails."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Sum

from sixgate.domain.lifecycle.change import QUESTIONS, Amounts, change_facts
from sixgate.domain.lifecycle.frozen import plain_fact
from sixgate.domain.lifecycle.wording import clause_text
from sixgate.engines.rules.evaluate import ChangeOutcome, judge_change
from sixgate.engines.rules.schema import ChangeRule
from sixgate.kernel.provenance import Fact, FactSheet
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Change, Contract, Project
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import Standing, locked, refresh, standing, target_of
from sixgate.usecases.lifecycle.staged import stage_of, staged_verb


@staged_verb("file_change", gettext_noop("申报变更"))
def file_change(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    title: Annotated[str, Label(gettext_noop("变更事项"), longest=300)],
    reason: Annotated[str, Label(gettext_noop("变更原因"), multiline=True)],
    answers: Annotated[dict[str, bool], Label(gettext_noop("变更情况"), gettext_noop("逐项回答；不能确定的留空，判为“待补”。"))] = {},  # noqa: B006 - never changed
    increase_fen: Annotated[int, Label(gettext_noop("增加金额（万元）"))] = 0,
    decrease_fen: Annotated[int, Label(gettext_noop("减少金额（万元）"))] = 0,
    contract_id: Annotated[UUID | None, Label(gettext_noop("涉及的合同"))] = None,
    supplement_fen: Annotated[int | None, Label(gettext_noop("补充合同金额（万元）"))] = None,
    planned_finish: Annotated[date | None, Label(gettext_noop("变更后的计划完成日"))] = None,
) -> Answer:
    """File a change and return what it entails on every axis; approvals that rest on what it changes turn stale."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    here = standing(project.id, act.day)
    if here.course.stage != stage_of(act):
        raise Conflict("stage_differs", gettext_noop("项目不在这个阶段，请在现在的阶段申报变更。"))
    _check(title, reason, answers, increase_fen, decrease_fen)
    facts = change_facts(answers, _amounts(here, increase_fen, decrease_fen, _contract(project, contract_id), supplement_fen))
    sheet = FactSheet("change", str(act.event_id), normalise(title), {**here.dossier.project.facts, **facts})
    outcomes = judge_change(here.pack, sheet, act.day, here.activated)
    obligations = [_obligation(here.pack.change_rules[item.rule_id], item) for item in outcomes if item.answer != "miss"]
    change = Change.objects.create(
        project=project,
        title=normalise(title),
        reason=reason.strip(),
        facts=[plain_fact(sheet, fact) for fact in facts.values()],
        obligations=obligations,
        filed_on=act.day,
        increase_fen=increase_fen,
        decrease_fen=decrease_fen,
        event_id=act.event_id,
    )
    finish_before = project.planned_finish
    _apply(project, increase_fen - decrease_fen, planned_finish)
    act.enter(
        "change",
        change.id,
        project_id=project.id,
        title=change.title,
        increase_fen=increase_fen,
        decrease_fen=decrease_fen,
        answers=answers,
        planned_finish=planned_finish,
        planned_finish_before=finish_before,
        obligations=[{"id": item["id"], "answer": item["answer"]} for item in obligations],
    )
    return {"change": str(change.id), "obligations": obligations, "stale_gates": sorted(refresh(project, act.day).stale())}


def _check(title: str, reason: str, answers: dict[str, bool], increase_fen: int, decrease_fen: int) -> None:
    wrong = {f"answers.{name}": gettext_noop("没有这一项，请删去。") for name in answers if name not in QUESTIONS}
    if not 2 <= len(normalise(title)) <= 300:
        wrong["title"] = gettext_noop("变更事项须为 2 到 300 个字。")
    if not reason.strip():
        wrong["reason"] = gettext_noop("请写明变更原因。")
    wrong |= {name: gettext_noop("金额不能小于零。") for name, fen in (("increase_fen", increase_fen), ("decrease_fen", decrease_fen)) if fen < 0}
    if wrong:
        raise InputRefused(wrong)


def _contract(project: Project, contract_id: UUID | None) -> Contract | None:
    if contract_id is None:
        return None
    contract = Contract.objects.filter(pk=contract_id, project=project, original=None).first()
    if contract is None:
        raise InputRefused({"contract_id": gettext_noop("请选择本项目的原合同。")})
    return contract


def _amounts(here: Standing, increase: int, decrease: int, contract: Contract | None, supplement: int | None) -> Amounts:
    facts = here.dossier.project.facts
    earlier = Change.objects.filter(project_id=here.project_id).values_list("increase_fen", "decrease_fen")
    before = contract.supplements.aggregate(sum=Sum("amount_fen"))["sum"] or 0 if contract else 0
    approved = _fen(facts, "money.budget_estimate_fen")
    return Amounts(
        increase,
        decrease,
        list(earlier),
        approved if approved is not None else _registered(here, list(earlier)),
        _fen(facts, "money.estimate_fen"),
        supplement,
        before,
        contract.amount_fen if contract else None,
    )


def _registered(here: Standing, earlier: list[tuple[int, int]]) -> int | None:
    """Return the registered amount as it stood before any change: the base where no approved estimate is on file."""
    amount = _fen(here.dossier.project.facts, "project.amount_fen")
    return None if amount is None else amount - sum(plus - minus for plus, minus in earlier)


def _fen(facts: Any, name: str) -> int | None:
    fact: Fact | None = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) else None


def _obligation(rule: ChangeRule, outcome: ChangeOutcome) -> dict[str, Any]:
    return {
        "id": rule.id,
        "axis": rule.axis,
        "title": rule.title,
        "answer": outcome.answer,
        "effect": outcome.effect,
        "conclusion": rule.conclusion,
        "materials": list(rule.materials),
        "clause": [clause_text(clause) for clause in rule.clauses],
        "missing": list(outcome.missing),
    }


def _apply(project: Project, net_fen: int, planned_finish: date | None) -> None:
    """Write the new amount and day into the register: what was approved is then seen to differ from what stands."""
    if project.amount_fen is not None:
        project.amount_fen = max(project.amount_fen + net_fen, 0)
    project.planned_finish = planned_finish or project.planned_finish
    project.version += 1
    project.save(update_fields=["amount_fen", "planned_finish", "version"])
