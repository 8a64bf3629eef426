"""Organisations: names as of a date, merged, split and ended by a paper; projects, systems and posts go where the act says."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from factories import CITY, acting, person, world
from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.records.models import Organisation, OrganisationName, OrganisationSuccession, Post, Project, System
from sixgate.records.queries.organisations import name_on
from sixgate.records.queries.portfolio import ProjectFilter, project_list
from sixgate.usecases._frame import today
from sixgate.usecases._registry import visible_to
from sixgate.usecases.authority.organisations import (
    ShareInput,
    end_organisation,
    merge_organisations,
    register_organisation,
    rename_organisation,
    split_organisation,
)
from sixgate.usecases.planning.registration import register_project
from sixgate.usecases.planning.systems import register_system

pytestmark = pytest.mark.usefixtures("rows")
NUMBER = "穗编办〔2026〕12号"


def sysadmin() -> Any:
    """Return an actor who keeps the organisations of the city."""
    return acting(person("sys", Organisation.objects.create(name="市数据局", region_id=CITY), "SYSADMIN"))


def owned(body: Organisation, clerk: Any, name: str) -> tuple[UUID, UUID]:
    """Register a project and a system of an organisation; return their ids."""
    project = register_project(clerk, name=name, owner_id=body.id, screening="no", level="city", type="new", network="internet")["project"]
    return UUID(project), UUID(register_system(clerk, name=f"{name}系统", owner_id=body.id)["system"])


def test_a_name_holds_from_its_day_and_old_files_keep_the_old_one() -> None:
    here, admin = world(), sysadmin()
    clerk = acting(person("chen", here.bureau, "OWN"))
    owned(here.bureau, clerk, "市民卡平台")
    rename_organisation(admin, organisation_id=here.bureau.id, name="市人力资源局", valid_from=date(2025, 3, 1), document_no="穗编办[2025]7")
    days = (date(2020, 1, 1), date(2025, 2, 28), date(2025, 3, 1))
    assert [name_on(here.bureau.id, day) for day in days] == ["市人社局", "市人社局", "市人力资源局"]
    assert Organisation.objects.get(pk=here.bureau.id).name == "市人力资源局"
    assert OrganisationName.objects.get(name="市人力资源局").document_no == "穗编办〔2025〕7号"
    for words in ("人力资源局", "市人社局"):
        assert [row.name for row in project_list(visible_to(clerk), ProjectFilter(words=words)).rows] == ["市民卡平台"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "市人社局"}, "name_same"),
        ({"name": "局"}, "name_length"),
        ({"document_no": "没有文号"}, "document_no_wrong"),
        ({"valid_from": date(2999, 1, 1)}, "day_ahead"),
    ],
)
def test_a_name_without_its_paper_or_its_day_is_refused(given: dict[str, Any], code: str) -> None:
    here, admin = world(), sysadmin()
    wanted = {"name": "市人力资源局", "valid_from": today(), "document_no": NUMBER, **given}
    with pytest.raises(Refusal) as refusal:
        rename_organisation(admin, organisation_id=here.bureau.id, **wanted)
    assert refusal.value.code == code
    assert OrganisationName.objects.count() == 0


def test_a_merger_moves_projects_systems_and_posts_and_ends_the_predecessor() -> None:
    here, admin = world(), sysadmin()
    clerk = person("chen", here.bureau, "OWN")
    project, system = owned(here.bureau, acting(clerk), "市民卡平台")
    child = Organisation.objects.create(name="市人才中心", region_id=CITY, parent=here.bureau)
    on = today() - timedelta(days=10)
    merge_organisations(admin, successor_id=here.other.id, predecessor_ids=[here.bureau.id], on=on, document_no=NUMBER)
    assert (Project.objects.get(pk=project).owner_id, System.objects.get(pk=system).owner_id) == (here.other.id, here.other.id)
    assert sorted(Post.objects.filter(person=clerk).values_list("organisation__name", "valid_from", "valid_until")) == [
        ("市人社局", date(2020, 1, 1), on),
        ("市教育局", on, None),
    ]
    assert Organisation.objects.get(pk=here.bureau.id).ended_on == on
    assert Organisation.objects.get(pk=child.id).parent_id == here.other.id
    row = OrganisationSuccession.objects.get()
    assert (row.predecessor_id, row.successor_id, row.kind, row.on, row.document_no) == (here.bureau.id, here.other.id, "merge", on, NUMBER)
    assert [item.name for item in project_list(visible_to(acting(clerk)), ProjectFilter()).rows] == ["市民卡平台"]


def test_a_split_hands_on_what_it_names_and_leaves_the_rest() -> None:
    here, admin = world(), sysadmin()
    clerk, head = person("chen", here.bureau, "OWN"), person("wu", here.bureau, "OWN")
    first, system = owned(here.bureau, acting(clerk), "市民卡平台")
    second, _ = owned(here.bureau, acting(clerk), "社保平台")
    share = ShareInput(here.other.id, (first,), (system,), (clerk.posts.get().id,))
    split_organisation(admin, organisation_id=here.bureau.id, shares=[share], on=today(), document_no=NUMBER)
    assert {str(item.pk): item.owner_id for item in Project.objects.all()} == {str(first): here.other.id, str(second): here.bureau.id}
    assert [post.organisation_id for post in Post.objects.filter(valid_until=None, person__in=[clerk, head]).order_by("person__username")] == [
        here.other.id,
        here.bureau.id,
    ]
    assert Organisation.objects.get(pk=here.bureau.id).ended_on is None


def test_a_split_that_ends_the_organisation_leaves_nothing_behind() -> None:
    here, admin = world(), sysadmin()
    clerk = person("chen", here.bureau, "OWN")
    project, system = owned(here.bureau, acting(clerk), "市民卡平台")
    given = {"organisation_id": here.bureau.id, "on": today(), "document_no": NUMBER, "ends": True}
    with pytest.raises(Conflict, match="在办项目 1 个、系统 1 个、在任岗位 1 个"):
        split_organisation(admin, shares=[ShareInput(here.other.id)], **given)
    assert (OrganisationSuccession.objects.count(), Organisation.objects.get(pk=here.bureau.id).ended_on) == (0, None)
    split_organisation(admin, shares=[ShareInput(here.other.id, (project,), (system,), (clerk.posts.get().id,))], **given)
    assert Organisation.objects.get(pk=here.bureau.id).ended_on == today()


def test_a_share_takes_only_what_is_there_and_each_thing_once() -> None:
    here, admin = world(), sysadmin()
    third = Organisation.objects.create(name="市档案局", region_id=CITY)
    foreign, _ = owned(here.other, acting(person("li", here.other, "OWN")), "校园平台")
    own, _ = owned(here.bureau, acting(person("chen", here.bureau, "OWN")), "市民卡平台")
    given = {"organisation_id": here.bureau.id, "on": today(), "document_no": NUMBER}
    for shares in ([ShareInput(third.id, (foreign,))], [ShareInput(third.id, (own,)), ShareInput(here.other.id, (own,))], []):
        with pytest.raises(Refusal) as refusal:
            split_organisation(admin, shares=shares, **given)
        assert refusal.value.field == "shares"
    assert OrganisationSuccession.objects.count() == 0


def test_an_organisation_in_use_does_not_end() -> None:
    here, admin = world(), sysadmin()
    person("chen", here.bureau, "OWN")
    with pytest.raises(Conflict, match="在任岗位 1 个"):
        end_organisation(admin, organisation_id=here.bureau.id, on=today(), document_no=NUMBER)
    end_organisation(admin, organisation_id=here.other.id, on=today(), document_no=NUMBER)
    assert list(Organisation.objects.exclude(ended_on=None).values_list("name", flat=True)) == ["市教育局"]


def test_a_code_is_checked_and_registered_once() -> None:
    admin = sysadmin()
    with pytest.raises(Refusal) as refusal:
        register_organisation(admin, name="市档案局", region_code=CITY, uscc="11440100007502319A")
    assert refusal.value.field == "uscc"
    register_organisation(admin, name="市档案局", region_code=CITY, uscc="91110000600037341L")
    with pytest.raises(Conflict, match="已经登记过"):
        register_organisation(admin, name="市另一局", region_code=CITY, uscc="91110000600037341l")
