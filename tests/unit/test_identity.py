"""Identifiers against the corpora's own examples, and what is refused."""

import doctest
import os
from pathlib import Path

import pytest

from sixgate.kernel.identity import (
    check_document_no,
    check_resident_id,
    check_uscc,
    division_level,
    division_name,
    division_prefix,
    division_within,
    load_divisions,
)
from sixgate.kernel.refusal import Refusal

DATA = os.environ.get("SIXGATE_DATA", "")
needs_data = pytest.mark.skipif(not DATA, reason="SIXGATE_DATA is not set")


@needs_data
@pytest.mark.parametrize(("name", "checked"), [("uscc", check_uscc), ("resident_id", check_resident_id)])
def test_every_example_of_the_corpus_is_accepted_or_refused_as_it_says(name: str, checked: object) -> None:
    examples = doctest.DocTestParser().get_examples((Path(DATA) / f"identifiers/{name}.doctest").read_text(encoding="utf-8"))
    judged = 0
    for example in examples:
        if ".validate('" not in example.source or "for " in example.source:
            continue
        number = example.source.split("validate('")[1].split("'")[0]
        assert callable(checked)
        if example.exc_msg:
            with pytest.raises(Refusal):
                checked(number)
        else:
            assert checked(number) == example.want.strip().strip("'")
        judged += 1
    assert judged > 3


def test_a_uscc_is_kept_in_one_spelling() -> None:
    assert check_uscc(" ９１１１０００060003734１l ") == "91110000600037341L"


@pytest.mark.parametrize(
    ("keyed", "kept"),
    [
        ("国办发〔2019〕57号", "国办发〔2019〕57号"),
        ("国办发[2019]57号", "国办发〔2019〕57号"),
        ("发改高技（2015）200 号", "发改高技〔2015〕200号"),
        ("穗府办函【2024】012", "穗府办函〔2024〕12号"),
        ("国务院令第712号", "国务院令第712号"),
    ],
)
def test_a_document_number_is_kept_in_one_spelling(keyed: str, kept: str) -> None:
    assert check_document_no(keyed) == kept


@pytest.mark.parametrize("nonsense", ["", "57", "国办发57号", "已批", "〔2019〕57号"])
def test_what_is_no_document_number_is_refused_with_the_form(nonsense: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_document_no(nonsense)
    assert "机关代字" in str(refused.value.remedy)


def test_divisions_know_their_level_area_and_name() -> None:
    assert [division_level(code) for code in ("440000", "440100", "440106")] == ["province", "city", "county"]
    assert [division_prefix(code) for code in ("440000", "440100", "440106")] == ["44", "4401", "440106"]
    assert (division_within("440106", "440000"), division_within("440106", "330000")) == (True, False)
    assert (division_name("440106"), division_name("110103"), division_name("999999")) == ("天河区", "崇文区", "")
    with pytest.raises(Refusal):
        division_level("44")


def test_every_division_stands_once_under_a_parent_of_the_level_above() -> None:
    found = load_divisions()
    above = {"province": "", "city": "province", "county": "city"}
    assert [item.code for item in found.values() if (found[item.parent].level if item.parent else "") != above[item.level]] == []
    assert (found["441900"].level, found["429004"].parent, len([item for item in found.values() if item.level == "province"])) == (
        "city",
        "429000",
        31,
    )


@needs_data
def test_the_divisions_equal_the_corpus() -> None:
    lines = (Path(DATA) / "divisions/areas.csv").read_text(encoding="utf-8").splitlines()[1:]
    counties = {line.split(",")[0]: line.split(",")[1].strip('"') for line in lines}
    found = load_divisions()
    assert {code: found[code].name for code in counties if code in found} == counties
