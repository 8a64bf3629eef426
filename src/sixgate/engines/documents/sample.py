"""A drawn page that stands for a stamped scan in the demo: lines of grey, a red seal, the word SAMPLE. No real paper is imitated."""

import io

from PIL import Image, ImageDraw

SIZE = (827, 1169)  # A4 at 100 dots per inch
GREY, RED, INK = (205, 210, 218), (196, 43, 43), (70, 78, 90)


def sample_scan(number: int) -> bytes:
    """Return a PNG of one page; the number makes each page a different file."""
    page = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(page)
    draw.text((90, 80), f"SAMPLE  No. {number}", fill=INK, font_size=34)
    draw.line((90, 140, SIZE[0] - 90, 140), fill=RED, width=4)
    for row in range(20):
        length = 560 if row % 5 == 4 else 647
        draw.rectangle((90, 200 + row * 34, 90 + length - (row * number) % 60, 212 + row * 34), fill=GREY)
    draw.ellipse((520, 900, 720, 1100), outline=RED, width=6)
    draw.regular_polygon((620, 1000, 34), 5, rotation=0, fill=RED)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
