"""Checking a folder of rules: a local pack is checked with the facts of the packs it extends, and every problem is told, never raised."""

from pathlib import Path

import pytest

from sixgate.usecases.rulebook import check_packs

PACK = """
[pack]
id = "cn.a_city"
title = "某市规则包"
version = "1"
jurisdiction = "440300"
template = false
checked_on = 2026-11-25
extends = "{extends}"

[english.pack."cn.a_city"]
title = "Pack of a city"

[[requirement]]
id = "a_city.axes"
row = 0
gate = "G01"
duty = ""
title = "适用轴齐全"
kind = "local"
scope = "local"
action = "activate"
confidence = "known"
checked_on = 2026-11-25
from = 2026-01-01
subject = "project"
when = ""
require = "project.{fact}"
evidence = []
supplier = "OWN"
remedy = "请补齐适用轴。"
order = 1

[[requirement.clause]]
document = "某市办法"
number = "某府办〔2026〕1号"
text_seen = false

[english.requirement."a_city.axes"]
title = "Axes complete"
remedy = "Complete the axes."
"""
CASE = '\n[[case]]\ntarget = "a_city.axes"\nname = "{expect}"\non = 2026-11-25\nexpect = "{expect}"\nfacts = {{{facts}}}\n'
CASES = "".join(
    CASE.format(expect=expect, facts=facts)
    for expect, facts in (("met", "project = {axes_complete = true}"), ("unmet", "project = {axes_complete = false}"), ("unknown", ""))
)


def _checked(folder: Path, text: str) -> tuple[int, list[str]]:
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    answer = check_packs([str(folder)])
    return answer["failed"], answer["problems"]


def test_a_local_pack_is_checked_over_the_packs_it_extends(tmp_path: Path) -> None:
    assert _checked(tmp_path, PACK.format(extends="cn.city_template", fact="axes_complete") + CASES) == (0, [])


def test_a_missing_case_is_named(tmp_path: Path) -> None:
    assert _checked(tmp_path, PACK.format(extends="cn.city_template", fact="axes_complete") + CASES.rpartition("[[case]]")[0]) == (
        1,
        ["a_city.axes: unknown 缺用例"],
    )


@pytest.mark.parametrize(
    ("extends", "fact", "said"),
    [
        ("cn.city_template", "axes_compleat", "undeclared reference to 'project.axes_compleat'"),
        ("cn.nowhere", "axes_complete", "所扩展的规则包“cn.nowhere”不在下层"),
    ],
    ids=["misspelt fact", "unknown base"],
)
def test_what_does_not_fit_is_a_problem_with_its_place(tmp_path: Path, extends: str, fact: str, said: str) -> None:
    failed, problems = _checked(tmp_path, PACK.format(extends=extends, fact=fact) + CASES)
    assert (failed, [said in problem and problem.startswith("pack.toml [[") for problem in problems]) == (1, [True])
