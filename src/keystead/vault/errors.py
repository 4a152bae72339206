"""Refusals of the vault."""

from keystead.kernel.errors import Conflict, Invalid, Unavailable


class CannotOpen(Unavailable):
    """The sealed value and this key, row or purpose do not belong together."""

    code = "seal-broken"


class VaultLocked(Unavailable):
    """The vault's key is missing, unusable or another one than the vault was made with."""

    code = "vault-locked"


class KeyChangeUnderWay(Conflict):
    """The vault's key is being replaced; the data has the fingerprint of the new one."""

    code = "key-change-under-way"


class WrongRecoveryKey(Invalid):
    """What was typed is no recovery key, or not the one of this vault."""

    code = "wrong-recovery-key"
