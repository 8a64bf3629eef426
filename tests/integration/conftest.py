"""Database fixtures: real commits, and after each test only what it wrote is taken out, so that divisions and walls are not built anew every time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from cleared import clear
from sixgate.records import append_only


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


@pytest.fixture
def own_files(tmp_path: Path, settings: Any) -> None:
    """Give the test a file store of its own."""
    settings.FILES_ROOT = tmp_path / "files"
