"""The rules of notices in force here: those delivered, or the file NOTICES_FILE names."""

import functools
from importlib.resources import files
from pathlib import Path
from uuid import UUID

from django.conf import settings

from sixgate.domain.authority import matches
from sixgate.domain.notices.rules import NoticeRules, NoticeRulesError, read_rules
from sixgate.domain.notices.timing import Quiet
from sixgate.records.models import NoticePreference
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases._registry import verbs


@functools.cache
def rules() -> NoticeRules:
    """Return the rules; raise NoticeRulesError naming every problem of the file."""
    path = _path()
    found = read_rules(path.read_text(encoding="utf-8"), path.name, set(_law.duties(today())))
    unknown = [f"{path.name}: [happening] {rule.id}: acts: no act {act!r}" for rule in found.happenings for act in rule.acts if not _known(act)]
    if unknown:
        raise NoticeRulesError(unknown)
    return found


def _known(pattern: str) -> bool:
    return any(matches(pattern, address) for address in verbs())


def _path() -> Path:
    return Path(settings.NOTICES_FILE) if settings.NOTICES_FILE else Path(str(files("sixgate") / "regulations/cn/notices.toml"))


def preference_of(row: NoticePreference | None) -> NoticePreference:
    """Return how a person wants to be told: their row, or an unsaved one with the defaults of the rules."""
    given = rules().defaults
    return row or NoticePreference(
        mail=given.mail,
        digest_hour=given.digest_hour,
        quiet_from=given.quiet_from,
        quiet_until=given.quiet_until,
        days_off_quiet=given.days_off_quiet,
    )


def quiet_of(preference: NoticePreference) -> Quiet:
    """Return the quiet hours of a preference."""
    return Quiet(preference.quiet_from, preference.quiet_until, preference.days_off_quiet)


def own_preference(person_id: UUID) -> NoticePreference:
    """Return how a person wants to be told, by default where they have set nothing."""
    return preference_of(NoticePreference.objects.filter(person_id=person_id).first())
