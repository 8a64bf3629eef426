"""Copies of all rows and files as they stand at one moment, and the way back. Knows both databases; decides nothing.

SQLite is copied page by page through its backup interface, PostgreSQL table by table in one repeatable-read transaction, so that people work on
meanwhile. Files are named by their content and never change: a second copy into the same folder takes only what is new. Sessions are left out.
"""

import gzip
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from sixgate.records import append_only
from sixgate.records.models import StoredFile

ROWS_SQLITE: Final = "rows.sqlite3"
LEFT_OUT: Final = frozenset({"django_session"})
MIGRATIONS: Final = "django_migrations"
BLOCK: Final = 1_048_576


def applied_migrations() -> list[str]:
    """Return the migrations this database has seen."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {MIGRATIONS}")
        return sorted(f"{app}.{name}" for app, name in cursor.fetchall())


def tables() -> list[str]:
    """Return the tables that are copied."""
    return sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - LEFT_OUT)


def row_counts() -> dict[str, int]:
    """Return how many rows each table holds, those left out of copies not counted."""
    with connection.cursor() as cursor:
        found: dict[str, int] = {}
        for table in tables():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        return found


def copy_rows(folder: Path) -> dict[str, int]:
    """Write all rows into a folder as they stand at one moment; return how many each table holds there."""
    return _copy_sqlite(folder) if connection.vendor == "sqlite" else _copy_postgresql(folder)


def load_rows(folder: Path) -> None:
    """Take all rows from a folder in place of what is here, in one step: everything or nothing."""
    if connection.vendor == "sqlite":
        _load_sqlite(folder)
    else:
        _load_postgresql(folder)


def named_files() -> Iterator[tuple[str, int]]:
    """Yield digest and size of every file a row names."""
    yield from StoredFile.objects.order_by("sha256").values_list("sha256", "size").iterator()


def copy_file(source: Path, target: Path) -> None:
    """Copy one file so that it is either there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with source.open("rb") as reading, part.open("wb") as writing:
            shutil.copyfileobj(reading, writing, BLOCK)
            writing.flush()
            os.fsync(writing.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _copy_sqlite(folder: Path) -> dict[str, int]:
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / ROWS_SQLITE)) as target:
        connection.connection.backup(target)
        for table in LEFT_OUT:
            target.execute(f"DELETE FROM {table}")
        target.commit()
        target.execute("PRAGMA journal_mode=DELETE")
        return {table: target.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables()}


def _load_sqlite(folder: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{folder / ROWS_SQLITE}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)
    connection.close()
    append_only.install()


def _copy_postgresql(folder: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in tables():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
            with gzip.open(_part(folder, table), "wb", compresslevel=1) as target, _copy(cursor, f"{_columns(table)} TO STDOUT") as blocks:
                for block in blocks:
                    target.write(block)
    return found


def _load_postgresql(folder: Path) -> None:
    names = tables()
    with transaction.atomic(), connection.cursor() as cursor:
        append_only.remove()  # within the transaction: whatever cuts it off leaves the walls standing
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in names))
        for table in names:
            with gzip.open(_part(folder, table), "rb") as source, _copy(cursor, f"{_columns(table)} FROM STDIN") as blocks:
                while block := source.read(BLOCK):
                    blocks.write(block)
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in names]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        append_only.install()


def _copy(cursor: Any, what: str) -> Any:
    return cursor.cursor.copy(f"COPY {what}")


def _columns(table: str) -> str:
    model = next(item for item in apps.get_models(include_auto_created=True) if item._meta.db_table == table)
    return f'"{table}" (' + ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields) + ")"


def _part(folder: Path, table: str) -> Path:
    return folder / f"{table}.copy.gz"


def parts_of(folder: Path) -> Mapping[str, str]:
    """Return the digest of every part of a copy by its name."""
    return {path.name: digest_of(path) for path in sorted(folder.iterdir()) if path.is_file()}
