"""A pack in English says the same rules in other words: every title differs, nothing that judges does."""

from datetime import date

from sixgate.engines.rules.english import in_english
from sixgate.usecases import _law


def test_every_text_of_the_delivered_law_has_its_english_and_no_rule_changes() -> None:
    pack, _ = _law.law("440100", date(2026, 11, 24))
    english = in_english(pack)
    tables = ("gates", "duties", "parameters", "requirements", "deadlines", "change_rules", "evidence")
    same = [ident for table in tables for ident, row in getattr(pack, table).items() if getattr(english, table)[ident].title == row.title]
    assert same == []
    rules = [(rule.id, rule.when, rule.require, rule.clauses) for rule in pack.requirements.values()]
    assert rules == [(rule.id, rule.when, rule.require, rule.clauses) for rule in english.requirements.values()]
    assert (english.digest_sm3, english.language) == (pack.digest_sm3, pack.language)


def test_fields_and_their_choices_speak_english_too() -> None:
    pack, _ = _law.law("440100", date(2026, 11, 24))
    kind = in_english(pack).evidence["feasibility_study"]
    labels = [field.label for field in kind.fields] + [option.label for field in kind.fields for option in field.options]
    assert [label for label in labels if not label.isascii()] == []
    assert [option.value for option in kind.fields[0].options] == [option.value for option in pack.evidence["feasibility_study"].fields[0].options]
