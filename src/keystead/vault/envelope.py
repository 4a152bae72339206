"""Sealed values as bytes: header, padding, AES-256-GCM-SIV. Pure; keys come in from outside.

    format 1 · version of the data key 4 · its handle 8 · nonce 12 · sealed text and tag

Why SIV: a nonce that comes twice, as after a machine is restored from a snapshot, tells only that
two values for the same row are the same. With plain GCM it would lay open both, and the key that
protects against forgery (ADR 11).
"""

import secrets
import struct
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from keystead.kernel.secret import SecretBytes

FORMAT = 2
NONCE, TAG, LENGTH = 12, 16, 4
SMALLEST = 128
"""Every code fits, so that all sealed codes have one length."""
_HEADER = struct.Struct(">BI8s")
OVERHEAD = _HEADER.size + NONCE + TAG


class DoesNotFit(Exception):
    """Not sealed with this key for this place, or changed since. Holds nothing of the value."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed value says of its key: the version and handle of a data key."""

    version: int
    handle: bytes

    def packed(self) -> bytes:
        """As it stands at the front of a sealed value."""
        return _HEADER.pack(FORMAT, self.version, self.handle)


@dataclass(frozen=True, slots=True)
class Place:
    """What a sealed value is for: it opens nowhere else. `purpose` is a fixed dotted name."""

    workspace_id: int
    row: UUID
    purpose: str

    def bound(self, header: Header) -> bytes:
        """What is authenticated besides the text."""
        return b"keystead value|%b|%d|%b|%b" % (
            header.packed(),
            self.workspace_id,
            self.row.bytes,
            self.purpose.encode(),
        )


def header_of(sealed: bytes) -> Header | None:
    """The header, or None for what is no sealed value of this format."""
    if len(sealed) < OVERHEAD + SMALLEST or sealed[0] != FORMAT:
        return None
    _format, version, handle = _HEADER.unpack_from(sealed)
    return Header(version, handle)


def beginning(version: int) -> bytes:
    """How values sealed with this version of a data key begin; bytes sort as numbers do."""
    return struct.pack(">BI", FORMAT, version)


def seal(clear: SecretBytes, key: SecretBytes, header: Header, place: Place) -> bytes:
    """Seal bytes with a data key for one place."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCMSIV(key.reveal()).encrypt(nonce, _padded(clear).reveal(), place.bound(header))
    return header.packed() + nonce + sealed


def unseal(sealed: bytes, key: SecretBytes, header: Header, place: Place) -> SecretBytes:
    """The bytes sealed for this place. Raises DoesNotFit, and then gives nothing away."""
    start = _HEADER.size + NONCE
    nonce, text = sealed[_HEADER.size : start], sealed[start:]
    try:
        padded = SecretBytes(AESGCMSIV(key.reveal()).decrypt(nonce, text, place.bound(header)))
    except (InvalidTag, ValueError):
        raise DoesNotFit from None
    return _unpadded(padded)


# No local variable below or above holds a clear value as plain bytes: a debug page shows locals.


def _padded(clear: SecretBytes) -> SecretBytes:
    size = len(clear.reveal())
    filling = bytes(_padded_size(LENGTH + size) - LENGTH - size)
    return SecretBytes(size.to_bytes(LENGTH, "big") + clear.reveal() + filling)


def _unpadded(padded: SecretBytes) -> SecretBytes:
    size = int.from_bytes(padded.reveal()[:LENGTH], "big")
    return SecretBytes(padded.reveal()[LENGTH : LENGTH + size])


def _padded_size(size: int) -> int:
    """The next of few sizes: 128, then such that at most an eighth is filling (Padmé)."""
    if size <= SMALLEST:
        return SMALLEST
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-size // step) * step
