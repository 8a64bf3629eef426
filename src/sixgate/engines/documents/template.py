"""A bureau's own form with named places: what names it holds and where, and the form filled in. Both are done by a child with bounded memory and time.

Knows nothing of government: which names there are is given. The package is looked at before the child opens it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sixgate.engines.documents.package import check_package
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

_WORKER: Final = "sixgate.engines.documents.template_worker"
WALL_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Form:
    """What a form is (docx | xlsx) and the names it holds, in the order of the text."""

    kind: str
    names: tuple[str, ...]


def read_form(path: Path, values: Sequence[str], lists: Mapping[str, Sequence[str]]) -> Form:
    """Return the names a form holds; raise Refusal naming an unknown name and its place, a broken brace, or why the file cannot be used."""
    kind = check_package(path)
    answer = _ask(
        {"do": "read", "kind": kind, "path": str(path.resolve()), "values": list(values), "lists": {key: list(names) for key, names in lists.items()}}
    )
    return Form(kind, tuple(answer["names"]))


def fill_form(path: Path, filled: Path, values: Mapping[str, str], lists: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Write the form with every name replaced and every list's row repeated; raise Refusal when the file cannot be used (any more)."""
    kind = check_package(path)
    rows = {key: [dict(row) for row in found] for key, found in lists.items()}
    _ask({"do": "fill", "kind": kind, "path": str(path.resolve()), "filled": str(filled.resolve()), "values": dict(values), "lists": rows})


def _ask(order: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sixgate-template-") as room:
        answer_path = Path(room) / "answer.json"
        if not _run(json.dumps(order), room, answer_path):
            raise Refusal(
                "template_unreadable",
                gettext_noop("读取模板时出错或用时过长，已停止。"),
                remedy=gettext_noop("请新建一个空白文档，只复制文字和表格后再上传。"),
                field="file",
            )
        answer: dict[str, Any] = json.loads(answer_path.read_bytes())
    if "refusal" in answer:
        told = answer["refusal"]
        raise Refusal(told["code"], told["template"], remedy=told["remedy"], field="file", **told["params"])
    return answer


def _run(order: str, room: str, answer: Path) -> bool:
    command = [sys.executable, "-I", "-X", "utf8", "-m", _WORKER, str(answer)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": room}
    try:
        done = subprocess.run(command, input=order.encode(), capture_output=True, timeout=WALL_SECONDS, cwd=room, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and answer.is_file()
