"""Timing side by side: rounds alternate between the two, medians are compared, so that a busy machine troubles both alike."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 7


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time one call takes."""
    start = time.process_time()
    call()
    return time.process_time() - start


def side_by_side(ours: Callable[[], object], peer: Callable[[], object], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the medians of both in seconds and their ratio, after one warm-up of each."""
    ours(), peer()
    pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {"ours_seconds": round(mine, 6), "peer_seconds": round(theirs, 6), "ratio": round(mine / theirs, 3), "rounds": rounds}
