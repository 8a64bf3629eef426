"""Writes the messages of the day: each person's digest at their hour, what is urgent at once, each group's count. Nothing is sent here.

Without a mail server no mail is written. What leaves the intranet says only that something waits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from sixgate.domain.notices.timing import Quiet, digest_due, may_go_now
from sixgate.domain.notices.wording import Letter, inside, outside, robot_text
from sixgate.kernel.workcalendar import national
from sixgate.records.models import DigestMark, Endpoint, Message, Notice, NoticePreference, User
from sixgate.records.queries.notices import crowd
from sixgate.usecases import _law
from sixgate.usecases._frame import SHANGHAI
from sixgate.usecases._registry import actor_of
from sixgate.usecases.notices.inbox import lines_of
from sixgate.usecases.notices.rules import preference_of, quiet_of, rules
from sixgate.usecases.work import Desk, Turn, all_turns, desk

PERSONS_AT_ONCE: Final = 50


def write_digests(at: datetime) -> int:
    """Write the digest of every person whose hour has come and for whom something waits or is new; return how many."""
    if not settings.EMAIL_HOST:
        return 0
    local = at.astimezone(SHANGHAI)
    waiting = _mailed_persons().exclude(digest_mark__day=local.date()).order_by("id")
    written = looked = 0
    for user in waiting.iterator():
        preference = _preference(user)
        if not digest_due(local, preference.digest_hour, None, quiet_of(preference), national()):
            continue
        with transaction.atomic():
            DigestMark.objects.update_or_create(person_id=user.id, defaults={"day": local.date()})
            written += _digest(user, at)
        looked += 1
        if looked >= PERSONS_AT_ONCE:
            break
    return written


def write_urgent(at: datetime) -> int:
    """Write a mail of its own for what is urgent and not mailed yet, to whoever is not in quiet hours or whose rule breaks them; return how many."""
    if not settings.EMAIL_HOST:
        return 0
    local, by_id, written = at.astimezone(SHANGHAI), rules().by_id(), 0
    waiting = Notice.objects.filter(urgent=True, mailed_at=None, read_at=None).values_list("person_id", flat=True).distinct()
    for user in _mailed_persons().filter(pk__in=waiting).order_by("id")[:PERSONS_AT_ONCE]:
        quiet = quiet_of(_preference(user))
        rows = [
            row
            for row in Notice.objects.filter(person_id=user.id, urgent=True, mailed_at=None, read_at=None).select_related("project")
            if may_go_now(local, quiet, national(), breaks_quiet=row.rule in by_id and by_id[row.rule].breaks_quiet)
        ]
        if rows:
            with transaction.atomic():
                _mail(user, _letter(user, 0, (), rows), at)
                Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
            written += 1
    return written


def write_counts(at: datetime) -> int:
    """Write each group's count once on a workday, at the hour of the digest by default; return how many. A group with nothing waiting is left in peace."""
    local, given, written = at.astimezone(SHANGHAI), rules().defaults, 0
    quiet = Quiet(given.quiet_from, given.quiet_until, given.days_off_quiet)
    people = None
    for row in Endpoint.objects.filter(ended_at=None).exclude(kind="webhook").order_by("id"):
        if row.organisation_id is None or not digest_due(local, given.digest_hour, row.digest_day, quiet, national()):
            continue
        people = people or crowd(local.date(), _law.duties(local.date()))
        count = len({(turn.name, turn.object_id) for person in people.of_body(row.organisation_id) for turn in _all_turns(person)})
        with transaction.atomic():
            Endpoint.objects.filter(pk=row.pk).update(digest_day=local.date())
            if count:
                text = robot_text(count, settings.SITE_URL)
                Message.objects.create(kind="robot", endpoint=row, text=text, made_at=at, next_at=at)
                written += 1
    return written


def _mailed_persons() -> QuerySet[User]:
    wants = Q(notice_preference__mail=True) | (Q(notice_preference=None) if rules().defaults.mail else Q(pk__in=[]))
    return User.objects.filter(wants, is_active=True).exclude(email="").select_related("notice_preference")


def _preference(user: User) -> NoticePreference:
    return preference_of(getattr(user, "notice_preference", None))


def _digest(user: User, at: datetime) -> int:
    news = list(Notice.objects.filter(person_id=user.id, mailed_at=None, read_at=None).select_related("project").order_by("-id")[:200])
    here = _desk(user.id)
    if not here.turns_total and not news:
        return 0
    _mail(user, _letter(user, here.turns_total, here.turns, news), at)
    Notice.objects.filter(pk__in=[row.pk for row in news]).update(mailed_at=at)
    return 1


def _letter(user: User, waiting: int, turns: Sequence[Turn], news: Sequence[Notice]) -> Letter:
    if not is_inside(user.email):
        return outside(waiting, len(news), settings.SITE_URL)
    with translation.override("zh-hans"):
        lines = [f"{turn.title}：{turn.place.project}" for turn in turns]
        return inside(waiting, lines, lines_of(actor_of(user.id, user.name, "clock"), news), settings.SITE_URL)


def is_inside(address: str) -> bool:
    """Tell whether a mail address is one of the intranet's."""
    return address.rpartition("@")[2].casefold() in settings.NOTICES_INSIDE_MAIL


def _mail(user: User, letter: Letter, at: datetime) -> None:
    Message.objects.create(kind="mail", person=user, address=user.email, subject=letter.subject[:200], text=letter.text, made_at=at, next_at=at)


def _desk(person_id: UUID) -> Desk:
    with translation.override("zh-hans"):
        return desk(actor_of(person_id, "", "clock"))


def _all_turns(person_id: UUID) -> list[Turn]:
    with translation.override("zh-hans"):
        return all_turns(actor_of(person_id, "", "clock"))
