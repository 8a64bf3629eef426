"""The register page: what it asks of the database, what it narrows to, how pages turn, what leaves as a file."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import World, acting, person, world
from sixgate.kernel.refusal import Forbidden
from sixgate.records.models import LedgerEvent, Project, ProjectState
from sixgate.records.queries.portfolio import ProjectFilter, project_list
from sixgate.records.queries.search import search_text
from sixgate.usecases.planning.export import export_register

pytestmark = pytest.mark.usefixtures("rows", "own_files")
MANY = 10_000
NAMES = ("不动产登记平台升级", "市民卡平台升级", "教育数据中台", "视频监控二期", "智慧水务", "电子证照")
START = datetime(2026, 1, 1, tzinfo=UTC)
PARTIAL = {"HX-Request": "true", "HX-Target": "list"}


@dataclass(frozen=True)
class Office:
    """A project office at its screen, and the world around it."""

    client: Client
    here: World


@pytest.fixture
def office() -> Office:
    """Sign in a project office of the city."""
    here = world()
    client = Client()
    client.force_login(person("zhou", here.bureau, "PMO"), backend="django.contrib.auth.backends.ModelBackend")
    return Office(client, here)


def fill(here: World, count: int) -> None:
    """Store projects of two bodies; every seventh amount and every fifth moment is unknown, names and amounts repeat."""
    found = [search_text(name) for name in NAMES]
    projects = [
        Project(
            name=f"{NAMES[index % 6]}{index % 400:03d}",
            owner=(here.bureau, here.other)[index % 2],
            region_code="440100",
            type=("new", "upgrade", "om")[index % 3],
            level="city",
            amount_fen=None if index % 7 == 0 else (index % 90) * 10_000_000,
            registered_on=date(2024 + index % 3, 5, 1),
            search_text=found[index % 6],
        )
        for index in range(count)
    ]
    Project.objects.bulk_create(projects, batch_size=1_000)
    states = [
        ProjectState(
            project=project,
            stage=("initiation", "design", "delivery")[index % 3],
            next_gate="G01",
            moved_at=None if index % 5 == 0 else START + timedelta(minutes=index % 50),
        )
        for index, project in enumerate(projects)
    ]
    ProjectState.objects.bulk_create(states, batch_size=1_000)


def project_named(name: str, here: World, **fields: object) -> Project:
    """Store one project of the bureau."""
    project = Project.objects.create(
        name=name, owner=here.bureau, region_code="440100", registered_on=date(2026, 5, 1), search_text=search_text(name), **fields
    )
    ProjectState.objects.create(project=project, next_gate="G01")
    return project


def listed(office: Office, query: str) -> list[str]:
    """Return the project names a page lists, in order."""
    page = office.client.get(f"/projects/{query}").content.decode()
    return re.findall(r'<td><a href="/projects/[0-9a-f-]{36}/">([^<]+)</a>', page)


def forward(wanted: ProjectFilter) -> Iterator[list[UUID]]:
    """Yield the ids of every page, turned forward from the first."""
    after = ""
    while True:
        page = project_list(Project.objects.all(), wanted, after=after)
        yield [row.id for row in page.rows]
        if not page.after:
            return
        after = page.after


def backward(wanted: ProjectFilter) -> Iterator[list[UUID]]:
    """Yield the ids of every page, turned back from the last."""
    page = project_list(Project.objects.all(), wanted)
    while page.after:
        page = project_list(Project.objects.all(), wanted, after=page.after)
    yield [row.id for row in page.rows]
    while page.before:
        page = project_list(Project.objects.all(), wanted, before=page.before)
        yield [row.id for row in page.rows]


def test_a_page_over_ten_thousand_projects_asks_as_few_queries_as_one_over_a_hundred(office: Office) -> None:
    fill(office.here, 100)
    with CaptureQueriesContext(connection) as few:
        office.client.get("/projects/?sort=amount&down=1")
    fill(office.here, MANY)
    with CaptureQueriesContext(connection) as many:
        page = office.client.get("/projects/?sort=amount&down=1").content.decode()
    with CaptureQueriesContext(connection) as part:
        office.client.get("/projects/?q=水务", headers=PARTIAL)
    assert "超过 1,000 个项目" in page
    assert (len(few), len(many)) == (len(many), 9), [query["sql"][:90] for query in many.captured_queries]
    assert len(part) == 6


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("sort", ["name", "owner", "amount", "moved"])
def test_turning_pages_forward_and_back_shows_every_project_once_in_one_order(office: Office, sort: str, descending: bool) -> None:
    fill(office.here, 333)
    wanted = ProjectFilter(sort=sort, descending=descending)
    there, back = list(forward(wanted)), list(backward(wanted))
    assert [len(page) for page in there] == [50] * 6 + [33]
    assert sorted(key for page in there for key in page) == sorted(Project.objects.values_list("id", flat=True))
    assert [key for page in there for key in page][50:] == [key for page in reversed(back) for key in page][50:]
    assert back[-1] == there[0]


def test_unknown_amounts_come_last_whichever_way_one_sorts(office: Office) -> None:
    for name, amount in (("甲", 5), ("乙", None), ("丙", 9)):
        project_named(name, office.here, amount_fen=amount)
    assert listed(office, "?sort=amount") == ["甲", "丙", "乙"]
    assert listed(office, "?sort=amount&down=1") == ["丙", "甲", "乙"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?q=水务", ["智慧水务一期", "智慧水务二期"]),
        ("?q=水务 二期", ["智慧水务二期"]),
        ("?q=没有", []),
        ("?stage=design", ["智慧水务二期"]),
        ("?type=om&level=city", ["视频监控"]),
        ("?status=suspended", ["视频监控"]),
        ("?low=1%2C000&high=2000", ["智慧水务一期"]),
        ("?year=2025", ["智慧水务二期"]),
        ("?region=440000", ["智慧水务一期", "智慧水务二期", "视频监控"]),
        ("?region=440106", []),
    ],
)
def test_each_condition_narrows_the_list_to_what_fits(office: Office, query: str, wanted: list[str]) -> None:
    project_named("智慧水务一期", office.here, amount_fen=1_500_000_000)
    second = project_named("智慧水务二期", office.here, amount_fen=3_000_000_000)
    Project.objects.filter(pk=second.pk).update(registered_on=date(2025, 12, 31))
    ProjectState.objects.filter(pk=second.pk).update(stage="design")
    project_named("视频监控", office.here, type="om", level="city", status="suspended")
    assert listed(office, query) == wanted


def test_a_condition_that_cannot_be_read_is_named_and_the_list_still_stands(office: Office) -> None:
    project_named("智慧水务", office.here)
    page = office.client.get("/projects/?low=很多&owner=nobody&after=broken").content.decode()
    assert "金额请填数字，单位为万元，这一条没有用上。" in page
    assert "没有找到符合条件的项目。" in page
    assert listed(office, "?low=很多&after=broken") == ["智慧水务"]


def test_htmx_gets_only_the_list_and_the_address_without_empty_conditions(office: Office) -> None:
    project_named("智慧水务", office.here)
    part = office.client.get("/projects/?q=水务&stage=&owner=", headers=PARTIAL)
    assert part.content.decode().startswith('<section class="sg-card sg-quiet" id="list"')
    assert part.headers["HX-Push-Url"] == "/projects/?q=%E6%B0%B4%E5%8A%A1"
    assert part.headers["Vary"].startswith("HX-Request, HX-Target")
    back = office.client.get("/projects/?q=水务", headers={**PARTIAL, "HX-History-Restore-Request": "true"})
    assert back.content.decode().startswith("<!doctype html>")


def test_the_page_shows_only_what_the_reader_may_see(office: Office) -> None:
    project_named("智慧水务", office.here)
    stranger = Client()
    stranger.force_login(person("li", office.here.other, "OWN"), backend="django.contrib.auth.backends.ModelBackend")
    page = stranger.get("/projects/").content.decode()
    assert "智慧水务" not in page
    assert "市人社局" not in page


def test_an_export_holds_the_narrowed_list_with_formulas_disarmed_and_stands_in_the_ledger(office: Office) -> None:
    project_named("=HYPERLINK(1)", office.here, amount_fen=1_234_560_000, code="+1")
    project_named("智慧水务", office.here, type="om")
    project_named("视频监控", office.here, type="om")
    answer = office.client.post("/projects/export/", {"format": "csv", "type": ""})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert [row[2] for row in rows] == ["项目名称", "'=HYPERLINK(1)", "智慧水务", "视频监控"]
    assert (rows[1][0], rows[1][10]) == ("'+1", "1234.56")
    event = LedgerEvent.objects.get(action="planning.export_register")
    assert json.loads(bytes(event.payload or b""))["count"] == 3
    book = openpyxl.load_workbook(io.BytesIO(b"".join(office.client.post("/projects/export/", {"format": "xlsx", "type": "om"}))))  # type: ignore[arg-type]
    assert [cell.value for cell in book.active["C"]] == ["项目名称", "智慧水务", "视频监控"]  # type: ignore[index]
    assert json.loads(bytes(LedgerEvent.objects.latest("at").payload or b""))["asked"] == {"type": "om", "sort": "name"}


def test_an_export_of_more_than_one_read_holds_every_project_once(office: Office) -> None:
    fill(office.here, 4_321)
    answer = export_register(acting(person("huang", office.here.bureau, "FIN")), format="csv", sort="moved", descending=True)
    assert answer["count"] == 4_321


@pytest.mark.parametrize("duties", [(), ("SYSADMIN",), ("SUP",)], ids=["no post", "system administrator", "supplier"])
def test_who_is_not_granted_the_export_is_refused_on_record(office: Office, duties: tuple[str, ...]) -> None:
    with pytest.raises(Forbidden):
        export_register(acting(person("xu", office.here.bureau, *duties)), format="csv")
    assert list(LedgerEvent.objects.values_list("action", "result")) == [("planning.export_register", "denied")]
