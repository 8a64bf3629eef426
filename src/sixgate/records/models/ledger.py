"""The ledger's rows in their final shape (design: security §2.2–2.3). The exact header bytes are the truth; columns are derived."""

from django.db import models


class LedgerEvent(models.Model):
    """One act. Insert-only; a payload may be erased by law, its commitment stays in the header."""

    event_id = models.UUIDField(primary_key=True)
    header = models.BinaryField()
    payload = models.BinaryField(null=True)
    salt = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)
    commitment = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    actor_id = models.UUIDField(null=True, db_index=True)
    action = models.CharField(max_length=80, db_index=True)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64, db_index=True)
    project_id = models.UUIDField(null=True, db_index=True)
    result = models.CharField(max_length=8)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(result__in=["ok", "denied", "error"]), name="ledger_result_known")]
        indexes = [models.Index(fields=["project_id", "-at"], name="ledger_project_at")]


class LedgerPending(models.Model):
    """An event not yet integrated into the trees; the queue has no holes for late commits."""

    event = models.OneToOneField(LedgerEvent, on_delete=models.PROTECT, primary_key=True, related_name="+")


class IdempotencyKey(models.Model):
    """A remembered answer, scoped to actor and address; never holds revealed plaintext."""

    actor_id = models.UUIDField()
    address = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "address", "key"], name="idempotency_scope")]
