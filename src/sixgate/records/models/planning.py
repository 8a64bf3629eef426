"""The register: projects, systems, funding, imports."""

from django.db import models

from sixgate.records.models.row import HistoryRow, Row


class Project(Row):
    """A project. Numbers are integer 分; a null is "not known"."""

    code = models.CharField(max_length=40, blank=True, db_index=True)
    national_code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=300)
    owner = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="projects")
    region_code = models.CharField(max_length=6, blank=True, db_index=True)
    region_text = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=10, blank=True)
    type = models.CharField(max_length=10, blank=True)
    network = models.CharField(max_length=20, blank=True)
    secrecy = models.CharField(max_length=12, default="internal")
    amount_fen = models.BigIntegerField(null=True)
    amount_text = models.CharField(max_length=300, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    description = models.TextField(blank=True)
    traits = models.JSONField(default=dict)
    responsible_person = models.CharField(max_length=60, blank=True)
    planned_start = models.DateField(null=True)
    planned_finish = models.DateField(null=True)
    registered_on = models.DateField()
    screened_on = models.DateField(null=True)
    status = models.CharField(max_length=12, default="active", db_index=True)
    status_report = models.CharField(max_length=40, blank=True)
    extra = models.JSONField(default=dict)
    search_text = models.TextField(blank=True)
    import_key = models.CharField(max_length=400, blank=True, db_index=True)
    withdrawn = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="project_name_key"),
            models.Index(fields=["amount_fen", "id"], name="project_amount_key"),
            models.Index(fields=["owner", "id"], name="project_owner_key"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__isnull=True) | models.Q(amount_fen__gte=0), name="project_amount_not_negative")
        ]


class ProjectState(models.Model):
    """The rebuildable projection: where the project stands, and when an act last moved it. Proven equal to replay."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, primary_key=True, related_name="state")
    stage = models.CharField(max_length=12, default="initiation", db_index=True)
    next_gate = models.CharField(max_length=12, blank=True, db_index=True)
    gates_passed = models.JSONField(default=dict)
    stale_gates = models.JSONField(default=dict)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["moved_at", "project"], name="project_moved_key")]


class System(Row):
    """A running or planned system; data, security and use are spoken of systems."""

    code = models.CharField(max_length=40, blank=True, db_index=True)
    name = models.CharField(max_length=300)
    owner = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="systems")
    mlps_level = models.PositiveSmallIntegerField(null=True)
    traits = models.JSONField(default=dict)
    online_on = models.DateField(null=True)


class ProjectSystem(HistoryRow):
    """Which project builds or changes which system (n:m)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="system_links")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="project_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "system"], name="project_system_once")]


class FundingLine(HistoryRow):
    """Money of one source in one budget year."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="funding_lines")
    source = models.CharField(max_length=10)
    budget_year = models.PositiveSmallIntegerField()
    amount_fen = models.BigIntegerField()
    document_no = models.CharField(max_length=80, blank=True)


class ProjectLineage(HistoryRow):
    """A split or merge of projects with the amount carried over."""

    source = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="descendants")
    target = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="ancestors")
    kind = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField(null=True)


class ScreeningStop(models.Model):
    """A count of 涉密转线下 without any project information (保密法)."""

    on = models.DateField()
    where = models.CharField(max_length=20)


class ImportMapping(Row):
    """A column mapping the user corrected and saved."""

    name = models.CharField(max_length=80)
    headings_digest = models.CharField(max_length=64, db_index=True)
    mapping = models.JSONField()
    saved_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")


class ImportBatch(HistoryRow):
    """One imported register file."""

    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    owner = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    counts = models.JSONField()
    mapping = models.JSONField()
    undone_event = models.ForeignKey("records.LedgerEvent", on_delete=models.PROTECT, null=True, related_name="+")


class ImportedRow(HistoryRow):
    """What one import did to one project: new or changed, with the values before."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="imports")
    place = models.CharField(max_length=80)
    effect = models.CharField(max_length=8)
    before = models.JSONField(null=True)


class Finding(Row):
    """A contradiction a check found in one place: first and last seen, whose it is, where it stands. One row a place; its words are history."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="findings")
    check_id = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=40)
    subject_title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default="open", db_index=True)
    accepted_until = models.DateField(null=True)
    owner_duty = models.CharField(max_length=20)
    facts = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    first_seen = models.DateField()
    last_seen = models.DateField()
    resolved_on = models.DateField(null=True)
    times = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "check_id", "subject_type", "subject_id"], name="one_finding_a_place"),
            models.CheckConstraint(condition=models.Q(state__in=["open", "explained", "accepted", "resolved"]), name="finding_state_known"),
        ]


class FindingWord(HistoryRow):
    """What somebody said of a finding: explained, accepted until a day, taken up again."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="words")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    until = models.DateField(null=True)
    person = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SelfRating(HistoryRow):
    """What a unit says of its own project for a period: a colour and why."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="self_ratings")
    colour = models.CharField(max_length=6)
    note = models.TextField(blank=True)
    on = models.DateField()
    person = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(colour__in=["green", "amber", "red"]), name="rating_colour_known")]


class RatingAnswer(HistoryRow):
    """A unit's answer to the difference between its rating and what the evidence says, with the factors as they were then."""

    rating = models.ForeignKey(SelfRating, on_delete=models.PROTECT, related_name="answers")
    weights_version = models.CharField(max_length=20)
    confidence_bp = models.IntegerField()
    factors = models.JSONField()
    text = models.TextField()
    person = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class DocumentTemplate(Row):
    """A bureau's own template for a kind of paper; a new one takes the old one's place, which stays on record."""

    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, related_name="templates")
    kind = models.CharField(max_length=30, db_index=True)
    name = models.CharField(max_length=200)
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    placeholders = models.JSONField()
    added_on = models.DateField()
    replaced_on = models.DateField(null=True)
