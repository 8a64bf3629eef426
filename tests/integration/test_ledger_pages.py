"""The ledger to read: all of it for the audit administrator, one's own and that of visible projects for others; proofs recomputed; secrets closed."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from factories import Cast, acting, cast, person, read, signed_in
from journey import all_sign, asked, hand_in, project_of
from sixgate.records import append_only
from sixgate.records.models import LedgerEvent, Organisation
from sixgate.usecases._frame import Actor, today
from sixgate.usecases.lifecycle.decision import decide_gate
from sixgate.usecases.planning.funding import amend_project

pytestmark = pytest.mark.usefixtures("rows", "own_files")
AGREES, DIFFERS = 'v-met">一致</span>', 'v-unmet">不一致</span>'


def event_of(action: str) -> UUID:
    """Return the latest event of an action."""
    return LedgerEvent.objects.filter(action=action).latest("at").event_id


def auditor(people: Cast) -> Actor:
    """Return the audit administrator."""
    return acting(person("audit", people.here.other, "AUDITOR"))


def rows_read(actor: Actor, query: str = "") -> int:
    """Return how many acts a person finds on the first page."""
    return read(actor, f"/ledger/{query}").count('data-label="承诺"')


def test_the_auditor_reads_everything_and_others_what_is_theirs_to_see() -> None:
    people = cast()
    project_of(people)
    stranger = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    total = LedgerEvent.objects.count()
    assert (rows_read(auditor(people)), rows_read(people.clerk), rows_read(stranger)) == (total, total, 0)
    event = event_of("planning.register_project")
    assert [signed_in(who).get(f"/ledger/{event}/").status_code for who in (people.clerk, stranger)] == [200, 404]
    assert signed_in(people.clerk).get(f"/ledger/{uuid4()}/").status_code == 404


def test_the_ledger_is_narrowed_by_act_person_project_result_and_day() -> None:
    people = cast()
    project = project_of(people)
    amend_project(people.clerk, project_id=project, network="internet")
    everything = LedgerEvent.objects.all()
    counts = {
        "?action=planning.amend_project": 1,
        "?person=chen": everything.filter(actor_id=people.clerk.id).count(),
        f"?project_id={project}": everything.filter(project_id=project).count(),
        "?project=市民卡": everything.filter(project_id=project).count(),
        "?result=denied": 0,
        f"?since={today()}": everything.count(),
        "?until=2020-01-01": 0,
        "?person_id=nonsense": 0,
    }
    assert {query: rows_read(people.clerk, query) for query in counts} == counts
    assert "请按 2026-11-23 的样子填写日期，这一条没有用上。" in read(people.clerk, "/ledger/?since=昨天")


def test_a_decision_is_told_in_words_and_its_proof_recomputed() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    all_sign(people, request)
    decide_gate["initiation"](people.office, request_id=request, outcome="passed")
    page = read(people.clerk, f"/ledger/{event_of('lifecycle.initiation.decide_gate')}/")
    assert ("<dt>决定</dt><dd>通过</dd>" in page, "<dt>决策点</dt><dd>入库与年度申报</dd>" in page) == (True, True)
    assert (page.count(AGREES), page.count(DIFFERS)) == (3, 0)


def test_a_changed_column_or_payload_shows_as_not_matching() -> None:
    people = cast()
    project_of(people)
    event = event_of("planning.register_project")
    append_only.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledgerevent SET action = 'planning.cancel_project' WHERE event_id = %s", [_key(event)])
    append_only.install()
    page = read(auditor(people), f"/ledger/{event}/")
    assert (page.count(AGREES), page.count(DIFFERS)) == (2, 1)


def test_the_content_of_a_work_secret_stays_closed_without_the_post_that_opens_it() -> None:
    people = cast()
    project = project_of(people)
    hand_in(people, project, "needs_survey")
    event = event_of("lifecycle.initiation.submit_evidence")
    open_page = read(people.clerk, f"/ledger/{event}/")
    assert "内容涉及工作秘密" not in open_page
    marked = _marked_secret(people, project)
    assert "内容涉及工作秘密，您的岗位不能查看" in read(people.clerk, f"/ledger/{marked}/")


def _marked_secret(people: Cast, project: UUID) -> UUID:
    from factories import filled, scan
    from sixgate.usecases import _law
    from sixgate.usecases.lifecycle.evidence import submit_evidence

    kind = _law.law("440100", today())[0].evidence["needs_survey"]
    given: dict[str, Any] = {"project_id": project, "kind": "needs_survey", "screening": "no", "fields": filled(kind), "work_secret": True}
    submit_evidence["initiation"](people.clerk, files=[scan("调研")], **given)
    return event_of("lifecycle.initiation.submit_evidence")


def _key(event: UUID) -> str:
    return event.hex if connection.vendor == "sqlite" else str(event)
