"""会签: who has spoken, who may speak now, and whether all words are in. A dissent goes to coordination, then the leading group, never only back."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoSigner:
    """A body whose word is wanted."""

    duty: str
    title: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word at a joint sign-off; a later round replaces the same duty's earlier word."""

    duty: str
    round: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class JointState:
    """`round` is the current one; `next` the duties that may speak now; `dissent` those whose latest word is no and was not overruled."""

    round: int
    spoken: tuple[str, ...]
    missing: tuple[str, ...]
    next: tuple[str, ...]
    dissent: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Tell whether every word is in and none stands against."""
        return not self.missing and not self.dissent


def joint_state(co_signers: Sequence[CoSigner], words: Sequence[Word], order: str, rounds_settled: int, *, overruled: bool) -> JointState:
    """Return the state of a joint sign-off.

    `rounds_settled` counts coordinations that ended in an understanding: each opens a new round in which the dissenting bodies speak again.
    `overruled` says the leading group decided to go on against the dissent.
    """
    current = rounds_settled + 1
    latest: dict[str, Word] = {}
    for word in sorted(words, key=lambda item: item.round):
        latest[word.duty] = word
    against = [duty for duty, word in latest.items() if not word.agrees]
    asked_again = {duty for duty in against if latest[duty].round < current} if not overruled else set[str]()
    spoken = tuple(item.duty for item in co_signers if item.duty in latest and item.duty not in asked_again)
    missing = tuple(item.duty for item in co_signers if item.duty not in spoken)
    dissent = () if overruled else tuple(duty for duty in against if latest[duty].round == current)
    may_speak = missing if order == "parallel" else missing[:1]
    return JointState(current, spoken, missing, () if dissent else may_speak, dissent)
