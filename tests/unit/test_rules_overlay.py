"""Overlays: stricter is taken, looser is reported and left out unless accepted; the home jurisdiction picks its packs."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sixgate.engines.rules.overlay import overlay, select
from sixgate.engines.rules.pack import PackError, read_pack
from sixgate.engines.rules.schema import Pack
from unit.test_rules_pack import HEADER, RULES, VOCABULARY

Read = Callable[..., Pack]
DAY = date(2026, 1, 1)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes and reads a pack."""

    def _read(rules: str = RULES, ident: str = "t.base", jurisdiction: str = "cn", extends: str = "", template: bool = False) -> Pack:
        folder = tmp_path / ident
        folder.mkdir()
        header = HEADER.replace("t.base", ident).replace('"cn"', f'"{jurisdiction}"')
        header += f'extends = "{extends}"\n' if extends else ""
        header += "template = true\n" if template else ""
        (folder / "pack.toml").write_text(header + rules, encoding="utf-8")
        return read_pack(folder, VOCABULARY)

    return _read


def override(table: str, ident: str, change: str, accept: str = "") -> str:
    accepted = f'accept_looser = "{accept}"\n' if accept else ""
    return f'[[override]]\ntable = "{table}"\nid = "{ident}"\nreason = "本地"\nset = {{ {change} }}\n{accepted}'


LOOSER = [
    ("requirement", "initiation.study", 'action = "remind"'),
    ("requirement", "initiation.study", "until = 2025-06-01"),
    ("requirement", "initiation.study", 'when = "false"'),
    ("requirement", "initiation.study", 'require = "true"'),
    ("parameter", "limit_fen", "value = [{ value = 100, from = 2020-01-01 }]"),
    ("parameter", "limit_fen", "value = [{ value = 70, from = 2025-01-01 }]"),
    ("deadline", "D1", "value = 10"),
    ("change_rule", "A1", 'when = "change.increase_fen > 99"'),
]


@pytest.mark.parametrize(("table", "ident", "change"), LOOSER)
def test_looser_override_is_reported_and_not_taken(read: Read, table: str, ident: str, change: str) -> None:
    base = read()
    merged, reports = overlay(base, read(override(table, ident, change), "t.city", "440100", "t.base"))
    assert [(report.id, report.taken, bool(report.findings)) for report in reports] == [(ident, False, True)]
    for attribute in ("requirements", "parameters", "deadlines", "change_rules"):
        assert getattr(merged, attribute) == getattr(base, attribute)


@pytest.mark.parametrize(("table", "ident", "change"), LOOSER)
def test_looser_override_is_taken_when_someone_accepted_it(read: Read, table: str, ident: str, change: str) -> None:
    base = read()
    merged, reports = overlay(base, read(override(table, ident, change, "市长办公会"), "t.city", "440100", "t.base"))
    assert [(report.id, report.taken, report.accepted) for report in reports] == [(ident, True, "市长办公会")]
    assert merged.digest_sm3 != base.digest_sm3


def test_stricter_override_and_new_tables_are_taken_without_report(read: Read) -> None:
    extra = '[[duty]]\nid = "LAW"\ntitle = "法制"\nscope = "region"\n'
    act = '[[activation]]\ntarget = "initiation.central"\nofficer = "李"\ndocument = "某通知"\nsigned_on = 2026-01-02\n'
    change = override("parameter", "limit_fen", "value = [{ value = 50, from = 2020-01-01 }]")
    merged, reports = overlay(read(), read(change + extra + act, "t.city", "440100", "t.base"))
    assert reports == []
    assert [value.value for value in merged.parameters["limit_fen"].values] == [50]
    assert (list(merged.duties), merged.lineage, merged.header.id) == (["OWN", "LAW"], ("t.base", "t.city"), "t.city")


def test_override_of_nothing_and_a_wrong_base_are_refused(read: Read) -> None:
    base = read()
    with pytest.raises(PackError):
        overlay(base, read(override("requirement", "nothing", 'title = "x"'), "t.a", "440100", "t.base"))
    with pytest.raises(PackError):
        overlay(base, read("", "t.b", "440100", "t.elsewhere"))
    with pytest.raises(PackError):
        overlay(base, read(override("requirement", "initiation.study", 'require = "x.y"'), "t.c", "440100", "t.base"))


def test_select_merges_down_the_division_code_and_leaves_others_out(read: Read) -> None:
    duty = '[[duty]]\nid = "{0}"\ntitle = "{0}"\nscope = "region"\n'
    act = '[[activation]]\ntarget = "initiation.central"\nofficer = "李"\ndocument = "某通知"\nsigned_on = 2026-01-02\n'
    packs = [
        read(duty.format("COUNTY"), "t.county", "440103", "t.city"),
        read(duty.format("CITY") + act, "t.city", "440100", "t.template"),
        read(duty.format("PROVINCE"), "t.province", "440000", "t.base"),
        read(duty.format("OTHER"), "t.other", "510000", "t.base"),
        read(duty.format("TEMPLATE"), "t.template", "cn", "t.base", True),
        read(),
    ]
    merged, reports = select(packs, "440103", date(2026, 1, 1))
    assert reports == []
    assert merged.lineage == ("t.base", "t.province", "t.template", "t.city", "t.county")
    assert (len(merged.activations), len(select(packs, "440103", date(2026, 1, 2))[0].activations)) == (0, 1)
    assert select(packs, "440000", DAY)[0].lineage == ("t.base", "t.province")
    assert select(packs, "cn", DAY)[0].lineage == ("t.base",)
    with pytest.raises(PackError):
        select([], "cn", DAY)
