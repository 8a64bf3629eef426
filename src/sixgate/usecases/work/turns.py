"""A person's desk: what waits for them, what stands still with them, and for whom they wait. Changes nothing; each verb asks for itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sixgate.domain.authority import Target, matches, post_permitting, region_prefix
from sixgate.domain.lifecycle.joint import CoSigner, JointState, joint_state
from sixgate.domain.lifecycle.wording import clause_text
from sixgate.engines.rules.schema import Duty, Gate, Pack
from sixgate.kernel.text import gettext_noop
from sixgate.kernel.verdict import Verdict
from sixgate.kernel.workcalendar import national
from sixgate.records.queries.visible import visible_projects
from sixgate.records.queries.work import (
    Lacking,
    OpenRequest,
    Place,
    Still,
    Unchecked,
    bodies_of,
    lacking,
    open_conditions,
    open_requests,
    standing_still,
    unchecked_papers,
    unchecked_records,
)
from sixgate.usecases._frame import REGISTRY, SHANGHAI, Actor, today
from sixgate.usecases._offers import speaks_english, spoken_pack
from sixgate.usecases._project import Standing, standings
from sixgate.usecases.work.hats import Page, page_of

SHOWN: Final = 30
SHOWN_STILL: Final = 10
ASKING = "lifecycle.{stage}.request_gate"
CHECKERS = gettext_noop("有核对职责的人")


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing only this person's posts can move on. `left` are workdays to the day it is due, below zero when past; None without a day."""

    name: str
    address: str
    title: str
    place: Place
    gate: str
    matter: str
    object_id: UUID
    since: date
    due: date | None = None
    left: int | None = None
    lacks: Lacking | None = None

    @property
    def late(self) -> int:
        """Return how many workdays the day it was due has passed."""
        return -self.left if self.left is not None and self.left < 0 else 0


@dataclass(frozen=True, slots=True)
class StillHere:
    """A project that waits for its owner to ask for the next gate: for how many days nothing has moved, and what the gate still lacks."""

    place: Place
    gate: str
    gate_title: str
    days: int | None
    returned: str
    lacks: Lacking
    remedy: str
    clause: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Matters of ours that lie with somebody else: who, what, since when at the longest (workdays), and on which projects."""

    who: str
    what: str
    longest: int
    projects: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person's home page shows."""

    on: date
    posts: tuple[str, ...]
    turns: tuple[Turn, ...]
    turns_total: int
    overdue: int
    still: tuple[StillHere, ...]
    still_total: int
    waits: tuple[Wait, ...]
    page: Page

    @property
    def next_due(self) -> Turn | None:
        """Return the turn due first."""
        return next((turn for turn in self.turns if turn.due is not None), None)


def desk(actor: Actor, hat: str = "") -> Desk:
    """Return the desk of a person as their posts of today make it, led by the hat they chose where it is theirs."""
    read = _Reading(actor, today())
    turns = sorted(read.turns(), key=lambda turn: (turn.due or date.max, turn.since))
    shown = turns[:SHOWN]
    lacks = lacking({turn.object_id for turn in shown if turn.name in ("sign_off", "decide_gate")})
    still, still_total = read.still()
    return Desk(
        read.day,
        read.posts(),
        tuple(replace(turn, lacks=lacks.get(turn.object_id)) for turn in shown),
        len(turns),
        sum(turn.left is not None and turn.left < 0 for turn in turns),
        tuple(still),
        still_total,
        tuple(read.waits()),
        page_of(actor, read.projects, read.day, still_total, len(turns), hat),
    )


def all_turns(actor: Actor) -> list[Turn]:
    """Return everything that waits for a person, however much it is."""
    return list(_Reading(actor, today()).turns())


class _Reading:
    """Reads the rows once and tells, by duty and law, whose turn each is."""

    def __init__(self, actor: Actor, day: date) -> None:
        self.actor, self.day = actor, day
        self.duties: Mapping[str, Duty] = spoken_pack("").duties
        self.projects = visible_projects(actor.posts, dict(self.duties))
        self.requests = open_requests(self.projects) if actor.posts else []
        self.papers = [paper for paper in unchecked_papers(self.projects) if self._asks_check(paper)] if actor.posts else []
        self.mine: set[UUID] = set()

    def posts(self) -> tuple[str, ...]:
        """Return the titles of the duties held today, each once."""
        held = {post.duty for post in self.actor.posts}
        return tuple(duty.title for duty in self.duties.values() if duty.id in held)

    def turns(self) -> Iterable[Turn]:
        """Yield what waits for this person."""
        for request in self.requests:
            turn = self._request_turn(request)
            if turn is not None:
                self.mine.add(request.id)
                yield turn
        for paper in self.papers:
            if paper.by != self.actor.id and self._holds(f"lifecycle.{self._stage(paper)}.check_evidence", paper.place, secret=paper.work_secret):
                kind = self._pack(paper.place).evidence[paper.what]
                yield self._turn("check_evidence", paper.place, "", kind.title, paper.id, paper.at, kind.stage)
        yield from self._record_turns()
        yield from self._condition_turns()

    def still(self) -> tuple[list[StillHere], int]:
        """Return the projects that wait for this person's body to ask for their next gate."""
        asking = [post for post in self.actor.posts if self._grants(post.duty, ASKING.format(stage="initiation"))]
        rows, total = standing_still(self.projects, {post.organisation_id for post in asking}, SHOWN_STILL) if asking else ([], 0)
        found = standings([row.place.project_id for row in rows], self.day, english=speaks_english()) if rows else {}
        return [self._still(row, found[row.place.project_id]) for row in rows], total

    def waits(self) -> list[Wait]:
        """Return for whom this person's matters wait, the longest first; call after `turns`."""
        groups: dict[tuple[str, str], list[tuple[int, Place]]] = {}
        bodies = bodies_of(list(self.duties), self.day) if self.requests else {}
        for request in self.requests:
            if request.id not in self.mine and self._ours(request):
                what, duties = self._awaited(request)
                for duty in duties:
                    who = self._who(duty, request.place, bodies)
                    groups.setdefault((who, what), []).append((self._worked(request.requested_at), request.place))
        for paper in self.papers:
            if paper.by == self.actor.id:
                groups.setdefault((CHECKERS, "check_evidence"), []).append((self._worked(paper.at), paper.place))
        found = [
            Wait(
                who,
                REGISTRY[f"lifecycle.initiation.{what}"].title,
                max(days for days, _ in items),
                tuple({p.project_id: p for _, p in items}.values()),
            )
            for (who, what), items in groups.items()
        ]
        return sorted(found, key=lambda wait: -wait.longest)

    def _request_turn(self, request: OpenRequest) -> Turn | None:
        gate = self._pack(request.place).gates.get(request.gate)
        if gate is None:
            return None
        if request.state == "coordination":
            return self._if_held("coordinate_dissent", request, gate)
        if request.state == "leading_group":
            return self._if_held("settle_dissent", request, gate)
        joint = _joint(request)
        signing = self._if_held("sign_off", request, gate, joint.next)
        if signing is not None or (joint.missing and self.day <= request.sign_by) or request.requested_by == self.actor.id:
            return signing
        return self._if_held("decide_gate", request, gate, (gate.decider,))

    def _if_held(self, name: str, request: OpenRequest, gate: Gate, duties: Sequence[str] | None = None) -> Turn | None:
        if not self._holds(f"lifecycle.{gate.stage}.{name}", request.place, duties):
            return None
        due = request.sign_by if name == "sign_off" else None
        return self._turn(name, request.place, gate.id, gate.title, request.id, request.requested_at, gate.stage, due)

    def _record_turns(self) -> Iterable[Turn]:
        for record in unchecked_records(self.projects) if self.actor.posts else ():
            gate = self._pack(record.place).gates.get(record.what)
            if gate and record.by != self.actor.id and self._holds(f"lifecycle.{gate.stage}.check_record", record.place):
                yield self._turn("check_record", record.place, gate.id, gate.title, record.id, record.at, gate.stage)

    def _condition_turns(self) -> Iterable[Turn]:
        for item in open_conditions(self.projects) if self.actor.posts else ():
            gate = self._pack(item.place).gates.get(item.gate)
            if gate and self._holds(f"lifecycle.{gate.stage}.close_condition", item.place, (gate.decider,)):
                address = f"lifecycle.{gate.stage}.close_condition"
                yield Turn(
                    "close_condition",
                    address,
                    REGISTRY[address].title,
                    item.place,
                    gate.id,
                    item.text,
                    item.id,
                    self.day,
                    item.due_on,
                    self._left(item.due_on),
                )

    def _turn(self, name: str, place: Place, gate: str, matter: str, key: UUID, at: datetime, stage: str, due: date | None = None) -> Turn:
        address = f"lifecycle.{stage}.{name}"
        return Turn(
            name,
            address,
            REGISTRY[address].title,
            place,
            gate,
            matter,
            key,
            at.astimezone(SHANGHAI).date(),
            due,
            None if due is None else self._left(due),
        )

    def _still(self, row: Still, here: Standing) -> StillHere:
        gate = here.pack.gates.get(row.next_gate)
        days = None if row.moved_at is None else (self.day - row.moved_at.astimezone(SHANGHAI).date()).days
        back = [item for item in here.judge(row.next_gate).rows if item.holds_back] if gate else []
        unmet = sum(item.outcome.verdict is Verdict.UNMET for item in back)
        first = back[0].requirement if back else None
        return StillHere(
            row.place,
            row.next_gate,
            gate.title if gate else row.next_gate,
            days,
            row.returned,
            Lacking(unmet, len(back) - unmet, first.title if first else ""),
            first.remedy if first else "",
            clause_text(first.clauses[0]) if first and first.clauses else "",
        )

    def _ours(self, request: OpenRequest) -> bool:
        gate = self._pack(request.place).gates.get(request.gate)
        body = any(post.organisation_id == request.place.owner_id for post in self.actor.posts)
        decider = gate is not None and any(post.duty == gate.decider for post in self.actor.posts)
        return request.requested_by == self.actor.id or body or decider

    def _awaited(self, request: OpenRequest) -> tuple[str, Sequence[str]]:
        gate = self._pack(request.place).gates[request.gate]
        if request.state != "open":
            name = "coordinate_dissent" if request.state == "coordination" else "settle_dissent"
            return name, [duty for duty in self.duties if self._grants(duty, f"lifecycle.{gate.stage}.{name}")][:1]
        joint = _joint(request)
        return ("sign_off", joint.next) if joint.missing else ("decide_gate", (gate.decider,))

    def _who(self, duty: str, place: Place, bodies: Mapping[str, Sequence[tuple[str, str]]]) -> str:
        """Return the body that holds a duty for a place, the nearest one; the duty's title where no post is filled."""
        if self.duties[duty].scope != "region":
            return place.owner if duty.startswith("OWN") else self.duties[duty].title
        near = [(len(region_prefix(code)), name) for code, name in bodies.get(duty, ()) if place.region_code.startswith(region_prefix(code))]
        return max(near)[1] if near else self.duties[duty].title

    def _holds(self, address: str, place: Place, duties: Sequence[str] | None = None, *, secret: bool = False) -> bool:
        posts = [post for post in self.actor.posts if (duties is None or post.duty in duties) and (post.sees_work_secrets or not secret)]
        target = Target(place.owner_id, place.region_code, place.project_id)
        return post_permitting(address, posts, self.duties, target, self.day) is not None

    def _grants(self, duty: str, address: str) -> bool:
        return duty in self.duties and any(matches(grant, address) for grant in self.duties[duty].grants)

    def _asks_check(self, paper: Unchecked) -> bool:
        kind = self._pack(paper.place).evidence.get(paper.what)
        return kind is not None and kind.second_check

    def _stage(self, paper: Unchecked) -> str:
        return self._pack(paper.place).evidence[paper.what].stage

    def _pack(self, place: Place) -> Pack:
        return spoken_pack(place.region_code)

    def _left(self, due: date) -> int:
        return national().workdays_between(self.day, due) if due >= self.day else -national().workdays_between(due, self.day)

    def _worked(self, at: datetime) -> int:
        return national().workdays_between(at.astimezone(SHANGHAI).date(), self.day)


def _joint(request: OpenRequest) -> JointState:
    signers = [CoSigner(item["duty"], item["title"]) for item in request.co_signers]
    return joint_state(signers, request.words, request.order, request.steps.count("settled"), overruled="overruled" in request.steps)
