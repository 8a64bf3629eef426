"""Asks real years whether a signal derived from facts tells more than the rating a project is given: UK major projects, 2014 to 2019.

Usage: python scripts/calibrate_confidence.py [--check]. Reads SIXGATE_DATA through the product's own intake and judges with the product's own code;
writes aggregated numbers (never a source row) for the page 「校准」 and docs/calibration.md, .zh.md. `--check` only compares with what is on file.
"""

import difflib
import json
import math
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sixgate.settings")

import django  # noqa: E402

django.setup()

from calibration_numbers import Logistic, brier, interval, reliability, separation  # noqa: E402
from calibration_words import page  # noqa: E402

from sixgate.domain.planning.confidence import Weights, judge_confidence  # noqa: E402
from sixgate.engines.intake.sandbox import read_register_safely  # noqa: E402
from sixgate.engines.intake.table import RegisterRow  # noqa: E402
from sixgate.kernel.provenance import Fact, FactValue, Provenance  # noqa: E402
from sixgate.usecases._law import law  # noqa: E402
from sixgate.usecases.planning.confidence import weights_on  # noqa: E402

DATA = Path(os.environ.get("SIXGATE_DATA", str(ROOT.parent / "shared/data"))) / "portfolios"
NUMBERS = ROOT / "src/sixgate/regulations/cn/confidence_calibration.json"
YEARS: Final = range(2014, 2020)
SEED: Final = 20261125
DRAWS: Final = 2_000
ALIKE: Final = 0.8  # how alike two names of one department must be, where they are not the same
LATE_DAYS: Final = 90
LEVELS: Final = ("green", "amber/green", "amber", "amber/red", "red")
FAMILIES: Final = (("bis", "beis", "decc"), ("doh", "dh", "dhsc", "doh capital", "doh non capital"), ("moj", "noms"))
NOT_SAID: Final = re.compile(r"not provided|no departmental narrative|not available|^n/?a$|^tbc$", re.IGNORECASE)
WITHHELD: Final = re.compile(r"exempt", re.IGNORECASE)
PREDICTORS: Final = ("rate", "self", "derived", "both", "learned", "all")


@dataclass(frozen=True)
class Seen:
    """One project as one year shows it. `level` runs from 0 (green) to 4 (red); `said` and `wanted` count the columns a department filled."""

    year: int
    name: str
    family: str
    level: int | None
    start: date | None
    finish: date | None
    cost: float | None
    variance: float | None
    said: int
    wanted: int


@dataclass
class Chain:
    """One project through the years."""

    years: list[Seen] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    """What was known of a project in year t, and what year t+1 showed. The facts are those of t and before; `seasoned`: t is not its first year."""

    chain: int
    year: int
    level: int
    signal: float
    features: tuple[float | None, ...]
    seasoned: bool
    doubt: bool | None
    slip: bool | None


def main() -> int:
    """Compute, then write or compare."""
    found = calibrate(chains_of(DATA))
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    wanted = {
        NUMBERS: text,
        ROOT / "docs/calibration.md": page(found, english=True),
        ROOT / "docs/calibration.zh.md": page(found, english=False),
    }
    if "--check" in sys.argv:
        wrong = [path for path, said in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != said]
        print("\n".join(f"{path} differs from what the data give" for path in wrong) or "as on file")
        return 1 if wrong else 0
    for path, said in wanted.items():
        path.write_text(said, encoding="utf-8")
    print(text, end="")
    return 0


def chains_of(folder: Path) -> list[Chain]:
    """Return the projects of all years, each followed through its names."""
    chains: list[Chain] = []
    open_chains: dict[int, Chain] = {}
    for year in YEARS:
        rows = [_seen(row, year) for row in read_register_safely(folder / f"uk_gmpp_{year}.csv").rows]
        links = link([chain.years[-1] for chain in open_chains.values()], rows)
        before = list(open_chains.values())
        open_chains = {}
        for index, row in enumerate(rows):
            chain = before[links[index]] if index in links else Chain()
            if index not in links:
                chains.append(chain)
            chain.years.append(row)
            open_chains[index] = chain
    return chains


def link(old: Sequence[Seen], new: Sequence[Seen]) -> dict[int, int]:
    """Return for each new row the old row it continues: the same plain name, else the most alike name of the same department with the same numbers."""
    names, found = Counter(plain(row.name) for row in old), dict[int, int]()
    once = {plain(row.name): index for index, row in enumerate(old) if names[plain(row.name)] == 1}
    again = Counter(plain(row.name) for row in new)
    for index, row in enumerate(new):
        if again[plain(row.name)] == 1 and plain(row.name) in once:
            found[index] = once[plain(row.name)]
    free = [index for index in range(len(old)) if index not in set(found.values())]
    scored = [
        (likeness(old[before].name, row.name), index, before)
        for index, row in enumerate(new)
        if index not in found
        for before in free
        if old[before].family == row.family and digits(old[before].name) == digits(row.name)
    ]
    for score, index, before in sorted(scored, reverse=True):
        if score >= ALIKE and index not in found and before not in found.values():
            found[index] = before
    return found


def plain(name: str) -> str:
    """Return a name without brackets, marks and the words every project bears."""
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"\(.*?\)", " ", name.lower())).split()
    return " ".join(word for word in words if word not in ("programme", "project", "the", "of", "and"))


def digits(name: str) -> list[str]:
    """Return the numbers in a name: phases are not the same project."""
    return re.findall(r"\d+", plain(name))


def likeness(one: str, other: str) -> float:
    """Return how alike two plain names are, 0 to 1."""
    return difflib.SequenceMatcher(None, plain(one), plain(other)).ratio()


def _seen(row: RegisterRow, year: int) -> Seen:
    values = row.values
    level = re.sub(r"\s+", "", str(values.get("status_rating", "")).lower())
    owner = " ".join(str(values.get("owner_name", "")).lower().split())
    family = next((names[0] for names in FAMILIES if owner in names), owner)
    start, finish = values.get("planned_start"), values.get("planned_finish")
    texts = {heading.lower(): text for heading, text in row.extra.items()}
    budget, forecast = (
        _number(_column(texts, words)) for words in (("budget (", "baseline", "yearly_budget"), ("forecast (", "total forecast", "yearly_forecast"))
    )
    variance = None if budget is None or forecast is None or budget <= 0 else (forecast - budget) / budget
    told = [_told(text) for heading, text in texts.items() if "narrative" in heading or "commentary" in heading or heading.endswith("_comment")]
    told += [isinstance(start, date), isinstance(finish, date), _number(str(values.get("amount_number", ""))) is not None]
    wanted = [item for item in told if item is not None]
    return Seen(
        year,
        str(values["project_name"]),
        family,
        LEVELS.index(level) if level in LEVELS else None,
        start if isinstance(start, date) else None,
        finish if isinstance(finish, date) else None,
        _number(str(values.get("amount_number", ""))),
        variance,
        sum(wanted),
        len(wanted),
    )


def _column(texts: dict[str, str], words: Sequence[str]) -> str:
    fitting = (text for heading, text in texts.items() if any(word in heading for word in words) and "narrative" not in heading)
    return next((text for text in fitting if "%" not in text), "")


def _number(text: str) -> float | None:
    found = re.search(r"-?\d[\d,]*\.?\d*", text)
    return float(found.group().replace(",", "")) if found else None


def _told(text: str) -> bool | None:
    """Tell whether a department said something; None where the law lets it keep silent."""
    return None if WITHHELD.search(text) else bool(text.strip()) and NOT_SAID.search(text) is None


def weights() -> Weights:
    """Return the product's default weights, with no least share of knowledge: most of its facts are not in these files."""
    pack, _ = law("cn", date(2026, 11, 25))
    given = weights_on(pack, date(2026, 11, 25))
    return Weights(given.version, given.scales, 0, given.stated_bp, given.gap_bp, given.answer_workdays)


def pairs_of(chains: Sequence[Chain], used: Weights) -> list[Pair]:
    """Return every two years that follow each other in a chain whose earlier year bears a rating."""
    found: list[Pair] = []
    for number, chain in enumerate(chains):
        for index, (now, then) in enumerate(zip(chain.years, chain.years[1:], strict=False)):
            if now.level is not None:
                past = chain.years[: index + 1]
                doubt = None if then.level is None else then.level >= LEVELS.index("amber/red")
                slip = None if now.finish is None or then.finish is None else (then.finish - now.finish).days > LATE_DAYS
                found.append(Pair(number, now.year, now.level, signal(past, used), features(past), index > 0, doubt, slip))
    return found


def signal(past: Sequence[Seen], used: Weights) -> float:
    """Return the confidence the product's own code derives from what is known by a year, 1.0 where nothing is."""
    now = past[-1]
    finishes = [seen.finish for seen in past if seen.finish is not None]
    values: dict[str, FactValue] = {"gate.wanted": now.wanted, "gate.unknown": now.wanted - now.said}
    if finishes:
        changes = sum(one != other for one, other in zip(finishes, finishes[1:], strict=False))
        values |= {"plan.first_finish": finishes[0], "plan.finish": finishes[-1], "plan.changes": changes}
    facts = {name: Fact(name, value, Provenance("given", "GMPP")) for name, value in values.items()}
    told = judge_confidence(facts, used, today=snapshot(now.year)).bp
    return 1.0 if told is None else told / 10_000


def snapshot(year: int) -> date:
    """Return the day a year's report stands for: the September before it."""
    return date(year - 1, 9, 30)


def features(past: Sequence[Seen]) -> tuple[float | None, ...]:
    """Return what the files tell of a project by a year: slip in years, re-plans, cost growth, overspend, missing share, years seen, time elapsed."""
    first, now = past[0], past[-1]
    finishes = [seen.finish for seen in past if seen.finish is not None]
    slip = (finishes[-1] - finishes[0]).days / 365 if finishes else None
    costs = [seen.cost for seen in past if seen.cost is not None and seen.cost > 0]
    growth = math.log(costs[-1] / costs[0]) if costs else None
    whole = (now.finish - now.start).days if now.start and now.finish else 0
    elapsed = (snapshot(now.year) - now.start).days / whole if now.start and whole > 0 else None
    return (
        None if slip is None else max(-2.0, min(slip, 5.0)),
        float(sum(one != other for one, other in zip(finishes, finishes[1:], strict=False))),
        None if growth is None else max(-1.0, min(growth, 1.0)),
        None if now.variance is None else max(-1.0, min(now.variance, 1.0)),
        1 - now.said / now.wanted if now.wanted else None,
        float(now.year - first.year),
        None if elapsed is None else max(0.0, min(elapsed, 1.5)),
    )


def calibrate(chains: Sequence[Chain]) -> dict[str, Any]:
    """Return the aggregated answer: how many pairs, and for both outcomes how far each predictor was right on years it had not seen."""
    used = weights()
    pairs = pairs_of(chains, used)
    seen = Counter(year.year for chain in chains for year in chain.years)
    return {
        "source": "UK Government Major Projects Portfolio, 2014-2019",
        "seed": SEED,
        "draws": DRAWS,
        "late_days": LATE_DAYS,
        "weights_version": used.version,
        "projects": {str(year): seen[year] for year in YEARS},
        "linked": {str(year): sum(seen.year == year for chain in chains for seen in chain.years[:-1]) for year in YEARS[:-1]},
        "rated_pairs": len(pairs),
        "outcomes": [_outcome(name, pairs) for name in ("doubt", "slip")],
    }


def _outcome(name: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Judge every predictor on the pairs of a year with what the years before had taught."""
    asked = [(pair, bool(getattr(pair, name))) for pair in pairs if getattr(pair, name) is not None]
    told: dict[str, list[float]] = {predictor: [] for predictor in PREDICTORS}
    tested: list[tuple[Pair, bool]] = []
    for year in YEARS[1:-1]:
        train, test = [item for item in asked if item[0].year < year], [item for item in asked if item[0].year == year]
        tested += test
        for predictor in PREDICTORS:
            tell = _fitted(predictor, train)
            told[predictor] += [tell(pair) for pair, _ in test]
    happened = [float(came) for _, came in tested]
    groups = [pair.chain for pair, _ in tested]
    years = [pair.year for pair, _ in tested]
    return {
        "id": name,
        "pairs": len(tested),
        "happened": int(sum(happened)),
        "first_taught": sum(pair.year < YEARS[1] for pair, _ in asked),
        "predictors": [_scored(predictor, told, happened, groups, years) for predictor in PREDICTORS],
        "seasoned": _seasoned(tested, told, happened),
        "reliability": {predictor: reliability(told[predictor], happened) for predictor in ("self", "derived")},
    }


def _seasoned(tested: Sequence[tuple[Pair, bool]], told: dict[str, list[float]], happened: list[float]) -> dict[str, float]:
    """Judge the confidence against the rating where the project was seen before: in its first year there is no slippage to speak of."""
    chosen = [index for index, (pair, _) in enumerate(tested) if pair.seasoned]
    errors = {name: [(told[name][index] - happened[index]) ** 2 for index in chosen] for name in ("self", "derived")}
    less = [one - other for one, other in zip(errors["derived"], errors["self"], strict=True)]
    low, high = interval(less, [tested[index][0].chain for index in chosen], random.Random(SEED), DRAWS)
    means = {name: round(sum(values) / len(values), 4) for name, values in errors.items()}
    return {"pairs": len(chosen), **means, "less": round(sum(less) / len(less), 4), "less_low": low, "less_high": high}


def _scored(predictor: str, told: dict[str, list[float]], happened: list[float], groups: list[int], years: list[int]) -> dict[str, Any]:
    errors = [(say - came) ** 2 for say, came in zip(told[predictor], happened, strict=True)]
    selves = [(say - came) ** 2 for say, came in zip(told["self"], happened, strict=True)]
    less = [error - other for error, other in zip(errors, selves, strict=True)]
    draw = random.Random(SEED)
    low, high = interval(errors, groups, draw, DRAWS)
    less_low, less_high = interval(less, groups, draw, DRAWS)
    by_year = {year: [index for index, item in enumerate(years) if item == year] for year in sorted(set(years))}
    return {
        "id": predictor,
        "brier": round(brier(told[predictor], happened), 4),
        "low": low,
        "high": high,
        "less": round(sum(less) / len(less), 4),
        "less_low": less_low,
        "less_high": less_high,
        "separation": round(separation(told[predictor], happened), 3),
        "years": {str(year): round(sum(errors[index] for index in found) / len(found), 4) for year, found in by_year.items()},
    }


def _fitted(predictor: str, train: Sequence[tuple[Pair, bool]]) -> Callable[[Pair], float]:
    """Return a predictor taught by earlier pairs alone."""
    rate = (sum(came for _, came in train) + 1) / (len(train) + 2)
    if predictor == "rate":
        return lambda _pair: rate
    if predictor == "self":
        came = Counter(pair.level for pair, happened in train if happened)
        seen = Counter(pair.level for pair, _ in train)
        return lambda pair: (came[pair.level] + 2 * rate) / (seen[pair.level] + 2)
    chosen: dict[str, Callable[[Pair], tuple[float | None, ...]]] = {
        "derived": lambda pair: (pair.signal,),
        "both": lambda pair: (pair.signal, float(pair.level)),
        "learned": lambda pair: pair.features,
        "all": lambda pair: (*pair.features, float(pair.level)),
    }
    read = chosen[predictor]
    model = Logistic.fit([read(pair) for pair, _ in train], [float(happened) for _, happened in train])
    return lambda pair: model.tell(read(pair))


if __name__ == "__main__":
    sys.exit(main())
