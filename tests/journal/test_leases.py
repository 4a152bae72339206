"""A lease belongs to one holder, even when several ask for it for the very first time at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from keystead.journal import leases

pytestmark = pytest.mark.db

HOLDERS, ROUNDS = ("a", "b", "c", "d"), 25
MINUTE = timedelta(minutes=1)


def ask_for_each(holder: str, names: Sequence[str], barrier: Barrier) -> list[str]:
    """The leases this holder got, asking for each at the same moment as the others."""
    connection.ensure_connection()
    try:
        got = []
        for name in names:
            barrier.wait(60)
            if leases.hold(name, holder, MINUTE):
                got.append(name)
        return got
    finally:
        connection.close()


def contend(names: Sequence[str]) -> list[str]:
    """Every lease somebody got, as often as somebody got it."""
    barrier = Barrier(len(HOLDERS))
    with ThreadPoolExecutor(len(HOLDERS)) as pool:
        asking = [pool.submit(ask_for_each, holder, names, barrier) for holder in HOLDERS]
        return sorted(name for asked in asking for name in asked.result())


def test_at_the_very_first_start_one_of_four_gets_the_lease() -> None:
    names = [f"lease {number:02}" for number in range(ROUNDS)]
    assert contend(names) == names


def test_a_lease_that_ran_out_goes_to_one_of_four() -> None:
    names = [f"lease {number:02}" for number in range(ROUNDS)]
    for name in names:
        assert leases.hold(name, "killed", -MINUTE)
    assert contend(names) == names
