"""Evidence, gates and their decisions, contracts, changes: the rows of 流程规范."""

from django.db import models

from sixgate.records.models.row import HistoryRow, Row


class OfficialDocument(HistoryRow):
    """An official paper by 文号, date and issuing body."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=300)
    document_no = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True)
    issuer = models.CharField(max_length=200, blank=True)


class DocumentFile(Row):
    """A scan of an official paper under the name it came with."""

    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="papers")


class StoredFile(Row):
    """Content-addressed bytes; the same content is stored once."""

    sha256 = models.CharField(max_length=64, unique=True)
    sm3 = models.CharField(max_length=64)
    size = models.BigIntegerField()


class Contract(HistoryRow):
    """A contract of a project; a supplement names its original."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="contracts")
    original = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="supplements")
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=80, blank=True)
    supplier = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="contracts_won")
    amount_fen = models.BigIntegerField()
    signed_on = models.DateField()


class Payment(HistoryRow):
    """Money paid under a contract."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField()
    paid_on = models.DateField()
    voucher = models.CharField(max_length=80, blank=True)


class Evidence(Row):
    """The place for one kind of evidence of one subject; versions hold what was handed in."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="evidence")
    system = models.ForeignKey("records.System", on_delete=models.PROTECT, null=True, related_name="evidence")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="evidence")
    kind = models.CharField(max_length=60, db_index=True)
    latest_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [  # three, because SQLite knows no constraint that takes nulls as equal
            models.UniqueConstraint(
                fields=["project", "kind"], condition=models.Q(system=None, contract=None), name="evidence_place_of_project_once"
            ),
            models.UniqueConstraint(
                fields=["project", "kind", "system"], condition=models.Q(system__isnull=False), name="evidence_place_of_system_once"
            ),
            models.UniqueConstraint(
                fields=["project", "kind", "contract"], condition=models.Q(contract__isnull=False), name="evidence_place_of_contract_once"
            ),
        ]


class EvidenceVersion(HistoryRow):
    """What was handed in once: keyed fields and files."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    fields = models.JSONField()
    submitted_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    work_secret = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_once")]


class EvidenceFile(Row):
    """A file of a version under the name it came with."""

    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="files")
    field = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="uses")


class EvidenceCheck(HistoryRow):
    """The second person's look against the scan."""

    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="checks")
    checked_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    agrees = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)


class Withdrawal(HistoryRow):
    """A version taken back; it stays readable and stops counting."""

    version = models.OneToOneField(EvidenceVersion, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)


class GateRequest(HistoryRow):
    """A gate asked to be decided, on a frozen state: digests of pack and facts, and the verdict table."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="gate_requests")
    gate = models.CharField(max_length=12)
    requested_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    pack_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    facts = models.JSONField()
    verdicts = models.JSONField()
    co_signers = models.JSONField()
    order = models.CharField(max_length=10)
    sign_by = models.DateField()
    state = models.CharField(max_length=14, default="open", db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "gate"], condition=models.Q(state__in=["open", "coordination", "leading_group"]), name="one_open_request"
            )
        ]


class SignOff(HistoryRow):
    """One body's word at a joint sign-off; `round` grows after coordination."""

    request = models.ForeignKey(GateRequest, on_delete=models.PROTECT, related_name="sign_offs")
    duty = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    opinion = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "duty", "round"], name="one_word_each_round")]


class DissentStep(HistoryRow):
    """What was done about a dissent: settled | escalated by coordination, upheld | overruled by the leading group."""

    request = models.ForeignKey(GateRequest, on_delete=models.PROTECT, related_name="dissent_steps")
    kind = models.CharField(max_length=10)
    person = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    document_no = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["settled", "escalated", "upheld", "overruled"]), name="dissent_step_known")
        ]


class Passage(HistoryRow):
    """A gate decided: what was decided, by whom, on what. Approvals of paper and of 补录 are passages too."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="passages")
    gate = models.CharField(max_length=12)
    request = models.OneToOneField(GateRequest, on_delete=models.PROTECT, null=True, related_name="passage")
    outcome = models.CharField(max_length=14)
    source = models.CharField(max_length=10, default="system")
    decided_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    deciding_body = models.CharField(max_length=200, blank=True)
    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, null=True, related_name="passages")
    reason = models.TextField(blank=True)
    pack_digest = models.CharField(max_length=64, blank=True)
    facts_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["passed", "conditional", "returned", "override", "recorded"]), name="passage_outcome_known"
            )
        ]


class PassageCheck(HistoryRow):
    """The second person's look at a decision recorded from paper; until then it does not count."""

    passage = models.OneToOneField(Passage, on_delete=models.PROTECT, related_name="check_made")
    checked_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    agrees = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)


class Condition(HistoryRow):
    """A dated condition of a conditional approval."""

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(max_length=500)
    due_on = models.DateField()
    closed_event = models.ForeignKey("records.LedgerEvent", on_delete=models.PROTECT, null=True, related_name="+")
    closed_note = models.CharField(max_length=500, blank=True)


class Change(HistoryRow):
    """A change on its three axes, with the obligations judged when it was filed."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="changes")
    title = models.CharField(max_length=300)
    reason = models.TextField()
    facts = models.JSONField()
    obligations = models.JSONField()
    filed_on = models.DateField()
    increase_fen = models.BigIntegerField(default=0)
    decrease_fen = models.BigIntegerField(default=0)


class Pause(HistoryRow):
    """A suspension; clocks stand still from `from_day` until `until_day` (half-open)."""

    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=500)
    document_no = models.CharField(max_length=80, blank=True)
    from_day = models.DateField()
    until_day = models.DateField(null=True)


class ClauseActivation(HistoryRow):
    """A 法制 officer's word on one clause, or its revocation; the latest word counts."""

    target = models.CharField(max_length=80, db_index=True)
    jurisdiction = models.CharField(max_length=6)
    active = models.BooleanField()
    officer = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=200)
    number = models.CharField(max_length=80)
    article = models.CharField(max_length=80, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    signed_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
