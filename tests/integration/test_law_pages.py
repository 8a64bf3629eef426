"""The rules for readers: two laws compared, whom a rule stops, the sheet to sign, filters; within bounded queries."""

import io
from collections.abc import Iterable

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import CITY, acting, cast, person, read, signed_in
from journey import project_of
from sixgate.engines.rules.schema import Requirement
from sixgate.records.models import Organisation
from sixgate.usecases._frame import today
from sixgate.usecases._project import standing
from sixgate.usecases.authority.clauses import Standing, standings
from sixgate.usecases.authority.comparing import compare_laws
from sixgate.usecases.authority.signing_sheet import signing_rows
from sixgate.usecases.authority.stopped import StoppedProject, stopped_by

pytestmark = pytest.mark.usefixtures("rows", "own_files")


def requirements_of(rules: Iterable[Standing], gate: str) -> list[Requirement]:
    """Return the requirements of a gate."""
    return [item.rule for item in rules if isinstance(item.rule, Requirement) and item.gate == gate]


def test_a_rule_stops_exactly_the_projects_whose_gate_says_so_and_only_those_seen() -> None:
    people = cast()
    project = project_of(people)
    stranger = acting(person("far", Organisation.objects.create(name="外省单位", region_id="330100"), "OWN"))
    here = standing(project, today())
    verdicts = {row.requirement.id: row.outcome.verdict.value for row in here.judge("G01").rows if row.outcome.subject_type == "project"}
    rules = [rule for rule in requirements_of(standings(CITY, today()), "G01") if rule.id in verdicts]
    assert {"unmet", "unknown"} & set(verdicts.values())
    name = here.dossier.project.subject_title
    for rule in rules:
        verdict = verdicts[rule.id]
        told = (StoppedProject(project, name, verdict),) if verdict in ("unmet", "unknown") else ()
        found = stopped_by(people.clerk, rule, CITY)
        assert (found.judged, found.capped, found.projects) == (1, False, told)
        assert stopped_by(stranger, rule, CITY).judged == 0
    stopping = next(rule for rule in rules if verdicts[rule.id] in ("unmet", "unknown"))
    assert f'href="/projects/{project}/gates/G01/"' in read(people.clerk, f"/clauses/{stopping.id}/")
    assert str(project) not in read(stranger, f"/clauses/{stopping.id}/")


def test_the_page_lays_the_place_beside_the_nation() -> None:
    people = cast()
    found = compare_laws(("cn", today()), (CITY, today()))
    page = read(people.clerk, "/clauses/differences/")
    assert (f"有 {len(found.changes)} 处不同" in page, page.count('<details class="sg-law"')) == (True, len(found.changes))
    same = read(people.clerk, f"/clauses/differences/?from={CITY}&to={CITY}")
    assert ("两边完全一样。" in same, "两边是同一套规则包" in same) == (True, True)


def test_a_day_that_is_none_is_named_beside_its_field() -> None:
    answer = signed_in(cast().clerk).get("/clauses/differences/?to_on=昨天")
    assert (answer.status_code, 'id="wrong_to_on"' in answer.content.decode()) == (422, True)


def test_the_sheet_holds_the_rules_the_list_shows() -> None:
    people = cast()
    answer = signed_in(people.clerk).get("/clauses/signing-sheet/?show=open&stage=initiation")
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [tuple(cell or "" for cell in row) for row in page.iter_rows(min_row=4, values_only=True)]
    listed = read(people.clerk, "/clauses/?show=open&stage=initiation")
    rules = [item for item in standings(CITY, today()) if f'href="/clauses/{item.rule.id}/?' in listed]
    assert rules
    assert rows == signing_rows(rules)
    assert (page.page_setup.orientation, page.print_title_rows) == ("landscape", "$3:$3")


@pytest.mark.parametrize(("name", "value"), [("kind", "habit"), ("kind", "law"), ("confidence", "verified"), ("confidence", "unsure")])
def test_the_list_is_narrowed_by_kind_and_check(name: str, value: str) -> None:
    shown = read(cast().clerk, f"/clauses/?{name}={value}").count('<td class="sg-nb" data-label="性质">')
    assert shown == sum(getattr(item.rule, name) == value for item in standings(CITY, today()))


def test_the_pages_read_a_bounded_number_of_queries_whatever_the_projects() -> None:
    people = cast()
    target = requirements_of(standings(CITY, today()), "G01")[0].id
    client = signed_in(people.clerk)
    counts = []
    for number in (1, 4):
        for _ in range(number):
            project_of(people)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/clauses/{target}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/clauses/differences/").status_code == 200
    assert len(asked) <= 12
