"""Two ways to work a page: by keyboard alone, or by what a page offers without JavaScript. Both know fields by their labels only."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

REACH = """(wanted) => {
  const el = document.activeElement; if (!el || el === document.body) return false;
  const label = (el.labels && el.labels[0] ? el.labels[0].innerText : el.getAttribute('aria-label') || el.innerText || el.value || '').trim();
  return label === wanted || label.startsWith(wanted + ' ') || label.startsWith(wanted + '\\n') || label.startsWith(wanted + '（') || label.startsWith(wanted + '·');
}"""
CHOSEN = "() => document.activeElement.selectedOptions[0].innerText.trim()"
FURTHEST = 220


class Keyboard:
    """Works a page with Tab, arrows, letters, Space and Enter. Only the system's own file dialog is stepped over: no page can be asked for it."""

    def __init__(self, page: Page) -> None:
        self.page = page

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
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


class Pointer:
    """Works a page by its labels; used where JavaScript is switched off."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def write(self, label: str, text: str) -> None:
        """Fill a field."""
        self.page.get_by_label(label, exact=False).first.fill(text)

    def date(self, label: str, day: str) -> None:
        """Fill a date field."""
        self.write(label, day)

    def choose(self, label: str, option: str) -> None:
        """Choose an option."""
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def attach(self, label: str, path: Path) -> None:
        """Give a file."""
        self.page.get_by_label(label, exact=False).first.set_input_files(path)

    def press(self, label: str) -> None:
        """Press a button or follow a link."""
        main = self.page.locator("main")
        target = main.get_by_role("button", name=label).or_(main.get_by_role("link", name=label)).first
        target.click()


Hands = Keyboard | Pointer


def keyed(hands: Hands, fields: Mapping[str, tuple[str, str]]) -> None:
    """Key the fields of a form in order: label → (kind, value) with kind text, choice or date."""
    for label, (kind, value) in fields.items():
        {"text": hands.write, "choice": hands.choose, "date": hands.date}[kind](label, value)
