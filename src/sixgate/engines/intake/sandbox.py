"""Reads a foreign register in a child process that can harm nothing: bounded memory, time and files, no network where the kernel permits.

Whatever becomes of the child, the caller gets a table or a Refusal, and nothing stays behind.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sixgate.engines.intake.guard import MEGABYTE
from sixgate.engines.intake.table import Mapping, RegisterTable, table_from_json
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

_WORKER = "sixgate.engines.intake.worker"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use. Seconds grow with the file: `cpu_seconds` for the first megabytes, one more for each further one."""

    memory_bytes: int = 512 * MEGABYTE
    cpu_seconds: int = 20
    open_files: int = 64
    answer_bytes: int = 512 * MEGABYTE

    def cpu_for(self, size: int) -> int:
        """Return the processor seconds allowed for a file of this size."""
        return self.cpu_seconds + size // MEGABYTE


def read_register_safely(path: Path, mapping: Mapping | None = None, *, limits: Limits | None = None) -> RegisterTable:
    """Read a register in the sandbox; a child that dies, hangs or answers nonsense becomes a Refusal."""
    limits = limits or Limits()
    cpu = limits.cpu_for(path.stat().st_size)
    order = {
        "path": str(path.resolve()),
        "mapping": mapping.to_json() if mapping else None,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": cpu,
        "open_files": limits.open_files,
        "answer_bytes": limits.answer_bytes,
    }
    with tempfile.TemporaryDirectory(prefix="sixgate-intake-") as room:
        answer_path = Path(room) / "answer.json"
        code = _run(json.dumps(order), Path(room), answer_path, wall_seconds=cpu * 2 + 10)
        answer = _load(answer_path) if code == 0 else None
    if answer is None:
        raise _killed(code)
    if "refusal" in answer:
        told = answer["refusal"]
        raise Refusal(told["code"], told["template"], remedy=told["remedy"], **told["params"])
    return table_from_json(answer["table"])


def _load(path: Path) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return answer


def _run(order: str, room: Path, answer: Path, *, wall_seconds: float) -> int:
    """Run the worker in its own session and return its code; minus SIGALRM stands for our own time limit."""
    command = [*_without_network(), sys.executable, "-I", "-X", "utf8", "-m", _WORKER, str(answer)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": str(room), "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=room, env=environment, start_new_session=True
    ) as child:
        try:
            child.communicate(order.encode(), timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            return -signal.SIGALRM
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        return child.returncode


@lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """Return the command prefix that takes the network away, or nothing where the kernel does not permit it."""
    tool, true = shutil.which("unshare"), shutil.which("true")
    if not tool or not true:
        return ()
    for prefix in ((tool, "-n", "--"), (tool, "-r", "-n", "--")):
        with suppress(OSError, subprocess.TimeoutExpired):
            if subprocess.run([*prefix, true], capture_output=True, timeout=5, check=False).returncode == 0:
                return prefix
    return ()


def network_is_cut() -> bool:
    """Say whether children run without network here, for `doctor`."""
    return bool(_without_network())


def _killed(code: int) -> Refusal:
    if code in (-signal.SIGALRM, -signal.SIGXCPU, 128 + signal.SIGXCPU):
        return Refusal(
            "import_too_slow",
            gettext_noop("读取这个文件用时过长，已停止。"),
            remedy=gettext_noop("请删去无关工作表，或分成几份导入。"),
        )
    return Refusal(
        "import_failed",
        gettext_noop("读取这个文件时出错，已停止；什么都没有导入。"),
        remedy=gettext_noop("请在表格软件里重新保存后再试；仍不行请把文件交给管理员。"),
    )
