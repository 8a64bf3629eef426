"""Notices: what persons are told, how they want it, where messages go, and every attempt to send one. No secret lies here: those are derived or in the environment."""

from django.db import models

from sixgate.records.models.row import Row


class Notice(Row):
    """One thing one person is told. `key` makes it once only; the text is made from its rule when it is read."""

    person = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="notices")
    key = models.CharField(max_length=160)
    rule = models.CharField(max_length=40)
    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, null=True, related_name="+")
    gate = models.CharField(max_length=12, blank=True)
    what = models.CharField(max_length=200, blank=True)
    day = models.DateField(null=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_latest"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["person"], condition=models.Q(mailed_at=None), name="notice_unmailed"),
        ]


class NoticePreference(models.Model):
    """How a person wants to be told; without a row the defaults of the rules hold. The calendar's address is derived from its version."""

    person = models.OneToOneField("records.User", on_delete=models.PROTECT, primary_key=True, related_name="notice_preference")
    mail = models.BooleanField()
    digest_hour = models.PositiveSmallIntegerField()
    quiet_from = models.PositiveSmallIntegerField()
    quiet_until = models.PositiveSmallIntegerField()
    days_off_quiet = models.BooleanField()


class CalendarFeed(models.Model):
    """A person's calendar of statutory dates: open or not, and the version its address is derived from."""

    person = models.OneToOneField("records.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    is_open = models.BooleanField(default=True)


class DigestMark(models.Model):
    """The last day on which a person's digest was looked at, whether or not there was anything to say."""

    person = models.OneToOneField("records.User", on_delete=models.PROTECT, primary_key=True, related_name="digest_mark")
    day = models.DateField()


class Endpoint(Row):
    """A place messages go to: a program (webhook) or a group's robot. A robot's address and secret are in the environment under `robot`."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    url = models.CharField(max_length=500, blank=True)
    robot = models.CharField(max_length=40, blank=True)
    acts = models.JSONField(default=list)
    organisation = models.ForeignKey("records.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    secret_version = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True)
    cursor = models.UUIDField()
    floor = models.UUIDField()
    round = models.PositiveIntegerField(default=0)
    digest_day = models.DateField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(ended_at=None), name="endpoint_name"),
            models.CheckConstraint(condition=models.Q(kind__in=["webhook", "dingtalk", "wecom", "feishu"]), name="endpoint_kind_known"),
        ]


class NoticeCursor(models.Model):
    """How far the ledger has been read for persons' notices, and where reading began: nothing earlier is ever told. One row."""

    name = models.CharField(max_length=20, primary_key=True)
    floor = models.UUIDField()
    event_id = models.UUIDField()


class Message(Row):
    """One message to one place: a mail to a person, an event to a webhook, a count to a robot. Waits, was sent, or was given up."""

    kind = models.CharField(max_length=8)
    person = models.ForeignKey("records.User", on_delete=models.PROTECT, null=True, related_name="+")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, null=True, related_name="messages")
    event_id = models.UUIDField(null=True)
    round = models.PositiveIntegerField(default=0)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id", "round"], name="event_once_a_round"),
            models.CheckConstraint(condition=models.Q(state__in=["waiting", "sent", "given_up"]), name="message_state_known"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="message_waiting"),
            models.Index(fields=["endpoint", "round", "event_id"], name="message_order"),
            models.Index(fields=["person", "-id"], name="message_person"),
        ]


class DeliveryAttempt(Row):
    """One attempt to send a message: insert-only. `status` is the answer's code where there was one."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="tries")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=8)
    status = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_numbered"),
            models.CheckConstraint(condition=models.Q(outcome__in=["sent", "failed", "refused"]), name="attempt_outcome_known"),
        ]
        indexes = [models.Index(fields=["endpoint", "-id"], name="attempt_endpoint")]


class StatutoryDate(Row):
    """A running or past statutory period of a project as reckoned last; rebuilt by the clock, so calendars and notices need not judge every project."""

    project = models.ForeignKey("records.Project", on_delete=models.CASCADE, related_name="statutory_dates")
    deadline = models.CharField(max_length=60)
    subject = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200)
    due = models.DateField(db_index=True)
    provisional = models.BooleanField()
    supplier = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "deadline", "subject"], name="statutory_date_once")]
