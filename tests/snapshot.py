"""All rows of the test database at a moment, to be compared with those of another."""

from typing import Any

from django.db import connection

from cleared import REFERENCE
from sixgate.records import backup


def snapshot() -> dict[str, list[Any]]:
    """Return every row of every table that is copied by a backup, the reference ones left out."""
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for table in sorted(set(backup.tables()) - REFERENCE):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(repr(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)) for row in cursor.fetchall())
    return found
