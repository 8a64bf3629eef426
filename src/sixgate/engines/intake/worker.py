"""The child of `sandbox`: limits itself, reads one register, writes one JSON answer. Run as a module, never imported by others."""

import json
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Read the order from standard input and write the answer to the path given as the only argument."""
    order = json.loads(sys.stdin.buffer.read())
    _limit(order)
    answer = _answer(order)
    with Path(sys.argv[1]).open("w", encoding="utf-8") as stream:
        json.dump(answer, stream, ensure_ascii=True)
    return 0


def _limit(order: dict[str, Any]) -> None:
    memory, cpu, files, answer = (order[name] for name in ("memory_bytes", "cpu_seconds", "open_files", "answer_bytes"))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer, answer))


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    from sixgate.engines.intake.register import read_register
    from sixgate.engines.intake.table import Mapping, table_to_json
    from sixgate.kernel.refusal import Refusal
    from sixgate.kernel.text import gettext_noop

    mapping = Mapping.from_json(order["mapping"]) if order["mapping"] else None
    try:
        return {"table": table_to_json(read_register(Path(order["path"]), mapping))}
    except Refusal as refusal:
        params = {name: value if isinstance(value, int) else str(value) for name, value in refusal.params.items()}
        return {"refusal": {"code": refusal.code, "template": refusal.template, "remedy": refusal.remedy, "params": params}}
    except MemoryError:
        remedy = gettext_noop("请删去无关工作表，或分成几份导入。")
        return {
            "refusal": {"code": "import_too_large", "template": gettext_noop("读取这个文件需要的内存过多，已停止。"), "remedy": remedy, "params": {}}
        }


if __name__ == "__main__":
    raise SystemExit(main())
