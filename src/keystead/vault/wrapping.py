"""How keys protect keys: a vault key, or a recovery key, wraps a data key. Pure.

A wrapped data key opens only as what it is: this version of this workspace's data key.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keystead.kernel.secret import SecretBytes
from keystead.vault.envelope import NONCE, DoesNotFit

KEY = 32
_MLKEM_SEED, _MLKEM_PUBLIC = 64, 1184
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
"""Safe as long as either of the two is: X25519, or ML-KEM against future quantum computers."""


def new_key() -> SecretBytes:
    """A new random key of 256 bits."""
    return SecretBytes(secrets.token_bytes(KEY))


def _derived(key: SecretBytes, use: bytes, size: int = KEY) -> SecretBytes:
    kdf = HKDF(algorithm=SHA256(), length=size, salt=None, info=b"keystead " + use)
    return SecretBytes(kdf.derive(key.reveal()))


def bound(workspace_id: int, version: int, handle: str) -> bytes:
    """What a wrapped data key is bound to."""
    return b"keystead data key|%d|%d|%b" % (workspace_id, version, handle.encode())


def fingerprint(vault_key: SecretBytes) -> str:
    """16 hex digits by which a vault key is known; they tell nothing about a random key."""
    return _derived(vault_key, b"vault key fingerprint", 8).reveal().hex()


def wrap(vault_key: SecretBytes, data_key: SecretBytes, bound_to: bytes) -> bytes:
    """A data key, to be opened with the vault key only."""
    nonce = secrets.token_bytes(NONCE)
    cipher = AESGCMSIV(_derived(vault_key, b"wrap").reveal())
    return nonce + cipher.encrypt(nonce, data_key.reveal(), bound_to)


def unwrap(vault_key: SecretBytes, wrapped: bytes, bound_to: bytes) -> SecretBytes:
    """The data key. Raises DoesNotFit."""
    cipher = AESGCMSIV(_derived(vault_key, b"wrap").reveal())
    try:
        return SecretBytes(cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], bound_to))
    except (InvalidTag, ValueError):
        raise DoesNotFit from None


def vouch(vault_key: SecretBytes, public_key: bytes) -> bytes:
    """What shows that this public recovery key was put there by whoever has the vault key."""
    key = _derived(vault_key, b"vouch for recovery key")
    return hmac.digest(key.reveal(), public_key, hashlib.sha256)


def is_vouched(vault_key: SecretBytes, public_key: bytes, proof: bytes) -> bool:
    """Whether `proof` is what `vouch` gave for it."""
    return hmac.compare_digest(vouch(vault_key, public_key), proof)


def _private(seed: SecretBytes) -> hpke.MLKEM768X25519PrivateKey:
    both = _derived(seed, b"recovery key", _MLKEM_SEED + KEY)
    return hpke.MLKEM768X25519PrivateKey(
        mlkem.MLKEM768PrivateKey.from_seed_bytes(both.reveal()[:_MLKEM_SEED]),
        x25519.X25519PrivateKey.from_private_bytes(both.reveal()[_MLKEM_SEED:]),
    )


def public_key(seed: SecretBytes) -> bytes:
    """The public half of a recovery key: wraps data keys, opens none."""
    both = _derived(seed, b"recovery key", _MLKEM_SEED + KEY)
    post = mlkem.MLKEM768PrivateKey.from_seed_bytes(both.reveal()[:_MLKEM_SEED])
    curve = x25519.X25519PrivateKey.from_private_bytes(both.reveal()[_MLKEM_SEED:])
    return post.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def public_fingerprint(public: bytes) -> str:
    """16 hex digits by which a recovery key is known."""
    return hashlib.sha256(b"keystead recovery key|" + public).hexdigest()[:16]


def wrap_for_recovery(public: bytes, data_key: SecretBytes, bound_to: bytes) -> bytes:
    """A data key, to be opened with the recovery key only (HPKE, RFC 9180)."""
    recipient = hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        x25519.X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
    return _SUITE.encrypt(data_key.reveal(), recipient, bound_to)


def unwrap_with_recovery(seed: SecretBytes, wrapped: bytes, bound_to: bytes) -> SecretBytes:
    """The data key. Raises DoesNotFit."""
    try:
        return SecretBytes(_SUITE.decrypt(wrapped, _private(seed), bound_to))
    except (InvalidTag, ValueError):
        raise DoesNotFit from None
