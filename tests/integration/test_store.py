"""The file store on real bytes: what is received, refused, adopted once, rolled back, cleared."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from sixgate.kernel.refusal import Refusal
from sixgate.records.models import StoredFile
from sixgate.records.store import (
    adopt,
    clean_name,
    discard,
    in_quarantine,
    open_stored,
    path_in_quarantine,
    path_of,
    receive,
    remove_orphans,
    stored_path,
)

pytestmark = pytest.mark.usefixtures("rows", "own_files")
LATER = datetime(2999, 1, 1, tzinfo=UTC)


def files_of(settings: Any) -> list[str]:
    """Return what lies under the store, quarantine and places alike."""
    root = Path(settings.FILES_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_received_bytes_have_both_digests_and_wait_in_quarantine(settings: Any) -> None:
    ref = receive([b"a", b"b", b"", b"c"], "台账.xlsx", limit=3)
    assert (ref.size, ref.name) == (3, "台账.xlsx")
    assert ref.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert ref.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, example 1
    assert (path_in_quarantine(ref.sha256).read_bytes(), path_of(ref).read_bytes()) == (b"abc", b"abc")
    assert in_quarantine(ref.sha256, "台账.xlsx") == ref
    assert files_of(settings) == [f"quarantine/{ref.sha256}"]


@pytest.mark.parametrize(("chunks", "code"), [([b"abc", b"d"], "file_too_large"), ([b"", b""], "file_empty"), ([], "file_empty")])
def test_too_many_bytes_or_none_are_refused_and_leave_nothing(chunks: list[bytes], code: str, settings: Any) -> None:
    with pytest.raises(Refusal) as caught:
        receive(chunks, "a", limit=3)
    assert caught.value.code == code
    assert files_of(settings) == []


def test_a_line_that_breaks_leaves_nothing(settings: Any) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        receive(broken(), "a", limit=100)
    assert files_of(settings) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\台账.xlsx", "台账.xlsx"),
        ("a\x00b\r\n.csv", "ab.csv"),
        ("report\u202excod.exe", "reportxcod.exe"),
        (".. ", "file"),
        ("", "file"),
        ("表" * 300 + ".xlsx", "表" * 195 + ".xlsx"),
        ("e\u0301.csv", "é.csv"),
    ],
)
def test_a_name_keeps_no_path_control_or_direction_marks(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("digest", ["", "abc", "../" * 21 + "a", "A" * 64, "a" * 63 + "/", "a" * 64 + "\n"])
def test_a_malformed_digest_is_refused_before_the_disk_is_touched(digest: str) -> None:
    for look_up in (path_in_quarantine, stored_path):
        with pytest.raises(Refusal) as caught:
            look_up(digest)
        assert caught.value.code == "digest_malformed"


def test_adopted_bytes_move_to_their_place_once_whatever_their_names(settings: Any) -> None:
    first, second = receive([b"same"], "一.pdf", limit=10), receive([b"same"], "二.pdf", limit=10)
    with transaction.atomic():
        assert adopt(first).id == adopt(second).id
    again = receive([b"same"], "三.pdf", limit=10)
    with transaction.atomic():
        row = adopt(again)
    assert StoredFile.objects.get() == row
    assert (row.sha256, row.sm3, row.size) == (first.sha256, first.sm3, 4)
    place = f"{first.sha256[:2]}/{first.sha256[2:4]}/{first.sha256}"
    assert files_of(settings) == [place]
    with open_stored(first.sha256) as stored:
        assert stored.read() == b"same"
    assert path_of(again) == Path(settings.FILES_ROOT) / place


def test_a_rolled_back_adoption_is_an_orphan_that_a_second_try_takes_and_the_clock_clears(settings: Any) -> None:
    ref = receive([b"once"], "a", limit=10)
    with pytest.raises(RuntimeError), transaction.atomic():
        adopt(ref)
        raise RuntimeError
    assert (StoredFile.objects.count(), path_of(ref).read_bytes()) == (0, b"once")
    with transaction.atomic():
        adopt(ref)
    left = receive([b"left behind"], "b", limit=100)
    assert remove_orphans(datetime.now(UTC) - timedelta(hours=1)) == 0  # noqa: TID251 - the file's own clock
    assert remove_orphans(LATER) == 1
    assert files_of(settings) == [str(stored_path(ref.sha256).relative_to(settings.FILES_ROOT))]
    with pytest.raises(Refusal) as caught:
        path_in_quarantine(left.sha256)
    assert caught.value.code == "file_gone"


def test_discarded_files_are_gone_without_a_row(settings: Any) -> None:
    refs = [receive([b"one"], "a", limit=10), receive([b"two"], "b", limit=10)]
    discard(refs)
    discard(refs)
    assert (files_of(settings), StoredFile.objects.count()) == ([], 0)
