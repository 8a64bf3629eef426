"""The one marker type for fields that will be sealed. Today they store text and mask themselves wherever they are shown.

`Sealed` never prints its plaintext: str, repr and JSON give the mask. Plaintext is read through `reveal` only.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sensitive value in memory; shows its first and last characters only."""

    _plain: str

    def __str__(self) -> str:
        return mask(self._plain)

    def __repr__(self) -> str:
        return f"Sealed({mask(self._plain)})"

    def reveal(self) -> str:
        """Return the plaintext; callers are verbs that have put the reason in the ledger first."""
        return self._plain


def mask(text: str) -> str:
    """Return the text with its middle replaced by stars: 4+4 for long values, first only for short ones."""
    if len(text) >= 11:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return text[:1] + "*" * max(len(text) - 1, 0)


class SealedTextField(models.TextField[Any, Any]):
    """A text column whose value leaves the row only as `Sealed`."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Sealed | None:
        """Wrap what the database holds."""
        return None if value is None else Sealed(value)

    def to_python(self, value: object) -> Sealed | None:
        """Wrap what a caller gives."""
        if value is None or isinstance(value, Sealed):
            return value
        return Sealed(str(value))

    def get_prep_value(self, value: object) -> str | None:
        """Unwrap for storage."""
        sealed = self.to_python(value)
        return None if sealed is None else sealed.reveal()
