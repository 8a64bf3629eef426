"""How deliveries stand, for the system administrator; and whether one's own mail arrives. Never run is said as such, not as zero failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from sixgate.domain.authority import Target
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Endpoint, Organisation, User
from sixgate.records.queries.notices import attempts_shown, endpoints_shown, heads_of, last_mail_trouble, mail_state
from sixgate.usecases._frame import Actor
from sixgate.usecases._offers import may

SHOWN: Final = 50
ADMINISTERS: Final = "authority.add_endpoint"
ACT_GROUPS: Final = (  # what a webhook may be narrowed to on the page; the API takes any pattern
    ("authority.*", gettext_noop("授权：单位、账号、岗位、条款")),
    ("planning.*", gettext_noop("登记：项目、系统、资金、体检")),
    ("lifecycle.*.submit_evidence", gettext_noop("提交材料")),
    ("lifecycle.*.request_gate", gettext_noop("申请过关")),
    ("lifecycle.*.sign_off", gettext_noop("会签")),
    ("lifecycle.*.decide_gate", gettext_noop("作出决定")),
    ("lifecycle.*.record_decision", gettext_noop("补录决定")),
    ("lifecycle.*.*", gettext_noop("各阶段的全部办理")),
)


REASONS: Final = {  # what the courier wrote down, in words; codes of answers stay as they are
    "ConnectionRefusedError": gettext_noop("连不上"),
    "ConnectionResetError": gettext_noop("连接中断"),
    "TimeoutError": gettext_noop("超时"),
    "gaierror": gettext_noop("查不到主机"),
    "SSLCertVerificationError": gettext_noop("证书不对"),
    "SSLError": gettext_noop("TLS 连接不成"),
    "host is not listed": gettext_noop("主机不在 NOTICES_HOSTS 里"),
    "address is private and its network is not listed": gettext_noop("内部地址，网段不在 NOTICES_NETWORKS 里"),
    "not https": gettext_noop("不是 https"),
    "no address in NOTICES_ROBOTS": gettext_noop("NOTICES_ROBOTS 里没有地址"),
    "answer is no JSON object": gettext_noop("回答看不懂"),
    "answer took too long": gettext_noop("回答太慢"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place messages go to, and how it stands. `last` None: nothing ever arrived."""

    id: UUID
    name: str
    kind: str
    host: str
    acts: Sequence[str]
    body: str
    ended: bool
    waiting: int
    given_up: int
    last: datetime | None
    attempts: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, without the person it went to: an administrator of the machine need not know whom what was told."""

    at: datetime
    kind: str
    place: str
    number: int
    outcome: str
    status: int | None
    reason: str
    state: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The page of the administrator."""

    places: Sequence[Place]
    attempts: Sequence[Attempt]
    mail_on: bool
    mail_waiting: int
    mail_given_up: int
    mail_last: datetime | None


@dataclass(frozen=True, slots=True)
class MailState:
    """One's own mail: the address, whether a server is set, why the last one did not arrive."""

    address: str
    server: bool
    inside: bool
    trouble: str
    trouble_at: datetime | None
    refused: bool


def sees_deliveries(actor: Actor) -> bool:
    """Tell whether a person looks after deliveries."""
    return may(actor, ADMINISTERS, Target(region_code=settings.HOME_JURISDICTION))


def deliveries(actor: Actor) -> Deliveries:
    """Return how deliveries stand; raise Invisible for whoever does not look after them."""
    if not sees_deliveries(actor):
        raise Invisible
    rows = list(endpoints_shown())
    heads = heads_of(row.id for row in rows)
    waiting, given_up, last = mail_state()
    attempts = [
        Attempt(
            item.at,
            item.message.kind,
            item.endpoint.name if item.endpoint else "",
            item.number,
            item.outcome,
            item.status,
            item.reason,
            item.message.state,
        )
        for item in attempts_shown(SHOWN)
    ]
    return Deliveries([_place(row, heads.get(row.id)) for row in rows], attempts, bool(settings.EMAIL_HOST), waiting, given_up, last)


def _place(row: Any, head: Any) -> Place:
    url = row.url or settings.NOTICES_ROBOTS.get(row.robot, "")
    return Place(
        row.id,
        row.name,
        row.kind,
        urlsplit(url).hostname or "",
        row.acts,
        row.organisation.name if row.organisation else "",
        row.ended_at is not None,
        row.waiting,
        row.given_up,
        row.arrived_at,
        head.attempts if head else 0,
        head.next_at if head else None,
    )


def endpoint_name(actor: Actor, endpoint_id: UUID) -> tuple[str, str]:
    """Return name and kind of a place in use; raise Invisible for who does not look after deliveries, or when there is none."""
    found = Endpoint.objects.filter(pk=endpoint_id, ended_at=None).values_list("name", "kind").first() if sees_deliveries(actor) else None
    if found is None:
        raise Invisible
    return found


def bodies_for_robots() -> list[tuple[str, str]]:
    """Return the bodies a group's count can be about, by name."""
    return [(str(key), name) for key, name in Organisation.objects.filter(ended_on=None).order_by("name").values_list("id", "name")[:500]]


def failing(actor: Actor) -> int | None:
    """Return how many places and mails do not get through now, for who looks after them; None for anybody else."""
    if not sees_deliveries(actor):
        return None
    told = deliveries(actor)
    return sum(1 for place in told.places if not place.ended and (place.attempts or place.given_up)) + (1 if told.mail_given_up else 0)


def own_mail(person_id: UUID) -> MailState:
    """Return how a person's own mail stands."""
    address = User.objects.filter(pk=person_id).values_list("email", flat=True).first() or ""
    trouble = last_mail_trouble(person_id, address) if address else None
    inside = address.rpartition("@")[2].casefold() in settings.NOTICES_INSIDE_MAIL
    return MailState(
        address,
        bool(settings.EMAIL_HOST),
        inside,
        trouble.reason if trouble else "",
        trouble.at if trouble else None,
        trouble is not None and trouble.outcome == "refused",
    )
