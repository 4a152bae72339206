"""What is sealed opens only where it belongs, whole, and does not show how long it is."""

import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.kernel.secret import SecretBytes
from keystead.vault import envelope, wrapping
from keystead.vault.envelope import DoesNotFit, Header, Place

KEY = wrapping.new_key()
HEADER = Header(1, bytes(range(8)))
PLACE = Place(1, UUID("6f1c2d7e-0000-4000-8000-000000000001"), "code.value")
FORGERIES = 1_000


def seal(clear: bytes, place: Place = PLACE, header: Header = HEADER) -> bytes:
    return envelope.seal(SecretBytes(clear), KEY, header, place)


def unseal(sealed: bytes, place: Place = PLACE) -> bytes:
    header = envelope.header_of(sealed)
    if header is None:
        raise DoesNotFit
    return envelope.unseal(sealed, KEY, header, place).reveal()


@given(st.binary(max_size=3_000))
def test_a_sealed_value_opens_to_itself(clear: bytes) -> None:
    assert unseal(seal(clear)) == clear


def forgeries(dice: random.Random) -> dict[str, tuple[bytes, Place]]:
    """A value in each place it does not belong, and each way to spoil it."""
    clear = f"{dice.randrange(10**8):08}".encode()
    place = Place(dice.randrange(1, 99), uuid4(), "code.value")
    sealed = seal(clear, place)
    at, bit = dice.randrange(len(sealed)), 1 << dice.randrange(8)
    flipped = sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :]
    other_version = seal(clear, place, Header(2, HEADER.handle))
    header = HEADER.packed()
    return {
        "another row": (sealed, replace(place, row=uuid4())),
        "another field": (sealed, replace(place, purpose="exchange.upload")),
        "another workspace": (sealed, replace(place, workspace_id=place.workspace_id + 1)),
        "another version": (header + other_version[len(header) :], place),
        "cut short": (sealed[: dice.randrange(len(sealed))], place),
        "longer": (sealed + bytes([dice.randrange(256)]), place),
        "one bit": (flipped, place),
    }


def test_whatever_was_moved_or_changed_is_refused_whole() -> None:
    dice, refused = random.Random(20261124), 0
    for _ in range(FORGERIES):
        for sealed, place in forgeries(dice).values():
            with pytest.raises(DoesNotFit) as said:
                unseal(sealed, place)
            refused += said.value.args == ()
    assert refused == FORGERIES * 7


def test_the_length_of_a_code_does_not_show() -> None:
    assert len({len(seal(b"9" * digits)) for digits in range(125)}) == 1


@given(st.integers(min_value=0, max_value=10**8))
def test_of_longer_values_only_the_magnitude_shows(size: int) -> None:
    padded = envelope._padded_size(size)
    assert size <= padded <= max(envelope.SMALLEST, size * 9 // 8)
    assert envelope._padded_size(padded) == padded


def nonces(count: int) -> int:
    """How many different nonces come with so many sealed values."""
    start = len(HEADER.packed())
    return len({seal(b"4471")[start : start + envelope.NONCE] for _ in range(count)})


def test_no_nonce_comes_twice() -> None:
    assert nonces(20_000) == 20_000


@pytest.mark.audit
def test_no_nonce_comes_twice_in_a_million() -> None:
    assert nonces(1_000_000) == 1_000_000


def test_versions_of_keys_sort_as_their_values_do() -> None:
    versions = [1, 2, 255, 256, 65_535, 65_536, 2**31 - 1]
    sealed = [seal(b"1", header=Header(version, HEADER.handle)) for version in versions]
    assert sorted(sealed) == sealed
    for version, value in zip(versions, sealed, strict=True):
        assert envelope.beginning(version) <= value < envelope.beginning(version + 1)


def test_a_wrapped_data_key_opens_with_its_vault_key_as_what_it_is() -> None:
    vault_key, data_key = wrapping.new_key(), wrapping.new_key()
    bound = wrapping.bound(1, 1, "00")
    wrapped = wrapping.wrap(vault_key, data_key, bound)
    assert wrapping.unwrap(vault_key, wrapped, bound) == data_key
    for key, text, to in (
        (wrapping.new_key(), wrapped, bound),
        (vault_key, wrapped, wrapping.bound(2, 1, "00")),
        (vault_key, wrapped, wrapping.bound(1, 2, "00")),
        (vault_key, wrapped[:-1], bound),
        (vault_key, b"", bound),
    ):
        with pytest.raises(DoesNotFit):
            wrapping.unwrap(key, text, to)


def test_a_data_key_wrapped_for_recovery_opens_with_the_seed_only() -> None:
    seed, other, data_key = wrapping.new_key(), wrapping.new_key(), wrapping.new_key()
    bound = wrapping.bound(1, 1, "00")
    wrapped = wrapping.wrap_for_recovery(wrapping.public_key(seed), data_key, bound)
    assert wrapping.unwrap_with_recovery(seed, wrapped, bound) == data_key
    for key, text, to in (
        (other, wrapped, bound),
        (seed, wrapped, wrapping.bound(2, 1, "00")),
        (seed, wrapped[:-1], bound),
        (seed, b"", bound),
    ):
        with pytest.raises(DoesNotFit):
            wrapping.unwrap_with_recovery(key, text, to)
