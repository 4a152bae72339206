"""Which language a page is in: one's own choice, else the workspace's, else the browser's."""

import pytest
from django.test import Client

from keystead.people import operations as people
from keystead.people.models import Account
from tests.cast import ANA, World

pytestmark = pytest.mark.db

GERMAN = {"Accept-Language": "de"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def browser(world: World) -> Client:
    found = Client()
    found.force_login(
        Account.objects.get(email=ANA),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return found


def language_of(browser: Client, path: str, **headers: dict[str, str]) -> str:
    text = browser.get(path, **headers).content.decode()  # type: ignore[arg-type]
    return text.partition('<html lang="')[2].partition('"')[0]


def speak(world: World, locale: str) -> None:
    people.change_workspace(
        world.ana, name="Harbour House", time_zone="Europe/London", locale=locale
    )


def test_a_page_of_a_workspace_is_in_its_language(browser: Client, world: World) -> None:
    today = f"/w/{world.slug}/"
    assert language_of(browser, today, headers=GERMAN) == "en", "en-GB is English"
    speak(world, "de")
    assert language_of(browser, today, headers=ENGLISH) == "de"


def test_ones_own_choice_counts_more(browser: Client, world: World) -> None:
    today = f"/w/{world.slug}/"
    speak(world, "de")
    browser.post("/language", {"language": "en", "next": today})
    assert language_of(browser, today, headers=GERMAN) == "en"
    browser.post("/language", {"language": ""})
    assert language_of(browser, today, headers=ENGLISH) == "de"


def test_nonsense_is_no_choice(browser: Client, world: World) -> None:
    speak(world, "de")
    answer = browser.post("/language", {"language": "xx", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    browser.cookies["django_language"] = "xx"
    assert language_of(browser, f"/w/{world.slug}/", headers=ENGLISH) == "de"


def test_outside_a_workspace_the_browsers_language_counts(browser: Client, world: World) -> None:
    speak(world, "de")
    assert language_of(browser, "/workspaces", headers=ENGLISH) == "en"
    assert language_of(Client(), "/sign-in", headers=GERMAN) == "de"
