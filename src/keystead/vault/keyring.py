"""The keys a process holds in memory: the vault key, and the data keys it has unwrapped.

The vault key is read once, when the process starts; again only when the database says that
another one was put in use since.
"""

from dataclasses import dataclass

from keystead.kernel.errors import KeysteadError
from keystead.kernel.secret import Secret, SecretBytes
from keystead.kernel.words import said as _
from keystead.vault import recovery, source, wrapping
from keystead.vault.envelope import DoesNotFit
from keystead.vault.errors import VaultLocked, WrongRecoveryKey
from keystead.vault.models import DataKey, RecoveryKey, Wrap


@dataclass(frozen=True, slots=True)
class Held:
    """The vault key in memory."""

    key: SecretBytes
    fingerprint: str


_held: Held | None = None
_problem: KeysteadError | None = None
_data_keys: dict[str, SecretBytes] = {}
"""By handle, which is random, so that no other database has the same."""


def load() -> None:
    """Read the vault key; without one, or with a bad one, the vault stays locked."""
    global _held, _problem
    try:
        key = source.read(source.source())
    except VaultLocked as problem:
        _held, _problem = None, problem
        return
    _held, _problem = (Held(key, wrapping.fingerprint(key)) if key else None), None


def held() -> Held:
    """The vault key in memory. Raises VaultLocked."""
    if _held is not None:
        return _held
    if _problem is not None:
        raise VaultLocked(_problem.message)
    raise VaultLocked(
        _("The vault's key is not there, so nothing can be sealed or opened. Bring it back.")
    )


def held_as(fingerprint: str) -> Held:
    """The vault key of this fingerprint; looks for it again if another is held. VaultLocked."""
    if _held is None or _held.fingerprint != fingerprint:
        load()
    if (now := held()).fingerprint != fingerprint:
        raise _is_another(now)
    return now


def _is_another(now: Held) -> VaultLocked:
    return VaultLocked(
        _(
            "The vault was made with another key than the one in use (%(fingerprint)s). Bring the "
            "right one back, or use the recovery key: keystead vault recover",
            fingerprint=now.fingerprint,
        ),
        fingerprint=now.fingerprint,
    )


def data_key(row: DataKey) -> SecretBytes:
    """A data key in clear. Raises VaultLocked where no key held opens it."""
    known = _data_keys.get(row.handle)
    if known is None:
        known = _data_keys[row.handle] = _unwrapped(row)
    return known


def _unwrapped(row: DataKey) -> SecretBytes:
    wraps = dict(Wrap.objects.filter(data_key=row, kind="vault").values_list("by", "wrapped"))
    if _held is None or _held.fingerprint not in wraps:
        load()
    if (now := held()).fingerprint not in wraps:
        raise _is_another(now)
    try:
        return wrapping.unwrap(now.key, bytes(wraps[now.fingerprint]), bound_to(row))
    except DoesNotFit:
        raise VaultLocked(
            _("Data key %(version)d is damaged in the database.", version=row.version)
        ) from None


def bound_to(row: DataKey) -> bytes:
    """What a wrapped form of this data key is bound to."""
    return wrapping.bound(row.workspace_id, row.version, row.handle)


def opened_with_recovery(recovery_key: Secret) -> tuple[RecoveryKey, dict[int, SecretBytes]]:
    """The recovery key in use and every living data key, by its row's id. WrongRecoveryKey."""
    seed = recovery.read(recovery_key)
    row = RecoveryKey.objects.filter(state="in-use").first()
    if row is None or wrapping.public_key(seed) != bytes(row.public):
        raise WrongRecoveryKey(
            _("This is a recovery key, but not the one of this vault. An older one, perhaps?"),
            field="recovery_key",
        )
    wraps = Wrap.objects.filter(kind="recovery", by=row.fingerprint)
    wrapped = dict(wraps.values_list("data_key_id", "wrapped"))
    try:
        return row, {
            key.pk: wrapping.unwrap_with_recovery(seed, bytes(wrapped[key.pk]), bound_to(key))
            for key in DataKey.objects.exclude(state="retired")
        }
    except (DoesNotFit, KeyError):
        raise VaultLocked(
            _("A data key wrapped for the recovery key is missing or damaged in the database.")
        ) from None


def forget() -> None:
    """Hold nothing in memory any more, as a process that has just begun."""
    global _held, _problem
    _held = _problem = None
    _data_keys.clear()
