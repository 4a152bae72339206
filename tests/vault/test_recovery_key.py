"""A recovery key survives paper and typing; slips are found and named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.kernel.secret import Secret, SecretBytes
from keystead.vault import recovery
from keystead.vault.errors import WrongRecoveryKey

SEEDS = st.binary(min_size=recovery.SEED, max_size=recovery.SEED).map(SecretBytes)


def test_a_new_key_is_eight_groups_of_five() -> None:
    written, seed = recovery.new_recovery_key()
    assert [len(group) for group in written.reveal().split("-")] == [5] * 8
    assert recovery.read(written) == seed


@given(SEEDS)
def test_it_reads_as_written_however_it_is_typed(seed: SecretBytes) -> None:
    written = recovery.written(seed).reveal()
    for typed in (
        written.lower(),
        written.replace("-", " "),
        f"\n {written.replace('-', '')}\n",
        written.replace("0", "o").replace("1", "l"),
        written.replace("1", "I"),
    ):
        assert recovery.read(Secret(typed)) == seed


@given(SEEDS, st.integers(0, 39), st.sampled_from(recovery.ALPHABET))
def test_one_wrong_character_is_found_in_its_group(seed: SecretBytes, at: int, wrong: str) -> None:
    plain = recovery.written(seed).reveal().replace("-", "")
    if plain[at] == wrong:
        return
    with pytest.raises(WrongRecoveryKey, match=f"group {at // 5 + 1} "):
        recovery.read(Secret(plain[:at] + wrong + plain[at + 1 :]))


@given(SEEDS, st.permutations(range(8)))
def test_groups_in_another_order_are_found(seed: SecretBytes, order: list[int]) -> None:
    groups = recovery.written(seed).reveal().split("-")
    if order == sorted(order):
        return
    with pytest.raises(WrongRecoveryKey):
        recovery.read(Secret("".join(groups[n] for n in order)))


@pytest.mark.parametrize("typed", ["", "ABCDE", "-" * 40, "A" * 41, "ß" * 40, "\u0661" * 40])
def test_what_is_no_recovery_key_is_refused(typed: str) -> None:
    with pytest.raises(WrongRecoveryKey):
        recovery.read(Secret(typed))
