"""Sets a paper as PDF/A by the layout of GB/T 9704-2012, in the free letters that lie beside this module. Knows nothing of government.

Texts reach the typesetter as data, never as markup; no font of the machine is used, so the same paper looks the same everywhere.
"""

import json
from pathlib import Path
from typing import Any, Final

import typst

from sixgate.engines.documents.paper import Block, Grid, Heading, Paper, Paragraph, day_text, numbered, signature_indents
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

HERE: Final = Path(__file__).parent
FONTS: Final = HERE / "fonts"
LAYOUT: Final = HERE / "paper.typ"


def write_pdf(path: Path, paper: Paper) -> None:
    """Write the paper; raise Refusal when the letters were not fetched with the front-end files."""
    if not any(FONTS.glob("*.ttf")):
        raise Refusal(
            "fonts_missing",
            gettext_noop("服务器上没有 PDF 用的字体，暂时不能出 PDF。"),
            remedy=gettext_noop("请改用 Word 或 Excel；管理员运行 scripts/assets.py 取字体后即可。"),
        )
    typst.compile(
        str(LAYOUT),
        output=str(path),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(_told(paper), ensure_ascii=False)},
        pdf_standards="a-2a",
    )


def _told(paper: Paper) -> dict[str, Any]:
    day = day_text(paper.issued_on)
    return {
        "title": paper.title,
        "mark": paper.mark,
        "issuer": paper.issuer,
        "day": day,
        "on": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "indents": signature_indents(paper.issuer, day),
        "note": paper.note,
        "blocks": [_block(block) for block in numbered(paper.blocks)],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    assert isinstance(block, Grid)
    rows = [list(row) for row in block.rows]
    return {
        "kind": "grid", "caption": block.caption, "headings": list(block.headings), "widths": list(block.widths), "rows": rows,
        "right": sorted(block.right),
    }  # fmt: skip
