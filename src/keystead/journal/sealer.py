"""How the journal seals its signing key: the vault, which lies above, hands it in."""

from collections.abc import Callable
from uuid import UUID

from keystead.kernel.secret import SecretBytes

Seal = Callable[[SecretBytes, UUID], bytes]
Open = Callable[[bytes, UUID], SecretBytes]

_seal: Seal | None = None
_open: Open | None = None


def hand_in(seal_with: Seal, open_with: Open) -> None:
    """Hand in, at start-up, how the vault seals for the row of a UUID, and opens it."""
    global _seal, _open
    _seal, _open = seal_with, open_with


def seal(clear: SecretBytes, row: UUID) -> bytes:
    """Seal within an operation of the installation. Raises VaultLocked."""
    if _seal is None:
        raise RuntimeError("The vault was not handed in.")
    return _seal(clear, row)


def open_sealed(sealed: bytes, row: UUID) -> SecretBytes:
    """What was sealed for this row. Raises Unavailable where it cannot be opened."""
    if _open is None:
        raise RuntimeError("The vault was not handed in.")
    return _open(sealed, row)
