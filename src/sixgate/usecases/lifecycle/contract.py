"""Contracts with their parties and amounts, and what was paid under them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.db.models import Sum

from sixgate.kernel.money import wan_text
from sixgate.kernel.refusal import Conflict
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Contract, Organisation, Payment
from sixgate.usecases._frame import Act, Answer, Label
from sixgate.usecases._input import InputRefused
from sixgate.usecases._project import locked, refresh, target_of
from sixgate.usecases.lifecycle.staged import staged_verb


@staged_verb("record_contract", gettext_noop("登记合同"))
def record_contract(
    act: Act,
    *,
    project_id: Annotated[UUID, Label(gettext_noop("项目"))],
    title: Annotated[str, Label(gettext_noop("合同名称"), longest=300)],
    supplier_id: Annotated[UUID, Label(gettext_noop("供应商"))],
    amount_fen: Annotated[int, Label(gettext_noop("合同金额（万元）"))],
    signed_on: Annotated[date, Label(gettext_noop("签订日期"))],
    number: Annotated[str, Label(gettext_noop("合同编号"), longest=80)] = "",
    original_id: Annotated[UUID | None, Label(gettext_noop("补充的是哪份合同"), gettext_noop("补充合同才填。"))] = None,
) -> Answer:
    """Register a contract of a project, or a supplement to one; return its id."""
    project = locked(act, project_id)
    act.permit(target_of(project))
    name = normalise(title)
    wrong = _wrong(act, name, amount_fen, signed_on)
    supplier = Organisation.objects.filter(pk=supplier_id, ended_on=None).first()
    if supplier is None:
        wrong["supplier_id"] = gettext_noop("请从单位名录中选择供应商；没有的，先登记单位。")
    if original_id and not Contract.objects.filter(pk=original_id, project=project, original=None).exists():
        wrong["original_id"] = gettext_noop("请选择本项目的原合同。")
    if wrong or supplier is None:
        raise InputRefused(wrong)
    contract = Contract.objects.create(
        project=project,
        original_id=original_id,
        title=name,
        number=number.strip(),
        supplier=supplier,
        amount_fen=amount_fen,
        signed_on=signed_on,
        event_id=act.event_id,
    )
    act.enter("contract", contract.id, project_id=project.id, title=name, supplier=supplier.id, amount_fen=amount_fen, original=original_id)
    refresh(project, act.day)
    return {"contract": str(contract.id)}


@staged_verb("record_payment", gettext_noop("登记支付"))
def record_payment(
    act: Act,
    *,
    contract_id: Annotated[UUID, Label(gettext_noop("合同"))],
    amount_fen: Annotated[int, Label(gettext_noop("支付金额（万元）"))],
    paid_on: Annotated[date, Label(gettext_noop("支付日期"))],
    voucher: Annotated[str, Label(gettext_noop("凭证号"), longest=80)] = "",
) -> Answer:
    """Record money paid under a contract; the sum never exceeds the contract with its supplements (2.5.2)."""
    project_id = Contract.objects.filter(pk=contract_id).values_list("project_id", flat=True).first()
    project = locked(act, project_id or contract_id)
    act.permit(target_of(project))
    contract = Contract.objects.get(pk=contract_id)
    if amount_fen <= 0:
        raise InputRefused({"amount_fen": gettext_noop("支付金额须大于零。")})
    if not contract.signed_on <= paid_on <= act.day:
        raise InputRefused({"paid_on": gettext_noop("支付日期须在签订日之后、今天之前。")})
    left = _left(contract)
    if amount_fen > left:
        raise Conflict(
            "paid_beyond_contract",
            gettext_noop("支付后会超过合同金额，还可支付 {left} 万元。"),
            field="amount_fen",
            remedy=gettext_noop("确有增加的，请先登记补充合同。"),
            left=wan_text(left),
        )
    payment = Payment.objects.create(contract=contract, amount_fen=amount_fen, paid_on=paid_on, voucher=voucher.strip(), event_id=act.event_id)
    act.enter("payment", payment.id, project_id=project.id, contract=contract.id, amount_fen=amount_fen, paid_on=paid_on, voucher=voucher.strip())
    refresh(project, act.day)
    return {"payment": str(payment.id), "left_fen": left - amount_fen}


def _wrong(act: Act, name: str, amount_fen: int, signed_on: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not 2 <= len(name) <= 300:
        wrong["title"] = gettext_noop("合同名称须为 2 到 300 个字。")
    if amount_fen <= 0:
        wrong["amount_fen"] = gettext_noop("合同金额须大于零。")
    if signed_on > act.day:
        wrong["signed_on"] = gettext_noop("签订日期不能晚于今天。")
    return wrong


def _left(contract: Contract) -> int:
    """Return what may still be paid under a contract: its amount with supplements, less what was paid, in 分."""
    supplements = contract.supplements.aggregate(sum=Sum("amount_fen"))["sum"] or 0
    paid = contract.payments.aggregate(sum=Sum("amount_fen"))["sum"] or 0
    return int(contract.amount_fen + supplements - paid)
