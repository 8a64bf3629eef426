"""Whatever fails on an act's way, at whichever step: no row is half-written, and the same request made again is done once.

The n-th statement to the database, the n-th step to the disk, the n-th call for randomness or canonical bytes, and the commit itself are made to
fail, for every n until the act no longer comes that far.
"""

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections

from factories import Cast, acting, cast, filled, person, scan
from journey import all_sign, asked, hand_in, project_of
from sixgate.records.models import LedgerEvent
from sixgate.records.store import receive
from sixgate.usecases import _frame, _law
from sixgate.usecases._frame import today
from sixgate.usecases._registry import verbs
from sixgate.usecases.lifecycle._request import ConditionInput
from snapshot import snapshot

pytestmark = pytest.mark.usefixtures("rows", "own_files")
Act = Callable[[], Any]
MOST = 400
DISK = ((os, "fsync"), (Path, "replace"), (Path, "touch"), (Path, "mkdir"), (Path, "unlink"))
CRYPTO = ((secrets, "token_bytes"), (_frame, "canonical"), (_frame, "commitment"), (_frame, "sm3_hex"))
REGISTER = "项目名称,建设单位,金额（万元）\n市民卡平台升级,市人社局,1280\n教育云,市教育局,300\n"


def _registering(people: Cast) -> Act:
    axes: dict[str, Any] = {"level": "city", "type": "new", "network": "gov_extranet", "amount_fen": 100}
    given = {"name": "市民卡", "owner_id": people.here.bureau.id, "screening": "no", **axes}
    return lambda: verbs()["planning.register_project"].run(people.clerk, **given, idempotency_key="k")


def _submitting(people: Cast) -> Act:
    project, kind = project_of(people), _law.law("440100", today())[0].evidence["feasibility_study"]
    given = {"project_id": project, "kind": kind.id, "screening": "no", "fields": filled(kind), "files": [scan("可研")]}
    return lambda: verbs()["lifecycle.initiation.submit_evidence"].run(people.clerk, **given, idempotency_key="k")


def _checking(people: Cast) -> Act:
    version = hand_in(people, project_of(people), "feasibility_study")
    return lambda: verbs()["lifecycle.initiation.check_evidence"].run(people.checker, version_id=version, agrees=True, idempotency_key="k")


def _asking(people: Cast) -> Act:
    project = project_of(people)
    return lambda: verbs()["lifecycle.initiation.request_gate"].run(people.clerk, project_id=project, gate="G01", idempotency_key="k")


def _signing(people: Cast) -> Act:
    request = asked(people, project_of(people))
    return lambda: verbs()["lifecycle.initiation.sign_off"].run(people.planning, request_id=request, agrees=True, idempotency_key="k")


def _deciding(people: Cast) -> Act:
    request = asked(people, project_of(people))
    all_sign(people, request)
    given = {"request_id": request, "outcome": "conditional", "conditions": [ConditionInput("补齐目录", today())]}
    return lambda: verbs()["lifecycle.initiation.decide_gate"].run(people.office, **given, idempotency_key="k")


def _importing(people: Cast) -> Act:
    body = SimpleUploadedFile("台账.csv", REGISTER.encode())
    file = receive(body.chunks(), "台账.csv", limit=1_000_000)
    given = {"file": file, "owner_id": people.here.other.id, "screening": "no", "mapping": None}
    return lambda: verbs()["planning.import_register"].run(people.office, **given, idempotency_key="k")


def _appointing(people: Cast) -> Act:
    security = acting(person("anquan", people.here.other, "SECADMIN"))
    given = {"person_id": person("new").id, "organisation_id": people.here.bureau.id, "duty": "OWN", "valid_from": today()}
    return lambda: verbs()["authority.appoint_person"].run(security, **given, idempotency_key="k")


ACTS: dict[str, Callable[[Cast], Act]] = {
    "planning.register_project": _registering,
    "lifecycle.initiation.submit_evidence": _submitting,
    "lifecycle.initiation.check_evidence": _checking,
    "lifecycle.initiation.request_gate": _asking,
    "lifecycle.initiation.sign_off": _signing,
    "lifecycle.initiation.decide_gate": _deciding,
    "planning.import_register": _importing,
    "authority.appoint_person": _appointing,
}


class Fault(OSError):
    """The planted one, so that no other error passes for it."""


class Nth:
    """Lets n - 1 calls pass and fails the n-th."""

    def __init__(self, n: int, error: Exception) -> None:
        self.left, self.error, self.fired = n, error, False

    def pass_or_fail(self) -> None:
        """Count one call."""
        self.left -= 1
        if self.left == 0:
            self.fired = True
            raise self.error


@contextmanager
def database_fails(nth: Nth) -> Iterator[None]:
    def statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nth.pass_or_fail()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(statement):
        yield


def calls_fail(*calls: tuple[object, str]) -> Callable[[Nth], AbstractContextManager[None]]:
    """Return what makes the n-th of these calls fail, counted together."""

    @contextmanager
    def failing(nth: Nth) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for owner, name in calls:
                patch.setattr(owner, name, _counted(nth, getattr(owner, name)))
            yield

    return failing


def _counted(nth: Nth, call: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        nth.pass_or_fail()
        return call(*args, **kwargs)

    return counted


FAILING = {
    "database": (database_fails, OperationalError("planted")),
    "disk": (calls_fail(*DISK), Fault(errno.ENOSPC, "No space left on device")),
    "crypto": (calls_fail(*CRYPTO), Fault("no randomness")),
    "clock": (calls_fail((_frame, "now")), Fault("no clock")),
}


@pytest.mark.parametrize("place", list(FAILING))
@pytest.mark.parametrize("address", list(ACTS))
def test_an_act_that_fails_at_its_nth_step_changes_nothing_and_can_be_made_again(address: str, place: str) -> None:
    people = cast()
    act = ACTS[address](people)
    failing, error = FAILING[place]
    before, events = snapshot(), LedgerEvent.objects.filter(action=address).count()
    for n in range(1, MOST):
        nth = Nth(n, error)
        try:
            with failing(nth):
                answer = act()
        except type(error) as raised:
            assert (raised, snapshot() == before) == (error, True), f"step {n}"
            continue
        assert not nth.fired, f"the fault at step {n} was swallowed"
        break
    else:
        raise AssertionError(f"{address} takes more than {MOST} steps")
    assert (LedgerEvent.objects.filter(action=address).count(), act()["event"]) == (events + 1, answer["event"])
    assert UUID(answer["event"]) in set(LedgerEvent.objects.filter(action=address).values_list("event_id", flat=True))
    assert n > 1 or place in ("disk", "clock", "crypto")


@pytest.mark.parametrize("address", list(ACTS))
def test_a_commit_that_fails_undoes_all_and_one_whose_answer_is_lost_is_not_done_twice(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act = ACTS[address](cast())
    before, committed = snapshot(), type(connections["default"])._commit

    def refused(_connection: Any) -> None:
        raise OperationalError("planted before the commit")

    def unheard(wrapper: Any) -> None:
        committed(wrapper)
        raise OperationalError("planted after the commit")

    for commit, unchanged in ((refused, True), (unheard, False)):
        monkeypatch.setattr(type(connections["default"]), "_commit", commit)
        with pytest.raises(OperationalError, match="planted"):
            act()
        monkeypatch.setattr(type(connections["default"]), "_commit", committed)
        connection.close()
        assert (snapshot() == before) is unchanged
    done = snapshot()
    answer = act()
    assert snapshot() == done
    assert LedgerEvent.objects.filter(pk=answer["event"], action=address).count() == 1
