"""Two ways to work a page: by keyboard alone, or by what a page offers without JavaScript. Both know fields by their labels only."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page

REACH = """(wanted) => {
  const el = document.activeElement; if (!el || el === document.body) return false;
  const label = (el.labels && el.labels[0] ? el.labels[0].innerText : el.getAttribute('aria-label') || el.innerText || el.value || '').trim();
  return label === wanted || label.startsWith(wanted + ' ') || label.startsWith(wanted + '\\n') || label.startsWith(wanted + '（') || label.startsWith(wanted + '·');
}"""
CHOSEN = "() => document.activeElement.selectedOptions[0].innerText.trim()"
FURTHEST = 220
SEARCH = "搜索项目、单位、文号"
Arrived = Callable[[Page], None]


class Keyboard:
    """Works a page with Tab, arrows, letters, Space and Enter. Only the system's own file dialog is stepped over: no page can be asked for it.

    `arrived` is called with every page it comes to.
    """

    def __init__(self, page: Page, arrived: Arrived) -> None:
        self.page, self.arrived = page, arrived

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)
        self.arrived(self.page)

    def search(self, words: str) -> None:
        """Press / for the search field of every page, type and press Enter."""
        self.page.keyboard.press("/")
        assert self.page.evaluate(REACH, SEARCH), f"“/” does not lead to the search field on {self.page.url}"
        self.page.keyboard.insert_text(words)
        self._enter()

    def reach(self, label: str) -> None:
        """Tab until the element with this label has the focus."""
        for _ in range(FURTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(REACH, label):
                return
        raise AssertionError(f"the keyboard never reaches “{label}” on {self.page.url}")

    def write(self, label: str, text: str) -> None:
        """Reach a field and type."""
        self.reach(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text) if not text.isascii() else self.page.keyboard.type(text)

    def date(self, label: str, day: str) -> None:
        """Reach a date field and type year, month and day in the order the browser asks for them."""
        self.reach(label)
        year, month, date = day.split("-")
        self.page.keyboard.type(f"{month}{date}{year}")
        if self.page.evaluate("() => document.activeElement.value") != day:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(f"{year}{month}{date}")
        assert self.page.evaluate("() => document.activeElement.value") == day

    def choose(self, label: str, option: str) -> None:
        """Reach a list and step down to an option."""
        self.reach(label)
        self.page.keyboard.press("Home")
        for _ in range(FURTHEST):
            if self.page.evaluate(CHOSEN) == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{label}” does not offer “{option}”")

    def attach(self, label: str, path: Path) -> None:
        """Reach a file field and give it a file."""
        self.reach(label)
        self.page.locator("input[type=file]").first.set_input_files(path)

    def press(self, label: str) -> None:
        """Reach a button or link, press Enter and wait for the page it leads to."""
        self.reach(label)
        self._enter()

    def unfold(self, label: str) -> None:
        """Reach a folded part and open it."""
        self.reach(label)
        self.page.keyboard.press("Enter")

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrived(self.page)


class Pointer:
    """Works a page by its labels; used where JavaScript is switched off. `arrived` is called with every page it comes to."""

    def __init__(self, page: Page, arrived: Arrived) -> None:
        self.page, self.arrived = page, arrived

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)
        self.arrived(self.page)

    def search(self, words: str) -> None:
        """Fill the search field of every page and press Enter."""
        field = self.page.get_by_label(SEARCH)
        field.fill(words)
        with self.page.expect_navigation():
            field.press("Enter")
        self.arrived(self.page)

    def write(self, label: str, text: str) -> None:
        """Fill a field."""
        self._field(label).fill(text)

    def date(self, label: str, day: str) -> None:
        """Fill a date field."""
        self.write(label, day)

    def choose(self, label: str, option: str) -> None:
        """Choose an option."""
        self._field(label).select_option(label=option)

    def attach(self, label: str, path: Path) -> None:
        """Give a file."""
        self._field(label).set_input_files(path)

    def press(self, label: str) -> None:
        """Press a button or follow a link."""
        main, name = self.page.locator("main"), _named(label)
        with self.page.expect_navigation():
            main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()
        self.arrived(self.page)

    def unfold(self, label: str) -> None:
        """Open a folded part."""
        self.page.locator("main summary", has_text=_named(label)).first.click()

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(_named(label)).first


Hands = Keyboard | Pointer


def keyed(hands: Hands, fields: Mapping[str, tuple[str, str]]) -> None:
    """Key the fields of a form in order: label → (kind, value) with kind text, choice or date."""
    for label, (kind, value) in fields.items():
        {"text": hands.write, "choice": hands.choose, "date": hands.date}[kind](label, value)


def _named(label: str) -> re.Pattern[str]:
    """Return what a label reads like with a remark behind it; never another label that only begins alike."""
    return re.compile(rf"^\s*{re.escape(label)}(?=$|[\s（·])")
