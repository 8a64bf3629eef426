"""Where a value comes from, so that every number opens its proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

FactValue = str | int | bool | date | tuple[str, ...]
"""What a fact can be. Dates are legal dates; money is integer 分; ratios are integer basis points; never a float."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source of one fact. Empty strings and None mean "not stated", and are shown so.

    `kind` is register | evidence | parameter | derived | import | given. `digest` is the SM3 hex of the source file.
    """

    kind: str
    source: str
    reference: str = ""
    digest: str = ""
    keyed_by: str = ""
    checked_by: str = ""
    at: datetime | None = None
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One named value with its source. `name` is dotted: `project.amount_fen`, `evidence.crypto_assessment.conclusion`."""

    name: str
    value: FactValue
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class FactSheet:
    """All facts known of one subject at one moment; a name that is missing here is unknown, never false or zero."""

    subject_type: str
    subject_id: str
    subject_title: str
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])

    def values(self) -> dict[str, FactValue]:
        """Return the bare values by name."""
        return {name: fact.value for name, fact in self.facts.items()}
