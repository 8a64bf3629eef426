"""The second planter: problems as audits of real cities tell them, put in without knowing what the product looks for.

It was written before its author had read the checks, so no planted problem names one: whatever check speaks of the project counts as having found it,
and what is counted is reported as it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from sixgate.usecases.demo.city_sketch import Deal, Planted, Sketch, SystemSketch, Times

Damage = Callable[[Sketch, Times], None]
PLANTED_EACH: Final = 2


def plant(sketches: Sequence[Sketch], times: Times, rng: Random) -> list[Planted]:
    """Damage sound projects, one problem each, two projects for every kind; return what was done."""
    pools = {shape: _shuffled([item for item in sketches if item.shape == shape], rng) for shape in ("young", "approved", "building", "accepted")}
    found: list[Planted] = []
    for _ in range(PLANTED_EACH):
        for kind, (shape, words, damage) in KINDS.items():
            sketch = next(pools[shape], None)
            if sketch is not None:
                damage(sketch, times)
                found.append(Planted(sketch.key, kind, words))
    return found


def _shuffled(sketches: list[Sketch], rng: Random) -> Iterator[Sketch]:
    rng.shuffle(sketches)
    return iter(sketches)


def _signed_before_approval(sketch: Sketch, times: Times) -> None:
    sketch.deals[0].signed = sketch.gates["G02"] - timedelta(days=40)


def _money_not_there(sketch: Sketch, times: Times) -> None:
    for line in sketch.lines:
        line.wan = max(line.wan * 3 // 10, 1)


def _test_failed_and_passed(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("system_test_report", times.live(60), case_count=420, failed_count=187, open_severe_count=9, conclusion="pass")


def _supervisor_is_builder(sketch: Sketch, times: Times) -> None:
    builder = sketch.deals[0]
    sketch.deals.append(
        Deal(f"{sketch.name.removesuffix('（示例）')}监理服务合同（示例）", builder.supplier, max(sketch.wan // 50, 1), builder.signed)
    )


def _approved_backwards(sketch: Sketch, times: Times) -> None:
    sketch.gates["G02"], sketch.gates["G03"] = sketch.gates["G03"], sketch.gates["G02"]


def _settled_above_estimate(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("final_accounts", times.live(90), total_fen=sketch.wan * 1_180_000, surplus_fen=0)


def _surplus_kept(sketch: Sketch, times: Times) -> None:
    approved = times.before(290).isoformat()
    sketch.hand_in("final_accounts", times.live(90), total_fen=sketch.wan * 800_000, surplus_fen=sketch.wan * 120_000, approved_on=approved)


def _holes_left_open(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("penetration_report", times.live(40), high_count=6, medium_count=14, open_high_medium_count=11)


def _levels_differ(sketch: Sketch, times: Times) -> None:
    sketch.systems[0].level = 3
    sketch.hand_in("mlps_filing", times.live(40), level=2)


def _no_restore(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("operations_drill", times.live(80), drill_count=0, restored=False, year=times.day.year)


def _tested_after_acceptance(sketch: Sketch, times: Times) -> None:
    late = max(sketch.gates.values()) + timedelta(days=25)
    sketch.hand_in("software_test_report", times.live(60), issued_on=late.isoformat())


def _ungraded_with_personal_data(sketch: Sketch, times: Times) -> None:
    sketch.systems = [
        SystemSketch(f"{sketch.name.removesuffix('（示例）')}居民档案库（示例）", None, {"has_personal_info": True, "public_facing": True})
    ]


def _nobody_trained(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("training_record", times.live(70), user_count=340, trained_count=0, manual_delivered=False)


def _upkeep_above_building(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("om_budget", times.live(100), budget_year=times.day.year, amount_fen=sketch.wan * 1_300_000, in_catalogue=True)


def _money_asleep(sketch: Sketch, times: Times) -> None:
    for line in sketch.lines:
        line.year = times.day.year - 2


def _year_end_rush(sketch: Sketch, times: Times) -> None:
    deal = sketch.deals[0]
    deal.signed = times.go_live.replace(year=times.go_live.year - 1, month=12, day=20)
    deal.payments = [(deal.signed + timedelta(days=8), deal.wan * 9 // 10)]


def _already_built_above(sketch: Sketch, times: Times) -> None:
    sketch.name = "特殊药品流向追溯自建平台（示例）"
    sketch.about = "示例：省里已统一建设同类监管系统并要求全省使用，本单位另行自建一套，功能与省系统相同。"


def _price_is_everything_but_price(sketch: Sketch, times: Times) -> None:
    sketch.hand_in("scoring_check", times.live(30), method="comprehensive", nature="services", price_weight_bp=200)


KINDS: Final[Mapping[str, tuple[str, str, Damage]]] = {
    "signed_before_approval": ("building", "立项批复还没有下来，合同已经签了", _signed_before_approval),
    "money_not_there": ("building", "批了八百多万，实际到位不到三成", _money_not_there),
    "test_failed_and_passed": ("building", "测试近半数用例没有通过，结论仍写合格", _test_failed_and_passed),
    "supervisor_is_builder": ("building", "监理和承建是同一家公司", _supervisor_is_builder),
    "approved_backwards": ("building", "概算批复的日期早于立项批复", _approved_backwards),
    "year_end_rush": ("building", "年底突击付款，签约八天付了九成", _year_end_rush),
    "settled_above_estimate": ("accepted", "决算比批准的概算高出近两成", _settled_above_estimate),
    "surplus_kept": ("accepted", "结余资金九个多月没有上缴", _surplus_kept),
    "holes_left_open": ("accepted", "高危漏洞没有整改就上线", _holes_left_open),
    "levels_differ": ("accepted", "备案的等级比系统定的等级低", _levels_differ),
    "no_restore": ("accepted", "全年没有做过备份恢复演练", _no_restore),
    "tested_after_acceptance": ("accepted", "先验收，后补第三方测试", _tested_after_acceptance),
    "nobody_trained": ("accepted", "系统交付了，使用人员一个也没有培训", _nobody_trained),
    "upkeep_above_building": ("accepted", "一年运维费比建设费还高", _upkeep_above_building),
    "ungraded_with_personal_data": ("approved", "存着居民信息的系统没有定级", _ungraded_with_personal_data),
    "already_built_above": ("approved", "省里统建的系统，下面又自建一套", _already_built_above),
    "price_is_everything_but_price": ("approved", "评分里价格只占百分之二", _price_is_everything_but_price),
    "money_asleep": ("young", "两年前下达的钱一分没有花", _money_asleep),
}
