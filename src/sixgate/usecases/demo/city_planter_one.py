"""The first planter: problems a project office knows by name, each with the check that should find it. Where no check is known the truth says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from sixgate.usecases.demo.city_names import BODIES, SUPPLIERS
from sixgate.usecases.demo.city_plan import prepare_first_gate
from sixgate.usecases.demo.city_sketch import Asked, Deal, Filed, Line, Planted, Sketch, Times

Damage = Callable[[Sketch, Times], None]
PLANTED_EACH: Final = 2
GAP: Final = "confidence.gap"  # not a check: the difference between a unit's own colour and the evidence


def plant(sketches: Sequence[Sketch], times: Times, rng: Random) -> list[Planted]:
    """Damage sound projects, one problem each; return what was done and which check should find it."""
    pools = {shape: _shuffled([item for item in sketches if item.shape == shape], rng) for shape in ("young", "approved", "building", "accepted")}
    found: list[Planted] = []
    for _ in range(PLANTED_EACH):
        found += _pairs(pools["approved"], times)
        for kind, (shape, words, checks, damage) in KINDS.items():
            sketch = next((item for item in pools[shape] if shape != "young" or BODIES[item.body].region != "440000"), None)
            if sketch is not None:
                damage(sketch, times)
                found.append(Planted(sketch.key, kind, words, checks))
    return found


def _shuffled(sketches: list[Sketch], rng: Random) -> Iterator[Sketch]:
    rng.shuffle(sketches)
    return iter(sketches)


def _pairs(pool: Iterator[Sketch], times: Times) -> list[Planted]:
    """Plant what takes two projects: the same file, the same name at one body, the same thing under another name elsewhere."""
    found: list[Planted] = []
    for kind, words, checks, damage in PAIRS:
        first, second = next(pool, None), next(pool, None)
        if first is None or second is None:
            break
        damage(first, second, times)
        found += [Planted(item.key, kind, words, checks) for item in (first, second)]
    return found


def _same_file(first: Sketch, second: Sketch, times: Times) -> None:
    for sketch in (first, second):
        sketch.hand_in("expert_opinion", sketch.begun + timedelta(days=12), conclusion="pass")
        sketch.paper("expert_opinion").scan = f"shared {first.key}"


def _same_name(first: Sketch, second: Sketch, times: Times) -> None:
    second.name, second.body, second.kind = first.name, first.body, first.kind


def _renamed(first: Sketch, second: Sketch, times: Times) -> None:
    first.name, second.name = f"民生诉求智能分拨平台项目（示例·{first.key}）", f"群众诉求智慧派单系统建设项目（示例·{second.key}）"
    second.about = first.about = "示例：统一受理群众诉求，自动分类、派单、督办、回访，同步对接热线和网格。"
    second.wan = first.wan
    second.lines = [replace(line) for line in first.lines]


PAIRS: Final = (
    ("same_file", "同一份专家意见交给了两个项目", ("check.same_file",), _same_file),
    ("same_name", "同一单位重复登记同名项目", ("check.same_name",), _same_name),
    ("renamed_duplicate", "换个名称重复申报", ("check.same_content",), _renamed),
)


def _days_reversed(sketch: Sketch, times: Times) -> None:
    sketch.start = sketch.finish + timedelta(days=90)


def _overrun(sketch: Sketch, times: Times) -> None:
    sketch.finish = times.before(95)


def _stale_green(sketch: Sketch, times: Times) -> None:
    sketch.finish = times.before(210)
    sketch.ratings.append((times.before(12), "green", ""))


def _signed_early(sketch: Sketch, times: Times) -> None:
    sketch.deals[0].signed = sketch.gates["G02"] - timedelta(days=20)


def _over_estimate(sketch: Sketch, times: Times) -> None:
    total = sketch.wan * 700_000
    sketch.hand_in("design_approval", sketch.begun + timedelta(days=9), total_fen=total, issued_on=sketch.gates["G03"].isoformat())
    sketch.lines = [Line(line.source, line.year, line.wan) for line in sketch.lines]


def _supplement(sketch: Sketch, times: Times) -> None:
    deal = sketch.deals[0]
    deal.wan = max(deal.wan * 3 // 4, 1)
    deal.supplements.append((deal.signed + timedelta(days=60), max(deal.wan * 18 // 100, 1)))


def _split(sketch: Sketch, times: Times) -> None:
    first, year = sketch.deals[0], sketch.deals[0].signed.year
    supplier = SUPPLIERS[(SUPPLIERS.index(first.supplier) + 11) % len(SUPPLIERS)]
    title = sketch.name.removesuffix("（示例）")
    signed = min(first.signed + timedelta(days=9), first.signed.replace(year=year, month=12, day=20))
    sketch.deals = [
        Deal(f"{title}第{number}包合同（示例）", supplier, 198, signed, [], [(signed + timedelta(days=30), 60)]) for number in ("一", "二")
    ]
    sketch.lines.append(Line("ldb", times.day.year, max(400 - sketch.wan, 1)))


def _paid_ahead(sketch: Sketch, times: Times) -> None:
    deal = sketch.deals[0]
    deal.wan = max(deal.wan, 40)
    deal.payments = [(deal.signed + timedelta(days=30), deal.wan - deal.wan * 2 // 100)]


def _underfunded(sketch: Sketch, times: Times) -> None:
    for line in sketch.lines:
        line.wan = max(line.wan // 2, 1)


def _ungraded(sketch: Sketch, times: Times) -> None:
    sketch.systems[0].level = None


def _level_three(sketch: Sketch, times: Times) -> None:
    sketch.systems[0].level, sketch.systems[0].online = 3, times.before(520)


def _nobody(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("efficiency_report", sketch.begun + timedelta(days=25), active_users=0, case_volume=0, low_months=7)


def _accounts(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("final_accounts", sketch.begun + timedelta(days=25), total_fen=sketch.wan * 1_120_000, surplus_fen=0)


def _final_overdue(sketch: Sketch, times: Times) -> None:
    sketch.gates.pop("G09")
    sketch.finish = times.day + timedelta(days=40)
    ended = times.before(260).isoformat()
    sketch.hand_in(
        "trial_run_report", sketch.begun + timedelta(days=25), ended_on=ended, started_on=times.before(350).isoformat(), open_major_fault_count=0
    )


def _without_test(sketch: Sketch, times: Times) -> None:
    handed, final = sketch.begun + timedelta(days=22), sketch.gates["G09"].isoformat()
    sketch.hand_in("final_acceptance", handed, concluded_on=final, applied_on=final, built_on=final, open_item_count=0, conclusion="pass")
    sketch.hand_in("archive_acceptance", handed, concluded_on=final, applied_on=final, conclusion="pass")
    sketch.hand_in("audit_report", handed, issued_on=final, open_finding_count=0, conclusion="pass")


def _open_items(sketch: Sketch, times: Times) -> None:
    _without_test(sketch, times)
    sketch.hand_in("software_test_report", sketch.begun + timedelta(days=22), issued_on=sketch.gates["G08"].isoformat(), conclusion="pass")
    sketch.hand_in("final_acceptance", times.day, open_item_count=5)


def _headless(sketch: Sketch, times: Times) -> None:
    sketch.head = ""


def _idle(sketch: Sketch, times: Times) -> None:
    sketch.begun = times.before(225)


def _no_system(sketch: Sketch, times: Times) -> None:
    sketch.kind, sketch.systems = "om", []


def _parts(sketch: Sketch, times: Times) -> None:
    fen = sketch.wan * 10_000
    parts = {"software_fen": fen * 60, "hardware_fen": fen * 30, "reserve_fen": fen * 5}
    sketch.hand_in("budget_estimate", sketch.begun + timedelta(days=14), total_fen=fen * 100, **parts)


def _future(sketch: Sketch, times: Times) -> None:
    ahead = (times.day + timedelta(days=400)).isoformat()
    sketch.hand_in("expert_opinion", sketch.begun + timedelta(days=14), reviewed_on=ahead, conclusion="pass")


def _unregistered(sketch: Sketch, times: Times) -> None:
    good = {"system_count": 9, "idle_count": 0, "conclusion": "incomplete"}
    sketch.hand_in("resource_inventory", sketch.begun + timedelta(days=14), unregistered_count=3, **good)


def _unexplained(sketch: Sketch, times: Times) -> None:
    sketch.hand_in(
        "duplicate_check", sketch.begun + timedelta(days=14), compared_count=402, similar_count=3, unexplained_count=2, conclusion="revise"
    )


def _changed(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("design_approval", sketch.begun + timedelta(days=9), total_fen=sketch.wan * 1_000_000, issued_on=sketch.gates["G03"].isoformat())
    sketch.changes.append(Filed("增加数据对接范围（示例）", sketch.begun + timedelta(days=30), more_wan=max(sketch.wan * 19 // 100, 1)))


def _stale(sketch: Sketch, times: Times) -> None:
    prepare_first_gate(sketch)
    asked = sketch.begun + timedelta(days=20)
    sketch.asked.append(Asked("G01", asked, asked + timedelta(days=6)))
    sketch.amended.append((asked + timedelta(days=25), {"network": "lan"}))


def _condition(sketch: Sketch, times: Times) -> None:
    prepare_first_gate(sketch)
    asked = sketch.begun + timedelta(days=20)
    promise = ("补报与省统建平台的对接方案", asked + timedelta(days=30))
    sketch.asked.append(Asked("G01", asked, asked + timedelta(days=6), (promise,)))


KINDS: Final[Mapping[str, tuple[str, str, tuple[str, ...], Damage]]] = {
    "stale_decision": ("young", "批准以后换了网络，没有重新申请", ("check.stale_decision",), _stale),
    "condition_overdue": ("young", "有条件批准的条件过期没有办", ("check.condition_overdue",), _condition),
    "days_reversed": ("young", "计划完成日早于开始日", ("check.finish_before_start",), _days_reversed),
    "no_system_of_upkeep": ("young", "运维项目说不出维护哪个系统", ("check.om_without_system",), _no_system),
    "idle": ("young", "登记以后再没有办理", ("check.idle",), _idle),
    "headless": ("approved", "没有登记项目责任人", ("check.no_head",), _headless),
    "estimate_parts": ("approved", "概算总数与分项之和不相等", ("check.estimate_parts",), _parts),
    "future_date": ("approved", "材料日期晚于今天", ("check.future_dates",), _future),
    "unregistered_systems": ("approved", "有系统没有入总目录", ("check.unregistered_systems",), _unregistered),
    "unexplained_duplicate": ("approved", "查重有相似项目没有说明", ("check.unexplained_duplicates",), _unexplained),
    "overrun": ("building", "工期已过三个月", ("check.finish_passed",), _overrun),
    "stale_green": ("building", "工期已过七个月，自评仍是绿", (GAP, "check.finish_passed"), _stale_green),
    "signed_before_approval": ("building", "先签合同后批立项", ("check.signed_before_approval",), _signed_early),
    "contract_over_estimate": ("building", "合同超过概算", ("check.contract_over_estimate",), _over_estimate),
    "supplement_over_ten": ("building", "补充合同超过一成", ("check.supplement_over_ten",), _supplement),
    "split_procurement": ("building", "拆成两包，各差一点到公开招标数额", ("check.split_contracts",), _split),
    "paid_ahead": ("building", "刚开工，钱已付到九成八", ("check.paid_ahead",), _paid_ahead),
    "underfunded": ("building", "资金只下达一半就签了合同", ("check.funding_below_contract",), _underfunded),
    "change_over_fifteen": ("building", "变更累计近两成", ("check.change_over_fifteen",), _changed),
    "ungraded": ("accepted", "投运的系统没有定等保级别", ("check.ungraded_system",), _ungraded),
    "level_three_unassessed": ("accepted", "三级系统一年多没有测评", ("check.level3_without_yearly",), _level_three),
    "nobody_uses": ("accepted", "系统没有人用", ("check.nobody_uses",), _nobody),
    "accounts_over_estimate": ("accepted", "决算超过概算", ("check.accounts_over_estimate",), _accounts),
    "final_overdue": ("accepted", "试运行结束八个多月没有申请终验", ("check.final_overdue",), _final_overdue),
    "accepted_without_test": ("accepted", "没有测试报告就终验", ("check.accepted_without_test",), _without_test),
    "accepted_with_open_items": ("accepted", "带着遗留问题终验", ("check.accepted_with_open_items",), _open_items),
}
