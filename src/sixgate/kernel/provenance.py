"""Where a value comes from, so that every number opens its proof."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

FactValue = str | int | bool | date | tuple[str, ...]
"""What a fact can be. Dates are legal dates; money is integer 分; ratios are integer basis points; never a float."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Source of one fact. Empty strings and None mean "not stated", and are shown so.

    `kind` is register | evidence | parameter | derived | import | given. `digest` is the SM3 hex of the source file.
    `reference` names the row it was read from; of a derived fact, the rows its parts were read from, parted by commas.
    """

    kind: str
    source: str
    reference: str = ""
    digest: str = ""
    keyed_by: str = ""
    checked_by: str = ""
    at: datetime | None = None
    formula: str = ""

    def rests_on(self, references: Collection[str]) -> bool:
        """Tell whether the fact was read, or follows, from one of the given rows."""
        return any(part in references for part in self.reference.split(",") if part)


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


def joint_reference(facts: Iterable[Fact]) -> str:
    """Return the reference of what follows from several facts: every row any of them rests on, each once."""
    return ",".join(dict.fromkeys(part for fact in facts for part in fact.provenance.reference.split(",") if part))
