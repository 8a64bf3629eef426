"""The budget year: calls for applications, and what is applied for. What is allotted is a FundingLine, the one truth of money."""

from django.db import models
from django.db.models import F, Q

from sixgate.records.models.row import Row


class YearCall(Row):
    """A call for applications of one budget year in one region: a window, both days counted, and how much money there is."""

    region_code = models.CharField(max_length=6)
    budget_year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    document_no = models.CharField(max_length=80)
    opens_on = models.DateField()
    closes_on = models.DateField()
    cap_fen = models.BigIntegerField()
    event = models.ForeignKey("records.LedgerEvent", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["budget_year", "region_code"], name="year_call_key")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="year_call_window"),
            models.CheckConstraint(condition=Q(cap_fen__gt=0), name="year_call_cap"),
        ]


class YearApplication(Row):
    """One project's application for money of one source under a call; filed, perhaps returned once, accepted with points, allotted."""

    call = models.ForeignKey(YearCall, on_delete=models.PROTECT, related_name="applications")
    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, related_name="year_applications")
    source = models.CharField(max_length=10)
    asked_fen = models.BigIntegerField()
    goals = models.TextField()
    need = models.TextField()
    plan = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="filed")
    filed_on = models.DateField()
    filed_by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True)
    wanting = models.TextField(blank=True)
    complete_by = models.DateField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    score_note = models.TextField(blank=True)
    accepted_by = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")
    funding_line = models.OneToOneField("records.FundingLine", on_delete=models.PROTECT, null=True, related_name="application")
    event = models.ForeignKey("records.LedgerEvent", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["call", "state"], name="year_application_state")]
        constraints = [
            models.UniqueConstraint(fields=["call", "project", "source"], name="year_application_once"),
            models.CheckConstraint(condition=Q(asked_fen__gt=0), name="year_application_asks"),
            models.CheckConstraint(condition=Q(state__in=["filed", "returned", "complete", "allotted"]), name="year_application_state_known"),
            models.CheckConstraint(condition=Q(funding_line=None) | Q(state="allotted"), name="year_application_money_allotted"),
        ]
