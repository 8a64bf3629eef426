"""Which status words of an imported register count as a self-rating: those a dated table says so of, no others."""

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from sixgate.kernel.text import normalise


@dataclass(frozen=True, slots=True)
class RatingWord:
    """A word and the colour it stands for in the half-open period [start, until)."""

    text: str
    colour: str
    start: date
    until: date | None
    source: str


@functools.cache
def rating_words() -> Sequence[RatingWord]:
    """Return the delivered table."""
    text = (files("sixgate") / "regulations/cn/rating_words.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["word"]
    return tuple(RatingWord(row["text"], row["colour"], row["from"], row.get("until"), row["source"]) for row in rows)


def word_for(text: str, on: date) -> RatingWord | None:
    """Return what a status word that came in on a day stands for, None when the table does not say."""
    wanted = normalise(text).casefold()
    fitting = (word for word in rating_words() if word.text.casefold() == wanted and word.start <= on and (word.until is None or on < word.until))
    return next(fitting, None)
