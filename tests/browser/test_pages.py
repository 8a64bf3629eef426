"""Every main page: answers in Chinese, fits 360 px, and axe finds nothing serious; the browser reports no error."""

import subprocess
import sys

import pytest

from served import SignIn, Site, serious

PAGES = {
    "chen": [
        "/",
        "/projects/",
        "/projects/new/",
        "{project}",
        "{project}?gate=G01",
        "{submit}",
        "{change}",
        "{amend}",
        "{evidence}",
        "{requirement}",
        "{project}money/",
        "{project}deadlines/",
        "{what_if}",
        "/account/password/",
        "/notices/",
        "/notices/settings/",
        "/notices/calendar/open/",
    ],
    "admin": ["/notices/deliveries/", "/notices/deliveries/new/"],
    "zhou": [
        "/",
        "/projects/?q=市民",
        "/organisations/",
        "{organisation}",
        "/people/",
        "/ledger/",
        "{event}",
        "/projects/import/",
        "/overview/",
        "/year/",
        "/year/new/",
        "/search/?q=市民",
        "/findings/",
    ],
    "he": ["/clauses/", "/clauses/initiation.resource_inventory/", "/clauses/what-if/"],
    "qian": ["{decide}"],
}


IN_DARK = [("chen", "/"), ("chen", "{project}?gate=G01"), ("chen", "{submit}"), ("zhou", "/overview/"), ("zhou", "/search/?q=市民")]


@pytest.fixture(scope="module")
def places(site: Site) -> dict[str, str]:
    """Return the addresses of the demo's own pages, read from its database."""
    code = (
        "import django; django.setup();"
        "from sixgate.records.models import Project, EvidenceVersion, GateRequest;"
        "p = Project.objects.get(name__startswith='市民卡'); v = EvidenceVersion.objects.order_by('id').first();"
        "r = GateRequest.objects.get(state='open'); print(p.id, v.id, r.id, p.owner_id, v.event_id)"
    )
    found = subprocess.run([sys.executable, "-c", code], env=site.environment, capture_output=True, text=True, check=True).stdout.split()
    project, version, request, owner, event = found
    acts = f"/projects/{project}/acts"
    return {
        "project": f"/projects/{project}/",
        "submit": f"{acts}/lifecycle.initiation.submit_evidence/?kind=feasibility_study",
        "change": f"{acts}/lifecycle.initiation.file_change/",
        "amend": f"{acts}/planning.amend_project/",
        "decide": f"{acts}/lifecycle.initiation.decide_gate/?request_id={request}",
        "evidence": f"/evidence/{version}/",
        "what_if": f"/projects/{project}/what-if/?kind=feasibility_study",
        "organisation": f"/organisations/{owner}/",
        "event": f"/ledger/{event}/",
        "requirement": "/requirements/initiation.feasibility_study/",
    }


@pytest.mark.parametrize(("username", "path"), [(name, path) for name, paths in PAGES.items() for path in paths])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_is_whole_narrow_and_open_to_everybody(signed_in: SignIn, places: dict[str, str], username: str, path: str, width: int) -> None:
    page = signed_in(username, width=width)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    answer = page.goto(path.format(**places))
    assert answer is not None
    assert (answer.status, page.locator("html").get_attribute("lang")) == (200, "zh-hans")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    assert serious(page) == []
    assert errors == []


@pytest.mark.parametrize(("username", "path"), IN_DARK)
def test_a_page_can_be_read_where_the_system_is_dark(signed_in: SignIn, places: dict[str, str], username: str, path: str) -> None:
    page = signed_in(username, dark=True)
    page.goto(path.format(**places))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 29)"
    assert serious(page) == []


def test_the_switch_changes_the_page_without_javascript_and_a_print_stays_light(signed_in: SignIn) -> None:
    page = signed_in("chen", javascript=False)
    page.locator(".sg-menu summary").click()
    page.get_by_role("button", name="深色").click()
    looks = [page.evaluate("getComputedStyle(document.body).backgroundColor")]
    page.emulate_media(media="print")
    looks += page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert looks == ["rgb(18, 23, 29)", "rgb(255, 255, 255)", "rgb(27, 36, 48)"]


def test_a_print_bears_filter_address_and_day_and_no_furniture(signed_in: SignIn) -> None:
    page = signed_in("zhou")
    page.goto("/projects/?q=市民&stage=initiation")
    page.emulate_media(media="print")
    seen = [page.locator(place).first.is_visible() for place in ("#q", "#stage", ".sg-print", ".sg-top", ".sg-filter .btn", ".sg-foot")]
    assert seen == [True, True, True, False, False, False]
    said = page.locator(".sg-print").inner_text()
    assert [text for text in ("项目台账", "/projects/?q=市民&stage=initiation", "打印于 20", "周启明") if text not in said] == []
