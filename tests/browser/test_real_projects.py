"""Three real projects in a real browser, each through several gates with what its public notice says. The notice is read at run time; what is
invented beside it is called 示例 in the text entered. What a notice does not tell stays unknown, folded by the paper that would tell it.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import papers
from example_city import Example, act, settle
from hands import Pointer
from real_register import amounts, days, needs_data, rows
from served import SignIn, Site
from sixgate.engines.documents.sample import sample_scan
from walk import Fields, Walk

pytestmark = needs_data
YES, NO = ("choice", "是"), ("choice", "否")
BACK = "立项批复已登记；可研、项目代码和信息资源目录还缺，请补齐后再申请（示例）"
Start = Callable[[str], Walk]


@pytest.fixture(scope="module")
def city(site: Site) -> Site:
    """Return the demo city with the real register imported."""
    settle(site)
    return site


@pytest.fixture
def walk_with(signed_in: SignIn, tmp_path: Path) -> Start:
    """Return a function that begins a walk with a drawn scan of its own."""

    def begin(row: str) -> Walk:
        scan = tmp_path / "公告（示例扫描件）.png"
        scan.write_bytes(sample_scan(int(row)))
        return Walk(signed_in, scan, Pointer)

    return begin


def test_an_approval_is_one_paper_of_several_and_a_later_change_of_money_makes_the_decision_stale(city: Site, walk_with: Start) -> None:
    row, walk = rows()["144"], walk_with("144")
    name, [estimate] = row["项目名称"], amounts(row["金额(原文)"])
    example = Example.around(city, name, row["建设单位"])
    _complete(walk, name, level="省级", fixed="是")
    example.took_over({"G01": "2019-09-30"})
    clerk = walk.open("chen", name)
    clerk.press("人员")
    assert f"批复文号 {row['批复文号']}" in walk.card("chen", "导入的台账还写着")
    walk.open("chen", name)
    _stands(walk, "现在不能打开", {"待补": 13, "不适用": 3}, {"可行性研究报告（或简化理由）": 3})
    walk.picture("chen", "real-1-unknown")
    approval: Fields = {
        "文号": ("text", row["批复文号"]),
        "批复机关": ("text", "陕西省发展和改革委员会"),
        "批复日": ("date", row["日期"]),
        "批复总投资": ("text", estimate),
        "批复结论": ("choice", "批准"),
    }
    _prove(walk, name, "立项批复", approval)
    walk.open("chen", name)
    _stands(walk, "现在不能打开", {"待补": 12, "满足": 1, "不适用": 3}, {"可行性研究报告（或简化理由）": 3})
    _send_back(walk, name)
    _mend(walk, name, example)
    _stands(walk, "现在可以打开", {"待补": 5, "满足": 8, "不适用": 3}, {})
    _ask(walk, name, "gao", "xu", "ma", "huang")
    _decide(walk, name, "qian", "通过")
    _change_money(walk, name, "600")
    walk.open("chen", name, "G02")
    money = f"项目金额 {_wan(estimate)} 万元 → {_wan(Decimal(estimate) + 600)} 万元"
    assert walk.card("chen", "批准之后变了什么").partition("项事实。 ")[2] == f"{money} 涉及批复的变更次数 0 → 1"
    walk.picture("chen", "real-1-stale")


def _send_back(walk: Walk, name: str) -> None:
    """Stop the approving body while locked requirements are open; let it send the request back."""
    _ask(walk, name, "gao", "xu", "ma", "huang")
    approver = walk.open("qian", name)
    approver.press("决定是否过关")
    approver.choose("决定", "通过")
    approver.press("决定是否过关")
    open_ones = "项目建议书、可行性研究报告、信息资源目录、商用密码应用方案、密码应用方案的评估意见、在线平台项目代码"
    assert f"有 6 项锁定要求没有满足：{open_ones}。" in walk.main("qian")
    walk.picture("qian", "real-1-refused")
    approver.choose("决定", "退回")
    approver.write("理由", BACK)
    approver.press("决定是否过关")
    assert _decided(walk, "qian") == f"决定 结果 退回 日期 今天 责任人 钱立项 理由 {BACK}"


def _mend(walk: Walk, name: str, example: Example) -> None:
    """Fill what the notice leaves open with example papers, an example system and an example code."""
    example.handed_in("initiation", walk.scan, papers.INITIATION)
    example.handed_in("initiation", walk.scan, papers.CRYPTO, system_id=example.system(2))
    clerk = walk.open("chen", name)
    clerk.unfold("项目事项")
    clerk.press("补正项目登记")
    clerk.write("在线平台项目代码", "示例-2019-0001")
    clerk.press("补正项目登记")
    walk.open("chen", name)


def _change_money(walk: Walk, name: str, more: str) -> None:
    """Let the clerk file a change that adds money."""
    clerk = walk.open("chen", name)
    clerk.press("变更")
    clerk.press("申报变更")
    clerk.write("变更事项", "增加接入医院（示例）")
    clerk.write("变更原因", "示例：设计前调研后增加")
    clerk.write("增加金额（万元）", more)
    clerk.press("申报变更")
    assert "立项批复批准后有变" in walk.main("chen")


def test_an_award_is_judged_before_the_contract_and_the_contract_stands_at_its_amount(city: Site, walk_with: Start) -> None:
    row, walk = rows()["165"], walk_with("165")
    name, [_budget, awarded], [announced] = row["项目名称"], amounts(row["金额(原文)"]), days(row["备注"])
    example = Example.around(city, name, row["建设单位"])
    city.command(*act("authority.register_organisation", "admin", name=row["供应商"]))
    _complete(walk, name, level="市级", fixed="否")
    example.took_over({"G01": "2020-03-31", "G02": "2020-05-29", "G03": "2020-07-31"})
    note = "示例文号：公告只写招标公告的日期，采购文件待补。"
    _take_over(walk, name, "G04", "采购公告前", announced, row["建设单位"], "示例〔2020〕4号", note, "real-2-record")
    walk.open("chen", name)
    _stands(walk, "现在不能打开", {"待补": 5}, {"合同文本及法务审查": 2})
    walk.picture("chen", "real-2-unknown")
    for kind, fields in _award(row, awarded).items():
        _prove(walk, name, kind, fields)
    walk.open("chen", name)
    _stands(walk, "现在不能打开", {"待补": 3, "满足": 2}, {"合同文本及法务审查": 2})
    example.handed_in("procurement", walk.scan, papers.contract(int(Decimal(awarded) * papers.WAN)))
    walk.open("chen", name)
    _stands(walk, "现在可以打开", {"满足": 5}, {})
    _ask(walk, name, "dai", "he")
    _decide(walk, name, "wu", "通过")
    _sign_contract(walk, name, row["供应商"], awarded)
    walk.open("chen", name)
    assert f"金额 {_wan(awarded)} 万元 · 已签合同 {_wan(awarded)} 万元" in walk.main("chen")
    _stands(walk, "现在不能打开", {"待补": 3, "不适用": 1}, {})
    walk.picture("chen", "real-2-next")


def _award(row: dict[str, str], awarded: str) -> dict[str, Fields]:
    """Return the three papers of an award as the notice tells them."""
    day, [bidders] = ("date", row["日期"]), re.findall(r"(\d+)家投标", row["备注"])
    return {
        "评审报告": {
            "评审结束日": day,
            "送采购人日": day,
            "有效供应商数": ("text", bidders),
            "评审结论": ("choice", "推荐中标或成交候选人"),
        },
        "中标（成交）通知书": {"中标（成交）供应商": ("text", row["供应商"]), "中标（成交）金额": ("text", awarded), "发出日": day},
        "结果公告": {"公告日": day, "发布媒体": ("text", "示例"), "公告内容齐全": YES, "有未办结的质疑": NO},
    }


def _sign_contract(walk: Walk, name: str, supplier: str, amount: str) -> None:
    """Let the clerk register the contract at the awarded amount; its day is an example."""
    clerk = walk.open("chen", name)
    clerk.press("经费与合同")
    clerk.press("登记合同")
    clerk.write("合同名称", "建设及服务合同（示例）")
    clerk.choose("供应商", supplier)
    clerk.write("合同金额（万元）", amount)
    clerk.date("签订日期", "2020-10-30")
    clerk.press("登记合同")


def test_a_project_is_taken_over_up_to_its_completion_and_finally_accepted_in_order(city: Site, walk_with: Start) -> None:
    row, walk = rows()["150"], walk_with("150")
    name, [approved, spent] = row["项目名称"], amounts(row["金额(原文)"])
    example = Example.around(city, name, row["建设单位"])
    _complete(walk, name, level="县级", fixed="是")
    example.took_over({"G01": "2022-03-31", "G03": "2022-09-30", "G04": "2022-10-31", "G05": "2022-11-30", "G07": "2023-09-28"})
    _take_over_told(walk, row)
    walk.open("chen", name)
    _stands(walk, "现在不能打开", {"待补": 9}, {})
    audit: Fields = {"报告日": ("date", row["日期"]), "没有处置结果的审计问题数": ("text", "0"), "结论": ("choice", "通过")}
    _prove(walk, name, "财务报告与审计报告", audit)
    _account(walk, name, row["日期"], Decimal(approved), Decimal(spent))
    example.handed_in("initiation", walk.scan, papers.approval(row["批复文号"], int(Decimal(approved) * papers.WAN)))
    example.handed_in("acceptance", walk.scan, papers.ACCEPTANCE)
    walk.open("chen", name)
    _stands(walk, "现在可以打开", {"待补": 6, "满足": 3}, {})
    _ask(walk, name)
    archivist = walk.open("dang", name)
    assert archivist.page.get_by_role("link", name="会签", exact=True).count() == 0  # not yet their turn
    _sign(walk, name, "gao", "shenji")
    walk.open("zhou", name)
    assert "审计机关 申审计（示例） 同意" in walk.card("zhou", "谁来决定")
    walk.picture("zhou", "real-3-order")
    _sign(walk, name, "dang", "huang", "xu", "ma")
    _decide(walk, name, "qian", "通过")
    clerk = walk.open("chen", name)
    assert "下一关 年度运维预算" in walk.main("chen")
    _stands(walk, "现在不能打开", {"待补": 4}, {"运维预算申请": 2})
    clerk.press("经费与合同")
    spine = f"估算 {_wan(approved)} 万元 概算 还不知道 年度预算 还不知道 合同金额 还不知道 已支付 还不知道 决算 {_wan(spent)} 万元"
    assert walk.card("chen", "从估算到决算").startswith(f"从估算到决算 {spine}")
    walk.picture("chen", "real-3-money")


def _take_over_told(walk: Walk, row: dict[str, str]) -> None:
    """Let the clerk record the three gates the notice tells of: approved under its number, started, completed."""
    name, owner, [started, finished] = row["项目名称"], row["建设单位"], re.findall(r"\d{4}-\d{2}", row["交付/验收期限"])
    _take_over(walk, name, "G02", "立项批复", "2022-06-30", "示例机关", row["批复文号"], "示例日期和机关：公告只写文号。")
    _take_over(walk, name, "G06", "开工", f"{started}-01", owner, "示例〔2022〕6号", "示例文号：公告只写开工年月。")
    _take_over(walk, name, "G08", "初步验收", f"{finished}-31", owner, "示例〔2023〕8号", "示例文号：公告只写竣工年月。")


def _account(walk: Walk, name: str, day: str, approved: Decimal, spent: Decimal) -> None:
    """Hand in the final accounts of the notice from the section of papers, and check them."""
    clerk = walk.open("chen", name)
    clerk.press("材料")
    accounts: Fields = {
        "决算总额": ("text", str(spent)),
        "结余资金": ("text", str(approved - spent)),
        "批复日": ("date", day),
        "结余缴回日": ("date", day),
    }
    walk.hand_in("chen", "竣工财务决算", accounts, "提交")
    walk.check("lin", "竣工财务决算")


def _complete(walk: Walk, name: str, *, level: str, fixed: str) -> None:
    """Let the clerk complete the axes a notice does not tell; they are examples."""
    clerk = walk.open("chen", name)
    clerk.unfold("项目事项")
    clerk.press("补正项目登记")
    clerk.choose("层级", level)
    clerk.choose("项目类型", "新建")
    clerk.choose("网络", "政务外网")
    clerk.write("项目责任人", "示例")
    clerk.choose("固定资产投资", fixed)
    clerk.choose("含移动应用", "否")
    clerk.press("补正项目登记")


def _take_over(walk: Walk, name: str, gate: str, title: str, day: str, body: str, number: str, note: str, picture: str = "") -> None:
    """Let the clerk record a decision the notice proves, and the second person compare it with the scan."""
    clerk = walk.open("chen", name, gate)
    clerk.press("补录已批决策点")
    clerk.date("决定日期", day)
    clerk.write("决定机关", body)
    clerk.write("文号", number)
    clerk.choose("本件是否涉及国家秘密", "都不涉及")
    clerk.attach("签批件扫描件", walk.scan)
    clerk.write("缺件说明", note)
    clerk.press("补录已批决策点")
    second = walk.hands("lin")
    second.go("/")
    second.press(f"核对补录或纸面决定：{title}")
    told = f"结果 已批（补录） 决定日期 {day} 决定机关 {body} 文号 {number} 缺件说明 {note} 登记人 陈思远"
    assert told in walk.card("lin", "登记的决定")
    if picture:
        walk.picture("lin", picture)
    second.choose("与原件一致", "是")
    second.press("提交核对结果")
    assert walk.state("lin") == f"{day} 已批（补录）"


def _prove(walk: Walk, name: str, kind: str, fields: Fields) -> None:
    """Let the clerk hand a paper in from the next gate, and the second person check it."""
    walk.open("chen", name)
    walk.hand_in("chen", kind, fields)
    walk.check("lin", kind)


def _stands(walk: Walk, state: str, verdicts: dict[str, int], missing: dict[str, int]) -> None:
    """Assert where the clerk sees the gate stand, how its requirements are judged, and which papers several of them wait for."""
    assert (walk.state("chen"), walk.verdicts("chen"), walk.missing("chen")) == (state, verdicts, missing)


def _ask(walk: Walk, name: str, *signers: str) -> None:
    clerk = walk.open("chen", name)
    clerk.press("申请过关")
    clerk.press("申请过关")
    assert walk.state("chen") == "正在会签"
    _sign(walk, name, *signers)


def _sign(walk: Walk, name: str, *signers: str) -> None:
    for login in signers:
        walk.sign(login, name, "是")


def _decide(walk: Walk, name: str, decider: str, outcome: str) -> None:
    hands = walk.open(decider, name)
    hands.press("决定是否过关")
    hands.choose("决定", outcome)
    hands.press("决定是否过关")
    assert _decided(walk, decider).startswith(f"决定 结果 {outcome} 日期 今天 责任人")


def _decided(walk: Walk, username: str) -> str:
    """Return the decision as a person reads it, its day called today."""
    return re.sub(r"\d{4}-\d{2}-\d{2}", "今天", walk.card(username, "决定"))


def _wan(amount: str | Decimal) -> str:
    """Return an amount in 万元 as pages write it."""
    return f"{Decimal(amount):,.2f}"
