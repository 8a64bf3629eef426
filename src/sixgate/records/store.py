"""The file store: what doors receive lies in quarantine until a verb adopts it by content; the same bytes are stored once.

A file adopted by a transaction that failed is an orphan like one never adopted; `remove_orphans` clears both. Names are never used as paths.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import StoredFile
from sixgate.records.models.row import new_row_id

_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class FileRef:
    """A received file by its digests (SHA-256 and SM3 in hex), size in bytes and cleaned name."""

    sha256: str
    sm3: str
    size: int
    name: str


def receive(chunks: Iterable[bytes], name: str, *, limit: int) -> FileRef:
    """Stream bytes into quarantine, hashing on the way; raise Refusal when they are empty or more than `limit` bytes, leaving nothing."""
    folder = _folder("quarantine")
    part = folder / f"{new_row_id()}.part"
    sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    try:
        with part.open("xb") as target:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise Refusal(
                        "file_too_large",
                        gettext_noop("文件“{name}”超过 {limit} MB。"),
                        remedy=gettext_noop("请压缩或拆分后再上传。"),
                        name=clean_name(name),
                        limit=limit // 1_048_576,
                    )
                sha256.update(chunk)
                sm3.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise Refusal("file_empty", gettext_noop("文件“{name}”是空的。"), name=clean_name(name))
        part.replace(folder / sha256.hexdigest())
    finally:
        part.unlink(missing_ok=True)
    return FileRef(sha256.hexdigest(), sm3.hexdigest(), size, clean_name(name))


def clean_name(name: str) -> str:
    """Return a file name without path parts, control or direction characters, at most 200 characters, its extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if len(kept) > _LONGEST_NAME and dot and len(extension) <= 10:
        return f"{stem[: _LONGEST_NAME - len(extension) - 1]}.{extension}"
    return kept[:_LONGEST_NAME] or "file"


def in_quarantine(sha256: str, name: str) -> FileRef:
    """Return the reference of a quarantined file by its digest, hashed anew; raise Refusal when it is not there (any more)."""
    path = path_in_quarantine(sha256)
    with path.open("rb") as source:
        first = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        second = hashlib.file_digest(source, lambda: hashlib.new("sm3")).hexdigest()
    return FileRef(first, second, path.stat().st_size, clean_name(name))


def path_in_quarantine(sha256: str) -> Path:
    """Return the path of a quarantined file; raise Refusal for a malformed digest or a file that is gone."""
    path = _folder("quarantine") / _checked(sha256)
    if not path.is_file():
        raise Refusal("file_gone", gettext_noop("上传的文件已不在，请重新上传。"), field="file")
    return path


def path_of(ref: FileRef) -> Path:
    """Return where the bytes of a received file lie: in quarantine, or in their place when the same content was adopted meanwhile."""
    place = stored_path(ref.sha256)
    return place if place.is_file() else path_in_quarantine(ref.sha256)


def adopt(ref: FileRef) -> StoredFile:
    """Move a quarantined file to its place by content and return its row; the same content is one row."""
    place = stored_path(ref.sha256)
    waiting = _folder("quarantine") / _checked(ref.sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        path_in_quarantine(ref.sha256).replace(place)
    elif waiting.exists():
        waiting.unlink()
    place.touch()  # its row is not committed yet: the clearing of orphans goes by age
    row, _ = StoredFile.objects.get_or_create(sha256=ref.sha256, defaults={"sm3": ref.sm3, "size": ref.size})
    return row


def discard(refs: Iterable[FileRef]) -> None:
    """Remove received files from quarantine without a trace (涉密不上网)."""
    for ref in refs:
        (_folder("quarantine") / _checked(ref.sha256)).unlink(missing_ok=True)


def open_stored(sha256: str) -> BinaryIO:
    """Open stored bytes for reading."""
    return stored_path(sha256).open("rb")


def stored_path(sha256: str) -> Path:
    """Return where bytes of a digest lie."""
    digest = _checked(sha256)
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest


def remove_orphans(older_than: datetime) -> int:
    """Remove quarantined and stored files that no row names and that are older than a moment; return how many."""
    removed = 0
    for path in Path(settings.FILES_ROOT).rglob("*"):
        if path.is_file() and path.stat().st_mtime < older_than.timestamp() and not _named(path):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _named(path: Path) -> bool:
    return path.parent.name != "quarantine" and StoredFile.objects.filter(sha256=path.name).exists()


def _checked(sha256: str) -> str:
    if not _DIGEST.fullmatch(sha256):
        raise Refusal("digest_malformed", gettext_noop("文件编号不正确，请重新上传。"), field="file")
    return sha256


def _folder(name: str) -> Path:
    folder = Path(settings.FILES_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
