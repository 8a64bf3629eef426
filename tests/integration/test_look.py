"""Light and dark: the choice is the browser's, kept in a cookie; without one the page follows the system; dark words can be read."""

import re

import pytest
from django.conf import settings
from django.test import Client

from place import ROOT

pytestmark = pytest.mark.usefixtures("rows")

ASSETS = ROOT / "src/sixgate/interfaces/web/assets"
HERE = "http://testserver/sign-in/"
PAIRS = [
    *[(f"{word}", paper) for word in ("ink", "muted", "accent", "accent-strong") for paper in ("card", "paper")],
    *[(word, f"{word}-soft") for word in ("met", "unmet", "unknown", "na", "accent")],
    *[(word, paper) for word in ("met", "unmet", "unknown") for paper in ("card", "paper")],
    *[("ink", f"{soft}-soft") for soft in ("met", "unmet", "unknown", "accent")],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]


def chosen(look: str, back: str = HERE) -> Client:
    """Return a browser that pressed a button of the switch."""
    client = Client(headers={"referer": back})
    client.post("/look/", {"look": look})
    return client


def head(client: Client) -> tuple[str, str]:
    """Return the look the page bears and the media its dark sheet is for."""
    page = client.get("/sign-in/").content.decode()
    html, sheet = re.search(r"<html[^>]*>", page), re.search(r'href="[^"]*dark[^"]*\.css" media="([^"]*)"', page)
    assert html is not None
    borne = re.search(r'data-bs-theme="(\w+)"', html[0])
    return borne[1] if borne else "", sheet[1] if sheet else ""


def test_a_browser_without_a_choice_follows_the_system_and_one_with_a_choice_keeps_it() -> None:
    asked = [head(Client()), head(chosen("dark")), head(chosen("light")), head(chosen("purple"))]
    follows = ("", "screen and (prefers-color-scheme: dark)")
    assert asked == [follows, ("dark", "screen"), ("light", ""), follows]


def test_a_choice_is_forgotten_on_wish_and_a_cookie_of_somebody_elses_making_counts_nothing() -> None:
    client = chosen("dark")
    client.post("/look/", {"look": ""})
    forged = Client()
    forged.cookies["sixgate_look"] = '"><script>'
    assert (head(client), head(forged)) == (head(Client()), head(Client()))


@pytest.mark.parametrize(("came_from", "goes"), [(HERE, HERE), ("https://elsewhere.example/", "/"), ("", "/")])
def test_one_goes_back_to_where_one_was_and_nowhere_else(came_from: str, goes: str) -> None:
    answer = Client(headers={"referer": came_from}).post("/look/", {"look": "dark"})
    assert (answer.status_code, answer.headers["Location"]) == (302, goes)
    assert Client().get("/look/").status_code == 405
    cookie = answer.cookies["sixgate_look"]
    assert (bool(cookie["httponly"]), cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", settings.SESSION_COOKIE_SECURE)


@pytest.mark.parametrize("sheet", ["sixgate.css", "dark.css"])
def test_every_word_stands_out_from_its_paper_by_the_measure_of_wcag_aa(sheet: str) -> None:
    colours = dict(re.findall(r"--sg-([\w-]+): (#[0-9a-f]{3,6});", (ASSETS / sheet).read_text(encoding="utf-8")))
    faint = [(word, paper) for word, paper in PAIRS if _contrast(colours[word], colours[paper]) < 4.5]
    assert faint == []


def test_the_dark_sheet_names_the_colours_of_the_light_one_and_no_others() -> None:
    names = [set(re.findall(r"(--sg-[\w-]+):", (ASSETS / sheet).read_text(encoding="utf-8"))) for sheet in ("sixgate.css", "dark.css")]
    assert names[0] == names[1]


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_light(one), _light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
