"""What a browser keeps of secrets it showed once, after signing out: nothing."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.cast import ANA, PASSWORD, World
from tests.e2e.conftest import CHROMIUM, QUIET

KEPT_BY_SCRIPTS = """async () => [
    JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}),
    ...(await indexedDB.databases()).map((base) => base.name ?? ""),
    ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
]"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The folder where a browser of one's own keeps what it keeps."""
    return tmp_path / "profile"


@pytest.fixture
def at_home(browser: Browser, profile: Path) -> Iterator[BrowserContext]:
    """Chromium with a profile on the disk, as people have it, and no private window."""
    kind = browser.browser_type
    with_profile = kind.launch_persistent_context(
        str(profile),
        executable_path=browser_path(),
        args=QUIET,
        locale="en-GB",
        viewport={"width": 1280, "height": 800},
    )
    with_profile.set_default_timeout(10_000)
    yield with_profile
    with_profile.close()


def browser_path() -> str:
    return next(path for path in CHROMIUM if Path(path).exists())


def with_password(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=login]", ANA)
    page.fill("input[name=password]", PASSWORD.reveal())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("h1")).to_be_visible()


def shown_once(page: Page, address: str, slug: str, titles: list[str]) -> list[str]:
    """Everything that is shown once by design: an app's secret, codes, a token, an invitation.

    The titles of those pages go into `titles`.
    """
    page.goto(f"{address}/security/app")
    grouped = page.locator(".secret").inner_text()
    secret = grouped.replace(" ", "")
    titles.append(page.title())
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("The six digits it shows now").fill(code)
    page.get_by_role("button", name="It works").click()
    page.get_by_role("button", name="Show me the codes").click()
    codes = page.locator(".recovery li").all_inner_texts()
    titles.append(page.title())
    page.goto(f"{address}/w/{slug}/tokens/add")
    page.locator("[name=name]").fill("script")
    page.locator("main form button[type=submit]").last.click()
    token = page.locator("#shown-once").input_value()
    titles.append(page.title())
    page.goto(f"{address}/w/{slug}/members/invite")
    page.locator("[name=holder]").fill("Dee")
    page.locator("[value=new]").check()
    page.locator("main form button[type=submit]").last.click()
    invitation = page.locator("#shown-once").input_value().rstrip("/").rsplit("/", 1)[1]
    titles.append(page.title())
    return [secret, grouped, *codes, token, invitation, PASSWORD.reveal()]


def found_in(folder: Path, texts: list[str]) -> list[str]:
    """Which of these texts any file of a folder holds, as bytes of either usual kind."""
    kept = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [
        text
        for text in texts
        if any(text.encode() in file or text.encode("utf-16-le") in file for file in kept)
    ]


def one_goes_back(page: Page) -> Iterator[str]:
    """What the browser shows at every step of its history, the last first.

    An answer to a form is not there any more: an error of the browser's own stands in its place.
    """
    browser = page.context.new_cdp_session(page)
    entries = browser.send("Page.getNavigationHistory")["entries"]
    assert len(entries) >= 8
    for entry in reversed(entries):
        browser.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
        page.wait_for_timeout(500)
        shown = browser.send("Runtime.evaluate", {"expression": "document.body.innerHTML"})
        yield shown["result"]["value"]


def test_of_what_was_shown_once_the_browser_keeps_nothing(
    world: World, address: str, at_home: BrowserContext, profile: Path
) -> None:
    page = at_home.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    with_password(page, address)
    titles: list[str] = []
    secrets = shown_once(page, address, world.slug, titles)
    assert len(secrets) >= 15
    page.goto(f"{address}/security")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page).to_have_url(re.compile("/sign-in"))
    for shown in one_goes_back(page):
        assert [text for text in secrets if text in shown] == []
    page.goto(f"{address}/sign-in")
    assert page.evaluate(KEPT_BY_SCRIPTS) == ["{}", "{}"]
    asked = "\n".join([*(answer.url for answer in answers), *titles])
    assert [text for text in secrets if text in asked] == []
    referrers = {answer.request.headers.get("referer", "") for answer in answers}
    assert [text for text in secrets if text in "\n".join(referrers)] == []
    private = [a for a in answers if "/static/" not in a.url and a.status == 200]
    assert {"no-store" in (a.headers.get("cache-control") or "") for a in private} == {True}
    at_home.close()
    assert found_in(profile, ["/security/app"]) == ["/security/app"]  # history is there to be read
    assert found_in(profile, secrets) == []
