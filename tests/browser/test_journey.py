"""The whole way in a real browser, once by keyboard alone and once without JavaScript: a real register imported, one of its projects opened,
evidence handed in and checked, signed jointly with a dissent, decided, stale after a change. axe looks at every page on the way.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from hands import Keyboard, Pointer
from real_register import REGISTER, needs_data, rows
from served import SignIn, Site, serving
from sixgate.engines.documents.sample import sample_scan
from walk import Walk

pytestmark = needs_data
KEEPER = "市数据局（示例）"
ROW = "139"  # the notice of a purchase intended: the project is about to enter the register
INVENTORY = {
    "台账快照日": ("date", "2026-10-08"),
    "系统总数": ("text", "12"),
    "未登记系统数": ("text", "0"),
    "停用或闲置系统数": ("text", "1"),
    "结论": ("choice", "齐全"),
}
TARGETS = {"指标数": ("text", "8"), "取不到数的指标数": ("text", "0"), "预算年度": ("text", "2026"), "审核结论": ("choice", "通过")}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve a demo of its own to each walk: both begin with the same import."""
    (tmp_path / "site").mkdir()
    with serving(tmp_path / "site") as served:
        yield served


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Return a drawn scan to hand in."""
    path = tmp_path / "盖章扫描件.png"
    path.write_bytes(sample_scan(7))
    return path


@pytest.mark.parametrize("javascript", [True, False], ids=["keyboard", "without JavaScript"])
def test_a_real_register_is_imported_and_one_of_its_projects_walked_to_a_stale_decision(
    signed_in: SignIn, scan: Path, javascript: bool, tmp_path: Path
) -> None:
    walk, row = Walk(signed_in, scan, Keyboard if javascript else Pointer, javascript=javascript), rows()[ROW]
    name, owner = row["项目名称"], row["建设单位"]
    _import(walk, tmp_path)
    _appoint(walk, "陈思远", owner, "建设单位")
    _appoint(walk, "林晓岚", owner, "建设单位复核人")
    _complete(walk, name)
    _prove(walk, name)
    _decide(walk, name)
    _change(walk, name)
    assert walk.errors == []


def _import(walk: Walk, folder: Path) -> None:
    """Let the project office look at what a register would do, import it, and look at a corrected copy of it."""
    _hand_over(walk, REGISTER)
    assert "cn_public_projects.csv · 读到 215 个项目" in walk.main("zhou")
    assert walk.tally("zhou") == {"新增": 215, "有变化": 0, "没有变化": 0, "不能读取": 0}
    walk.hands("zhou").press("导入")
    assert "台账已导入：新增 215 个，变更 0 个，没有变化 0 个，没有读取 0 行。" in walk.main("zhou")
    assert walk.tally("zhou") == {"新增": 215, "有变化": 0, "没有变化": 0, "不能读取": 0}
    _hand_over(walk, _corrected(folder / "台账（改过）.csv"))
    assert walk.tally("zhou") == {"新增": 1, "有变化": 1, "没有变化": 213, "不能读取": 1}
    assert "金额（万元）：162.00 → 163.00" in walk.main("zhou")
    assert "缺少项目名称" in walk.main("zhou")
    _hand_over(walk, REGISTER)
    assert walk.tally("zhou") == {"新增": 0, "有变化": 0, "没有变化": 215, "不能读取": 0}
    assert "没有要新增或变更的项目，不需要导入。" in walk.main("zhou")


def _hand_over(walk: Walk, register: Path) -> None:
    office = walk.hands("zhou")
    office.go("/projects/")
    office.press("导入台账")
    office.attach("台账文件", register)
    office.choose("台账由哪个单位保管", KEEPER)
    office.choose("台账里是否有涉及国家秘密的项目", "都不涉及")
    office.press("看看会导入什么")


def _corrected(path: Path) -> Path:
    """Write a copy of the register with one amount changed, one name lost and one project more."""
    changed = rows()
    changed[ROW] |= {"金额(万元)": "163"}
    changed["1"] |= {"项目名称": ""}
    changed["216"] = {**dict.fromkeys(changed["1"], ""), "序号": "216", "项目名称": "台账补登项目（示例）"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(changed["1"]))
        writer.writeheader()
        writer.writerows(changed.values())
    return path


def _appoint(walk: Walk, person: str, owner: str, duty: str) -> None:
    """Let the security administrator give a person a post in a body the register brought in."""
    officer = walk.hands("secadmin")
    officer.go("/people/")
    officer.write("姓名、登录名或单位", person)
    officer.press("筛选")
    officer.press(person)
    officer.press("任命岗位")
    officer.choose("单位", owner)
    officer.choose("职责", duty)
    officer.press("任命岗位")
    assert owner in walk.main("secadmin")


def _complete(walk: Walk, name: str) -> None:
    """Let the clerk find the project and complete the axes a notice does not tell."""
    clerk = walk.open("chen", name)
    assert walk.state("chen") == "现在不能打开"
    assert walk.verdicts("chen") == {"不满足": 1, "待补": 5, "满足": 1}
    clerk.unfold("项目事项")
    clerk.press("补正项目登记")
    clerk.choose("层级", "省级")
    clerk.choose("项目类型", "改扩建或升级")
    clerk.choose("网络", "政务外网")
    clerk.write("项目责任人", "示例")
    clerk.choose("固定资产投资", "否")
    clerk.press("补正项目登记")
    clerk.press("经费与合同")
    clerk.press("登记资金")
    clerk.choose("资金来源", "地方部门预算")
    clerk.write("预算年度", "2026")
    clerk.write("金额（万元）", rows()[ROW]["金额(万元)"])
    clerk.press("登记资金")
    clerk.press("关口")
    assert walk.verdicts("chen") == {"待补": 5, "满足": 2}


def _prove(walk: Walk, name: str) -> None:
    """Hand in two papers, each compared with its scan by a second person."""
    walk.hand_in("chen", "现有系统与资源清单", INVENTORY)
    assert "等第二人核对" in walk.main("chen")
    walk.check("lin", "现有系统与资源清单")
    walk.open("chen", name)
    walk.hand_in("chen", "绩效目标表", TARGETS)
    walk.check("lin", "绩效目标表")
    walk.open("chen", name)
    assert walk.state("chen") == "现在可以打开"
    assert walk.verdicts("chen") == {"待补": 3, "满足": 4}


def _decide(walk: Walk, name: str) -> None:
    """Ask for the gate, let three bodies sign, one of which dissents until the office has coordinated, and decide."""
    clerk = walk.hands("chen")
    clerk.press("申请过关")
    clerk.press("申请过关")
    assert walk.state("chen") == "正在会签"
    walk.sign("fang", name, "是")
    walk.sign("xu", name, "否", "没有说明与市级平台的关系")
    office = walk.open("zhou", name)
    assert walk.state("zhou") == "有不同意见，正在协调"
    assert "网信部门 徐建国 不同意" in walk.card("zhou", "谁来决定")
    office.press("协调不同意见")
    office.choose("已协调一致", "是")
    office.write("协调情况", "已补充说明，复用市级平台")
    office.press("协调不同意见")
    assert "周启明：已协调一致 已补充说明，复用市级平台" in walk.card("zhou", "谁来决定")
    walk.sign("xu", name, "是")
    walk.sign("ma", name, "是")
    office = walk.open("zhou", name)
    office.press("决定是否过关")
    office.choose("决定", "通过")
    office.press("决定是否过关")
    assert walk.card("zhou", "决定").startswith("决定 结果 通过 日期")


def _change(walk: Walk, name: str) -> None:
    """Move the project to another network: the decision rests on what no longer holds, and the page says what differs."""
    clerk = walk.open("chen", name)
    assert "下一关 立项批复" in walk.main("chen")
    clerk.unfold("项目事项")
    clerk.press("补正项目登记")
    clerk.choose("网络", "互联网")
    clerk.press("补正项目登记")
    clerk = walk.open("chen", name)
    assert "入库与年度申报批准后有变" in walk.main("chen")
    clerk.press("入库与年度申报")
    assert walk.card("chen", "批准之后变了什么").partition("项事实。 ")[2] == "网络 政务外网 → 互联网"
