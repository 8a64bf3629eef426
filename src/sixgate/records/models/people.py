"""Regions, organisations with names as of a date, people and their posts."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from sixgate.records.fields import SealedTextField
from sixgate.records.models.row import HistoryRow, Row, new_row_id


class Region(models.Model):
    """A division by its GB/T 2260 code."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")


class Organisation(Row):
    """A body. Its names stand in OrganisationName; `name` is the present one, kept for lists."""

    name = models.CharField(max_length=200, db_index=True)
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    kind = models.CharField(max_length=20, default="agency")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="organisations")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    go_live_date = models.DateField(null=True)
    ended_on = models.DateField(null=True)


class OrganisationName(HistoryRow):
    """A name an organisation bore from a day on; old files show the name of their time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    document_no = models.CharField(max_length=80, blank=True)


class OrganisationSuccession(HistoryRow):
    """A merge or split: who took over from whom, and when."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="precedents")
    kind = models.CharField(max_length=10)
    on = models.DateField()
    document_no = models.CharField(max_length=80, blank=True)


class UserManager(BaseUserManager["User"]):
    """Creates accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Store an account with a hashed password (or an unusable one)."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. There is no superuser: what a person may do comes from posts only."""

    id = models.UUIDField(primary_key=True, default=new_row_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    mobile = SealedTextField(blank=True, default="")
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def get_full_name(self) -> str:
        """Return the person's name."""
        return self.name


class Post(Row):
    """A duty a person holds for an organisation, from a day to a day (half-open), within a region or for one project."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    duty = models.CharField(max_length=20, db_index=True)
    region_code = models.CharField(max_length=6, blank=True)
    project = models.ForeignKey("records.Project", on_delete=models.PROTECT, null=True, related_name="posts")
    sees_work_secrets = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")), name="post_period_ordered"
            )
        ]


class Delegation(Row):
    """A post lent to another person for a time; not transitive."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    valid_from = models.DateField()
    valid_until = models.DateField()
    reason = models.CharField(max_length=200)
