"""A newcomer's first ten minutes in a real browser, on a city of examples: a role, the director's page, one project, an own Excel register with
its first contradiction explained, and the meeting pack in hand. Steps are counted as a person makes them.
"""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import Browser, Locator, Page

from served import Site, serious, serving

SHOTS = os.environ.get("SIXGATE_SHOTS", "")
MOST_STEPS = 12
CITY = ("city", "--scale", "0.2", "--seed", "1")
# Heads as bureaus write them, a title above them, a total below, a row without a name, one whose dates are turned round, one named twice.
ROWS: list[list[object]] = [
    ["××区数字政府项目台账（2026年）", None, None, None, None, None],
    ["序号", "工程名称", "业主单位", "总投资（万元）", "开工时间", "竣工时间"],
    [1, "城市运行管理服务平台建设项目", "区城市管理局", "1,280.50", date(2026, 3, 1), date(2026, 9, 30)],
    [2, "智慧医疗影像云服务采购", "区卫生健康局", 162, date(2027, 6, 1), date(2026, 12, 31)],
    [3, "义务教育阳光招生系统升级", "区教育局", "86万", date(2026, 10, 8), date(2027, 3, 31)],
    [4, "义务教育阳光招生系统升级", "区教育局", "86万", date(2026, 10, 8), date(2027, 3, 31)],
    [5, None, "区民政局", 45, None, None],
    ["合计", None, None, 1614.5, None, None],
]


class Newcomer:
    """Somebody who sees the product for the first time; counts what they do and keeps what they saw."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0
        self.errors: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)

    def click(self, name: str, role: Literal["link", "button"] = "link") -> None:
        """Click what bears a name in the page's main part, or in its head."""
        place = self.page.locator("main").get_by_role(role, name=name)
        target = place.first if place.count() else self.page.get_by_role(role, name=name).first
        target.click()
        self.done()

    def turn_to(self, name: str) -> None:
        """Turn to one of the product's main pages by its head."""
        self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True).click()
        self.done()

    def choose(self, label: str, option: str) -> None:
        """Choose in a list."""
        self.page.get_by_label(label).select_option(label=option)
        self.steps += 1

    def fill_in(self) -> None:
        """Give every place of the page's form something that fits it, one step each."""
        places = self.page.locator("main form").last.locator("input:visible, select:visible, textarea:visible")
        for place in places.all():
            self._give(place)
            self.steps += 1

    def _give(self, place: Locator) -> None:
        kind = place.evaluate("it => it.type")
        if kind == "select-one":
            place.select_option(index=place.locator("option").count() - 1)
        elif kind in ("radio", "checkbox"):
            place.check()
        else:
            place.fill("2026-10-08" if kind == "date" else "12")

    def done(self) -> None:
        """Count a step and look at where it led."""
        self.page.wait_for_load_state()
        self.steps += 1
        assert serious(self.page) == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than the window: {self.page.url}"
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{self.page.evaluate('innerWidth')}-{self.steps:02}.png", full_page=True)

    @property
    def main(self) -> str:
        """Return what stands on the page."""
        return self.page.locator("main").inner_text()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a small city."""
    with serving(tmp_path_factory.mktemp("city"), CITY) as served:
        yield served


@pytest.fixture(params=[1280, 360], ids=["desk", "phone"])
def newcomer(request: pytest.FixtureRequest, city: Site, chromium: Browser) -> Iterator[Newcomer]:
    """Open the first page in a new browser."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, locale="zh-CN", base_url=city.address, accept_downloads=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/")
    yield Newcomer(page)
    context.close()


@pytest.fixture
def own_register(tmp_path: Path) -> Path:
    """Write the register a bureau keeps in Excel."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    path = tmp_path / "我区项目台账.xlsx"
    book.save(path)
    return path


def test_an_own_register_shows_its_first_contradiction_explained_within_twelve_steps(newcomer: Newcomer, own_register: Path, city: Site) -> None:
    newcomer.click("周启明", "button")
    newcomer.turn_to("项目")
    newcomer.click("导入台账")
    newcomer.page.get_by_label("台账文件").set_input_files(own_register)
    newcomer.steps += 1
    newcomer.choose("台账由哪个单位保管", "市数据局（示例）")
    newcomer.choose("台账里是否有涉及国家秘密的项目", "都不涉及")
    newcomer.click("看看会导入什么", "button")
    assert ("4 新增" in newcomer.main.replace("\n", " "), "缺少项目名称" in newcomer.main) == (True, True)
    newcomer.click("导入", "button")
    assert ("体检在这批项目里发现" in newcomer.main, "撤销这次导入" in newcomer.main) == (True, True)
    newcomer.click("逐条看")
    newcomer.click("计划完成日早于计划开始日")
    said = newcomer.main
    assert [word for word in ("智慧医疗影像云服务采购", "2027-06-01", "2026-12-31") if word not in said] == []
    assert newcomer.steps <= MOST_STEPS
    assert newcomer.errors == []
    _undo(newcomer)


def _undo(newcomer: Newcomer) -> None:
    """Take the import back, so that the next newcomer finds the city as it was."""
    newcomer.page.go_back()
    batch = re.search(r"import=([0-9a-f-]{36})", newcomer.page.url)
    assert batch is not None
    newcomer.page.goto(f"/imports/{batch.group(1)}/undo/")
    newcomer.page.get_by_label("撤销原因").fill("试用")
    newcomer.page.get_by_role("button", name="撤销导入").click()
    newcomer.page.wait_for_load_state()
    assert "已撤销" in newcomer.main


def test_the_director_reads_three_sentences_and_five_cards_and_goes_to_the_proof(newcomer: Newcomer) -> None:
    newcomer.click("周启明", "button")
    lead = newcomer.page.locator(".sg-lead").inner_text()
    cards = newcomer.page.locator(".sg-cards .sg-card")
    assert (1 <= len([line for line in lead.split("\n") if line.strip()]) <= 3, cards.count() <= 5) == (True, True)
    found = int(cards.nth(2).locator(".v").inner_text())
    newcomer.click("逐条处理")
    assert f"共 {found} 个" in newcomer.main
    first = newcomer.page.locator("main table a").first
    title = first.inner_text()
    first.click()
    newcomer.done()
    assert title in newcomer.main
    assert newcomer.errors == []


def test_a_project_says_what_is_missing_and_what_one_paper_would_change(newcomer: Newcomer) -> None:
    newcomer.click("陈思远", "button")
    newcomer.page.locator("section[aria-labelledby=still] tbody tr").filter(has_text="待补").first.get_by_role("link").nth(1).click()
    newcomer.done()
    said = newcomer.main
    assert ("现在不能打开" in said, "《" in said) == (True, True)
    newcomer.page.locator("main a", has_text="提交材料").first.click()
    newcomer.done()
    newcomer.click("先试算：交了这份材料会有什么不同")
    newcomer.fill_in()
    newcomer.click("试算", "button")
    assert re.search("这一关(从还差|还差) \\d+ 项，(变为还差 \\d+ 项|变为可以打开|不增不减)", newcomer.main)
    assert newcomer.errors == []


def test_the_meeting_pack_is_in_hand_as_docx_and_xlsx(newcomer: Newcomer, tmp_path: Path) -> None:
    newcomer.click("周启明", "button")
    newcomer.turn_to("项目")
    newcomer.click("出简报")
    files: dict[str, Path] = {}
    for name, kind in (("Word", "docx"), ("Excel", "xlsx")):
        with newcomer.page.expect_download() as waiting:
            newcomer.page.locator("main").get_by_role("button", name=re.compile(name, re.IGNORECASE)).first.click()
        files[kind] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[kind])
    text = "\n".join(line.text for line in Document(str(files["docx"])).paragraphs)
    book = openpyxl.load_workbook(files["xlsx"])
    assert ("项目" in text, len(book.sheetnames) > 1, [path.suffix for path in files.values()]) == (True, True, [".docx", ".xlsx"])
    assert newcomer.errors == []
