"""What became of one attempt, in the words all channels share."""

from dataclasses import dataclass
from typing import Literal

Word = Literal["sent", "failed", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`failed` is tried again, `refused` is not. `status` is the code of the answer, or the vendor's own code."""

    word: Word
    reason: str = ""
    status: int | None = None
