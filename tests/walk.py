"""A walk through the product in a browser: several people, each on a page of their own; every page they come to is looked at by axe."""

import io
import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from hands import Hands, Keyboard, Pointer, keyed
from served import SignIn, serious

PICTURES = os.environ.get("SIXGATE_PICTURES", "")
HEAVIEST, COLOURS, TALLEST = 150_000, 128, 1500
Fields = dict[str, tuple[str, str]]


class Walk:
    """One walk with one pair of hands; `scan` is the file handed in wherever one is asked for."""

    def __init__(self, signed_in: SignIn, scan: Path, hands: type[Keyboard] | type[Pointer], *, javascript: bool = True) -> None:
        self.signed_in, self.scan, self.of, self.javascript = signed_in, scan, hands, javascript
        self.pages: dict[str, Page] = {}
        self.addresses: dict[tuple[str, str], str] = {}
        self.twin: Page | None = None
        self.errors: list[str] = []

    def hands(self, username: str) -> Hands:
        """Return the hands of a person, signed in."""
        if username not in self.pages:
            self.pages[username] = self.signed_in(username, javascript=self.javascript)
            self.pages[username].on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        return self.of(self.pages[username], self.look)

    def look(self, page: Page) -> None:
        """Let axe look at a page as its reader has it; a page without scripts is looked at in a twin that may run them."""
        seen = page if self.javascript else self._in_twin(page)
        assert serious(seen) == [], page.url

    def _in_twin(self, page: Page) -> Page:
        self.twin = self.twin or self.signed_in("zhou")
        body = page.content()
        self.twin.route(page.url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
        self.twin.goto(page.url)
        self.twin.unroute(page.url)
        return self.twin

    def main(self, username: str) -> str:
        """Return what a person reads now."""
        return self.pages[username].locator("main").inner_text()

    def card(self, username: str, heading: str) -> str:
        """Return what stands on the card with this heading, on one line."""
        cards = self.pages[username].locator("section.sg-card", has=self.pages[username].get_by_role("heading", name=heading, exact=True))
        return " ".join(cards.first.inner_text().split())

    def tally(self, username: str) -> dict[str, int]:
        """Return the counts of an import as the page shows them."""
        items = (item.split() for item in self.pages[username].locator(".sg-tally li").all_inner_texts())
        return {word: int(number) for number, word in items}

    def verdicts(self, username: str) -> dict[str, int]:
        """Return how many requirements of the shown gate stand how."""
        chips = (text.split() for text in self.pages[username].locator("[aria-labelledby=panel] > .sg-row .v-chip").all_inner_texts())
        return {word: int(number) for word, number in chips}

    def state(self, username: str) -> str:
        """Return what the panel's heading says of the gate."""
        return self.pages[username].locator("#panel").inner_text().partition(" · ")[2]

    def missing(self, username: str) -> dict[str, int]:
        """Return the papers several unknown requirements wait for, each with how many."""
        found = self.pages[username].locator(".req", has=self.pages[username].locator("details summary", has_text="是哪几项"))
        return {
            row.locator("> .t").inner_text(): int(re.sub(r"\D", "", row.locator("> span .v-chip").first.inner_text()) or 0)
            for row in (found.nth(index) for index in range(found.count()))
        }

    def open(self, username: str, name: str, gate: str = "") -> Hands:
        """Let a person open a project, at a gate where one is named: found by search from their desk the first time, by its address later."""
        hands = self.hands(username)
        if (username, name) not in self.addresses:
            hands.go("/")
            hands.search(name)
            hands.press(name)
            self.addresses[username, name] = hands.page.url
        elif not gate:
            hands.go(self.addresses[username, name])
        if gate:
            hands.go(f"{self.addresses[username, name]}gates/{gate}/")
        return hands

    def hand_in(self, clerk: str, kind: str, fields: Fields, link: str = "提交材料") -> None:
        """Let a person hand in one kind of evidence from the gate they have open, or from the section of papers (提交)."""
        hands = self.hands(clerk)
        hands.press(f"{link}：{kind}")
        hands.choose("本件是否涉及国家秘密", "都不涉及")
        keyed(hands, fields)
        if hands.page.locator("input[type=file]").count():
            hands.attach("原件扫描件或电子件", self.scan)
        hands.press("提交材料")

    def check(self, checker: str, kind: str) -> None:
        """Let the second person compare what waits on their desk of a kind with its scan."""
        hands = self.hands(checker)
        hands.go("/")
        hands.press(f"核对材料：{kind}")
        hands.choose("与原件一致", "是")
        hands.press("提交核对结果")
        assert "已核对，作数" in self.main(checker)

    def sign(self, username: str, name: str, answer: str, opinion: str = "", gate: str = "") -> None:
        """Let a body give its word."""
        hands = self.open(username, name, gate)
        hands.press("会签")
        hands.choose("同意", answer)
        if opinion:
            hands.write("意见", opinion)
        hands.press("会签")

    def picture(self, username: str, name: str) -> None:
        """Keep what a person sees as a picture for the manual, when pictures are asked for."""
        if not PICTURES:
            return
        shot = Image.open(io.BytesIO(self.pages[username].screenshot(full_page=True)))
        path = Path(PICTURES) / f"{name}.png"
        shot.crop((0, 0, shot.width, min(shot.height, TALLEST))).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        assert path.stat().st_size <= HEAVIEST, f"{path} is too heavy: {path.stat().st_size}"
