"""Looks into a paper in a child process with bounded memory and time: page pictures for the eye, first-page text for marks of secrecy.

A file the child cannot read has no pages and no text; nothing in it is executed.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_WORKER = "sixgate.engines.documents.worker"
WALL_SECONDS = 30
_MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "image"), (b"\xff\xd8\xff", "image"))


@dataclass(frozen=True, slots=True)
class Preview:
    """Pages as PNG bytes in order (the first ones only), the number of pages there are, and the text of the first."""

    pages: tuple[bytes, ...]
    count: int
    text: str


EMPTY = Preview((), 0, "")


def kind_of(head: bytes) -> str:
    """Return pdf, image or other by the first bytes, never by the name."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "other")


def preview(path: Path, *, pages: int, width: int = 1200) -> Preview:
    """Return pictures of the first pages and the text of the first page; EMPTY when the file is no PDF or picture or cannot be read."""
    with path.open("rb") as source:
        kind = kind_of(source.read(16))
    if kind == "other":
        return EMPTY
    if kind == "image" and not pages:
        return Preview((), 1, "")  # a picture has no text: nothing to open it for
    with tempfile.TemporaryDirectory(prefix="sixgate-documents-") as room:
        order = json.dumps({"path": str(path.resolve()), "kind": kind, "pages": pages, "width": width, "room": room})
        return _answer(Path(room)) if _run(order, room) else EMPTY


def _run(order: str, room: str) -> bool:
    command = [sys.executable, "-I", "-X", "utf8", "-m", _WORKER]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": room}
    try:
        done = subprocess.run(command, input=order.encode(), capture_output=True, timeout=WALL_SECONDS, cwd=room, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _answer(room: Path) -> Preview:
    told = json.loads((room / "answer.json").read_text(encoding="utf-8"))
    pictures = sorted(room.glob("page-*.png"))
    return Preview(tuple(picture.read_bytes() for picture in pictures), int(told["count"]), str(told["text"]))
