"""Writes the calibration as a page of documentation, in Chinese and in English, from its numbers alone."""

from collections.abc import Mapping, Sequence
from typing import Any

Numbers = Mapping[str, Any]

EN = {
    "doubt": "Next year's rating is Amber/Red or Red",
    "slip": "Next year's planned end is more than {days} days later than this year's",
    "rate": "Naive: the share of earlier years, the same for all",
    "self": "The rating alone",
    "derived": "The derived confidence alone",
    "both": "Derived confidence and rating",
    "learned": "Fitted to the facts, without the rating",
    "all": "Fitted to the facts and the rating",
    "better": "tells more than the rating",
    "worse": "tells less than the rating",
    "same": "cannot be told from the rating",
}
ZH = {
    "doubt": "下一年的评级是黄偏红或红",
    "slip": "下一年的计划完成日比这一年的晚 {days} 天以上",
    "rate": "什么都不看：以前各年的比例，个个一样",
    "self": "只看评级",
    "derived": "只看导出的信心",
    "both": "导出的信心加评级",
    "learned": "按事实拟合，不看评级",
    "all": "按事实拟合，加评级",
    "better": "比评级说得准",
    "worse": "不如评级",
    "same": "与评级分不出高下",
}
EN_PAGE = """# Calibration: does the derived confidence tell more than the rating?

This page is written by `python scripts/calibrate_confidence.py`; the same numbers are shown in the product under 校准. They are aggregates: no row of the source is kept here.

## The answer
{answers}

So the percentage is a way to read the facts together and to begin a talk, not a forecast. Its weights are the product's own judgement (version {version}); they are not fitted to these data.
The data are large British programmes of many kinds, hardly e-government projects of a Chinese city; whether the confidence tells more there is not known yet and will be asked again once a place has two years of its own.

## What was asked
- Data: {source}. Projects by year: {projects}. Followed to the next year by the same plain name, or the most alike name of the same department: {linked}.
- The rating is the delivery confidence assessment as published, the nearest these files hold to a unit's own rating: it is agreed with a central authority, so it is a harder rival than a rating nobody checks.
- The derived confidence is judged by the product's own code from what a year and the years before it show: slippage against the first end known, how often the end was changed, and the share of columns the department left empty. The other factors (stale approvals, overdue periods, money ahead of gates, idle time, findings) are not in these files, so **five of eight factors are not tested here**.
- In the first year a project is seen there is no slippage yet, so the signal has little to say there. Where it was seen before: {seasoned}.
- Strictly out of time: what is said of a year was taught by earlier years alone. Both the rating and the confidence are turned into probabilities by what came of them in earlier years.
- Intervals: the middle 95 % when whole projects are drawn again {draws} times (seed {seed}). A lower Brier score is better; 0 is perfect. Ten comparisons are shown, so one interval that just misses zero proves little.
"""
ZH_PAGE = """# 校准：导出的信心，比评级说得准吗？

本页由 `python scripts/calibrate_confidence.py` 写出；产品的“校准”页显示同样的数字。这里只有汇总数，没有来源数据的任何一行。

## 答案
{answers}

所以这个百分数是把事实放在一起读、引出一次谈话的办法，不是预测。权重是产品自己的判断（版本 {version}），不是从这些数据拟合来的。
数据是英国各类重大项目，与一座中国城市的电子政务项目相差很远；在那里是否更准，现在不知道，等一地有了两年自己的数据再问一次。

## 问了什么
- 数据：{source}。各年项目数：{projects}。按同名，或同一部门里最相近的名称，跟到下一年的：{linked}。
- 评级用公布的交付信心评估，是这些文件里最接近单位自评的；它与中央机构商定，所以比没有人核对的自评更难胜过。
- 导出的信心由产品同一套代码从当年和以前各年的事实算出：比最早知道的完成日晚多少、改过几次完成日、部门空着多少栏。其余因素（批准后有变、过期期限、花钱超前、停滞、体检问题）这些文件里没有，**八个因素里有五个这里没有检验**。
- 项目第一次出现的那年还谈不上推迟，信号没有多少话可说。只看以前出现过的：{seasoned}。
- 严格按时间：说某一年，只用更早的年份学。评级和信心都按以前各年的结果换成概率。
- 区间：按项目整体重抽 {draws} 次（种子 {seed}）的中间 95%。Brier 分越低越好，0 是全对。这里共比了十次，一个刚刚避开零的区间说明不了多少。
"""


def page(found: Numbers, *, english: bool) -> str:
    """Return the whole page."""
    words = EN if english else ZH
    text = (EN_PAGE if english else ZH_PAGE).format(
        answers="\n".join(_answer(outcome, found, words, english=english) for outcome in found["outcomes"]),
        version=found["weights_version"],
        source=found["source"],
        projects=_years(found["projects"]),
        linked=_years(found["linked"]),
        seasoned=(" " if english else "；").join(_seasoned(outcome, found, words, english=english) for outcome in found["outcomes"]).rstrip(";"),
        draws=f"{found['draws']:,}",
        seed=found["seed"],
    )
    return text + "".join(_tables(outcome, found, words, english=english) for outcome in found["outcomes"])


def verdict(scored: Numbers) -> str:
    """Return better, worse or same, by whether the interval of the difference keeps clear of zero."""
    return "better" if scored["less_high"] < 0 else "worse" if scored["less_low"] > 0 else "same"


def _answer(outcome: Numbers, found: Numbers, words: Mapping[str, str], *, english: bool) -> str:
    by_id = {item["id"]: item for item in outcome["predictors"]}
    title, same = words[outcome["id"]].format(days=found["late_days"]), (words[verdict(by_id[name])] for name in ("derived", "both", "all"))
    scores = tuple(f"{by_id[name]['brier']:.4f}" for name in ("derived", "self", "rate"))
    derived, both, fitted = same
    if english:
        return (
            f"- *{title}* ({outcome['pairs']} pairs, came in {outcome['happened']}): the derived confidence alone **{derived}** "
            f"(Brier {scores[0]}; rating {scores[1]}, naive {scores[2]}); with the rating it {both}; a fit to all facts with the rating {fitted}."
        )
    return (
        f"- *{title}*（{outcome['pairs']} 对，{outcome['happened']} 对应验）：只看导出的信心，**{derived}**"
        f"（Brier {scores[0]}；评级 {scores[1]}，什么都不看 {scores[2]}）；加上评级，{both}；把事实都拟合进来再加评级，{fitted}。"
    )


def _seasoned(outcome: Numbers, found: Numbers, words: Mapping[str, str], *, english: bool) -> str:
    here, title = outcome["seasoned"], words[outcome["id"]].format(days=found["late_days"])
    numbers = f"Brier {here['derived']:.4f} / {here['self']:.4f}, {here['less']:+.4f} ({here['less_low']:+.4f} … {here['less_high']:+.4f})"
    if english:
        return f"*{title}*, {here['pairs']} pairs, confidence / rating {numbers}: {words[verdict(here)]};"
    return f"*{title}*，{here['pairs']} 对，信心 / 评级 {numbers}，{words[verdict(here)]}"


def _tables(outcome: Numbers, found: Numbers, words: Mapping[str, str], *, english: bool) -> str:
    heads = (
        ("Predictor", "Brier", "95 %", "Less the rating's", "95 %", "Separation")
        if english
        else ("凭什么说", "Brier 分", "95% 区间", "与评级之差", "95% 区间", "区分度")
    )
    rows = [
        (
            words[item["id"]],
            f"{item['brier']:.4f}",
            f"{item['low']:.4f} … {item['high']:.4f}",
            f"{item['less']:+.4f}",
            f"{item['less_low']:+.4f} … {item['less_high']:+.4f}",
            f"{item['separation']:.2f}",
        )
        for item in outcome["predictors"]
    ]
    text = f"\n## {words[outcome['id']].format(days=found['late_days'])}\n\n{_table(heads, rows)}"
    bands = ("Told", "Pairs", "Mean told", "Came") if english else ("说的概率", "对数", "平均说", "实际")
    for name, lines in outcome["reliability"].items():
        shown = [(f"{x['low']:.1f} – {x['high']:.1f}", str(x["pairs"]), f"{x['told']:.2f}", f"{x['came']:.2f}") for x in lines]
        text += f"\n{'Reliability' if english else '可靠性'} · {words[name]}\n\n{_table(bands, shown)}"
    return text


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _years(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{year}: {count}" for year, count in counts.items())
