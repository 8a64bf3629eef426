"""The real server in a process of its own with a database and files of its own, and a real browser."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from served import PASSWORD, SignIn, Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a fresh demo on a free port until the module's tests are done."""
    with serving(tmp_path_factory.mktemp("site")) as served:
        yield served


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
    """Return a function that opens a page signed in as a person, with or without JavaScript, of a given width, on a light or dark system."""
    contexts = []

    def open_page(username: str, *, javascript: bool = True, width: int = 1280, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            java_script_enabled=javascript,
            base_url=site.address,
            color_scheme="dark" if dark else "light",
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
