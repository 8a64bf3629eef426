"""The pack loader: what it accepts, and how it names what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sixgate.engines.rules.pack import PackError, activated_targets, english_gaps, read_pack, uncovered
from sixgate.engines.rules.schema import Pack

VOCABULARY = {
    "project.is_central": "yes_no",
    "project.amount_fen": "fen",
    "project.type": "enum",
    "project.funding": "list",
    "project.planned_start": "date",
    "system.mlps_level": "integer",
    "change.increase_fen": "fen",
}

HEADER = '[pack]\nid = "t.base"\ntitle = "试"\nversion = "1"\njurisdiction = "cn"\n'
RULES = """
[[duty]]
id = "OWN"
title = "建设单位"
scope = "project"
grants = ["lifecycle.*"]
[[gate]]
id = "G01"
stage = "initiation"
title = "立项批复"
decides = "是否立项"
decider = "OWN"
[[parameter]]
id = "limit_fen"
title = "限额"
type = "fen"
stricter = "lower"
confidence = "verified"
source = "某文件"
value = [{ value = 100, from = 2020-01-01, until = 2025-01-01 }, { value = 80, from = 2025-01-01 }]
[[evidence]]
id = "study"
title = "可研"
stage = "initiation"
supplier = "OWN"
[[evidence.field]]
id = "conclusion"
label = "结论"
type = "enum"
options = [{ value = "pass", label = "通过" }, { value = "fail", label = "不通过" }]
[[requirement]]
id = "initiation.study"
gate = "G01"
title = "可研已批"
kind = "law"
scope = "national"
action = "lock"
confidence = "verified"
from = 2020-01-01
subject = "project"
when = "project.amount_fen > parameter.limit_fen"
require = 'evidence.study.conclusion == "pass"'
evidence = ["study"]
supplier = "OWN"
remedy = "补交可研批复。"
[[requirement.clause]]
document = "某办法"
[[requirement]]
id = "initiation.central"
gate = "G01"
title = "中央"
kind = "law"
scope = "central"
action = "activate"
confidence = "verified"
require = "project.amount_fen < 1000"
remedy = "改。"
[[requirement]]
id = "initiation.system"
duty = "duty"
title = "定级"
kind = "habit"
scope = "national"
action = "remind"
confidence = "known"
subject = "system"
when = 'project.type == "new"'
require = "system.mlps_level >= 2"
remedy = "定级。"
[[deadline]]
id = "D1"
title = "期限"
stage = "initiation"
anchor = "project.planned_start"
value = 20
unit = "day"
bound = "floor"
kind = "law"
scope = "national"
action = "lock"
confidence = "verified"
[[change_rule]]
id = "A1"
axis = "approval"
title = "增加"
when = "change.increase_fen > 10"
conclusion = "报批"
materials = ["报告"]
kind = "law"
scope = "national"
action = "lock"
confidence = "verified"
[[case]]
target = "initiation.study"
name = "通过"
on = 2024-06-01
expect = "met"
facts = { project.amount_fen = 101, evidence.study.conclusion = "pass" }
[[case]]
target = "initiation.study"
name = "不通过"
on = 2025-01-01
expect = "unmet"
[case.facts]
"project.amount_fen" = 90
evidence.study.conclusion = "fail"
[[case]]
target = "initiation.study"
name = "缺"
on = 2025-01-01
expect = "unknown"
facts = { project.amount_fen = 90 }
[[case]]
target = "A1"
name = "多"
on = 2025-01-01
expect = "hit"
facts = { change.increase_fen = 11 }
[english.pack."t.base"]
title = "Trial"
[english.requirement."initiation.study"]
title = "Study"
[english.requirement.initiation.central]
title = "Central"
[english.evidence.study]
title = "Feasibility study"
field.conclusion.label = "Conclusion"
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes one pack folder."""

    def _write(rules: str = RULES, header: str = HEADER, name: str = "base") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pack.toml").write_text(header, encoding="utf-8")
        (folder / "rules.toml").write_text(rules, encoding="utf-8")
        return folder

    return _write


def problems_of(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(PackError) as caught:
        read_pack(folder, VOCABULARY)
    return [(problem.table, problem.id, problem.message) for problem in caught.value.problems]


def test_sound_pack_is_read(write: Write) -> None:
    pack: Pack = read_pack(write(), VOCABULARY)
    assert list(pack.requirements) == ["initiation.study", "initiation.central", "initiation.system"]
    assert pack.facts["evidence.study.present"] == "yes_no"
    assert pack.english["requirement"] == {"initiation.study": {"title": "Study"}, "initiation.central": {"title": "Central"}}
    assert pack.english["evidence"]["study"]["field.conclusion.label"] == "Conclusion"
    assert uncovered(pack)[0] == ("initiation.central", "met")
    assert "gate.G01.title" in english_gaps(pack)
    assert activated_targets(pack, pack.cases[0].on) == frozenset()
    assert (len(pack.digest_sm3), len(pack.digest_sha256)) == (64, 64)


def test_digest_ignores_the_split_into_files_and_sees_content(write: Write) -> None:
    one = read_pack(write(), VOCABULARY)
    other = write(RULES.replace("[[duty]]", "# moved\n[[duty]]"), name="other")
    (other / "pack.toml").rename(other / "z.toml")
    assert read_pack(other, VOCABULARY).digest_sm3 == one.digest_sm3
    changed = read_pack(write(RULES.replace("value = 80", "value = 81"), name="changed"), VOCABULARY)
    assert changed.digest_sm3 != one.digest_sm3


@pytest.mark.parametrize(
    ("before", "after", "table", "ident", "words"),
    [
        ("project.amount_fen > parameter", "project.amuont_fen > parameter", "requirement", "initiation.study", "第 1 行第 8 列"),
        ("project.amount_fen < 1000", "project.amount_fen < 'a'", "requirement", "initiation.central", "第 1 行第 20 列"),
        ('require = "project.amount_fen < 1000"', 'require = "project.amount_fen"', "requirement", "initiation.central", "是/否"),
        ('decider = "OWN"', 'decider = "XXX"', "gate", "G01", "XXX"),
        ('evidence = ["study"]', 'evidence = ["studdy"]', "requirement", "initiation.study", "studdy"),
        ('gate = "G01"\ntitle = "可', 'gate = "G9"\ntitle = "可', "requirement", "initiation.study", "G9"),
        ('kind = "habit"', 'kind = "habit"\ncolour = 1', "requirement", "initiation.system", "colour"),
        ('action = "remind"', 'action = "activate"', "requirement", "initiation.system", "惯例"),
        ('action = "activate"', 'action = "lock"', "requirement", "initiation.central", "锁定"),
        ("value = 20\n", "value = true\n", "deadline", "D1", "整数"),
        ('anchor = "project.planned_start"', 'anchor = "project.amount_fen"', "deadline", "D1", "日期"),
        ('target = "A1"', 'target = "A9"', "case", "A9/多", "target"),
        ('expect = "hit"', 'expect = "met"', "case", "A1/多", "expect"),
        ('conclusion = "fail"', 'conclusion = "fial"', "case", "initiation.study/不通过", "fial"),
        ('"project.amount_fen" = 90', '"project.amount_fen" = "x"', "case", "initiation.study/不通过", "类型"),
        (", until = 2025-01-01", "", "parameter", "limit_fen", "重叠"),
        ('id = "initiation.central"', 'id = "initiation.study"', "requirement", "initiation.study", "重复"),
        (
            "[english.requirement.initiation.central]",
            "[english.requirement.initiation.centre]",
            "english.requirement",
            "initiation.centre.title",
            "英文",
        ),
    ],
)
def test_one_mistake_is_named_with_table_id_and_remedy(write: Write, before: str, after: str, table: str, ident: str, words: str) -> None:
    assert before in RULES
    found = problems_of(write(RULES.replace(before, after, 1)))
    assert [(item[0], item[1]) for item in found if words in item[2]] == [(table, ident)]
    assert all("rules.toml" in item[2] and "请" in item[2] for item in found)


def test_all_mistakes_are_told_at_once(write: Write) -> None:
    rules = RULES.replace('decider = "OWN"', 'decider = "X"').replace("project.amount_fen < 1000", "nothing.here") + "\n[[nonsense]]\na = 1\n"
    assert {item[0] for item in problems_of(write(rules))} == {"gate", "requirement", "nonsense"}


def test_broken_toml_and_empty_folder_are_problems(write: Write, tmp_path: Path) -> None:
    assert "TOML" in problems_of(write("[[gate"))[0][2]
    (tmp_path / "empty").mkdir()
    assert [item[0] for item in problems_of(tmp_path / "empty")] == ["pack", "pack"]
