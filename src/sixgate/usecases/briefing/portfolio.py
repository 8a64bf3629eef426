"""The papers of a batch of projects, for the leading group: how many, how much, where they stand, what holds which of them back.

All projects are counted; judged one by one are those in progress, the dearest first, up to a declared number: the paper says how many.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F

from sixgate.domain.axes import LEVELS, PROJECT_TYPES, STAGE_TITLES, STAGES
from sixgate.domain.lifecycle.deadline import DeadlineState, judge_deadlines, open_deadlines
from sixgate.domain.lifecycle.wording import clause_text
from sixgate.engines.documents.paper import Block, Grid, Heading, Paper, Paragraph
from sixgate.engines.documents.xlsx import Column, Sheet, Value
from sixgate.kernel.verdict import Verdict
from sixgate.kernel.workcalendar import Pause, national
from sixgate.records.models import Organisation, Region
from sixgate.records.queries.dossier import pauses_of
from sixgate.records.queries.portfolio import STATUSES, ProjectFilter, fitting
from sixgate.usecases._frame import Actor
from sixgate.usecases._project import Standing, standings
from sixgate.usecases.briefing import sheets
from sixgate.usecases.briefing._words import (
    DEADLINES,
    EFFECTS,
    KINDS,
    MARK,
    NOT_KNOWN,
    NOTE,
    SECRET,
    VERDICTS,
    day,
    listed,
    titled,
    visible_to,
    wan,
    wan_number,
)
from sixgate.usecases.planning.papers import Asked, Contents, composes

MOST_JUDGED: Final = 60
MOST_ROWS: Final = 20
COLUMNS: Final = (
    "id", "code", "name", "owner__name", "region_code", "type", "level", "status", "amount_fen", "amount_text", "state__stage", "state__next_gate",
    "state__stale_gates", "responsible_person", "secrecy", "planned_start", "planned_finish", "registered_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judged:
    """One project in progress as its next gate stands today."""

    name: str
    here: Standing
    gate: str
    title: str
    counts: Mapping[Verdict, int]
    holding: int
    running: Sequence[DeadlineState]

    @property
    def overdue(self) -> list[DeadlineState]:
        """Return the periods that are past."""
        return [state for state in self.running if state.state == "overdue"]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a batch: every project's line, the dearest first, and those judged."""

    rows: Sequence[Mapping[str, Any]]
    judged: Sequence[_Judged]
    gates: Mapping[str, str]
    said: str

    @property
    def stages(self) -> list[tuple[str, int, int]]:
        """Return title, number and known money of each stage."""
        count = Counter(row["state__stage"] for row in self.rows)
        money = Counter[str]()
        for row in self.rows:
            money[row["state__stage"]] += row["amount_fen"] or 0
        return [(title, count[key], money[key]) for key, title in STAGES]

    @property
    def total_fen(self) -> int:
        """Return the known money of all."""
        return sum(row["amount_fen"] or 0 for row in self.rows)

    @property
    def unknown(self) -> int:
        """Return how many amounts are not known."""
        return sum(row["amount_fen"] is None for row in self.rows)

    @property
    def stale(self) -> list[str]:
        """Return the projects with an approval whose facts have changed since."""
        return [row["name"] for row in self.rows if row["state__stale_gates"]]

    @property
    def held(self) -> list[_Judged]:
        """Return the judged projects whose next gate is locked."""
        return [item for item in self.judged if item.holding]

    @property
    def overdue(self) -> int:
        """Return how many periods of the judged projects are past."""
        return sum(len(item.overdue) for item in self.judged)


@composes("portfolio")
def portfolio_contents(actor: Actor, asked: Asked) -> Contents:
    """Return what the papers of a batch say; only what the actor may see is counted."""
    read = _read(actor, asked)
    paper = Paper("电子政务项目情况简报", MARK, asked.issuer, asked.on, tuple(_blocks(read, asked)), NOTE)
    counts = {"projects": len(read.rows), "judged": len(read.judged), "held": len(read.held), "overdue": read.overdue}
    return Contents("电子政务项目情况简报", paper, _sheets(read, asked), _values(read, asked), _lists(read), counts)


def _read(actor: Actor, asked: Asked) -> _Read:
    found = fitting(visible_to(actor), asked.wanted).order_by(F("amount_fen").desc(nulls_last=True), "name", "id")
    rows = [_open(row) for row in found.values(*COLUMNS)]
    chosen = [row for row in rows if row["status"] == "active" and row["state__next_gate"]][:MOST_JUDGED]
    here = standings([row["id"] for row in chosen], asked.on)
    judged = [_judged(row, here[row["id"]], asked.on) for row in chosen if here[row["id"]].course.next_gate]
    gates = {gate.id: gate.title for item in judged for gate in item.here.pack.gates.values()}
    return _Read(rows, judged, gates, _said(asked.wanted))


def _open(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a line as it may leave: of a project that is itself a work secret it is counted, but not said which it is."""
    hidden = row["secrecy"] == "work_secret"
    return {**row, "hidden": hidden} | ({"name": SECRET, "code": "", "responsible_person": "", "amount_text": SECRET} if hidden else {})


def _judged(row: Mapping[str, Any], here: Standing, on: date) -> _Judged:
    judgement = here.judge(here.course.next_gate)
    pauses = [Pause(since, until or on + timedelta(days=1)) for since, until in pauses_of(row["id"])]
    dossier = here.dossier
    states = judge_deadlines(here.pack, dossier.project, dict(dossier.subjects), national(), today=on, pauses=pauses, activated=here.activated)
    held = sum(item.holds_back for item in judgement.rows)
    return _Judged(row["name"], here, judgement.gate.id, judgement.gate.title, judgement.counts, held, open_deadlines(states))


def _said(wanted: ProjectFilter) -> str:
    """Return the filter in words."""
    words = [f"“{wanted.words}”"] if wanted.words else []
    for code, titles in (
        (wanted.stage, STAGE_TITLES),
        (wanted.type, dict(PROJECT_TYPES)),
        (wanted.level, dict(LEVELS)),
        (wanted.status, dict(STATUSES)),
    ):
        words += [titles.get(code, code)] if code else []
    words += list(Organisation.objects.filter(pk=wanted.owner_id).values_list("name", flat=True)) if wanted.owner_id else []
    words += list(Region.objects.filter(code=wanted.region_code).values_list("name", flat=True)) if wanted.region_code else []
    if wanted.low_fen is not None or wanted.high_fen is not None:
        words.append(f"{wan(wanted.low_fen)}至{wan(wanted.high_fen)}万元")
    words += [f"{wanted.year}年登记"] if wanted.year else []
    return "、".join(words) or "全部可见项目"


def _blocks(read: _Read, asked: Asked) -> Iterator[Block]:
    yield Heading(1, "总体情况")
    yield Paragraph(_whole(read, asked))
    if not read.rows:
        return
    rows = [(title, str(count), wan(fen)) for title, count, fen in read.stages]
    yield Grid("各阶段项目（万元）", ("阶段", "项目数", "已知金额"), (3, 2, 4), rows, frozenset({1, 2}))
    yield _projects(read)
    yield Heading(1, "决策点判定情况")
    yield Paragraph(_verdicts(read))
    if read.held:
        yield _held(read)
    yield Heading(1, "期限情况")
    yield Paragraph(_late(read))
    if read.overdue:
        yield _overdue(read)
    yield Heading(1, "批准后事实有变的项目")
    stale = read.stale
    yield Paragraph(f"共{len(stale)}个项目的批准所依据的事实后来有变：{listed(stale, 10)}。" if stale else "目前没有。")
    yield Heading(1, "需要协调解决的事项")
    yield from (Paragraph(text) for text in _matters(read))


def _whole(read: _Read, asked: Asked) -> str:
    if not read.rows:
        return f"截至{day(asked.on)}，按“{read.said}”没有找到项目。"
    statuses = Counter(row["status"] for row in read.rows)
    said = "、".join(f"{title}{statuses[key]}个" for key, title in STATUSES if statuses[key])
    unknown = f"，另有{read.unknown}个金额未登记" if read.unknown else ""
    return f"截至{day(asked.on)}，纳入本件的项目（{read.said}）共{len(read.rows)}个，已知金额合计{wan(read.total_fen)}万元{unknown}。其中{said}。"


def _verdicts(read: _Read) -> str:
    if not read.judged:
        return "没有在办且有下一决策点的项目。"
    counts = Counter[Verdict]()
    for item in read.judged:
        counts.update(dict(item.counts))
    return (
        f"按金额从大到小对{len(read.judged)}个在办项目的下一决策点逐项判定：满足{counts[Verdict.MET]}项，不满足{counts[Verdict.UNMET]}项，"
        f"待补{counts[Verdict.UNKNOWN]}项，不适用{counts[Verdict.NOT_APPLICABLE]}项；{len(read.held)}个项目有必备条件未齐，下一决策点锁定。"
    )


def _held(read: _Read) -> Grid:
    found = sorted(read.held, key=lambda item: -item.holding)
    rows = [
        (item.name, item.title, str(item.counts[Verdict.UNMET]), str(item.counts[Verdict.UNKNOWN]), str(item.holding)) for item in found[:MOST_ROWS]
    ]
    return Grid(_caption("必备条件未齐的项目", len(found)), ("项目", "决策点", "不满足", "待补", "锁定"), (7, 4, 2, 2, 2), rows, frozenset({2, 3, 4}))


def _late(read: _Read) -> str:
    running = sum(len(item.running) for item in read.judged)
    return f"上述{len(read.judged)}个在办项目在计时的期限共{running}个，其中已过期限{read.overdue}个。"


def _overdue(read: _Read) -> Grid:
    found = sorted(((item, state) for item in read.judged for state in item.overdue), key=lambda pair: pair[1].due or date.max)
    rows = [(item.name, state.title, day(state.due), str(-(state.days_left or 0))) for item, state in found[:MOST_ROWS]]
    return Grid(_caption("已过期限", len(found)), ("项目", "期限", "到期日", "已过（自然日）"), (6, 5, 4, 3), rows, frozenset({3}))


def _projects(read: _Read) -> Grid:
    rows = [
        (
            row["name"] + ("" if row["status"] == "active" else f"（{titled('status', row['status'])}）"),
            row["owner__name"],
            STAGE_TITLES[row["state__stage"]],
            read.gates.get(row["state__next_gate"], row["state__next_gate"]) or NOT_KNOWN,
            _amount(row),
        )
        for row in read.rows[:MOST_ROWS]
    ]
    return Grid(
        _caption("项目清单（万元）", len(read.rows)), ("项目", "建设单位", "阶段", "下一决策点", "金额"), (7, 5, 2, 4, 3), rows, frozenset({4})
    )


def _matters(read: _Read) -> Iterator[str]:
    held = sorted(read.held, key=lambda item: -item.holding)
    late = [item.name for item in read.judged if item.overdue]
    names = [f"{item.name}（{item.holding}项）" for item in held]
    found = [
        f"{len(held)}个项目的下一决策点有必备条件未齐：{listed(names)}，请有关单位抓紧补齐。" if held else "",
        f"{len(late)}个项目有期限已过：{listed(late)}，请说明原因并明确办结时间。" if late else "",
        f"{len(read.stale)}个项目批准后事实有变，请审批部门复核是否仍然成立。" if read.stale else "",
        f"{read.unknown}个项目金额未登记，请建设单位补登。" if read.unknown else "",
    ]
    yield from [text for text in found if text] or ["目前没有需要协调解决的事项。"]


def _caption(title: str, total: int) -> str:
    return f"{title}（前{MOST_ROWS}个，其余{total - MOST_ROWS}个见 Excel 附表）" if total > MOST_ROWS else title


def _amount(row: Mapping[str, Any]) -> str:
    return row["amount_text"] or NOT_KNOWN if row["amount_fen"] is None or row["hidden"] else wan(row["amount_fen"])


def _sheets(read: _Read, asked: Asked) -> tuple[Sheet, ...]:
    rows: list[tuple[str, Value]] = [
        ("筛选条件", read.said), ("项目总数", len(read.rows)), ("已知金额合计（万元）", wan_number(read.total_fen)), ("金额未登记的项目", read.unknown),
        *((f"{title}阶段项目", count) for title, count, _fen in read.stages), ("批准后事实有变的项目", len(read.stale)),
        ("逐项判定的在办项目", len(read.judged)), ("必备条件未齐的项目", len(read.held)), ("已过期限", read.overdue), ("判定日", asked.on),
        ("制发单位", asked.issuer), ("制发日期", asked.on), ("本次导出的存证事件", str(asked.event_id)), ("说明", NOTE + "。"),
    ]  # fmt: skip
    return (sheets.overview(rows), _project_sheet(read), _verdict_sheet(read), _deadline_sheet(read), _pack_sheet(read))


def _project_sheet(read: _Read) -> Sheet:
    columns = (
        Column("项目编号", 18), Column("项目名称", 40), Column("建设单位", 26), Column("行政区划", 14), Column("层级", 9), Column("项目类型", 14),
        Column("所处阶段", 10), Column("下一决策点", 22), Column("金额（万元）", 16, money=True), Column("金额原文", 20), Column("项目责任人", 12),
        Column("计划开工", 12), Column("计划完成", 12), Column("登记日期", 12), Column("办理状态", 10), Column("批准后有变", 10),
    )  # fmt: skip
    regions = dict(Region.objects.filter(code__in={row["region_code"] for row in read.rows}).values_list("code", "name"))
    rows = [
        (
            row["code"], row["name"], row["owner__name"], regions.get(row["region_code"], row["region_code"]), titled("level", row["level"]),
            titled("type", row["type"]), STAGE_TITLES[row["state__stage"]], read.gates.get(row["state__next_gate"], row["state__next_gate"]),
            None if row["hidden"] else wan_number(row["amount_fen"]), row["amount_text"], row["responsible_person"], row["planned_start"], row["planned_finish"],
            row["registered_on"], titled("status", row["status"]), len(row["state__stale_gates"] or {}),
        )
        for row in read.rows
    ]  # fmt: skip
    return Sheet("经费", columns, rows)


def _verdict_sheet(read: _Read) -> Sheet:
    columns = (
        Column("项目", 36), Column("决策点", 18), Column("要求", 34), Column("对象", 18), Column("判定", 9), Column("性质", 11), Column("效力", 8),
        Column("依据", 44), Column("怎么办", 44), Column("规则包摘要（SM3）", 36),
    )  # fmt: skip
    rows = [
        (
            item.name, item.title, row.requirement.title, row.outcome.subject_title if row.outcome.subject_type != "project" else "",
            VERDICTS[row.outcome.verdict], KINDS.get(row.requirement.kind, row.requirement.kind), EFFECTS.get(row.outcome.effect, row.outcome.effect),
            "；".join(clause_text(clause) for clause in row.requirement.clauses) or "产品惯例",
            row.requirement.remedy if row.outcome.verdict in (Verdict.UNMET, Verdict.UNKNOWN) else "", judgement.pack_digest,
        )
        for item in read.judged
        for judgement in (item.here.judge(item.gate),)
        for row in judgement.rows
    ]  # fmt: skip
    return Sheet("决策点判定", columns, rows)


def _deadline_sheet(read: _Read) -> Sheet:
    columns = (
        Column("项目", 36), Column("期限", 34), Column("对象", 18), Column("状态", 10), Column("起算日", 12), Column("到期日", 12),
        Column("剩余自然日（负数为已过）", 14), Column("暂定", 8), Column("依据", 44), Column("怎么办", 44),
    )  # fmt: skip
    rows = [
        (
            item.name, state.title, state.subject_title if state.subject_type != "project" else "", DEADLINES[state.state], state.anchor, state.due,
            state.days_left, "是" if state.provisional else "", "；".join(clause_text(clause) for clause in state.clause) or "产品惯例", state.remedy,
        )
        for item in read.judged
        for state in item.running
    ]  # fmt: skip
    return Sheet("期限", columns, rows)


def _pack_sheet(read: _Read) -> Sheet:
    columns = (
        Column("项目", 36),
        Column("项目标识", 38),
        Column("决策点", 18),
        Column("规则包", 36),
        Column("版本", 12),
        Column("规则包摘要（SM3）", 66),
    )
    rows = [
        (
            item.name,
            "" if item.name == SECRET else str(item.here.project_id),
            item.title,
            item.here.pack.header.title,
            item.here.pack.header.version,
            item.here.judge(item.gate).pack_digest,
        )
        for item in read.judged
    ]
    return Sheet("存证", columns, rows)


def _values(read: _Read, asked: Asked) -> Mapping[str, str]:
    return {
        "制发单位": asked.issuer, "制发日期": day(asked.on), "筛选条件": read.said, "项目总数": str(len(read.rows)), "金额合计": wan(read.total_fen),
        "金额未知项目数": str(read.unknown), "批准后有变项目数": str(len(read.stale)),
        **{f"{title}项目数": str(count) for title, count, _fen in read.stages}, "逐项判定项目数": str(len(read.judged)),
        "卡关项目数": str(len(read.held)), "超期期限数": str(read.overdue),
    }  # fmt: skip


def _lists(read: _Read) -> Mapping[str, Sequence[Mapping[str, str]]]:
    return {
        "项目": [
            {
                "名称": row["name"], "编号": row["code"] or NOT_KNOWN, "建设单位": row["owner__name"], "所处阶段": STAGE_TITLES[row["state__stage"]],
                "下一决策点": read.gates.get(row["state__next_gate"], row["state__next_gate"]) or NOT_KNOWN, "金额": _amount(row),
                "办理状态": titled("status", row["status"]),
            }
            for row in read.rows
        ],
        "判定": [
            {
                "项目": item.name, "决策点": item.title, "不满足": str(item.counts[Verdict.UNMET]), "待补": str(item.counts[Verdict.UNKNOWN]),
                "卡关": str(item.holding), "超期期限": str(len(item.overdue)),
            }
            for item in read.judged
        ],
        "阶段": [{"名称": title, "项目数": str(count), "金额": wan(fen)} for title, count, fen in read.stages],
    }  # fmt: skip
