"""Takes the pictures of the README and the manual from a demo served for the purpose, in Chinese and in English.

Usage: python scripts/pictures.py [NAME …]   (all of them when none is named; needs Chromium)
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from sixgate.engines.documents.sample import sample_scan

ROOT = Path(__file__).resolve().parent.parent
README, MANUAL = ROOT / "docs/pictures", ROOT / "docs/manual/pictures"
PASSWORD = "sixgate-demo-2026"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
WIDTH, TALLEST, COLOURS = 1280, 1400, 128
MAIN = "市民卡"
SIGNERS = ("gao", "xu", "ma", "huang")
REGISTER = """项目编号,项目名称,建设单位,投资金额(万元),计划完成时间
SL-001,政务数据共享交换平台扩容（示例）,市数据局（示例）,860.5,2027-06-30
SL-002,不动产登记系统适老化改造（示例）,市人力资源和社会保障局（示例）,待定,2027年3月
SL-003,,市财政局（示例）,120,2027-12-31
合计,,,980.5,
"""


@dataclass(frozen=True)
class Demo:
    """A served demo: its address, and the environment its command line needs."""

    address: str
    environment: dict[str, str]

    def command(self, *arguments: str) -> None:
        """Run a sixgate command on the demo's database."""
        subprocess.run([sys.executable, "-m", "sixgate.interfaces.cli", *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Scene:
    """One picture: who looks, and how they get to the page."""

    folder: Path
    person: str
    go: Callable[[Demo, Page], None]


def at(path: str) -> Callable[[Demo, Page], None]:
    """Return the way to a fixed address."""
    return lambda _demo, page: _open(page, path)


def _open(page: Page, path: str) -> None:
    page.goto(path)


def _project(_demo: Demo, page: Page, words: str = MAIN) -> None:
    """Open the first project a search finds."""
    page.goto(f"/projects/?q={words}")
    page.goto(str(page.locator("#list tbody a").first.get_attribute("href")))


def _furthest(demo: Demo, page: Page) -> None:
    """Open the money of the project that has come furthest, from estimate to final accounts: the demo's one in operations."""
    page.goto("/projects/?stage=operations&sort=moved&down=1")
    page.goto(f"{page.locator('#list tbody a').first.get_attribute('href')}money/")


def _act(name: str) -> Callable[[Demo, Page], None]:
    """Open the form of a verb the project page or its gate offers."""

    def go(demo: Demo, page: Page) -> None:
        _project(demo, page)
        page.goto(str(page.locator(f'a[href*=".{name}/"]').first.get_attribute("href")))

    return go


def _form(address: str) -> Callable[[Demo, Page], None]:
    def go(demo: Demo, page: Page) -> None:
        _project(demo, page)
        page.goto(f"{_here(page)}acts/{address}/")

    return go


def _here(page: Page) -> str:
    """Return the address of the project page one is on."""
    return page.url.split("gates/")[0].split("?")[0]


def _check(demo: Demo, page: Page) -> None:
    """Hand in a paper as the clerk, then open it as the second person."""
    _project(demo, page)
    project = _here(page).rstrip("/").rpartition("/")[2]
    scan = Path(demo.environment["SIXGATE_VAR"]) / "示例材料.png"
    scan.write_bytes(sample_scan(3))
    known = page.request.get("/api/v1/evidence_kinds/needs_survey").json()["properties"]
    fields = json.dumps({name: _example(schema) for name, schema in known.items()})
    given = {"project-id": project, "kind": "needs_survey", "screening": "no", "fields": fields, "files": str(scan)}
    demo.command("lifecycle.initiation.submit_evidence", "--as", "chen", *(part for name, text in given.items() for part in (f"--{name}", text)))
    page.goto("/")
    page.goto(str(page.locator('#main a[href^="/evidence/"]').first.get_attribute("href")))


def _example(schema: Mapping[str, Any]) -> object:
    """Return an example value for a field of evidence."""
    if "enum" in schema:
        return schema["enum"][0]
    return {"integer": 6, "boolean": True}.get(schema["type"], "2026-10-12" if schema.get("format") == "date" else "示例")


def _decide(demo: Demo, page: Page) -> None:
    """Let the bodies that still have to sign agree, then open the decision."""
    assert page.context.browser is not None
    for person in SIGNERS:
        other = signed_in(page.context.browser, demo, person, LANGUAGES["zh"])
        _project(demo, other)
        offered = other.locator('a[href*=".sign_off/"]')
        if offered.count():
            other.goto(str(offered.first.get_attribute("href")))
            other.locator("#id_agrees").select_option("true")
            other.locator("main form button.btn-primary").click()
        other.context.close()
    _act("decide_gate")(demo, page)


def _preview(demo: Demo, page: Page) -> None:
    """Hand over a small register with one row that cannot be read, up to the preview."""
    file = Path(demo.environment["SIXGATE_VAR"]) / "市级台账（示例）.csv"
    file.write_text(REGISTER, encoding="utf-8")
    page.goto("/projects/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("#id_owner_id").select_option(label="市数据局（示例）")
    page.locator("#id_screening").select_option("no")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/projects/import/*/**")


def _first(path: str, selector: str) -> Callable[[Demo, Page], None]:
    """Return the way through a list to the first thing in it."""

    def go(_demo: Demo, page: Page) -> None:
        page.goto(path)
        page.goto(str(page.locator(selector).first.get_attribute("href")))

    return go


SCENES = {
    "dossier": Scene(README, "chen", _furthest),
    "desk": Scene(MANUAL, "xu", at("/")),
    "register-project": Scene(MANUAL, "chen", at("/projects/new/")),
    "gate": Scene(MANUAL, "chen", _project),
    "submit-evidence": Scene(MANUAL, "chen", _act("submit_evidence")),
    "change": Scene(MANUAL, "chen", _form("lifecycle.initiation.file_change")),
    "check-evidence": Scene(MANUAL, "lin", _check),
    "sign-off": Scene(MANUAL, "xu", _act("sign_off")),
    "decide": Scene(MANUAL, "qian", _decide),
    "register": Scene(MANUAL, "zhou", at("/projects/")),
    "import-preview": Scene(MANUAL, "zhou", _preview),
    "organisation": Scene(MANUAL, "secadmin", _first("/organisations/", "#main tbody a")),
    "person": Scene(MANUAL, "admin", _first("/people/?q=陈思远", "#main tbody a")),
    "clauses": Scene(MANUAL, "he", at("/clauses/?show=open")),
    "ledger": Scene(MANUAL, "auditor", at("/ledger/?project=市民卡")),
    "ledger-event": Scene(MANUAL, "auditor", _first("/ledger/?action=lifecycle.initiation.sign_off", "#main tbody a")),
}


@contextmanager
def served() -> Iterator[Demo]:
    """Serve a fresh demo on a free port with a database and files of its own."""
    with tempfile.TemporaryDirectory(prefix="sixgate-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        own = {"SIXGATE_VAR": folder, "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3", "PORT": port, "DJANGO_SETTINGS_MODULE": "sixgate.settings"}
        demo = Demo(f"http://127.0.0.1:{port}", {**os.environ, **own})
        for command in (
            ["scripts/translations.py", "compile"],
            ["-m", "django", "migrate", "-v0"],
            ["-m", "django", "collectstatic", "--noinput", "-v0"],
        ):
            subprocess.run([sys.executable, *command], env=demo.environment, check=True, cwd=ROOT)
        demo.command("demo", "load")
        server = subprocess.Popen(
            [sys.executable, str(ROOT / "scripts/serve.py")], env=demo.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait(f"{demo.address}/sign-in/")
            yield demo
        finally:
            server.terminate()
            server.wait(30)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the demo did not start")


def signed_in(browser: Browser, demo: Demo, person: str, language: str) -> Page:
    """Return a page of a person who reads a language."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 900}, locale=language, base_url=demo.address)
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "django_language", "value": language, "url": demo.address}])
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#id_username", person)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation(url=lambda url: "sign-in" not in url):
        page.locator("#id_password").press("Enter")
    return page


def save(page: Page, path: Path) -> None:
    """Save the page from its top, in few colours so that the repository stays small."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    picture = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main(names: list[str]) -> int:
    """Take the pictures named, all when none is."""
    unknown = [name for name in names if name not in SCENES]
    chromium = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if unknown or chromium is None:
        print(f"没有这样的图片：{unknown}；现有 {', '.join(SCENES)}" if unknown else "没有 Chromium，请先安装。Chromium is missing.", file=sys.stderr)
        return 2
    with served() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in names or SCENES:
            scene = SCENES[name]
            for short, language in LANGUAGES.items():
                page = signed_in(browser, demo, scene.person, language)
                scene.go(demo, page)
                save(page, scene.folder / f"{name}-{short}.png")
                page.context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
