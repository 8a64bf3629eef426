"""What the database says of itself, for those who watch the service: whether it answers, how it is set, what it still owes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min

from sixgate.records import append_only
from sixgate.records.models import LedgerEvent, LedgerPending

WANTED_SQLITE: Final = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
WANTED_POSTGRESQL: Final = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}


@dataclass(frozen=True, slots=True)
class LedgerTail:
    """How many events wait to enter the trees, since when, and when the latest was entered; None where there is none."""

    pending: int
    oldest_pending: datetime | None
    latest: datetime | None


def database_answers() -> bool:
    """Tell whether the database carries out the smallest question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False


def unapplied_migrations() -> list[str]:
    """Return the migrations of this version that the database has not seen."""
    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def missing_triggers() -> list[str]:
    """Return the walls before ledger and history that do not stand."""
    return sorted(set(append_only.trigger_names()) - set(append_only.installed()))


def unsafe_settings() -> Mapping[str, tuple[str, str]]:
    """Return the settings on which durability rests and that differ from what they must be: name to (is, must be)."""
    wanted = WANTED_SQLITE if connection.vendor == "sqlite" else WANTED_POSTGRESQL
    ask = "PRAGMA {}" if connection.vendor == "sqlite" else "SHOW {}"
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for name in wanted:
            cursor.execute(ask.format(name))
            row = cursor.fetchone()
            found[name] = str(row[0]) if row else ""
    return {name: (found[name], must) for name, must in wanted.items() if found[name] != must}


def database_clock() -> datetime:
    """Return the moment by the database's own clock."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT CAST(strftime('%s', 'now') AS INTEGER)")
        else:
            cursor.execute("SELECT EXTRACT(EPOCH FROM clock_timestamp())")
        (seconds,) = cursor.fetchone() or (0,)
    return datetime.fromtimestamp(float(seconds), UTC)


def ledger_tail() -> LedgerTail:
    """Return the end of the ledger."""
    waiting = LedgerPending.objects.aggregate(oldest=Min("event__at"))
    latest = LedgerEvent.objects.aggregate(latest=Max("at"))["latest"]
    return LedgerTail(LedgerPending.objects.count(), waiting["oldest"], latest)
