"""The frame of every verb: address, authority, transaction, idempotency, ledger event, registry. The only reader of the clock.

A verb is a function `(act, *, …) -> dict` under `@verb(address, title)`. It asks `act.permit(target)` before it changes anything and
calls `act.enter(…)` once, which becomes its ledger entry. Doors call the decorated function with an Actor.
"""

import functools
import inspect
import re
import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from sixgate import __version__
from sixgate.domain.authority import ANYWHERE, PostFact, Target, post_permitting
from sixgate.engines.ledger.canonical import canonical, commitment, sm3_hex
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import IdempotencyKey, LedgerEvent, LedgerPending, ProjectState
from sixgate.records.models.row import new_row_id
from sixgate.records.queries.people import has_account
from sixgate.usecases import _law
from sixgate.usecases._bounds import LINE, LONG, bounded

P = ParamSpec("P")
SHANGHAI = ZoneInfo("Asia/Shanghai")
Answer = dict[str, Any]
NOBODY: Final = UUID(int=0)  # acts before there is anybody, and for whoever owns the machine
KEY: Final = re.compile(r"[\x21-\x7e]{1,80}")


_PINNED: Final[ContextVar[datetime | None]] = ContextVar("pinned", default=None)


def now() -> datetime:
    """Return the present moment in UTC; tests pin it, and so does the demo for its acts of earlier days."""
    return _PINNED.get() or datetime.now(UTC)  # noqa: TID251 - the one place


@contextmanager
def pinned(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment while a demo acts as on that day; raise Conflict in production, where no clock stands still."""
    if settings.PRODUCTION:
        raise Conflict("clock_in_production", gettext_noop("生产环境不能拨动时钟。"))
    token = _PINNED.set(moment)
    try:
        yield
    finally:
        _PINNED.reset(token)


def today() -> date:
    """Return the legal day in Asia/Shanghai."""
    return now().astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with which posts, through which door."""

    id: UUID
    name: str
    posts: tuple[PostFact, ...] = ()
    door: str = "cli"
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """One user action. `parameters` come from the signature; labels from `Annotated` metadata."""

    address: str
    title: str
    parameters: Mapping[str, inspect.Parameter]
    run: Callable[..., Answer]

    @property
    def room(self) -> str:
        """Return the room, the first part of the address."""
        return self.address.split(".")[0]


@dataclass(frozen=True, slots=True)
class Label:
    """What a person reads beside a parameter in forms, help and messages, and how long a text may be: a line or several unless said."""

    text: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    multiline: bool = False
    secret: bool = False  # a password: never shown again, never digested
    longest: int = 0

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of what is labelled, within the bounds of every door."""
        return bounded(handler(source), self.longest or (LONG if self.multiline else LINE), as_typed=self.secret)


REGISTRY: dict[str, Verb] = {}


@dataclass(slots=True)
class Act:
    """One running verb: its moment, its event, and what it will enter in the ledger."""

    actor: Actor
    address: str
    at: datetime
    event_id: UUID
    post: PostFact | None = None
    entry: Answer | None = None
    after_refusal: Callable[[], None] | None = None
    own: bool = False
    once: Answer = field(default_factory=dict)  # told to the caller once: neither stored with the answer nor entered
    prepared: Any = None

    @property
    def day(self) -> date:
        """Return the legal day of the act."""
        return self.at.astimezone(SHANGHAI).date()

    def permit(self, target: Target = ANYWHERE, *, duties: Collection[str] | None = None) -> PostFact:
        """Return the post that permits this act on the target, one of the given duties where they are named; raise Forbidden when there is none."""
        posts = [post for post in self.actor.posts if duties is None or post.duty in duties]
        self.post = post_permitting(self.address, posts, _law.duties(self.day), target, self.day)
        if self.post is None:
            raise Forbidden(
                "not_permitted",
                gettext_noop("您的岗位不能做这件事：{title}。"),
                remedy=gettext_noop("请由有此职责的人办理，或请安全管理员核对您的岗位。"),
                title=REGISTRY[self.address].title,
            )
        return self.post

    def permit_self(self) -> None:
        """Permit an act on the actor's own account, which needs no duty; raise Forbidden when there is no such account in use."""
        if not has_account(self.actor.id):
            raise Forbidden("no_account", gettext_noop("没有可用的账号，不能做这件事。"))
        self.own = True

    def enter(self, object_type: str, object_id: object, *, project_id: UUID | None = None, **payload: object) -> None:
        """Set the one ledger entry of this act; payload values are canonical-ready or dates and UUIDs."""
        if self.entry is not None:
            raise RuntimeError(f"{self.address} entered the ledger twice")
        self.entry = {
            "type": object_type,
            "id": str(object_id),
            "project": project_id,
            "payload": {key: plain(value) for key, value in payload.items()},
        }


def plain(value: object) -> object:
    """Return a value in the form the canonical bytes accept: text in NFC, dates and UUIDs as text, mappings and sequences throughout."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, date | datetime | UUID):
        return value.isoformat() if isinstance(value, date) else str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def verb(
    address: str, title: str, *, prepare: Callable[..., object] | None = None
) -> Callable[[Callable[Concatenate[Act, P], Answer]], Callable[Concatenate[Actor, P], Answer]]:
    """Register a function as the verb of an address and wrap it in authority, transaction, idempotency and ledger.

    `prepare` takes the arguments ahead of the transaction, for slow reading of files that must hold no lock; the verb finds its answer in `act.prepared`.
    """

    def wrap(function: Callable[Concatenate[Act, P], Answer]) -> Callable[Concatenate[Actor, P], Answer]:
        @functools.wraps(function)
        def run(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> Answer:
            given = kwargs.pop("idempotency_key", None)
            key = None if given is None else str(given)
            if (earlier := replayed(actor, address, key, kwargs)) is not None:
                return earlier
            prepared = prepare(*args, **kwargs) if prepare else None
            return _perform(address, function, actor, key, kwargs, prepared)

        if address in REGISTRY:
            raise RuntimeError(f"{address} is registered twice")
        parameters = dict(list(inspect.signature(function, eval_str=True).parameters.items())[1:])
        REGISTRY[address] = Verb(address, title, parameters, run)
        return cast("Callable[Concatenate[Actor, P], Answer]", run)

    return wrap


def _perform(
    address: str, function: Callable[..., Answer], actor: Actor, key: str | None, arguments: Mapping[str, object], prepared: object = None
) -> Answer:
    act = Act(actor, address, now(), new_row_id(), prepared=prepared)
    try:
        with transaction.atomic(durable=True):
            if (earlier := replayed(actor, address, key, arguments)) is not None:
                return earlier
            answer = function(act, **arguments)
            if (act.post is None and not act.own) or act.entry is None:
                raise RuntimeError(f"{address} changed something without permission or ledger entry")
            _append(act, act.entry, "ok")
            answer = {**answer, "event": str(act.event_id)}
            if key:
                _remember(act, key, arguments, answer)
            return {**answer, **act.once}
    except IntegrityError:  # the same request at the same moment: the other one was first, and its answer is this one's
        if (earlier := replayed(actor, address, key, arguments)) is not None:
            return earlier
        raise
    except Forbidden as refusal:
        with transaction.atomic(durable=True):
            _append(act, {"type": "address", "id": address, "project": None, "payload": {"code": refusal.code}}, "denied")
        raise
    except Refusal:
        if act.after_refusal is not None:
            with transaction.atomic(durable=True):
                act.after_refusal()
        raise


def replayed(actor: Actor, address: str, key: str | None, arguments: Mapping[str, object]) -> Answer | None:
    """Return what an actor was answered to the same body under the same key, None when there is no key or it is new; raise Conflict for another body."""
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise Refusal(
            "idempotency_key_malformed",
            gettext_noop("幂等键须为 1 到 80 个可见的 ASCII 字符。"),
            field="idempotency_key",
            remedy=gettext_noop("每个请求取一个新的 UUID 即可。"),
        )
    earlier = IdempotencyKey.objects.filter(actor_id=actor.id, address=address, key=key).first()
    if earlier is None:
        return None
    if earlier.body_digest != _body_digest(address, arguments):
        raise Conflict(
            "idempotency_key_reused",
            gettext_noop("这个幂等键已用于内容不同的请求。"),
            remedy=gettext_noop("请换一个新的键再提交。"),
        )
    return dict(earlier.answer)


def _remember(act: Act, key: str, arguments: Mapping[str, object], answer: Answer) -> None:
    IdempotencyKey.objects.create(
        actor_id=act.actor.id, address=act.address, key=key, body_digest=_body_digest(act.address, arguments), answer=plain(answer), at=act.at
    )


def _body_digest(address: str, arguments: Mapping[str, object]) -> str:
    return sm3_hex(canonical(plain({name: value for name, value in arguments.items() if not _secret(address, name)})))


def note(actor: Actor, action: str, object_id: object, result: str = "ok", *, object_type: str = "person", **payload: object) -> None:
    """Write one ledger event for what happens beside the verbs: signing in, signing out, being turned away, a restore."""
    act = Act(actor, action, now(), new_row_id())
    entry = {"type": object_type, "id": str(object_id), "project": None, "payload": {key: plain(value) for key, value in payload.items()}}
    with transaction.atomic():
        _append(act, entry, result)


def _secret(address: str, name: str) -> bool:
    marks = getattr(REGISTRY[address].parameters[name].annotation, "__metadata__", ()) if name in REGISTRY[address].parameters else ()
    return any(isinstance(mark, Label) and mark.secret for mark in marks)


def _append(act: Act, entry: Answer, result: str) -> None:
    payload = canonical(entry["payload"])
    salt = secrets.token_bytes(32)
    promise = commitment(salt, payload)
    header = {
        "v": 1,
        "id": str(act.event_id),
        "log": settings.DEPLOYMENT,
        "node": settings.DEPLOYMENT,
        "ts": int(act.at.timestamp() * 1_000_000),
        "actor": {"uid": str(act.actor.id), "org": str(act.post.organisation_id) if act.post else None, "roles": [act.post.duty] if act.post else []},
        "on_behalf": str(act.post.lent_by) if act.post and act.post.lent_by else None,
        "act": act.address,
        "obj": {"type": entry["type"], "id": entry["id"]},
        "res": result,
        "req_id": act.actor.request_id,
        "door": act.actor.door,
        "app_ver": __version__,
        "payload_c": promise,
    }
    event = LedgerEvent.objects.create(
        event_id=act.event_id,
        header=canonical(header),
        payload=payload,
        salt=salt,
        commitment=promise,
        at=act.at,
        actor_id=act.actor.id,
        action=act.address,
        object_type=entry["type"],
        object_id=entry["id"],
        project_id=entry["project"],
        result=result,
    )
    LedgerPending.objects.create(event=event)
    if entry["project"] and result == "ok":
        ProjectState.objects.filter(pk=entry["project"]).update(moved_at=act.at)
