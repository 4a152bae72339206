"""Sealing secrets with the data key of their workspace, bound to row, purpose and key version.

A sealed value moved to another row, workspace, purpose or key does not open. Values are padded,
so that the length of a code does not show.
"""

from typing import NoReturn
from uuid import UUID

from keystead.kernel.secret import Secret, SecretBytes
from keystead.kernel.words import said as _
from keystead.vault import envelope, facts, keyring
from keystead.vault.envelope import DoesNotFit, Header, Place
from keystead.vault.errors import CannotOpen, VaultLocked
from keystead.vault.models import DataKey

__all__ = ["CannotOpen", "open_bytes", "open_secret", "seal"]


def seal(secret: Secret | bytes, *, workspace_id: int, row: UUID, purpose: str) -> bytes:
    """Seal a secret (or the bytes of a file) for one row; `purpose` is a fixed dotted name.

    Call it in the transaction that writes the row, so that no data key is retired in between.
    Raises VaultLocked.
    """
    key = DataKey.objects.filter(workspace_id=workspace_id, state="active").first()
    if key is None:
        raise VaultLocked(
            _("The vault has no data key for this workspace. Start Keystead again: it makes one.")
        )
    header = Header(key.version, bytes.fromhex(key.handle))
    clear = SecretBytes(secret.reveal().encode() if isinstance(secret, Secret) else secret)
    return envelope.seal(clear, keyring.data_key(key), header, Place(workspace_id, row, purpose))


def open_bytes(sealed: bytes, *, workspace_id: int, row: UUID, purpose: str) -> bytes:
    """The sealed bytes. Raises CannotOpen when anything does not fit, and VaultLocked.

    An operation that lets CannotOpen out leaves the fact that it happened.
    """
    return opened(sealed, Place(workspace_id, row, purpose)).reveal()


def open_secret(sealed: bytes, *, workspace_id: int, row: UUID, purpose: str) -> Secret:
    """The sealed secret. Raises CannotOpen when anything does not fit, and VaultLocked."""
    place = Place(workspace_id, row, purpose)
    try:
        return Secret(opened(sealed, place).reveal().decode())
    except UnicodeDecodeError:
        _refuse(place, None, "format")


def opened(sealed: bytes, place: Place) -> SecretBytes:
    """What `open_bytes` gives, kept from showing."""
    header = envelope.header_of(sealed)
    if header is None:
        _refuse(place, None, "format")
    key = DataKey.objects.filter(
        workspace_id=place.workspace_id, version=header.version, handle=header.handle.hex()
    ).first()
    if key is None:
        _refuse(place, header, "key")
    if key.state == "retired":
        _refuse(place, header, "retired")
    try:
        return envelope.unseal(sealed, keyring.data_key(key), header, place)
    except DoesNotFit:
        _refuse(place, header, "seal")


def _refuse(place: Place, header: Header | None, reason: str) -> NoReturn:
    failed = facts.OpeningFailed(
        purpose=place.purpose,
        row_uuid=str(place.row),
        version=header.version if header and header.version < 2**31 else None,
        reason=reason,
    )
    raise CannotOpen(
        _("This value cannot be opened with the keys of this vault."), record=failed
    ) from None
