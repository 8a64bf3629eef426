"""What every row has: a time-ordered identifier made before the insert, and the ledger event that brought it about."""

from uuid import UUID

from django.db import models

from sixgate.kernel.identity import uuid7


def new_row_id() -> UUID:
    """Return a UUIDv7 (RFC 9562) as a plain UUID."""
    return uuid7()


class Row(models.Model):
    """A row with a UUIDv7 key."""

    id = models.UUIDField(primary_key=True, default=new_row_id, editable=False)

    class Meta:
        abstract = True


class HistoryRow(Row):
    """A row of business history: it names its ledger event, so that `reconcile` finds effects without events."""

    event = models.ForeignKey("records.LedgerEvent", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
