"""The search for everything: each kind is found by name, number or id, grouped, led to; a reader elsewhere finds none of it; few queries."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import acting, cast, person, read, signed_in
from journey import WAN, passed_first, project_of
from sixgate.records.models import EvidenceVersion, Finding, LedgerEvent, Organisation, Project
from sixgate.usecases._frame import today
from sixgate.usecases.lifecycle.contract import record_contract
from sixgate.usecases.planning.funding import add_funding
from sixgate.usecases.planning.systems import link_system, register_system

pytestmark = pytest.mark.usefixtures("rows", "own_files")


def test_each_kind_is_found_and_led_to_and_a_stranger_finds_none_but_bodies_and_rules() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    record_contract["procurement"](
        people.clerk, project_id=project, title="开发合同", number="HT-2026-07", supplier_id=people.here.other.id, amount_fen=WAN, signed_on=today()
    )
    add_funding(people.clerk, project_id=project, source="lgi", budget_year=2026, amount_fen=WAN, document_no="穗财预〔2026〕7号")
    system = register_system(people.clerk, owner_id=people.here.bureau.id, name="灵活就业登记系统")["system"]
    link_system(people.clerk, project_id=project, system_id=system)
    finding = Finding.objects.create(
        project_id=project, check_id="check.x", subject_type="system", subject_id="x", subject_title="奇怪的台账行", owner_duty="OWN", facts=[],
        facts_digest="", first_seen=today(), last_seen=today(),
    )  # fmt: skip
    name = Project.objects.get(pk=project).name
    stranger = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    wanted = {
        name[:4]: f'href="/projects/{project}/"',
        "灵活就业": f'href="/projects/{project}/systems/"',
        "奇怪的": f'href="/findings/{finding.id}/"',
        "ht-2026": f'href="/projects/{project}/money/"',
        "穗财预 7号": f'href="/projects/{project}/money/"',
    }
    seen = {word: (link in read(people.office, f"/search/?q={word}"), link in read(stranger, f"/search/?q={word}")) for word, link in wanted.items()}
    assert seen == dict.fromkeys(wanted, (True, False))
    for word, link in {
        people.here.bureau.name: f"/organisations/{people.here.bureau.id}/",
        "可行性研究": "/requirements/initiation.feasibility_study/",
    }.items():
        assert link in read(stranger, f"/search/?q={word}")


def test_an_id_leads_to_the_acts_that_bear_it_for_those_who_may_read_them() -> None:
    people = cast()
    project = project_of(people)
    event = LedgerEvent.objects.filter(project_id=project).first()
    assert event is not None
    stranger = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    link = f'href="/ledger/{event.event_id}/"'
    asked = [link in read(who, f"/search/?q={key}") for who in (people.office, stranger) for key in (event.event_id, project)]
    assert asked == [True, True, False, False]
    assert "没有找到" in read(people.office, f"/search/?q={uuid4()}")


def test_a_number_keyed_in_evidence_is_found_unless_it_is_a_work_secret_or_no_longer_counts() -> None:
    people = cast()
    project = project_of(people)
    passed_first(people, project)
    version = EvidenceVersion.objects.filter(evidence__project_id=project).order_by("id").first()
    assert version is not None
    words = next(text for text in version.fields.values() if isinstance(text, str) and len(text) > 3)
    link = f'href="/evidence/{version.id}/"'
    assert link in read(people.office, f"/search/?q={words}")
    secret = EvidenceVersion.objects.create(
        evidence=version.evidence, number=version.number + 1, fields=version.fields, submitted_by=version.submitted_by,
        submitted_at=version.submitted_at, work_secret=True, event_id=version.event_id,
    )  # fmt: skip
    type(version.evidence).objects.filter(pk=version.evidence_id).update(latest_number=secret.number)
    page = read(people.office, f"/search/?q={words}")
    assert (link in page, f'href="/evidence/{secret.id}/"' in page) == (False, False)


@pytest.mark.parametrize("typed", ["", "没有这个词", "'\"<script>", "%", "a " * 150])
def test_whatever_is_typed_is_answered_in_words_and_never_as_markup(typed: str) -> None:
    people = cast()
    project_of(people)
    answer = signed_in(people.office).get("/search/", {"q": typed})
    assert (answer.status_code, "<script>" in answer.content.decode(), "写名称" in answer.content.decode()) == (200, False, not typed)


def test_a_search_asks_few_queries_however_much_there_is() -> None:
    people = cast()
    project = project_of(people)
    client = signed_in(people.office)
    with CaptureQueriesContext(connection) as frame:
        client.get("/search/")
    for text in ("项目", str(project)):
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/", {"q": text})
        assert len(asked) - len(frame) <= 8
