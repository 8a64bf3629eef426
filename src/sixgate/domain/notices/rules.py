"""The rules of notices as data: what happens tells whom, what is late tells whom after how many workdays, which hours are quiet unless a person says otherwise.

Habits only: nothing here locks anything. Every problem of a file is named with its table and id, all of them at once.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final, cast

TELLS: Final = ("awaited", "requester", "submitter", "owner", "subject", "supplier")
LATE_THINGS: Final = ("request", "condition")
PLACES: Final = {"happening": {"project", "gate"}, "ladder": {"project", "gate"}, "due": {"project", "what", "day"}}
FITTING: Final = {
    "happening": set(TELLS) - {"supplier"},
    "ladder": {"awaited", "requester", "owner"},
    "due": {"supplier", "owner"},
}
_ID: Final = re.compile(r"[a-z][a-z_]{1,39}")
_PATTERN: Final = re.compile(r"[a-z_]+(\.([a-z_]+|\*)){1,2}")


class NoticeRulesError(ValueError):
    """A file of rules that cannot be used; `problems` names every place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for a person who has set nothing: hours of the local day, quiet from one to the other."""

    mail: bool
    digest_hour: int
    quiet_from: int
    quiet_until: int
    days_off_quiet: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `acts` are address patterns (happenings), `of` and `workdays` belong to the ladder, `workdays` to dates (negative: past)."""

    id: str
    tell: tuple[str, ...]
    text: str
    en: str
    urgent: bool = False
    breaks_quiet: bool = False
    acts: tuple[str, ...] = ()
    of: str = ""
    workdays: int = 0


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """All rules of a place."""

    defaults: Defaults
    happenings: tuple[Rule, ...]
    ladder: tuple[Rule, ...]
    dates: tuple[Rule, ...]

    def by_id(self) -> Mapping[str, Rule]:
        """Return every rule by its id."""
        return {rule.id: rule for rule in (*self.happenings, *self.ladder, *self.dates)}


def read_rules(text: str, name: str, duties: Collection[str]) -> NoticeRules:
    """Return the rules written in TOML; raise NoticeRulesError naming file, table and id of everything that does not fit."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoticeRulesError([f"{name}: {error}"]) from None
    reader = _Reader(name, duties)
    found = NoticeRules(
        reader.defaults(raw.get("defaults")),
        tuple(reader.rows(raw, "happening", reader.happening)),
        tuple(reader.rows(raw, "ladder", reader.step)),
        tuple(reader.rows(raw, "due", reader.date)),
    )
    for table in sorted(set(raw) - {"defaults", "happening", "ladder", "due"}):
        reader.wrong(table, "", "unknown table")
    if reader.problems:
        raise NoticeRulesError(reader.problems)
    return found


class _Reader:
    def __init__(self, name: str, duties: Collection[str]) -> None:
        self.name, self.duties = name, duties
        self.problems: list[str] = []
        self.seen: set[str] = set()

    def wrong(self, table: str, row: str, what: str) -> None:
        self.problems.append(f"{self.name}: [{table}]{' ' + row if row else ''}: {what}")

    def defaults(self, raw: object) -> Defaults:
        row = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
        self.keys("defaults", "", row, {"mail", "digest_hour", "quiet_from", "quiet_until", "days_off_quiet"}, set())
        hours = [self.whole("defaults", "", row, key, 0, 23) for key in ("digest_hour", "quiet_from", "quiet_until")]
        flags = [self.flag("defaults", "", row, key) for key in ("mail", "days_off_quiet")]
        return Defaults(flags[0], hours[0], hours[1], hours[2], flags[1])

    def rows(self, raw: Mapping[str, Any], table: str, make: Callable[[dict[str, Any], str], Rule]) -> Iterator[Rule]:
        given: object = raw.get(table, [])
        if not isinstance(given, list):
            self.wrong(table, "", "must be a list of tables")
            return
        for number, item in enumerate(cast("list[object]", given), 1):
            if not isinstance(item, dict):
                self.wrong(table, f"row {number}", "must be a table")
                continue
            row = cast("dict[str, Any]", item)
            key = str(row.get("id", ""))
            if not _ID.fullmatch(key):
                self.wrong(table, f"row {number}", "id must be small letters and underscores, at most 40")
            elif key in self.seen:
                self.wrong(table, key, "id stands twice")
            self.seen.add(key)
            yield make(row, key or f"row {number}")

    def happening(self, row: dict[str, Any], key: str) -> Rule:
        self.keys("happening", key, row, {"id", "acts", "tell", "text", "en"}, {"urgent", "breaks_quiet"})
        acts = self.texts("happening", key, row, "acts")
        for act in acts:
            if not _PATTERN.fullmatch(act):
                self.wrong("happening", key, f"acts: {act!r} is no address")
        return self.rule("happening", key, row, acts=acts)

    def step(self, row: dict[str, Any], key: str) -> Rule:
        self.keys("ladder", key, row, {"id", "of", "after_workdays", "tell", "text", "en"}, {"urgent", "breaks_quiet"})
        if row.get("of") not in LATE_THINGS:
            self.wrong("ladder", key, f"of must be one of {', '.join(LATE_THINGS)}")
        return self.rule("ladder", key, row, of=str(row.get("of", "")), workdays=self.whole("ladder", key, row, "after_workdays", 1, 250))

    def date(self, row: dict[str, Any], key: str) -> Rule:
        self.keys("due", key, row, {"id", "before_workdays", "tell", "text", "en"}, {"urgent", "breaks_quiet"})
        return self.rule("due", key, row, workdays=self.whole("due", key, row, "before_workdays", -250, 250))

    def rule(self, table: str, key: str, row: dict[str, Any], *, acts: tuple[str, ...] = (), of: str = "", workdays: int = 0) -> Rule:
        tell = self.texts(table, key, row, "tell")
        for word in tell:
            kind, colon, duty = word.partition(":")
            if colon and kind == "duty":
                if duty not in self.duties:
                    self.wrong(table, key, f"tell: no duty {duty!r}")
            elif word not in FITTING[table]:
                self.wrong(table, key, f"tell: {word!r} is none of {', '.join(sorted(FITTING[table]))}, duty:ID")
        words = [self.words(table, key, row, name) for name in ("text", "en")]
        urgent, breaks = (bool(self.flag(table, key, row, name)) if name in row else False for name in ("urgent", "breaks_quiet"))
        if breaks and not urgent:
            self.wrong(table, key, "breaks_quiet: only what is urgent may break quiet hours")
        return Rule(key, tell, words[0], words[1], urgent, breaks, acts, of, workdays)

    def keys(self, table: str, key: str, row: Mapping[str, Any], needed: set[str], may: set[str]) -> None:
        for name in sorted(needed - set(row)):
            self.wrong(table, key, f"{name} is missing")
        for name in sorted(set(row) - needed - may):
            self.wrong(table, key, f"{name} is unknown")

    def whole(self, table: str, key: str, row: Mapping[str, Any], name: str, least: int, most: int) -> int:
        value = row.get(name, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(table, key, f"{name} must be a whole number from {least} to {most}")
            return least
        return value

    def flag(self, table: str, key: str, row: Mapping[str, Any], name: str) -> bool:
        value = row.get(name, False)
        if not isinstance(value, bool):
            self.wrong(table, key, f"{name} must be true or false")
        return value is True

    def texts(self, table: str, key: str, row: Mapping[str, Any], name: str) -> tuple[str, ...]:
        value: object = row.get(name, [])
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in cast("list[object]", value)):
            self.wrong(table, key, f"{name} must be a list of texts that is not empty")
            return ()
        return tuple(cast("list[str]", value))

    def words(self, table: str, key: str, row: Mapping[str, Any], name: str) -> str:
        value = row.get(name, "")
        if not isinstance(value, str) or not value:
            self.wrong(table, key, f"{name} must be a text")
            return ""
        try:
            places = {place for _text, place, _spec, _conversion in Formatter().parse(value) if place is not None}
        except ValueError as error:
            self.wrong(table, key, f"{name}: {error}")
            return ""
        for place in sorted(places - PLACES[table]):
            self.wrong(table, key, f"{name}: no place {{{place}}}; there are {', '.join(sorted(PLACES[table]))}")
        return value
