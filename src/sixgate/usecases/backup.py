"""Backup and its way back, each by one command: rows and files of one moment, a list that proves them whole, and a refusal for whatever does not fit.

No act of a person inside the product: who may run it owns the machine. A restore goes into an empty database of the same version only, says how
much of the ledger came back, and enters that it happened.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from sixgate import __version__
from sixgate.kernel.refusal import Conflict, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records import backup
from sixgate.records.queries.health import ledger_tail
from sixgate.records.store import stored_path
from sixgate.usecases._frame import NOBODY, SHANGHAI, Actor, note

FORMAT: Final = 1
PRIVATE: Final = 0o700  # everything a place knows lies in there
RESTORED: Final = "restore.declared"
LIST: Final = "backup.json"
FILES: Final = "files"
LEDGER: Final = "records_ledgerevent"
PEOPLE: Final = "records_user"
KEEPER: Final = Actor(NOBODY, "")  # whoever owns the machine
ANOTHER: Final = gettext_noop("请另取一份备份。")
EMPTY_FIRST: Final = gettext_noop("这个库不要使用。请重建空库，另取一份备份。")


def take(folder: Path, at: datetime) -> dict[str, Any]:
    """Write a backup into a new folder below the given one; return its place and size. Raise Refusal where it cannot be written, leaving no half of one."""
    place = folder / at.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M%S")
    part = place.with_name(place.name + ".part")
    if place.exists():
        raise Conflict("backup_exists", gettext_noop("{folder} 已经有了。"), folder=place.name)
    try:
        part.mkdir(mode=PRIVATE, parents=True)
        (folder / FILES).mkdir(mode=PRIVATE, exist_ok=True)
        counts = backup.copy_rows(part)
        new, files = _copy_files(backup.named_files(), stored_path, folder / FILES)
        _write_list(part, counts, files, at)
        part.replace(place)
    except OSError as error:
        raise Refusal(
            "backup_unwritten",
            gettext_noop("备份没有写成：{error}"),
            remedy=gettext_noop("没有留下半份。请核对磁盘空间和权限后再试。"),
            error=error.strerror or type(error).__name__,
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return {"folder": str(place), "rows": sum(counts.values()), "ledger": counts[LEDGER], "files": len(files), "files_new": new}


def restore(place: Path, at: datetime) -> dict[str, Any]:
    """Bring a backup into this empty database; return what came back. Raise Refusal for one that is not whole or does not fit, changing nothing; where
    what came back is not what the list says, the database is not to be used, and the refusal says so."""
    wanted = _read_list(place)
    _must_fit(wanted)
    files = _whole(place, wanted)
    _must_be_empty()
    new, _ = _copy_files(files, lambda sha256: _kept(place, sha256), Path(settings.FILES_ROOT))
    backup.load_rows(place)
    counts = backup.row_counts()
    wrong = {name: (count, counts.get(name)) for name, count in wanted["tables"].items() if counts.get(name) != count}
    if wrong:
        raise Refusal("restore_differs", gettext_noop("恢复后的行数与清单不符：{tables}"), remedy=EMPTY_FIRST, tables=", ".join(sorted(wrong)))
    tail = ledger_tail()
    note(KEEPER, RESTORED, place.name, object_type="backup", taken_at=wanted["taken_at"], ledger=counts[LEDGER], restored_at=at)
    return {
        "taken_at": wanted["taken_at"],
        "rows": sum(wanted["tables"].values()),
        "ledger": wanted["tables"][LEDGER],
        "latest": tail.latest.isoformat() if tail.latest else None,
        "files": len(files),
        "files_new": new,
    }


def _copy_files(files: Iterable[tuple[str, int]], source_of: Callable[[str], Path], folder: Path) -> tuple[int, list[tuple[str, int]]]:
    """Copy what is not there yet; return how many were new, and all."""
    new, known = 0, []
    for sha256, size in files:
        target = folder / sha256[:2] / sha256[2:4] / sha256
        if not target.is_file() or target.stat().st_size != size:
            backup.copy_file(source_of(sha256), target)
            new += 1
        known.append((sha256, size))
    return new, known


def _write_list(part: Path, counts: Mapping[str, int], files: Iterable[tuple[str, int]], at: datetime) -> None:
    (part / "files.txt").write_text("".join(f"{sha256} {size}\n" for sha256, size in files), encoding="ascii")
    body = {
        "format": FORMAT,
        "version": __version__,
        "database": connection.vendor,
        "deployment": settings.DEPLOYMENT,
        "taken_at": at.isoformat(),
        "migrations": backup.applied_migrations(),
        "tables": counts,
        "parts": backup.parts_of(part),
    }
    with (part / LIST).open("x", encoding="utf-8") as target:
        json.dump(body, target, ensure_ascii=False, indent=1)
        target.flush()
        os.fsync(target.fileno())


def _read_list(place: Path) -> dict[str, Any]:
    try:
        found = json.loads((place / LIST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT or LEDGER not in found["tables"] or not found["parts"]:
            raise ValueError
        return {**found, "tables": dict(found["tables"]), "parts": dict(found["parts"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise Refusal(
            "no_backup",
            gettext_noop("{folder} 里没有可用的备份清单 backup.json。"),
            remedy=gettext_noop("请给出备份命令写出的、以日期时间命名的那个文件夹。"),
            folder=place.name,
        ) from None


def _must_fit(wanted: Mapping[str, Any]) -> None:
    if wanted["database"] != connection.vendor:
        raise Conflict(
            "other_database",
            gettext_noop("这份备份取自 {theirs}，这里是 {ours}。"),
            remedy=gettext_noop("请在同一种数据库上恢复。"),
            theirs=wanted["database"],
            ours=connection.vendor,
        )
    if wanted["migrations"] != backup.applied_migrations():
        raise Conflict(
            "other_version",
            gettext_noop("这份备份的表结构与这里不同：它取自 {version} 版。"),
            remedy=gettext_noop("请先装那个版本，建空库，恢复后再升级。"),
            version=wanted["version"],
        )


def _must_be_empty() -> None:
    counts = backup.row_counts()
    if counts[LEDGER] or counts[PEOPLE]:
        raise Conflict(
            "database_in_use",
            gettext_noop("这个库里已有账号或存证，不能覆盖。"),
            remedy=gettext_noop("请建一个空库，运行 python -m django migrate 后再恢复。"),
        )


def _whole(place: Path, wanted: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the files a backup names; raise Refusal naming what is missing or not what it was."""
    bad = [name for name, digest in wanted["parts"].items() if not (place / name).is_file() or backup.digest_of(place / name) != digest]
    if bad:
        raise Refusal("backup_damaged", gettext_noop("备份不完整或被改过：{names}"), remedy=ANOTHER, names=", ".join(bad))
    files = [(sha256, int(size)) for sha256, size in (line.split() for line in (place / "files.txt").read_text(encoding="ascii").splitlines())]
    lost = [sha256 for sha256, _size in files if not _kept(place, sha256).is_file() or backup.digest_of(_kept(place, sha256)) != sha256]
    if lost:
        raise Refusal(
            "backup_files_lost",
            gettext_noop("缺 {count} 个文件或内容不符，第一个是 {first}。"),
            remedy=gettext_noop("文件在备份文件夹旁边的 files 里，请一并取回。"),
            count=len(lost),
            first=lost[0][:16],
        )
    return files


def _kept(place: Path, sha256: str) -> Path:
    return place.parent / FILES / sha256[:2] / sha256[2:4] / sha256
