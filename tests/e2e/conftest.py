"""A real server on loopback and a real browser that goes nowhere else."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

if TYPE_CHECKING:
    from tests.support.databases import Database

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey in a browser."""
    for item in items:
        if "e2e" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = next((p for p in CHROMIUM if Path(p).exists()), None)
    if path is None:
        pytest.fail("Chromium is missing. Install it with: apt-get install chromium")
    # Playwright's loop runs in this thread; Django would take its calls for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield found
        found.close()


@pytest.fixture
def address(database: "Database") -> Iterator[str]:
    """The address of Keystead on a free loopback port, on this test's fresh database."""
    from tests.support.serving import serving

    with serving(threads=4) as found:
        yield found


class Visit:
    """A page in the browser, what it asked of other hosts, and what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        """Watch `page` while it visits the server at `address`."""
        self.page = page
        self.address = address
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def _note(self, request: Request) -> None:
        host = urlparse(request.url).netloc
        if host and host != urlparse(self.address).netloc:
            self.elsewhere.append(request.url)

    def open(self, path: str) -> None:
        """Go to a path of the server."""
        self.page.goto(self.address + path)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A fresh browser at a desk's size; fails if a page asked another host or threw an error."""
    yield from _visit(browser, address, width=1280, height=800)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visit]:
    """The same on a phone."""
    yield from _visit(browser, address, width=390, height=844)


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Visit]:
    """The same without JavaScript."""
    yield from _visit(browser, address, width=1280, height=800, scripted=False)


def _visit(
    browser: Browser, address: str, *, width: int, height: int, scripted: bool = True
) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=scripted,
        locale="en-GB",
        timezone_id="America/New_York",
    )
    context.set_default_timeout(10_000)
    visit = Visit(context.new_page(), address)
    yield visit
    context.close()
    assert visit.elsewhere == []
    unexpected = [text for text in visit.complaints if "Failed to load resource" not in text]
    assert unexpected == []
