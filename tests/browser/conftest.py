"""The real server in a process of its own with a database and files of its own, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from served import PASSWORD, ROOT, SignIn, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a fresh demo on a free port until the module's tests are done."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {
        **os.environ,
        "SIXGATE_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "sixgate.settings",
        "PORT": port,
    }
    for command in (
        ["-m", "django", "migrate", "-v0"],
        ["-m", "django", "collectstatic", "--noinput", "-v0"],
        ["-m", "sixgate.interfaces.cli", "demo", "load"],
    ):
        subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, str(ROOT / "scripts/serve.py")], env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/sign-in/", folder / "serve.log")
            yield Site(f"http://127.0.0.1:{port}", environment)
        finally:
            server.terminate()
            server.wait(30)


def _wait(address: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium once."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("Chromium is missing: apt-get install chromium (make test does it when it may).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def signed_in(site: Site, chromium: Browser) -> Iterator[SignIn]:
    """Return a function that opens a page signed in as a person, with or without JavaScript, of a given width."""
    contexts = []

    def open_page(username: str, *, javascript: bool = True, width: int = 1280) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=javascript, base_url=site.address
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto("/sign-in/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        with page.expect_navigation(url=lambda url: "sign-in" not in url):
            page.locator("form", has=page.locator("#id_password")).get_by_role("button", name="登录").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
