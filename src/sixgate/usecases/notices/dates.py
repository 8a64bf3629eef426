"""Statutory dates: reckoned by the clock into rows, told to persons as they come near, and read as a calendar by whoever holds its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from sixgate.domain.authority import Target
from sixgate.domain.lifecycle.deadline import judge_deadlines, open_deadlines
from sixgate.domain.notices.timing import date_rule
from sixgate.kernel.workcalendar import Pause, national
from sixgate.records.models import CalendarFeed, StatutoryDate
from sixgate.records.queries.dossier import pauses_of
from sixgate.records.queries.findings import projects_to_look_at
from sixgate.records.queries.notices import OWNER, crowd
from sixgate.records.queries.visible import visible_projects
from sixgate.usecases import _law
from sixgate.usecases._derived import calendar_token, person_of_token, same
from sixgate.usecases._frame import SHANGHAI
from sixgate.usecases._project import Standing, standings
from sixgate.usecases._registry import actor_of
from sixgate.usecases.notices.gather import Telling, keep
from sixgate.usecases.notices.rules import rules

LOOKED_AT_ONCE: Final = 20
TOLD_PAST: Final = timedelta(days=30)  # what is past for longer is no news, and an old register must not flood anybody
MOST_DATES: Final = 1_000


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """One day of a calendar; `project` is empty where calendars do not name projects."""

    key: str
    title: str
    project: str
    day: date
    provisional: bool
    path: str


def reckon_dates(at: datetime) -> int:
    """Reckon the open statutory dates of every active project anew; return how many changed."""
    day, keys = at.astimezone(SHANGHAI).date(), projects_to_look_at()
    changed = 0
    for start in range(0, len(keys), LOOKED_AT_ONCE):
        batch = keys[start : start + LOOKED_AT_ONCE]
        found = standings(batch, day)
        changed += sum(_write(key, list(_open_dates(found[key]))) for key in batch if key in found)
    gone = StatutoryDate.objects.exclude(project__status="active", project__withdrawn=False)
    return changed + gone.delete()[0]


def _open_dates(here: Standing) -> Iterable[StatutoryDate]:
    pauses = [Pause(since, until or here.on + timedelta(days=1)) for since, until in pauses_of(here.project_id)]
    dossier = here.dossier
    states = judge_deadlines(here.pack, dossier.project, dict(dossier.subjects), national(), today=here.on, pauses=pauses, activated=here.activated)
    for state in open_deadlines(states):
        if state.due is not None and state.bound != "floor":
            subject = state.subject_id if state.subject_type != "project" else ""
            yield StatutoryDate(
                project_id=here.project_id,
                deadline=state.id,
                subject=subject,
                title=state.title[:200],
                due=state.due,
                provisional=state.provisional,
                supplier=state.supplier,
            )


def _write(project_id: UUID, wanted: list[StatutoryDate]) -> int:
    with transaction.atomic():
        kept = {(row.deadline, row.subject): row for row in StatutoryDate.objects.filter(project_id=project_id)}
        changed = 0
        for row in wanted:
            old = kept.pop((row.deadline, row.subject), None)
            if old is None:
                row.save(force_insert=True)
            elif (old.title, old.due, old.provisional, old.supplier) == (row.title, row.due, row.provisional, row.supplier):
                continue
            else:
                old.title, old.due, old.provisional, old.supplier = row.title, row.due, row.provisional, row.supplier
                old.save()
            changed += 1
        StatutoryDate.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    return changed + len(kept)


def tell_dates(at: datetime) -> int:
    """Tell persons of statutory dates that come near or are just past; return how many notices are new."""
    day = at.astimezone(SHANGHAI).date()
    wanted = rules().dates
    furthest = national().add_workdays(day, max((rule.workdays for rule in wanted), default=0))
    rows = StatutoryDate.objects.filter(due__gte=day - TOLD_PAST, due__lte=furthest).select_related("project")
    people = crowd(day, _law.duties(day))
    tellings: list[Telling] = []
    for row in rows:
        left = national().workdays_between(day, row.due) if row.due >= day else -max(1, national().workdays_between(row.due, day))
        rule = date_rule(wanted, left)
        if rule is None:
            continue
        target = Target(row.project.owner_id, row.project.region_code, row.project_id)
        duties = {OWNER if word == "owner" else row.supplier if word == "supplier" else word.removeprefix("duty:") for word in rule.tell}
        persons = frozenset(person for duty in duties for person in people.with_duty(duty, target))
        key = f"{rule.id}:{row.project_id.hex}:{row.deadline}:{row.subject}:{row.due}"[:160]
        tellings.append(Telling(rule, key, persons, row.project_id, what=row.title, day=row.due))
    return keep(tellings, at)


def calendar_of(token: str, day: date) -> list[CalendarDate] | None:
    """Return the statutory dates behind a calendar's address, None when there is no such address, or no longer."""
    person = person_of_token(token)
    feed = CalendarFeed.objects.filter(person_id=person, is_open=True, person__is_active=True).first() if person else None
    if feed is None or not same(token, calendar_token(feed.person_id, feed.version)):
        return None
    actor = actor_of(feed.person_id, "", "calendar")
    seen = visible_projects(actor.posts, dict(_law.duties(day)))
    rows = StatutoryDate.objects.filter(project__in=seen).select_related("project").order_by("due", "id")[:MOST_DATES]
    return [_entry(row) for row in rows]


def _entry(row: StatutoryDate) -> CalendarDate:
    named = settings.NOTICES_CALENDAR_NAMES
    key = f"{row.project_id.hex}-{row.deadline}-{row.subject}".strip("-")
    return CalendarDate(key, row.title, row.project.name if named else "", row.due, row.provisional, f"/projects/{row.project_id}/deadlines/")


def calendar_address(person_id: UUID) -> str | None:
    """Return the path of a person's calendar, None when it is not open."""
    feed = CalendarFeed.objects.filter(person_id=person_id, is_open=True).first()
    return None if feed is None else f"/calendar/{calendar_token(feed.person_id, feed.version)}.ics"
