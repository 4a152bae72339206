"""How many guesses are evaluated, whatever the guesser changes; and who still gets in."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from keystead.journal.models import Entry
from keystead.kernel.actor import INSTALLATION, system
from keystead.people import operations as people
from keystead.people import throttle
from keystead.people.models import LockOuts, Tries
from keystead.people.throttle import TooManyTries, network_of, reserve
from tests.cast import ANA, BO, PASSWORD, World
from tests.sign_in.support import at_once
from tests.support.browsing import Browser

pytestmark = pytest.mark.db
WRONG = "not this one"
Evaluated = Callable[[], int]
VARIANTS = (
    "ana@harbour.example",
    "ANA@Harbour.Example",
    "  ana@harbour.example ",
    "\uff41na@harbour.example",  # a wide a
    "ana+x@harbour.example",
    "\u0430n\u0430@harbour.example",  # Cyrillic
    "aná@harbour.example",
    "a\u200bna@harbour.example",
)


def guess(email: str, password: str = WRONG, **meta: Any) -> Any:
    """One try at the sign-in, from a browser that was never here."""
    client = Client()
    typed = {"login": email, "password": password}
    return client.post(reverse("account_login"), typed, **meta)


def is_in(answer: Any) -> bool:
    return bool(answer.status_code == 302)


def some_headers(number: int) -> dict[str, str]:
    """What a guesser may change from try to try: none of it is believed."""
    return {
        "HTTP_X_FORWARDED_FOR": f"203.0.113.{number % 250}",
        "HTTP_X_REAL_IP": f"198.51.100.{number % 250}",
        "HTTP_FORWARDED": f"for=192.0.2.{number % 250}",
        "HTTP_USER_AGENT": f"agent {number}",
        "REMOTE_ADDR": f"2001:db8:{number:x}::{number:x}",
    }


def test_ten_wrong_guesses_then_even_the_right_one_is_not_compared(
    world: World, evaluated: Evaluated
) -> None:
    evaluated()
    for number in range(30):
        guess(VARIANTS[number % len(VARIANTS)], **some_headers(number))
    assert evaluated() == 10
    answer = guess(ANA, PASSWORD.reveal(), REMOTE_ADDR="192.0.2.77")
    assert not is_in(answer)
    assert "Too many wrong tries" in answer.content.decode()
    assert evaluated() == 0


def test_of_many_guesses_at_once_no_more_are_compared(world: World, evaluated: Evaluated) -> None:
    evaluated()
    at_once(25, lambda: is_in(guess(ANA)))
    assert evaluated() == 10


def test_after_a_quarter_of_an_hour_guesses_are_free_but_not_more_than_a_hundred_a_day(
    world: World,
) -> None:
    for _ in range(10):
        reserve(("login", "x"))
    with pytest.raises(TooManyTries):
        reserve(("login", "x"))
    row = Tries.objects.get()
    earlier = (now() - timedelta(minutes=16)).timestamp()
    Tries.objects.update(times=[earlier] * len(row.times), full_until=None)
    reserve(("login", "x"))
    Tries.objects.update(times=[earlier] * 100, full_until=None)
    with pytest.raises(TooManyTries):
        reserve(("login", "x"))
    Tries.objects.update(times=[(now() - timedelta(hours=25)).timestamp()] * 100, full_until=None)
    reserve(("login", "x"))


def test_on_a_known_device_the_owner_gets_in_while_others_guess(world: World) -> None:
    ana = Browser(ANA)
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    for _ in range(12):
        guess(ANA)
    assert not is_in(guess(ANA, PASSWORD.reveal()))
    page = ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert page.url.startswith(f"/w/{world.slug}")


def test_a_known_device_counts_its_own_guesses(world: World, evaluated: Evaluated) -> None:
    ana = Browser(ANA)
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    evaluated()
    for _ in range(12):
        ana.fill(reverse("account_login"), login=ANA, password="not this one")
    assert evaluated() == 10


def test_the_mark_of_a_device_is_of_no_use_for_another_account(
    world: World, evaluated: Evaluated
) -> None:
    bo = Browser(BO)
    bo.fill(reverse("workspaces"), reverse("account_logout"))
    for _ in range(10):
        guess(ANA)
    evaluated()
    bo.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert evaluated() == 0


def test_an_unknown_address_is_answered_with_the_same_bytes(world: World) -> None:
    def answers(email: str) -> list[bytes]:
        client = Client(REMOTE_ADDR=f"192.0.2.{len(email)}")
        typed = {"login": email, "password": "not this one"}
        found = [client.post(reverse("account_login"), typed).content for _ in range(12)]
        return [body.replace(email.encode(), b"address") for body in found]

    def without_tokens(bodies: list[bytes]) -> list[bytes]:
        return [re.sub(rb'(X-CSRFToken": "|value=")[\w-]+', b"", body) for body in bodies]

    known, unknown = answers(ANA), answers("nobody@harbour.example")
    assert without_tokens(known) == without_tokens(unknown)


def test_a_network_is_stopped_after_a_hundred_wrong_guesses(world: World) -> None:
    for number in range(100):
        reserve(("address", "192.0.2.9"), ("login", f"someone{number}"))
    answer = guess(ANA, PASSWORD.reveal(), REMOTE_ADDR="192.0.2.9")
    assert not is_in(answer)
    assert is_in(guess(ANA, PASSWORD.reveal(), REMOTE_ADDR="192.0.2.10"))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_networks_are_grouped_and_headers_do_not_count(rf: Any, address: str, network: str) -> None:
    request = rf.get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="203.0.113.1")
    assert network_of(request) == network


def test_a_right_password_uses_up_nothing_and_resets_nothing(world: World) -> None:
    for _ in range(9):
        guess(ANA)
    for _ in range(3):
        assert is_in(guess(ANA, PASSWORD.reveal()))
    guess(ANA)
    assert not is_in(guess(ANA, PASSWORD.reveal()))


def test_an_endless_password_is_not_hashed(world: World, evaluated: Evaluated) -> None:
    evaluated()
    guess(ANA, "x" * 1_000_000)
    assert evaluated() == 0


def test_lock_outs_are_told_as_totals_of_an_hour(world: World) -> None:
    for _ in range(30):
        guess(ANA)
    row = LockOuts.objects.get()
    assert (row.logins, row.addresses) == (1, 0)
    before = Entry.objects.filter(workspace_id=INSTALLATION).count()
    hour_later = now() + timedelta(hours=1)
    people.note_lock_outs(system(INSTALLATION, "worker"), before=hour_later)
    people.note_lock_outs(system(INSTALLATION, "worker"), before=hour_later)
    entries = Entry.objects.filter(workspace_id=INSTALLATION)
    assert entries.count() == before + 1
    assert ANA not in entries.get(name="people.lock-outs-counted").body


def test_tries_that_no_longer_count_are_forgotten(world: World) -> None:
    guess(ANA)
    throttle.forget_old()
    assert Tries.objects.count() == 2
    Tries.objects.update(touched_at=now() - timedelta(days=2))
    throttle.forget_old()
    assert not Tries.objects.exists()


def test_neither_address_nor_network_is_kept_readably(world: World) -> None:
    guess(ANA, REMOTE_ADDR="192.0.2.55")
    kept = [row.bucket + str(row.times) for row in Tries.objects.all()]
    assert kept
    assert not any("ana" in text or "192.0.2" in text for text in kept)


def test_questions_for_passkeys_are_limited_per_network(world: World) -> None:
    for _ in range(100):
        reserve(("passkey", "127.0.0.1"))
    assert Client().get(reverse("passkey-sign-in")).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.4").get(reverse("passkey-sign-in")).status_code == 200


def test_no_stranger_is_flooded_with_letters_about_a_new_address(world: World) -> None:
    ana = Browser(ANA)
    pages = [ana.fill(reverse("email-change"), "", email=f"x{n}@y.example") for n in range(4)]
    assert [page.status for page in pages] == [200, 200, 200, 429]
