"""The four verdicts and how they combine. Unknown is a value of its own: never zero, never a pass."""

from collections.abc import Iterable
from enum import StrEnum

from sixgate.kernel.text import gettext_noop


class Verdict(StrEnum):
    """What the facts say of one requirement."""

    UNMET = "unmet"
    UNKNOWN = "unknown"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


VERDICT_LABELS = {
    Verdict.UNMET: gettext_noop("不满足"),
    Verdict.UNKNOWN: gettext_noop("待补"),
    Verdict.MET: gettext_noop("满足"),
    Verdict.NOT_APPLICABLE: gettext_noop("不适用"),
}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of the whole: unmet over unknown over met over not applicable; nothing at all is unknown."""
    present = set(verdicts)
    for verdict in Verdict:
        if verdict in present:
            return verdict
    return Verdict.UNKNOWN
