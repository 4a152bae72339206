"""Which vault key is in use, without showing or making it: for copies of the data.

A copy of the data holds no key. It holds a check value, so that whoever brings it back can be
told which key its codes need, and a seal that only that key makes.
"""

import hashlib
import hmac

from keystead.vault import source
from keystead.vault.errors import VaultLocked


def _key() -> bytes | None:
    try:
        key = source.read(source.source())
    except VaultLocked:
        return None
    return None if key is None else key.reveal()


def check_value() -> str | None:
    """Sixteen hex digits that tell this vault key from others; None where there is no key."""
    key = _key()
    if key is None:
        return None
    return hmac.new(key, b"keystead|which vault key is this", hashlib.sha256).hexdigest()[:16]


def backup_seal(digest: bytes) -> str | None:
    """What only a holder of the vault key can say of a backup with this digest."""
    key = _key()
    if key is None:
        return None
    own = hmac.new(key, b"keystead|seal of a backup", hashlib.sha256).digest()
    return hmac.new(own, digest, hashlib.sha256).hexdigest()
