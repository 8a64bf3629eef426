"""The arithmetic of calibration in plain Python: logistic regression with a ridge, Brier score, bootstrap over projects, reliability, separation."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[float | None]
RIDGE = 1.0
STEPS = 50
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 1.01)


@dataclass(frozen=True)
class Logistic:
    """A fitted model: columns are centred and scaled as the teaching rows were; a value that is not known stands at its mean."""

    means: list[float]
    spreads: list[float]
    weights: list[float]

    @classmethod
    def fit(cls, rows: Sequence[Row], came: Sequence[float]) -> "Logistic":
        """Return the model that fits by Newton's method; the ridge holds every weight but the first."""
        columns = [[row[index] for row in rows if row[index] is not None] for index in range(len(rows[0]))]
        means = [sum(known) / len(known) if known else 0.0 for known in columns]  # type: ignore[arg-type]
        spreads = [_spread(known, mean) for known, mean in zip(columns, means, strict=True)]  # type: ignore[arg-type]
        model = cls(means, spreads, [0.0] * (len(means) + 1))
        inputs = [model.scaled(row) for row in rows]
        for _ in range(STEPS):
            step = _newton(inputs, came, model.weights)
            model.weights[:] = [weight + change for weight, change in zip(model.weights, step, strict=True)]
            if max(abs(change) for change in step) < 1e-9:
                break
        return model

    def scaled(self, row: Row) -> list[float]:
        """Return a row as the model reads it, led by a one."""
        return [
            1.0, *(0.0 if value is None else (value - mean) / spread for value, mean, spread in zip(row, self.means, self.spreads, strict=True))
        ]  # fmt: skip

    def tell(self, row: Row) -> float:
        """Return the probability for a row."""
        return _chance(self.scaled(row), self.weights)


def brier(told: Sequence[float], came: Sequence[float]) -> float:
    """Return the mean squared distance between probability and outcome: 0 is perfect."""
    return sum((say - item) ** 2 for say, item in zip(told, came, strict=True)) / len(told)


def interval(values: Sequence[float], groups: Sequence[int], draw: random.Random, draws: int) -> tuple[float, float]:
    """Return the middle 95 % of the mean when whole projects are drawn again and again."""
    sums: dict[int, tuple[float, int]] = {}
    for value, group in zip(values, groups, strict=True):
        total, count = sums.get(group, (0.0, 0))
        sums[group] = (total + value, count + 1)
    blocks = list(sums.values())
    means: list[float] = []
    for _ in range(draws):
        chosen = draw.choices(blocks, k=len(blocks))
        means.append(sum(total for total, _ in chosen) / sum(count for _, count in chosen))
    means.sort()
    return round(means[int(draws * 0.025)], 4), round(means[int(draws * 0.975) - 1], 4)


def reliability(told: Sequence[float], came: Sequence[float]) -> list[dict[str, float]]:
    """Return for each band of probabilities how many were told, their mean, and how often it came."""
    found: list[dict[str, float]] = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        here = [(say, item) for say, item in zip(told, came, strict=True) if low <= say < high]
        if here:
            mean, share = sum(say for say, _ in here) / len(here), sum(item for _, item in here) / len(here)
            found.append({"low": low, "high": min(high, 1.0), "pairs": len(here), "told": round(mean, 3), "came": round(share, 3)})
    return found


def separation(told: Sequence[float], came: Sequence[float]) -> float:
    """Return how often a pair that came was told a higher probability than one that did not; one half is chance."""
    yes = [say for say, item in zip(told, came, strict=True) if item]
    no = [say for say, item in zip(told, came, strict=True) if not item]
    wins = sum((one > other) + 0.5 * (one == other) for one in yes for other in no)
    return wins / (len(yes) * len(no)) if yes and no else 0.5


def _chance(inputs: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(value * weight for value, weight in zip(inputs, weights, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(total, 30.0))))


def _newton(inputs: Sequence[Sequence[float]], came: Sequence[float], weights: Sequence[float]) -> list[float]:
    size = len(weights)
    slope = [0.0] + [-RIDGE * weight for weight in weights[1:]]
    bend = [[(RIDGE if row == column and row else 1e-9 if row == column else 0.0) for column in range(size)] for row in range(size)]
    for values, item in zip(inputs, came, strict=True):
        chance = _chance(values, weights)
        for row in range(size):
            slope[row] += (item - chance) * values[row]
            for column in range(size):
                bend[row][column] += chance * (1 - chance) * values[row] * values[column]
    return _solved(bend, slope)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return the solution of a small linear system by elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda index: abs(rows[index][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for index in range(size):
            if index != at:
                share = rows[index][at] / rows[at][at]
                rows[index] = [value - share * other for value, other in zip(rows[index], rows[at], strict=True)]
    return [rows[index][size] / rows[index][index] for index in range(size)]


def _spread(known: Sequence[float], mean: float) -> float:
    return math.sqrt(sum((value - mean) ** 2 for value in known) / len(known)) or 1.0 if known else 1.0
