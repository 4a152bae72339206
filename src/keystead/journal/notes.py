"""Signed checkpoints of a journal: what is signed, and how. Pure; no Django, no database.

The form is that of C2SP's signed notes and log checkpoints. Reading is shared with the program
that checks an export anywhere (`standalone`); signatures are made and checked by `cryptography`.
"""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from keystead.journal import standalone
from keystead.journal.standalone import CHAIN, Checkpoint, NotGood, VerifierKey

SUFFIX = ".checkpoint"


def origin(installation: UUID, workspace_id: int) -> str:
    """The name of one journal that no other has; its checkpoints and their key carry it."""
    return f"keystead/{installation}/{workspace_id}"


def text_of(origin: str, sequence: int, digest: bytes, at: datetime) -> str:
    """What is signed: journal, number and digest of its last entry, and when (whole seconds)."""
    root = base64.b64encode(digest).decode()
    return f"{origin}\n{sequence}\n{root}\n{CHAIN}\nat {moment(at)}\n"


def moment(at: datetime) -> str:
    """A time as checkpoints write it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def sign(text: str, name: str, key: Ed25519PrivateKey) -> bytes:
    """The mark of the key and its signature of `text`, which ends with a newline."""
    if not text.endswith("\n") or "\n\n" in text:
        raise ValueError("The text of a note ends with a newline and has no blank line.")
    return VerifierKey(name, public_of(key)).mark + key.sign(text.encode())


def note(text: str, name: str, signature: bytes) -> str:
    """The whole note, as it is kept and sent."""
    return f"{text}\n\N{EM DASH} {name} {base64.b64encode(signature).decode()}\n"


def public_of(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes everybody may know."""
    return key.public_key().public_bytes_raw()


def opened(text: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint in a note that one of these keys signed. Raises NotGood."""
    return standalone.opened(text, keys, _holds)


def _holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


__all__ = [
    "SUFFIX",
    "Checkpoint",
    "NotGood",
    "VerifierKey",
    "moment",
    "note",
    "opened",
    "origin",
    "public_of",
    "sign",
    "text_of",
]
