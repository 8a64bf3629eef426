"""Keeps ledger and history append-only in the database itself. Idempotent; works on SQLite and PostgreSQL.

Erasure of a ledger payload (personal data, 个人信息保护法 第四十七条) is the one permitted update: payload and salt to NULL with `erased_at` set.
"""

from django.db import connections

INSERT_ONLY = (
    "records_organisationname",
    "records_organisationsuccession",
    "records_signoff",
    "records_passage",
    "records_evidencecheck",
    "records_clauseactivation",
    "records_withdrawal",
    "records_dissentstep",
    "records_passagecheck",
    "records_findingword",
    "records_selfrating",
    "records_ratinganswer",
    "records_deliveryattempt",
)
LEDGER = "records_ledgerevent"
LEDGER_FIXED = ("event_id", "header", "commitment", "at", "actor_id", "action", "object_type", "object_id", "result")


def trigger_names(using: str = "default") -> list[str]:
    """Return the names of all triggers that must stand, for the test and the doctor."""
    acts = ("update", "delete", *(("truncate",) if connections[using].vendor == "postgresql" else ()))
    return sorted(f"{table}_no_{act}" for table in (*INSERT_ONLY, LEDGER) for act in acts)


def installed(using: str = "default") -> list[str]:
    """Return the names of our triggers that stand in the database now."""
    connection = connections[using]
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted({row[0] for row in cursor.fetchall()} & set(trigger_names(using)))


def install(using: str = "default") -> None:
    """Create every trigger that is missing, on tables that exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    writer = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for table in (*INSERT_ONLY, LEDGER):
            if table in tables:
                for statement in writer(table):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Drop the triggers; only for test teardown that must flush tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in installed(using):
            table = name.rsplit("_no_", 1)[0]
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def _sqlite(table: str) -> list[str]:
    guard = f"WHEN {_tampered()}" if table == LEDGER else ""
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {guard} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ]


def _postgresql(table: str) -> list[str]:
    guard = f"WHEN ({_tampered()})" if table == LEDGER else ""
    body = "CREATE OR REPLACE FUNCTION sixgate_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    return [
        body,
        f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {guard} EXECUTE FUNCTION sixgate_append_only()",
        f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION sixgate_append_only()",
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION sixgate_append_only()",
    ]


def _tampered() -> str:
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in LEDGER_FIXED)
    return f"{changed} OR NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.erased_at IS NULL"
