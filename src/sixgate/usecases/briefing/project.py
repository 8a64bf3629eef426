"""The papers of one project: how far it has come, what its gate still lacks, money, deadlines; each number is the one its page shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sixgate.domain.axes import STAGE_TITLES
from sixgate.engines.documents.paper import Block, Grid, Heading, Paper, Paragraph
from sixgate.engines.documents.xlsx import Sheet
from sixgate.kernel.refusal import Conflict, Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.queries import dossier_view as view
from sixgate.usecases._frame import Actor
from sixgate.usecases.briefing import sheets
from sixgate.usecases.briefing._words import (
    DEADLINES,
    MARK,
    NOT_KNOWN,
    NOTE,
    VERDICTS,
    day,
    left,
    listed,
    open_text,
    titled,
    visible_to,
    wan,
    wan_number,
    without_secrets,
)
from sixgate.usecases.lifecycle.reading import deadline_sheet, gate_panel, money_spine
from sixgate.usecases.lifecycle.reading.deadlines import DeadlineSheet
from sixgate.usecases.lifecycle.reading.shapes import GatePanel, PanelRow, SpineNumber
from sixgate.usecases.planning.papers import Asked, Contents, composes

STATES = {
    "passed": "已通过", "conditional": "有条件通过", "override": "附理由越过", "recorded": "已批（补录）", "stale": "批准后有变", "requested": "办理中",
    "open": "可以申请", "later": "未到",
}  # fmt: skip
MISSING = ("unmet", "unknown")
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a project, as for a reader without work secrets."""

    head: view.ProjectHead
    panel: GatePanel
    panels: Sequence[GatePanel]
    spine: Sequence[SpineNumber]
    deadlines: DeadlineSheet
    money: view.Money
    acts: Sequence[view.PastAct]

    @property
    def lacking(self) -> list[PanelRow]:
        """Return the rows to be mended, those that hold back first."""
        return sorted((row for row in self.panel.rows if row.verdict in MISSING), key=lambda row: not row.holds_back)

    @property
    def overdue(self) -> int:
        """Return how many periods are past."""
        return sum(line.state == "overdue" for line in self.deadlines.waiting)


@composes("project")
def project_contents(actor: Actor, asked: Asked) -> Contents:
    """Return what the papers of a project say; raise Invisible when the actor cannot see it."""
    read = _read(without_secrets(actor), asked.project_id)
    counts = {verdict: getattr(read.panel, verdict) for verdict in ("unmet", "unknown", "met", "not_applicable")}
    paper = Paper(f"{read.head.name}情况简报", MARK, asked.issuer, asked.on, tuple(_blocks(read)), NOTE)
    return Contents(f"{read.head.name}情况简报", paper, _sheets(read, asked), _values(read, asked), _lists(read), counts)


def _read(reader: Actor, project_id: UUID | None) -> _Read:
    head = view.project_head(visible_to(reader), project_id) if project_id else None
    if head is None:
        raise Invisible
    if head.secrecy == "work_secret":
        raise Conflict(
            "work_secret_project", gettext_noop("这个项目属于工作秘密，不能导出简报。"), remedy=gettext_noop("请在系统内查看，或按保密规定线下办理。")
        )
    panel = gate_panel(reader, head.id)
    others = [tab.gate for tab in panel.tabs if tab.state != "later" and tab.gate != panel.gate]
    return _Read(
        head,
        panel,
        (panel, *(gate_panel(reader, head.id, gate) for gate in others)),
        money_spine(reader, head.id),
        deadline_sheet(reader, head.id),
        view.money_of(head.id),
        tuple(_all_acts(head.id)),
    )


def _all_acts(project_id: UUID) -> Iterator[view.PastAct]:
    after = ""
    while True:
        page = view.acts_of(project_id, after=after)
        yield from page.acts
        after = page.after
        if not after:
            return


def _blocks(read: _Read) -> Iterator[Block]:
    yield Heading(1, "基本情况")
    yield Paragraph(_introduction(read.head))
    yield Heading(1, "办理进展")
    yield Paragraph(_progress(read))
    yield _gates(read.panel)
    yield Heading(1, f"“{read.panel.title}”判定情况")
    yield Paragraph(_judged(read.panel))
    if read.lacking:
        yield _lacking(read)
    yield Heading(1, "经费情况")
    yield Paragraph(_paid(read))
    yield _spine(read.spine)
    if read.money.contracts:
        yield _contracts(read.money)
    yield Heading(1, "期限情况")
    yield Paragraph(_running(read))
    if read.deadlines.waiting:
        yield _deadlines(read.deadlines)
    yield Heading(1, "需要协调解决的事项")
    yield from (Paragraph(text) for text in _matters(read))


def _introduction(head: view.ProjectHead) -> str:
    parts = [f"{head.name}由{head.owner}建设"]
    parts += [f"项目责任人{head.responsible}"] if head.responsible else []
    parts += [f"项目编号{head.code}"] if head.code else []
    kinds = [titled(axis, code) for axis, code in (("level", head.level), ("type", head.type), ("network", head.network)) if code]
    parts += [f"属{'、'.join(kinds)}项目"] if kinds else []
    parts += [_amount(head)]
    if head.planned_start or head.planned_finish:
        parts += [f"计划{day(head.planned_start)}开工、{day(head.planned_finish)}完成"]
    text = "，".join(parts) + f"。项目于{day(head.registered_on)}登记，目前{titled('status', head.status)}。"
    return text + (f"建设内容：{head.description.strip().rstrip('。')}。" if head.description.strip() else "")


def _amount(head: view.ProjectHead) -> str:
    if head.amount_fen is None:
        return f"金额{head.amount_text}" if head.amount_text else "金额尚未登记"
    return f"金额{wan(head.amount_fen)}万元"


def _progress(read: _Read) -> str:
    head = read.head
    passed = [tab.title for tab in read.panel.tabs if tab.state in ("passed", "conditional", "override", "recorded", "stale")]
    done = f"已办结{listed(passed)}" if passed else "尚无决策点办结"
    stale = [tab for tab in read.panel.tabs if tab.state == "stale"]
    changed = f"其中{listed([tab.title for tab in stale])}批准后有事实变化，须复核。" if stale else ""
    waits = f"截至{day(read.panel.on)}，项目处于{STAGE_TITLES[head.stage]}阶段，{done}。{changed}"
    paused = f"项目自{day(head.paused_on)}起暂停，原因：{head.pause_reason}。" if head.pause_reason else ""
    return waits + paused


def _gates(panel: GatePanel) -> Grid:
    rows = [(STAGE_TITLES[tab.stage], tab.title, STATES[tab.state], tab.note or NOT_KNOWN) for tab in panel.tabs]
    return Grid("各决策点办理情况", ("阶段", "决策点", "状态", "决定"), (2, 6, 3, 5), rows)


def _judged(panel: GatePanel) -> str:
    total = panel.met + panel.unmet + panel.unknown + panel.not_applicable
    text = f"本决策点由{panel.decider}决定，共{total}项要求：满足{panel.met}项，不满足{panel.unmet}项，待补{panel.unknown}项，不适用{panel.not_applicable}项。"
    if panel.decided:
        where = f"，{panel.deciding_body}" if panel.deciding_body else ""
        number = f"，{panel.document_no}" if panel.document_no else ""
        return text + f"已于{day(panel.decided_on)}作出决定：{panel.decided}{where}{number}。"
    return text + ("必备条件已齐备。" if panel.opens else f"其中{panel.lacking}项在补齐前锁定本决策点。")


def _lacking(read: _Read) -> Grid:
    rows = [
        (
            row.title + (f"（{row.subject}）" if row.subject else ""),
            VERDICTS[row.verdict] + ("，锁定" if row.holds_back else ""),
            "；".join(row.clauses) or "产品惯例",
            row.supplier,
            row.remedy,
        )
        for row in read.lacking[:MOST_ROWS]
    ]
    more = len(read.lacking) - len(rows)
    caption = "需要补齐的要求" + (f"（另有{more}项见 Excel 附表）" if more else "")
    return Grid(caption, ("要求", "判定", "依据", "由谁补", "怎么办"), (10, 4, 11, 6, 12), rows)


def _paid(read: _Read) -> str:
    money = read.money
    funded = f"已登记经费{len(money.funding)}笔、合计{wan(money.funded_fen)}万元" if money.funding else "尚未登记经费来源"
    if not money.contracts:
        return f"{funded}；尚未签订合同。"
    return f"{funded}；已签合同{len(money.contracts)}份、含补充合同合计{wan(money.contracted_fen)}万元，已支付{wan(money.paid_fen)}万元。"


def _spine(spine: Sequence[SpineNumber]) -> Grid:
    rows = [(item.label, _said(item), (item.fact.source if item.fact else "") or NOT_KNOWN, _hands(item)) for item in spine]
    return Grid("从估算到决算（万元）", ("名目", "金额", "来自", "登记、核对"), (3, 4, 6, 4), rows, frozenset({1}))


def _said(item: SpineNumber) -> str:
    if item.fen is not None:
        return wan(item.fen)
    return open_text(item.fact.value) if item.fact else "还不知道"


def _hands(item: SpineNumber) -> str:
    return "、".join(name for name in (item.fact.keyed_by, item.fact.checked_by) if name) or NOT_KNOWN if item.fact else NOT_KNOWN


def _contracts(money: view.Money) -> Grid:
    rows = [(item.title, item.supplier, day(item.signed_on), wan(item.total_fen), wan(item.paid_fen)) for item in money.contracts]
    return Grid("合同与支付（万元）", ("合同", "供应商", "签订", "金额", "已支付"), (6, 5, 4, 3, 3), rows, frozenset({3, 4}))


def _running(read: _Read) -> str:
    sheet = read.deadlines
    if not sheet.waiting:
        return "现在没有在计时的期限。"
    paused = "项目暂停中，期限停止计算。" if sheet.paused else ""
    return (
        f"在计时的期限{len(sheet.waiting)}个，其中已过期限{read.overdue}个；已办结{len(sheet.ended)}个，另有{sheet.not_started}个还没有起算。{paused}"
    )


def _deadlines(sheet: DeadlineSheet) -> Grid:
    rows = [(line.title, DEADLINES[line.state], day(line.due), left(line), line.supplier) for line in sheet.waiting[:MOST_ROWS]]
    return Grid("在计时的期限", ("期限", "状态", "到期日", "剩余", "办理单位"), (6, 3, 4, 4, 3), rows)


def _matters(read: _Read) -> Iterator[str]:
    held = [row.title for row in read.lacking if row.holds_back]
    late = [line.title for line in read.deadlines.waiting if line.state == "overdue"]
    stale = [tab.title for tab in read.panel.tabs if tab.state == "stale"]
    due = [item.text for item in read.panel.conditions if item.overdue]
    found = [
        f"“{read.panel.title}”尚有{len(held)}项必备条件未齐：{listed(held)}，请有关单位抓紧补齐。" if held and not read.panel.decided else "",
        f"{len(late)}个期限已过：{listed(late)}，请说明原因并明确办结时间。" if late else "",
        f"{listed(stale)}批准后事实有变，请审批部门复核是否仍然成立。" if stale else "",
        f"有条件通过所附条件逾期未办：{listed(due)}。" if due else "",
    ]
    matters = [text for text in found if text]
    yield from matters or ["目前没有需要协调解决的事项。"]


def _sheets(read: _Read, asked: Asked) -> tuple[Sheet, ...]:
    head, panel = read.head, read.panel
    overview = sheets.overview((
        ("项目名称", head.name), ("项目编号", head.code), ("国家项目代码", head.national_code), ("建设单位", head.owner),
        ("项目责任人", head.responsible), ("层级", titled("level", head.level)), ("项目类型", titled("type", head.type)),
        ("网络", titled("network", head.network)), ("办理状态", titled("status", head.status)), ("所处阶段", STAGE_TITLES[head.stage]),
        ("登记日期", head.registered_on), ("计划开工", head.planned_start), ("计划完成", head.planned_finish),
        ("项目金额（万元）", wan_number(head.amount_fen)), ("金额原文", head.amount_text), ("已签合同（万元）", wan_number(head.contracted_fen)),
        ("已支付（万元）", wan_number(head.paid_fen)), ("决策点", panel.title), ("满足", panel.met), ("不满足", panel.unmet), ("待补", panel.unknown),
        ("不适用", panel.not_applicable), ("锁定本决策点", panel.lacking), ("已过期限", read.overdue), ("判定日", panel.on),
        ("规则包", f"{panel.pack_title} {panel.pack_version}"), ("规则包摘要（SM3）", panel.pack_digest), ("制发单位", asked.issuer),
        ("制发日期", asked.on), ("本次导出的存证事件", str(asked.event_id)), ("说明", NOTE + "。"),
    ))  # fmt: skip
    lines = (*read.deadlines.waiting, *read.deadlines.ended)
    return (
        overview,
        sheets.verdicts(read.panels),
        sheets.money(read.spine, read.money),
        sheets.deadlines(lines),
        sheets.ledger(read.acts),
    )


def _values(read: _Read, asked: Asked) -> Mapping[str, str]:
    head, panel = read.head, read.panel
    numbers = dict(zip(("估算", "概算", "年度预算", "合同金额", "已支付", "决算"), (_said(item) for item in read.spine), strict=True))
    return {
        "制发单位": asked.issuer, "制发日期": day(asked.on), "项目名称": head.name, "项目编号": head.code or NOT_KNOWN,
        "国家项目代码": head.national_code or NOT_KNOWN, "建设单位": head.owner, "项目责任人": head.responsible or NOT_KNOWN,
        "层级": titled("level", head.level), "项目类型": titled("type", head.type), "网络": titled("network", head.network),
        "办理状态": titled("status", head.status), "所处阶段": STAGE_TITLES[head.stage], "登记日期": day(head.registered_on),
        "计划开工": day(head.planned_start), "计划完成": day(head.planned_finish), "建设内容": head.description.strip() or NOT_KNOWN,
        "项目金额": head.amount_text or NOT_KNOWN if head.amount_fen is None else wan(head.amount_fen), **numbers,
        "决策点": panel.title, "决定情况": f"{day(panel.decided_on)}{panel.decided}" if panel.decided else "尚未决定", "满足项数": str(panel.met),
        "不满足项数": str(panel.unmet), "待补项数": str(panel.unknown), "不适用项数": str(panel.not_applicable), "卡关项数": str(panel.lacking),
        "超期期限数": str(read.overdue), "规则包": panel.pack_title, "规则包版本": panel.pack_version,
    }  # fmt: skip


def _lists(read: _Read) -> Mapping[str, Sequence[Mapping[str, str]]]:
    return {
        "要求": [
            {
                "名称": row.title, "对象": row.subject or NOT_KNOWN, "判定": VERDICTS[row.verdict], "依据": "；".join(row.clauses) or "产品惯例",
                "由谁补": row.supplier, "怎么办": row.remedy,
            }
            for row in read.panel.rows
        ],
        "资金": [{"名目": item.label, "金额": _said(item), "来源": (item.fact.source if item.fact else "") or NOT_KNOWN} for item in read.spine],
        "经费": [
            {"年度": str(line.year), "来源": titled("funding", line.source), "金额": wan(line.amount_fen), "文号": line.document_no or NOT_KNOWN}
            for line in read.money.funding
        ],
        "合同": [
            {"名称": item.title, "供应商": item.supplier, "签订日期": day(item.signed_on), "金额": wan(item.total_fen), "已支付": wan(item.paid_fen)}
            for item in read.money.contracts
        ],
        "期限": [
            {"名称": line.title, "状态": DEADLINES[line.state], "到期日": day(line.due), "办理单位": line.supplier} for line in read.deadlines.waiting
        ],
    }  # fmt: skip
