"""Database fixtures: real commits, and after each test only what it wrote is taken out, so that divisions and walls are not built anew every time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from sixgate.kernel.identity import load_divisions
from sixgate.records import append_only
from sixgate.records.models import Region

REFERENCE = {"django_migrations", "django_content_type", "auth_permission", Region._meta.db_table}  # the same for every test


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Open the test database with real commits and clear it afterwards; in place of pytest-django's, which flushes and then fills every table anew."""
    with django_db_blocker.unblock():
        assert "test" in Path(str(connection.settings_dict["NAME"])).name, "this is no test database"
        yield
        clear()
        connections.close_all()


@pytest.fixture
def rows(transactional_db: None) -> None:
    """Give a database that holds reference rows only; the append-only walls stand."""
    append_only.install()


def clear() -> None:
    """Empty every table that is not reference, the walls put aside meanwhile; see to it that no test added to what is."""
    written = [name for name in connection.introspection.table_names() if name not in REFERENCE and filled(name)]
    if written:
        append_only.remove()
        with transaction.atomic(), connection.cursor() as cursor:
            for name in written:
                cursor.execute(f'DELETE FROM "{name}"')
        append_only.install()
    assert Region.objects.count() == len(load_divisions()), "a test added a division that is in no list"


def filled(table: str) -> bool:
    """Tell whether a table has a row."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
        return cursor.fetchone() is not None


@pytest.fixture
def own_files(tmp_path: Path, settings: Any) -> None:
    """Give the test a file store of its own."""
    settings.FILES_ROOT = tmp_path / "files"
