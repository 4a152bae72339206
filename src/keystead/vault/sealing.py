"""Sealing secrets: AES-256-GCM, bound to the workspace, the row and a fixed purpose.

A sealed value moved to another row, workspace or purpose does not open. Values are padded, so
that the length of a code does not show. This is the seed of the vault: one key, in a file that
lies outside the data folder.
"""

import base64
import binascii
import os
import secrets
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keystead import config
from keystead.kernel.errors import Unavailable
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _

VERSION = b"\x01"
BLOCK = 32


class CannotOpen(Unavailable):
    """The sealed value and this key, row or purpose do not belong together."""

    code = "seal-broken"


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    given = config.read("VAULT_KEY") if "KEYSTEAD_VAULT_KEY" in os.environ else None
    text = given or config.kept_text(
        config.vault_key_file(), lambda: base64.b64encode(secrets.token_bytes(32)).decode()
    )
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise config.BadSetting("The vault's key is not 32 bytes in base64.")
    return AESGCM(key)


def _bound_to(workspace_id: int, row: UUID, purpose: str) -> bytes:
    return b"keystead|%b|%d|%b|%b" % (VERSION, workspace_id, row.bytes, purpose.encode())


def seal(secret: Secret | bytes, *, workspace_id: int, row: UUID, purpose: str) -> bytes:
    """Seal a secret (or the bytes of a file) for one row; `purpose` is a fixed dotted name."""
    clear = secret.reveal().encode() if isinstance(secret, Secret) else secret
    padded = len(clear).to_bytes(4, "big") + clear
    padded += bytes(-len(padded) % BLOCK)
    nonce = secrets.token_bytes(12)
    sealed = _cipher().encrypt(nonce, padded, _bound_to(workspace_id, row, purpose))
    return VERSION + nonce + sealed


def open_bytes(sealed: bytes, *, workspace_id: int, row: UUID, purpose: str) -> bytes:
    """The sealed bytes. Raises CannotOpen when anything does not fit."""
    try:
        if sealed[:1] != VERSION:
            raise InvalidTag
        padded = _cipher().decrypt(sealed[1:13], sealed[13:], _bound_to(workspace_id, row, purpose))
    except (InvalidTag, ValueError):
        raise CannotOpen(_("This value cannot be opened with the key in use.")) from None
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length]


def open_secret(sealed: bytes, *, workspace_id: int, row: UUID, purpose: str) -> Secret:
    """The sealed secret. Raises CannotOpen when anything does not fit."""
    opened = open_bytes(sealed, workspace_id=workspace_id, row=row, purpose=purpose)
    return Secret(opened.decode())
