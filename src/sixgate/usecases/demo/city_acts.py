"""From sketches to acts: every step of a project's course is a real verb on its own day, carried out in the order of the days across the whole city."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID
from zlib import crc32

from sixgate.engines.rules.schema import EvidenceKind
from sixgate.records.models import Organisation
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, pinned
from sixgate.usecases._registry import named_actor, verbs
from sixgate.usecases.demo.city_names import BODIES
from sixgate.usecases.demo.city_people import SUCCESSOR, hands_of
from sixgate.usecases.demo.city_sketch import Asked, Deal, Filed, Line, Paper, Sketch, SystemSketch, Times
from sixgate.usecases.demo.papers import WAN, plain_fields, scanned
from sixgate.usecases.lifecycle._request import ConditionInput
from sixgate.usecases.lifecycle.change import file_change
from sixgate.usecases.lifecycle.contract import record_contract, record_payment
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.lifecycle.evidence import check_evidence, submit_evidence
from sixgate.usecases.lifecycle.gate import request_gate
from sixgate.usecases.lifecycle.joint import sign_off
from sixgate.usecases.lifecycle.record import check_record, take_over_gate
from sixgate.usecases.planning.funding import add_funding, amend_project
from sixgate.usecases.planning.life import suspend_project
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.systems import link_system, register_system

STAGE_OF: Final = {
    **dict.fromkeys(("G01", "G02"), "initiation"),
    "G03": "design",
    **dict.fromkeys(("G04", "G05"), "procurement"),
    "G06": "delivery",
    **dict.fromkeys(("G07", "G08", "G09"), "acceptance"),
}
DECIDER: Final = "zhou"
SIGNERS: Final = {"G01": ("fang", "xu", "ma")}
MORNING_UTC: Final = 1  # nine o'clock in Shanghai
LEVEL_OF: Final = {"440000": "province", "440100": "city"}
Step = tuple[date, Callable[[], object]]


class Clock:
    """Carries acts out on their days, a minute apart, knows who acts, and calls somebody at the beginning of each month."""

    def __init__(self, each_month: Callable[[datetime], object], tell: Callable[[date, int], object]) -> None:
        self.acts = 0
        self._each_month, self._tell = each_month, tell
        self._day = date.min
        self._minute = 0
        self._actors: dict[str, Actor] = {}

    def run(self, courses: Iterable[list[Step]]) -> None:
        """Carry out the steps of many courses in the order of their days; within a day, course by course."""
        for day, act in heapq.merge(*courses, key=lambda step: step[0]):
            self.at(day, act)

    def at(self, day: date, act: Callable[[], object]) -> None:
        """Carry out one act on a day."""
        if day.replace(day=1) > self._day.replace(day=1):
            self._turn(day.replace(day=1))
        if day != self._day:
            self._day, self._minute, self._actors = day, 0, {}
        self._minute += 1
        self.acts += 1
        with pinned(datetime(day.year, day.month, day.day, MORNING_UTC, tzinfo=UTC) + timedelta(seconds=20 * self._minute)):
            act()

    def _turn(self, first: date) -> None:
        moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
        with pinned(moment):
            self._each_month(moment)
        self._tell(first, self.acts)

    def actor(self, login: str) -> Actor:
        """Return a person with the posts of the day."""
        if login not in self._actors:
            self._actors[login] = named_actor(login, "cli")
        return self._actors[login]


@dataclass(slots=True)
class Course:
    """The steps of one sketch, and what they brought about."""

    sketch: Sketch
    clock: Clock
    bodies: Mapping[str, Organisation]
    times: Times
    project: UUID = UUID(int=0)
    systems: list[UUID] = field(default_factory=list)
    contracts: list[UUID] = field(default_factory=list)
    waiting: list[UUID] = field(default_factory=list)
    _steps: list[Step] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """Return every act of the sketch on its day, in order."""
        sketch = self.sketch
        self._begin(sketch)
        for deal in sketch.deals:
            self._deal(deal)
        for paper in sorted(sketch.papers, key=lambda paper: paper.handed):
            self._paper(paper)
        for asked in sketch.asked:
            self._ask(asked)
        for change in sketch.changes:
            self._then(change.on, partial(self._file, change))
        for on, given in sketch.amended:
            self._then(on, partial(self._amend, given))
        for on, colour, note in sketch.ratings:
            self._then(on, partial(self._rate, on, colour, note))
        if sketch.paused:
            self._then(sketch.paused, self._suspend)
        return self._steps

    def _begin(self, sketch: Sketch) -> None:
        """Add what is done on the first day: the register, the money, the systems, the gates taken over."""
        self._then(sketch.begun, self._register)
        self._then(sketch.begun, self._complete)
        for line in sketch.lines:
            self._then(sketch.begun, partial(self._fund, line))
        for system in sketch.systems:
            self._then(sketch.begun, partial(self._register_system, system))
            self._then(sketch.begun, self._link)
        for gate, decided in sorted(sketch.gates.items()):
            self._then(sketch.begun, partial(self._take_over, gate, decided))
            self._then(sketch.begun, partial(self._check_record, gate))

    def _then(self, wanted: date, act: Callable[[], object]) -> None:
        """Add an act no earlier than the one before it and no later than the city's day."""
        last = self._steps[-1][0] if self._steps else self.sketch.begun
        self._steps.append((min(max(last, wanted), self.times.day), act))

    @property
    def _clerk(self) -> Actor:
        clerk = self.clock.actor(hands_of(self.sketch.body).clerk)
        return clerk if clerk.posts else self.clock.actor(SUCCESSOR[0])  # the post was handed over

    @property
    def _checker(self) -> Actor:
        return self.clock.actor(hands_of(self.sketch.body).checker)

    def _owner(self) -> Organisation:
        return self.bodies[BODIES[self.sketch.body].name]

    def _register(self) -> None:
        sketch, owner = self.sketch, self._owner()
        answer = register_project(
            self._clerk,
            name=sketch.name,
            owner_id=owner.id,
            screening="no",
            level=LEVEL_OF.get(owner.region_id or "", "county"),
            type=sketch.kind,
            network=sketch.network,
            amount_fen=sketch.wan * WAN,
            description=sketch.about,
            responsible_person=sketch.head,
        )
        self.project = UUID(answer["project"])

    def _complete(self) -> None:
        traits = {"is_fixed_asset": self.sketch.lines[0].source in ("lgi", "bond"), "has_software_dev": True} | self.sketch.traits
        amend_project(self._clerk, project_id=self.project, traits=traits, planned_start=self.sketch.start, planned_finish=self.sketch.finish)

    def _fund(self, line: Line) -> None:
        add_funding(
            self._clerk, project_id=self.project, source=line.source, budget_year=line.year, amount_fen=line.wan * WAN, document_no=line.number
        )

    def _register_system(self, system: SystemSketch) -> None:
        answer = register_system(
            self._clerk,
            name=system.name,
            owner_id=self._owner().id,
            mlps_level=system.level,
            online_on=system.online,
            traits=system.traits,
        )
        self.systems.append(UUID(answer["system"]))

    def _link(self) -> None:
        link_system(self._clerk, project_id=self.project, system_id=self.systems[-1])

    def _take_over(self, gate: str, decided: date) -> None:
        lost = gate in self.sketch.lost
        answer = take_over_gate[STAGE_OF[gate]](
            self._clerk,
            project_id=self.project,
            gate=gate,
            decided_on=decided,
            deciding_body=self._owner().name,
            document_no=f"示例批〔{decided.year}〕{int(self.sketch.key.strip('PM'))}号",
            screening="no",
            files=[] if lost else [scanned(f"{gate}批件（示例）", _page(self.sketch.key))],
            missing_note="示例：原件在机构合并时遗失，正向档案馆调阅。" if lost else "",
        )
        self.waiting.append(UUID(answer["passage"]))

    def _check_record(self, gate: str) -> None:
        check_record[STAGE_OF[gate]](self._checker, passage_id=self.waiting.pop(), agrees=True)

    def _deal(self, deal: Deal) -> None:
        number = self.sketch.deals.index(deal)
        self._then(deal.signed, partial(self._sign, deal.title, deal.supplier, deal.wan, deal.signed))
        for signed, wan in deal.supplements:
            self._then(signed, partial(self._supplement, number, wan, signed))
        for paid, wan in deal.payments:
            self._then(paid, partial(self._pay, number, paid, wan))

    def _sign(self, title: str, supplier: str, wan: int, signed: date, original: UUID | None = None) -> None:
        answer = record_contract["procurement"](
            self._clerk,
            project_id=self.project,
            title=title,
            supplier_id=self.bodies[supplier].id,
            amount_fen=wan * WAN,
            signed_on=signed,
            original_id=original,
        )
        if original is None:
            self.contracts.append(UUID(answer["contract"]))

    def _supplement(self, number: int, wan: int, signed: date) -> None:
        deal = self.sketch.deals[number]
        self._sign(f"{deal.title.removesuffix('（示例）')}补充协议（示例）", deal.supplier, wan, signed, self.contracts[number])

    def _pay(self, contract: int, paid: date, wan: int) -> None:
        record_payment["delivery"](self._clerk, contract_id=self.contracts[contract], amount_fen=wan * WAN, paid_on=paid)

    def _paper(self, paper: Paper) -> None:
        kind = self._kind(paper)
        self._then(paper.handed, partial(self._submit, paper, kind))
        if kind.second_check:
            self._then(paper.handed, partial(self._check, kind))

    def _kind(self, paper: Paper) -> EvidenceKind:
        return _law.law(BODIES[self.sketch.body].region, paper.handed)[0].evidence[paper.kind]

    def _check(self, kind: EvidenceKind) -> None:
        check_evidence[kind.stage](self._checker, version_id=self.waiting.pop(), agrees=True)

    def _submit(self, paper: Paper, kind: EvidenceKind) -> None:
        page = _page(paper.scan or f"{self.sketch.key} {paper.kind}")
        answer = submit_evidence[kind.stage](
            self._clerk,
            project_id=self.project,
            kind=paper.kind,
            screening="no",
            fields={**plain_fields(kind), **paper.fields},
            files=[scanned(f"{kind.title}（示例）", page)] if kind.files else [],
            system_id=self.systems[0] if kind.subject == "system" else None,
            contract_id=self.contracts[paper.contract] if kind.subject == "contract" else None,
        )
        if kind.second_check:
            self.waiting.append(UUID(answer["version"]))

    def _ask(self, asked: Asked) -> None:
        stage = STAGE_OF[asked.gate]
        self._then(asked.on, partial(self._request, stage, asked.gate))
        for login in SIGNERS[asked.gate] if asked.decided else SIGNERS[asked.gate][:1]:
            self._then(asked.on, partial(self._sign_off, stage, login))
        if asked.decided:
            self._then(asked.decided, partial(self._decide, stage, asked))

    def _sign_off(self, stage: str, login: str) -> None:
        sign_off[stage](self.clock.actor(login), request_id=self.waiting[-1], agrees=True)

    def _request(self, stage: str, gate: str) -> None:
        self.waiting.append(UUID(request_gate[stage](self._clerk, project_id=self.project, gate=gate)["request"]))

    def _decide(self, stage: str, asked: Asked) -> None:
        conditions = [ConditionInput(text, due) for text, due in asked.conditions]
        outcome = "conditional" if conditions else "passed"
        decide_gate[stage](self.clock.actor(DECIDER), request_id=self.waiting.pop(), outcome=outcome, reason="", conditions=conditions)

    def _file(self, change: Filed) -> None:
        file_change["delivery" if len(self.sketch.gates) < 6 else "acceptance"](
            self._clerk,
            project_id=self.project,
            title=change.title,
            reason="示例：业务部门提出。",
            increase_fen=change.more_wan * WAN,
            decrease_fen=change.less_wan * WAN,
            planned_finish=change.finish,
        )

    def _amend(self, given: Mapping[str, object]) -> None:
        verbs()["planning.amend_project"].run(self._clerk, project_id=self.project, **given)

    def _rate(self, on: date, colour: str, note: str) -> None:
        rate = verbs().get("planning.rate_project")
        if rate is not None:
            rate.run(self._clerk, project_id=self.project, colour=colour, note=note, on=on)

    def _suspend(self) -> None:
        suspend_project(self._clerk, project_id=self.project, reason="示例：上级统一建设同类平台，等待通知。", document_no="示例会纪〔2026〕9号")


def _page(name: str) -> int:
    """Return the number drawn on a page: the same name is the same page."""
    return crc32(name.encode())
