"""What is sealed opens only where it belongs."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.kernel.secret import Secret
from keystead.vault import sealing
from keystead.vault.sealing import CannotOpen

ROW = UUID("6f1c2d7e-0000-4000-8000-000000000001")


def seal(value: str) -> bytes:
    return sealing.seal(Secret(value), workspace_id=1, row=ROW, purpose="code.value")


@given(st.text(max_size=200))
def test_a_sealed_value_opens_to_itself(value: str) -> None:
    opened = sealing.open_secret(seal(value), workspace_id=1, row=ROW, purpose="code.value")
    assert opened.reveal() == value


@pytest.mark.parametrize(
    ("workspace_id", "row", "purpose"),
    [(2, ROW, "code.value"), (1, uuid4(), "code.value"), (1, ROW, "import.file")],
    ids=["another workspace", "another row", "another purpose"],
)
def test_a_sealed_value_moved_elsewhere_does_not_open(
    workspace_id: int, row: UUID, purpose: str
) -> None:
    with pytest.raises(CannotOpen):
        sealing.open_secret(seal("4471"), workspace_id=workspace_id, row=row, purpose=purpose)


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_a_sealed_value_with_one_bit_changed_does_not_open(position: int, bit: int) -> None:
    sealed = bytearray(seal("4471"))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        sealing.open_secret(bytes(sealed), workspace_id=1, row=ROW, purpose="code.value")


@given(st.integers(min_value=0, max_value=200))
def test_a_sealed_value_cut_short_does_not_open(length: int) -> None:
    sealed = seal("4471")
    with pytest.raises(CannotOpen):
        sealing.open_secret(
            sealed[: length % len(sealed)], workspace_id=1, row=ROW, purpose="code.value"
        )


def test_the_length_of_a_code_does_not_show() -> None:
    assert len({len(seal("9" * digits)) for digits in range(3, 13)}) == 1


def test_sealing_twice_looks_different() -> None:
    assert seal("4471") != seal("4471")
