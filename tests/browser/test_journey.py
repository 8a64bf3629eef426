"""The whole way in a real browser: evidence handed in, checked, signed jointly with a dissent, decided, stale after a change. By keyboard; without JavaScript."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from hands import Hands, Keyboard, Pointer, keyed
from served import SignIn
from sixgate.engines.documents.sample import sample_scan

PROJECT = "政务服务大厅叫号系统运维（示例）"
INVENTORY = {
    "台账快照日": ("date", "2026-10-08"),
    "系统总数": ("text", "12"),
    "未登记系统数": ("text", "0"),
    "停用或闲置系统数": ("text", "1"),
    "结论": ("choice", "齐全"),
}
TARGETS = {"指标数": ("text", "8"), "取不到数的指标数": ("text", "0"), "预算年度": ("text", "2026"), "审核结论": ("choice", "通过")}


class Walk:
    """One walk through a gate with one pair of hands; every person has a page of their own."""

    def __init__(self, signed_in: SignIn, scan: Path, *, javascript: bool) -> None:
        self.signed_in, self.scan, self.javascript = signed_in, scan, javascript
        self.pages: dict[str, Page] = {}

    def hands(self, username: str) -> Hands:
        """Return the hands of a person, signed in."""
        if username not in self.pages:
            self.pages[username] = self.signed_in(username, javascript=self.javascript)
        return (Keyboard if self.javascript else Pointer)(self.pages[username])

    def open(self, username: str, name: str) -> Hands:
        """Let a person find a project in the register and open it."""
        hands = self.hands(username)
        hands.page.goto("/projects/")
        hands.press(name)
        return hands

    def hand_in(self, kind: str, fields: dict[str, tuple[str, str]], name: str) -> None:
        """Let the clerk hand in one kind of evidence and the second person check it."""
        clerk = self.open("chen", name)
        row = clerk.page.locator(".req", has_text=kind).first
        address = row.get_by_role("link", name="提交材料").get_attribute("href")
        assert address is not None
        clerk.page.goto(address)
        clerk.choose("本件是否涉及国家秘密", "都不涉及")
        keyed(clerk, fields)
        clerk.attach("原件扫描件或电子件", self.scan)
        clerk.press("提交材料")
        checker = self.hands("lin")
        checker.page.goto("/")
        checker.press(f"核对《{kind}》") if checker.page.get_by_role("link", name=f"核对《{kind}》").count() else self._check_in_project(
            checker, kind, name
        )
        checker.choose("与原件一致", "是")
        checker.press("提交核对结果")
        assert "已核对，作数" in checker.page.locator("main").inner_text()

    def _check_in_project(self, checker: Hands, kind: str, name: str) -> None:
        self.open("lin", name)
        address = checker.page.locator(".req", has_text=kind).first.get_by_role("link", name="去核对").get_attribute("href")
        assert address is not None
        checker.page.goto(address)

    def sign(self, username: str, name: str, answer: str, opinion: str = "") -> None:
        """Let a body give its word."""
        hands = self.open(username, name)
        hands.press("会签")
        hands.choose("同意", answer)
        if opinion:
            hands.write("意见", opinion)
        hands.press("会签")

    def main(self, username: str) -> str:
        """Return what a person reads now."""
        return self.pages[username].locator("main").inner_text()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Return a drawn scan to hand in."""
    path = tmp_path / "盖章扫描件.png"
    path.write_bytes(sample_scan(7))
    return path


@pytest.mark.parametrize(("javascript", "amount"), [(True, "52"), (False, "55")], ids=["keyboard", "without JavaScript"])
def test_a_gate_is_walked_from_evidence_to_a_stale_decision(signed_in: SignIn, scan: Path, javascript: bool, amount: str) -> None:
    walk = Walk(signed_in, scan, javascript=javascript)
    name = f"叫号系统运维第{amount}号（示例）"
    _register(walk, name)
    walk.hand_in("现有系统与资源清单", INVENTORY, name)
    walk.hand_in("绩效目标表", TARGETS, name)

    clerk = walk.open("chen", name)
    clerk.press("申请过关")
    clerk.press("申请过关")
    walk.sign("fang", name, "是")
    walk.sign("xu", name, "否", "没有说明与市级平台的关系")
    office = walk.open("zhou", name)
    assert "不同意" in walk.main("zhou")
    office.press("协调不同意见")
    office.choose("已协调一致", "是")
    office.write("协调情况", "已补充说明，复用市级平台")
    office.press("协调不同意见")
    walk.sign("xu", name, "是")
    walk.sign("ma", name, "是")

    office = walk.open("zhou", name)
    office.press("决定是否过关")
    office.choose("决定", "通过")
    office.press("决定是否过关")
    assert re.search(r"结果\s+通过", walk.main("zhou"))

    clerk = walk.open("chen", name)
    assert "下一关 立项批复" in walk.main("chen")
    clerk.page.goto(f"{clerk.page.url.rstrip('/')}/acts/planning.amend_project/")
    clerk.choose("网络", "互联网")
    clerk.press("补正项目登记")
    walk.open("chen", name)
    assert "批准后有变" in walk.main("chen")
    clerk.press("入库与年度申报")
    assert re.search(r"网络\s+政务外网 → 互联网", walk.main("chen"))


def _register(walk: Walk, name: str) -> None:
    clerk = walk.hands("chen")
    clerk.page.goto("/projects/new/")
    answers: dict[str, Any] = {
        "项目名称": ("text", name),
        "本项目是否涉及国家秘密": ("choice", "都不涉及"),
        "层级": ("choice", "市级"),
        "项目类型": ("choice", "运维"),
        "网络": ("choice", "政务外网"),
    }
    keyed(clerk, answers)
    clerk.press("登记项目")
    assert name in walk.main("chen")
