"""A person's home page: what waits for them, what stands still with them, for whom they wait, and what leads it under the hat they wear."""

from sixgate.usecases.work.hats import CHECKS_OF, Card, Doubt, Page
from sixgate.usecases.work.turns import Desk, Turn, all_turns, desk

__all__ = ["CHECKS_OF", "Card", "Desk", "Doubt", "Page", "Turn", "all_turns", "desk"]
