"""Database fixtures: real transactions, append-only walls lifted only to flush."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sixgate.records import append_only


@pytest.fixture
def rows(transactional_db: None) -> Iterator[None]:
    """Give a database with real commits; triggers stand during the test and step aside for the flush."""
    append_only.install()
    yield
    append_only.remove()


@pytest.fixture
def own_files(tmp_path: Path, settings: Any) -> None:
    """Give the test a file store of its own."""
    settings.FILES_ROOT = tmp_path / "files"
