"""The same with the numbers of a determined attacker. Only `make audit` runs this."""

import random
import statistics
import time
from collections.abc import Callable
from math import erfc, sqrt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from keystead.notify.models import Delivery
from keystead.people import access, factors, links, mail_links
from keystead.people import operations as people
from keystead.people.models import ApiToken, Tries
from keystead.people.throttle import TooManyTries
from tests.cast import ANA, PASSWORD, World
from tests.sign_in.support import (
    account_of,
    at_once,
    code_of,
    forget_steps,
    use_at_once,
    with_app,
    with_codes,
    wrong_code,
)
from tests.sign_in.test_guessing import VARIANTS, Evaluated, guess, is_in, some_headers
from tests.support.browsing import Browser

pytestmark = [pytest.mark.db, pytest.mark.audit]


def test_of_ten_thousand_guesses_ten_are_compared(world: World, evaluated: Evaluated) -> None:
    ana = Browser(ANA)
    ana.fill(reverse("workspaces"), reverse("account_logout"))
    evaluated()
    numbers = iter(range(10_000))

    def a_hundred() -> int:
        for _ in range(100):
            number = next(numbers)
            guess(VARIANTS[number % len(VARIANTS)], **some_headers(number))
        return 0

    at_once(100, a_hundred)
    compared = evaluated()
    print(f"10,000 guesses, {compared} compared")
    assert compared == 10
    page = ana.fill(reverse("account_login"), login=ANA, password=PASSWORD.reveal())
    assert page.url.startswith(f"/w/{world.slug}")


def test_fifty_identical_codes_and_recovery_codes_at_once_count_once(world: World) -> None:
    codes, account = with_codes(world.ana), account_of(world.ana)
    secret = with_app(world.bo)
    of_bo = account_of(world.bo)
    for round_number in range(5):
        forget_steps(world.bo)
        code = code_of(secret)

        def by_app(code: str = code) -> bool:
            return factors.matching(of_bo, code) is not None

        def by_list(code: str = codes[round_number]) -> bool:
            return factors.matching(account, code) is not None

        assert at_once(50, by_app)[True] == 1
        assert at_once(50, by_list)[True] == 1


def test_of_a_thousand_codes_a_hundred_at_most_are_compared_in_a_day(world: World) -> None:
    secret, account = with_app(world.ana), account_of(world.ana)
    compared = 0
    for _ in range(1_000):
        try:
            factors.matching(account, wrong_code(secret))
            compared += 1
        except TooManyTries:
            continue
    print(f"1,000 codes, {compared} compared")
    assert compared == 10


def test_fifty_who_use_one_link_at_once_set_one_password(world: World) -> None:
    number, link = mail_links.password_link(account_of(world.bo))
    assert use_at_once(50, number, link) == {"changed": 1, "LinkGone": 49}


# --- timing ---------------------------------------------------------------------------------


def p_of_same(first: list[float], second: list[float]) -> float:
    """Mann-Whitney: how likely such a difference is where there is none (two-sided, normal)."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    rank_sum = sum(rank for rank, (_value, group) in enumerate(ranked, 1) if group == 0)
    n, m = len(first), len(second)
    u = rank_sum - n * (n + 1) / 2
    spread = sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(u - n * m / 2) / spread / sqrt(2))


def interleaved(known: Callable[[], Any], unknown: Callable[[], Any], times: int) -> float:
    """Time both in random order; the p-value."""
    found: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(20):
        known(), unknown()
    order = [0, 1] * times
    random.shuffle(order)
    for which in order:
        act = (known, unknown)[which]
        begin = time.perf_counter()
        act()
        found[which].append(time.perf_counter() - begin)
    p = p_of_same(found[0], found[1])
    medians = [statistics.median(values) * 1e3 for values in found.values()]
    print(f"{times} each: medians {medians[0]:.3f} and {medians[1]:.3f} ms, p = {p:.4f}")
    return p


@pytest.fixture
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits would stop the measurement; they are the same for both."""
    endless = dict.fromkeys(
        ["login", "device", "code", "address", "passkey", "reset", "invitation"], ()
    )
    monkeypatch.setattr("keystead.people.throttle.LIMITS", endless)


def with_a_forgetful_count(act: Callable[[], Any]) -> Callable[[], Any]:
    """Empty the counts before each, so that their length tells nothing."""

    def run() -> Any:
        Tries.objects.update(times=[])
        return act()

    return run


@pytest.mark.usefixtures("_no_limits")
def test_the_time_of_a_sign_in_does_not_tell_whether_there_is_an_account(
    world: World, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["tests.support.hashing.Quick"]
    account = account_of(world.ana)
    account.set_password(PASSWORD.reveal())
    account.save()
    client = Client()

    def sign_in(email: str) -> Any:
        return client.post(reverse("account_login"), {"login": email, "password": "no"})

    p = interleaved(
        with_a_forgetful_count(lambda: sign_in("ana@harbour.example")),
        with_a_forgetful_count(lambda: sign_in("amy@harbour.example")),
        1_000,
    )
    assert p > 0.01
    assert not is_in(sign_in(ANA))


@pytest.mark.usefixtures("_no_limits")
def test_the_time_of_asking_for_a_link_does_not_tell_either(world: World) -> None:
    client = Client()

    def ask(email: str) -> Any:
        return client.post(reverse("account_reset_password"), {"email": email})

    p = interleaved(
        with_a_forgetful_count(lambda: ask("ana@harbour.example")),
        with_a_forgetful_count(lambda: ask("amy@harbour.example")),
        1_000,
    )
    assert p > 0.01
    assert Delivery.objects.exists()


def test_the_time_of_a_token_does_not_tell_how_much_of_it_is_right(world: World) -> None:
    secret = links.new_api_token()
    people.make_token(world.ana, name="script", token=secret)
    prefix = ApiToken.objects.get().prefix
    client = Client()

    def call(text: str) -> Any:
        return client.get(f"/api/v1/w/{world.slug}", headers={"Authorization": f"Bearer {text}"})

    known, unknown = f"ks_{prefix}_{'x' * 43}", f"ks_00000000_{'x' * 43}"
    assert call(known).content == call(unknown).content
    assert access.actor_of_token(known, None, "api") is None
    assert interleaved(lambda: call(known), lambda: call(unknown), 1_000) > 0.01
