"""The child that opens a paper: limits itself first, then renders; everything it has to say lies in its room."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1_073_741_824
CPU_SECONDS = 20
TEXT_CHARACTERS = 5_000
MOST_PIXELS = 40_000_000


def main() -> int:
    """Read the order from standard input, write `answer.json` and `page-NN.png` into the room."""
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    room = Path(order["room"])
    count, text = (_pdf if order["kind"] == "pdf" else _image)(Path(order["path"]), room, order["pages"], order["width"])
    (room / "answer.json").write_text(json.dumps({"count": count, "text": text}), encoding="utf-8")
    return 0


def _pdf(path: Path, room: Path, pages: int, width: int) -> tuple[int, str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for number in range(min(pages, len(document))):
        page = document[number]
        scale = min(width / max(page.get_width(), 1.0), (MOST_PIXELS / max(page.get_width() * page.get_height(), 1.0)) ** 0.5)
        page.render(scale=scale).to_pil().save(room / f"page-{number:02d}.png")
    text = document[0].get_textpage().get_text_bounded() if len(document) else ""
    return len(document), text[:TEXT_CHARACTERS]


def _image(path: Path, room: Path, pages: int, width: int) -> tuple[int, str]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(path) as picture:
        if pages:
            picture.thumbnail((width, width * 4))
            picture.convert("RGB").save(room / "page-00.png")
    return 1, ""


if __name__ == "__main__":
    sys.exit(main())
