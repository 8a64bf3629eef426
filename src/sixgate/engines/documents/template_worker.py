"""The child of `template`: limits itself, opens one form, answers in one JSON file. Run as a module, never imported by others."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 768 * 1_048_576
CPU_SECONDS = 40
FILE_BYTES = 200 * 1_048_576


def main() -> int:
    """Read the order from standard input and write the answer to the path given as the only argument."""
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
    ):
        resource.setrlimit(limit, (value, value))
    answer = _answer(order)
    Path(sys.argv[1]).write_text(json.dumps(answer), encoding="utf-8")
    return 0


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    from sixgate.engines.documents import form_docx, form_xlsx
    from sixgate.engines.documents.placeholder import checked
    from sixgate.kernel.refusal import Refusal

    form = form_docx if order["kind"] == "docx" else form_xlsx
    try:
        if order["do"] == "read":
            return {"names": checked(form.spots(Path(order["path"])), order["values"], order["lists"])}
        form.fill(Path(order["path"]), Path(order["filled"]), order["values"], order["lists"])
        return {}
    except Refusal as refusal:
        params = {name: str(value) for name, value in refusal.params.items()}
        return {"refusal": {"code": refusal.code, "template": refusal.template, "remedy": refusal.remedy, "params": params}}


if __name__ == "__main__":
    sys.exit(main())
