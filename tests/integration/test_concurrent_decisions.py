"""200 people decide one gate at the same moment: exactly one transition, 199 clean refusals, on every database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from factories import acting, cast, person
from journey import asked, project_of
from sixgate.kernel.refusal import Conflict
from sixgate.records.models import GateRequest, LedgerEvent, Passage
from sixgate.usecases._frame import Actor, today
from sixgate.usecases.lifecycle.decision import decide_gate

pytestmark = pytest.mark.usefixtures("rows", "own_files")
CALLS, CALLERS = 200, 16


def test_two_hundred_decisions_make_one_passage_and_199_refusals() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    GateRequest.objects.filter(pk=request).update(sign_by=today() - timedelta(days=1))
    deciders = [acting(person(f"pmo{number}", people.here.other, "PMO")) for number in range(CALLS)]
    before = LedgerEvent.objects.count()

    def decide(actor: Actor) -> str:
        try:
            return str(decide_gate["initiation"](actor, request_id=request, outcome="passed")["outcome"])
        except Conflict as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CALLERS) as pool:
        answers = Counter(pool.map(decide, deciders))
    assert answers == {"passed": 1, "request_moved_on": CALLS - 1}
    assert (Passage.objects.count(), GateRequest.objects.get(pk=request).state, LedgerEvent.objects.count()) == (1, "decided", before + 1)
