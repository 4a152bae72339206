"""Random texts for links and tokens, and the hashes that are kept of them."""

import hashlib
import secrets

from keystead.kernel.secret import Secret


def new_token() -> Secret:
    """128 bits and more of randomness for a link, made before the operation that stores it."""
    return Secret(secrets.token_urlsafe(24))


def new_api_token() -> Secret:
    """The text of a new API token, `ks_<prefix>_<secret>`, made before it is stored."""
    return Secret(f"ks_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}")


def hash_of(token: Secret) -> bytes:
    """The SHA-256 (32 bytes) kept of a token; tokens are random, so no salt is needed."""
    return hashlib.sha256(token.reveal().encode()).digest()
