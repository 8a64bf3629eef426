"""What a person's home page leads with: the hat follows from the posts, the cards and the words from the hat. Nothing here permits anything."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from sixgate.domain.authority import ANYWHERE, post_permitting
from sixgate.records.models import Project
from sixgate.records.queries import cards as numbers
from sixgate.records.queries.cards import Doubtful
from sixgate.usecases import _law
from sixgate.usecases._checks import checks_of
from sixgate.usecases._frame import SHANGHAI, Actor
from sixgate.usecases._offers import spoken_pack

ACCEPTING: Final = "G09"
SHOWN_DOUBTS: Final = 5
READ_ALL: Final = "ledger.read_all"
HATS: Final[Mapping[str, frozenset[str]]] = {  # a person with several begins with the first
    "director": frozenset({"PMO"}),
    "leader": frozenset({"LDR"}),
    "owner": frozenset({"OWN", "OWN_CHECK"}),
    "expert": frozenset({"EXP"}),
    "security": frozenset({"OWN_NET", "CAC", "PSB", "CRY", "SEC", "MLP", "CRA"}),
    "operator": frozenset({"OPS"}),
    "auditor": frozenset({"AUD", "AUDITOR"}),
}
OTHER: Final = "other"
DOUBTING: Final = ("director", "leader")


@dataclass(frozen=True, slots=True)
class Card:
    """One number with its name, None where it is not known, and for some the base it is out of; the door has the words and the ways."""

    name: str
    value: int | None
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A green not to be believed: what was found, the clause or habit it offends, and what to ask the unit."""

    project_id: UUID
    project: str
    owner: str
    rated_on: date
    findings: int
    title: str
    ask: str


@dataclass(frozen=True, slots=True)
class Page:
    """What leads: the hat worn, those one could wear, cards, and the greens not to be believed."""

    hat: str
    hats: tuple[str, ...]
    cards: tuple[Card, ...]
    doubts: tuple[Doubt, ...] = ()
    doubts_total: int = 0


def hats_of(actor: Actor) -> tuple[str, ...]:
    """Return the hats a person's posts give, the first of which is worn unless another is chosen."""
    held = {post.duty for post in actor.posts}
    found = tuple(hat for hat, duties in HATS.items() if held & duties)
    rest = held - frozenset().union(*HATS.values())
    return (*found, OTHER) if rest or not found else found


def page_of(actor: Actor, projects: QuerySet[Project], day: date, still: int, turns: int, wanted: str) -> Page:
    """Return what leads the page of a person under the hat they chose, or the first of theirs."""
    hats = hats_of(actor)
    hat = wanted if wanted in hats else hats[0]
    read = _Numbers(actor, projects, day, still, turns)
    if not read.own.projects and hat != "auditor":
        return Page(hat, hats, ())
    cards = tuple(Card(name, *_value(read, name)) for name in ON[hat])
    doubts, total = numbers.doubtful(projects, SHOWN_DOUBTS) if hat in DOUBTING else ([], 0)
    return Page(hat, hats, cards, tuple(_doubt(item) for item in doubts), total)


class _Numbers:
    """The numbers cards are made of, each read when a card first asks for it."""

    def __init__(self, actor: Actor, projects: QuerySet[Project], day: date, still: int, turns: int) -> None:
        self.actor, self.projects, self.day, self.still, self.turns = actor, projects, day, still, turns

    @cached_property
    def own(self) -> numbers.Numbers:
        return numbers.numbers_of(self.projects, self.day, ACCEPTING)

    @cached_property
    def found(self) -> Mapping[str, int]:
        return numbers.open_findings(self.projects)

    @cached_property
    def systems(self) -> numbers.SystemNumbers:
        return numbers.systems_of(self.projects)

    @property
    def unchecked(self) -> int:
        owners = {post.organisation_id for post in self.actor.posts if post.duty in HATS["owner"]}
        return numbers.unchecked_count(self.projects, owners)

    @cached_property
    def acts(self) -> Mapping[str, int]:
        sees_all = post_permitting(READ_ALL, self.actor.posts, _law.duties(self.day), ANYWHERE, self.day) is not None
        since = datetime.combine(self.day.replace(day=1), time(), SHANGHAI)
        return numbers.acts_since(since, None if sees_all else self.projects)

    def of(self, checks: Collection[str]) -> int | None:
        """Return how many open findings of some checks there are; None for a reader who sees no project: that is not none."""
        return sum(self.found.get(check, 0) for check in checks) if self.own.projects else None


Value = tuple[int | None] | tuple[int | None, int]
COUNTED: Final[Mapping[str, Callable[[_Numbers], Value]]] = {
    "projects": lambda read: (read.own.projects,),
    "late": lambda read: (read.own.late if read.own.planned else None, read.own.planned),
    "findings": lambda read: (sum(read.found.values()),),
    "changed": lambda read: (read.own.changed,),
    "conditions": lambda read: (read.own.conditions,),
    "still": lambda read: (read.still,),
    "unchecked": lambda read: (read.unchecked,),
    "turns": lambda read: (read.turns,),
    "systems": lambda read: (read.systems.all,),
    "online": lambda read: (read.systems.online, read.systems.all),
    "ungraded": lambda read: (read.systems.ungraded, read.systems.online),
    "level3": lambda read: (read.systems.level3, read.systems.all),
    "acts": lambda read: (read.acts["acts"],),
    "denied": lambda read: (read.acts["denied"],),
    "exports": lambda read: (read.acts["exports"],),
}
ON: Final[Mapping[str, tuple[str, ...]]] = {
    "director": ("projects", "late", "findings", "changed", "conditions"),
    "leader": ("projects", "late", "money", "changed", "conditions"),
    "owner": ("projects", "still", "unchecked", "findings", "deadlines"),
    "expert": ("projects", "turns", "figures", "twice", "changed"),
    "security": ("systems", "ungraded", "level3", "yearly", "accounts"),
    "operator": ("online", "unused", "restore", "evaluation", "upkeep"),
    "auditor": ("acts", "denied", "exports", "self_decided", "stale"),
    OTHER: ("projects", "late", "findings", "changed", "conditions"),
}
CHECKS_OF: Final[Mapping[str, tuple[str, ...]]] = {  # the checks whose open findings a card counts, or leads to
    "changed": ("check.stale_decision",),
    "conditions": ("check.condition_overdue",),
    "deadlines": ("check.deadline_overdue", "check.final_overdue", "check.self_evaluation_overdue"),
    "money": ("check.contract_over_estimate", "check.paid_over_contract", "check.accounts_over_estimate", "check.funding_over_estimate"),
    "twice": ("check.same_name", "check.same_content", "check.same_file", "check.unexplained_duplicates"),
    "figures": ("check.estimate_parts", "check.estimate_over_ten", "check.award_far_below", "check.contract_differs_from_award"),
    "ungraded": ("check.ungraded_system",),
    "yearly": ("check.level3_without_yearly", "check.online_before_assessment"),
    "accounts": ("check.accounts_not_limited", "check.restore_not_tested"),
    "unused": ("check.nobody_uses",),
    "restore": ("check.restore_not_tested",),
    "evaluation": ("check.self_evaluation_overdue",),
    "upkeep": ("check.om_without_system", "check.system_without_project"),
    "self_decided": ("check.self_decided", "check.same_hand"),
    "stale": ("check.stale_decision",),
}


def _value(read: _Numbers, name: str) -> Value:
    return COUNTED[name](read) if name in COUNTED else (read.of(CHECKS_OF[name]),)


def _doubt(item: Doubtful) -> Doubt:
    """Choose the finding to begin with: the one the pack's order puts first."""
    pack = spoken_pack("")
    order = {rule.id: place for place, rule in enumerate(checks_of(pack))}
    first = min(item.check_ids, key=lambda check: order.get(check, len(order)))
    rule = pack.requirements.get(first)
    return Doubt(item.project_id, item.project, item.owner, item.rated_on, item.findings, rule.title if rule else first, rule.remedy if rule else "")
