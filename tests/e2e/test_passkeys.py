"""Passkeys and an authenticator app in a real browser, with an authenticator of its own."""

import re
import time
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.cast import ANA, PASSWORD, World
from tests.e2e.conftest import Visit


@pytest.fixture
def keyed(browser: Browser, address: str) -> Iterator[Visit]:
    """A browser with a passkey device that always says yes, at a name that passkeys allow."""
    here = f"http://localhost:{urlparse(address).port}"
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    visit = Visit(context.new_page(), here)
    tools = context.new_cdp_session(visit.page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield visit
    context.close()
    assert visit.elsewhere == []
    assert [text for text in visit.complaints if "Failed to load resource" not in text] == []


def with_password(visit: Visit) -> Page:
    page = visit.page
    visit.open("/sign-in")
    page.fill("input[name=login]", ANA)
    page.fill("input[name=password]", PASSWORD.reveal())
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def sign_out(visit: Visit) -> None:
    visit.open("/security")
    visit.page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(visit.page).to_have_url(re.compile("/sign-in"))


def add_passkey(visit: Visit) -> None:
    page = visit.page
    visit.open("/security")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What to call it").fill("my laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("h1")).to_have_text("Make a list of recovery codes")


def test_a_passkey_is_made_and_signs_in_without_a_password(world: World, keyed: Visit) -> None:
    page = with_password(keyed)
    expect(page.locator("h1")).to_be_visible()
    add_passkey(keyed)
    sign_out(keyed)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(f"/w/{world.slug}/"))
    keyed.open("/security")
    expect(page.locator("main")).to_contain_text("my laptop")
    expect(page.locator("main")).to_contain_text("last used")


def test_after_the_password_a_passkey_is_asked_for(world: World, keyed: Visit) -> None:
    page = with_password(keyed)
    expect(page.locator("h1")).to_be_visible()
    add_passkey(keyed)
    sign_out(keyed)
    with_password(keyed)
    expect(page.locator("h1")).to_have_text("One more thing")
    keyed.open(f"/w/{world.slug}/")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_role("button", name="Show the passkey").click()
    expect(page).to_have_url(re.compile(f"/w/{world.slug}/"))


def test_an_app_is_set_up_by_its_secret_and_asked_for(world: World, keyed: Visit) -> None:
    page = with_password(keyed)
    expect(page.locator("h1")).to_be_visible()
    keyed.open("/security/app")
    expect(page.locator(".qr svg")).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    step = int(time.time()) // 30
    page.get_by_label("The six digits it shows now").fill(
        format_hotp_value(hotp_value(secret, step))
    )
    page.get_by_role("button", name="It works").click()
    page.get_by_role("button", name="Show me the codes").click()
    code = page.locator(".recovery li").first.inner_text()
    sign_out(keyed)
    with_password(keyed)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in with the code").click()
    expect(page).to_have_url(re.compile(f"/w/{world.slug}/"))
    keyed.open("/security")
    expect(page.locator("main")).to_contain_text("9 codes of your list are unused")
