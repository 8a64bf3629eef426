"""How far the derived confidence was right on years it had not seen: the aggregated numbers delivered with the product (scripts/calibrate_confidence.py)."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from sixgate.kernel.text import gettext_noop

PREDICTORS: Final[Mapping[str, str]] = {
    "rate": gettext_noop("什么都不看：以前各年的比例"),
    "self": gettext_noop("只看评级"),
    "derived": gettext_noop("只看导出的信心"),
    "both": gettext_noop("导出的信心加评级"),
    "learned": gettext_noop("按事实拟合，不看评级"),
    "all": gettext_noop("按事实拟合，加评级"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "doubt": gettext_noop("下一年的评级是黄偏红或红"),
    "slip": gettext_noop("下一年的计划完成日晚了 90 天以上"),
}
ANSWERS: Final[Mapping[str, str]] = {
    "better": gettext_noop("比评级说得准"),
    "worse": gettext_noop("不如评级"),
    "same": gettext_noop("与评级分不出高下"),
}


@dataclass(frozen=True, slots=True)
class Scored:
    """One way of telling the next year: its Brier score and how much that is above the rating's, each with the middle 95 %."""

    id: str
    title: str
    brier: float
    low: float
    high: float
    less: float
    less_low: float
    less_high: float
    separation: float

    @property
    def answer(self) -> str:
        """Return better, worse or same, by whether the interval of the difference keeps clear of zero."""
        return "better" if self.less_high < 0 else "worse" if self.less_low > 0 else "same"

    @property
    def answer_title(self) -> str:
        """Return the answer in words."""
        return ANSWERS[self.answer]


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs of which a probability in a band was told, the mean told, and how often it came."""

    low: float
    high: float
    pairs: int
    told: float
    came: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question about the next year."""

    id: str
    title: str
    pairs: int
    happened: int
    scores: Sequence[Scored]
    reliability: Sequence[tuple[str, Sequence[Band]]]

    @property
    def derived(self) -> Scored:
        """Return how the derived confidence alone did."""
        return next(item for item in self.scores if item.id == "derived")

    @property
    def rating(self) -> Scored:
        """Return how the rating alone did."""
        return next(item for item in self.scores if item.id == "self")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The whole answer."""

    source: str
    weights_version: str
    seed: int
    draws: int
    projects: Mapping[str, int]
    linked: Mapping[str, int]
    outcomes: Sequence[Outcome]


@functools.cache
def calibration() -> Calibration:
    """Return the numbers delivered with the product."""
    found = json.loads((files("sixgate") / "regulations/cn/confidence_calibration.json").read_text(encoding="utf-8"))
    return Calibration(
        found["source"],
        found["weights_version"],
        found["seed"],
        found["draws"],
        found["projects"],
        found["linked"],
        tuple(_outcome(item) for item in found["outcomes"]),
    )


def _outcome(found: Mapping[str, Any]) -> Outcome:
    names = ("brier", "low", "high", "less", "less_low", "less_high", "separation")
    scores = [Scored(item["id"], PREDICTORS[item["id"]], **{name: item[name] for name in names}) for item in found["predictors"]]
    bands = [(PREDICTORS[name], [Band(**band) for band in rows]) for name, rows in sorted(found["reliability"].items(), reverse=True)]
    return Outcome(found["id"], OUTCOMES[found["id"]], found["pairs"], found["happened"], scores, bands)
