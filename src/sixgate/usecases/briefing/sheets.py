"""The sheets of a workbook: every number with where it comes from, who keyed it, who checked it, when, and the digest of its source."""

from collections.abc import Iterable, Sequence

from sixgate.engines.documents.xlsx import Column, Sheet, Value
from sixgate.records.queries import dossier_view as view
from sixgate.usecases._frame import REGISTRY
from sixgate.usecases.briefing._words import DEADLINES, EFFECTS, KINDS, VERDICTS, moment, open_text, titled, wan_number
from sixgate.usecases.lifecycle.reading.deadlines import DeadlineLine
from sixgate.usecases.lifecycle.reading.shapes import GatePanel, PanelFact, PanelRow, SpineNumber

OVERVIEW = (Column("项目", 22), Column("内容", 70, mixed=True))
VERDICT_COLUMNS = (
    Column("决策点", 18), Column("要求", 34), Column("对象", 18), Column("判定", 9), Column("性质", 11), Column("效力", 8), Column("依据", 40),
    Column("事实", 26), Column("值", 22), Column("来自", 26), Column("登记人", 11), Column("核对人", 11), Column("时间", 17), Column("算法或缺什么", 30),
    Column("摘要（SM3）", 36), Column("由谁补", 14), Column("怎么办", 40),
)  # fmt: skip
MONEY_COLUMNS = (
    Column("类别", 10), Column("名称", 28), Column("年度或日期", 14), Column("金额（万元）", 16, money=True), Column("来源或对方", 28),
    Column("文号或凭证", 24), Column("登记人", 11), Column("核对人", 11), Column("时间", 17), Column("说明", 28), Column("摘要（SM3）", 36),
)  # fmt: skip
DEADLINE_COLUMNS = (
    Column("期限", 34), Column("对象", 18), Column("状态", 10), Column("从何时起算", 24), Column("起算日", 12), Column("到期日", 12),
    Column("办结日", 12), Column("剩余（负数为已过）", 12), Column("单位", 8), Column("暂定", 8), Column("办理单位", 14), Column("依据", 44), Column("怎么办", 40),
)  # fmt: skip
LEDGER_COLUMNS = (Column("时间", 17), Column("事项", 22), Column("办理人", 12), Column("事件编号", 38), Column("承诺值（SM3）", 66))
NO_FACT = PanelFact("", "", "", "")


def overview(rows: Iterable[tuple[str, Value]]) -> Sheet:
    """Return the first sheet: names and values."""
    return Sheet("概览", OVERVIEW, [tuple(row) for row in rows])


def verdicts(panels: Iterable[GatePanel]) -> Sheet:
    """Return a line for every fact every requirement of the gates has read."""
    rows = [_fact_row(panel, row, fact) for panel in panels for row in panel.rows for fact in (row.proof or (NO_FACT,))]
    return Sheet("决策点判定", VERDICT_COLUMNS, rows)


def money(spine: Sequence[SpineNumber], found: view.Money) -> Sheet:
    """Return the six numbers with their proof, then the funding lines, contracts and payments."""
    rows: list[Sequence[Value]] = [_number_row(item) for item in spine]
    rows += [
        ("经费来源", titled("funding", line.source), str(line.year), wan_number(line.amount_fen), "", line.document_no, *[None] * 5)
        for line in found.funding
    ]
    for contract in found.contracts:
        for item in (contract, *contract.supplements):
            kind = "合同" if item is contract else "补充合同"
            rows.append((kind, item.title, item.signed_on, wan_number(item.amount_fen), item.supplier, item.number, *[None] * 5))
            rows += [("支付", item.title, paid.paid_on, wan_number(paid.amount_fen), "", paid.voucher, *[None] * 5) for paid in item.payments]
    return Sheet("经费", MONEY_COLUMNS, rows)


def deadlines(lines: Iterable[DeadlineLine]) -> Sheet:
    """Return the periods, those that run and those that ended."""
    rows = [
        (
            line.title, line.subject, DEADLINES[line.state], line.anchor, line.since, line.due, line.done, line.left,
            "工作日" if line.in_workdays else "自然日", "是" if line.provisional else "", line.supplier, "；".join(line.clauses) or "产品惯例",
            "" if line.done else line.remedy,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet("期限", DEADLINE_COLUMNS, rows)


def ledger(acts: Iterable[view.PastAct]) -> Sheet:
    """Return the acts by which everything above came about, with the value each is bound to."""
    titles = {address: verb.title for address, verb in REGISTRY.items()}
    rows = [(moment(act.at), titles.get(act.action, act.action), act.person, str(act.id), act.digest) for act in acts]
    return Sheet("存证", LEDGER_COLUMNS, rows)


def _fact_row(panel: GatePanel, row: PanelRow, fact: PanelFact) -> Sequence[Value]:
    lacking = "还缺：" + "、".join(row.missing) if row.missing and fact is NO_FACT else fact.formula
    return (
        panel.title, row.title, row.subject, VERDICTS[row.verdict], KINDS.get(row.kind, row.kind), EFFECTS.get(row.effect, row.effect),
        "；".join(row.clauses) or "产品惯例", fact.label, open_text(fact.value), fact.source, fact.keyed_by, fact.checked_by, moment(fact.at), lacking or row.reason,
        fact.digest, row.supplier, row.remedy if row.verdict in ("unmet", "unknown") else "",
    )  # fmt: skip


def _number_row(item: SpineNumber) -> Sequence[Value]:
    fact = item.fact or NO_FACT
    said = "" if item.fen is not None else open_text(fact.value) or "还不知道"
    said = "；".join(part for part in (said, fact.formula) if part)
    return ("资金主线", item.label, "", wan_number(item.fen), fact.source, "", fact.keyed_by, fact.checked_by, moment(fact.at), said, fact.digest)
