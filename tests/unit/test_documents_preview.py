"""Papers looked into: a real PDF has pages and words, a picture a page, anything else and anything broken nothing."""

from pathlib import Path

from PIL import Image

from sixgate.engines.documents.preview import EMPTY, kind_of, preview

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 44>>stream\nBT /F1 24 Tf 40 300 Td (Feasibility) Tj ET  \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def test_a_pdf_shows_its_page_and_says_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(PDF)
    found = preview(path, pages=3, width=600)
    assert (found.count, len(found.pages), found.text.strip(), found.pages[0][:4]) == (1, 1, "Feasibility", b"\x89PNG")


def test_a_picture_is_its_own_page(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    Image.new("RGB", (2000, 1000), "white").save(path, "JPEG")
    found = preview(path, pages=1, width=500)
    assert (found.count, len(found.pages), found.text) == (1, 1, "")


def test_what_is_no_paper_or_broken_has_nothing(tmp_path: Path) -> None:
    for name, data in (("text", b"hello"), ("broken", b"%PDF-1.7\nnothing here")):
        path = tmp_path / name
        path.write_bytes(data)
        assert preview(path, pages=2) == EMPTY
    assert [kind_of(head) for head in (b"%PDF-1.7", b"\xff\xd8\xff\xe0", b"PK\x03\x04")] == ["pdf", "image", "other"]
