"""What happens to the vault's keys, and what it refused to open.

A vault key wraps the data keys; it is known by its fingerprint, which tells nothing about it.
"""

from dataclasses import dataclass

from keystead.kernel.fact import Fact, gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKeyPrepared(Fact):
    """The data keys were wrapped under a new vault key, too. In the installation's journal."""

    name = "vault.key-prepared"
    sentence = gettext_noop("A new vault key was prepared: {fingerprint}")
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKeyPutInUse(Fact):
    """A vault key wraps the data keys from now on, and no other one does.

    `reason` is `first-start`, `rotation` or `recovery`. In the installation's journal.
    """

    name = "vault.key-put-in-use"
    sentence = gettext_noop("The vault key {fingerprint} was put in use")
    fingerprint: str
    old_fingerprint: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeysMade(Fact):
    """Data keys were made for one or more workspaces. In the installation's journal.

    `reason` is `missing` (they had none) or `rotation`.
    """

    name = "vault.data-keys-made"
    sentence = gettext_noop("{data_keys} data keys were made")
    data_keys: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeyMade(Fact):
    """The workspace has a data key of this version; secrets are sealed with it from now on."""

    name = "vault.data-key-made"
    sentence = gettext_noop("Data key {version} was made")
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesResealed(Fact):
    """Sealed values were sealed anew with the data key of this version.

    `unreadable` of them could not be opened and stay as they are.
    """

    name = "vault.values-resealed"
    sentence = gettext_noop("{values} sealed values were sealed anew with data key {version}")
    purpose: str
    version: int
    values: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeyRetired(Fact):
    """No value is sealed with the data key of this version any more; it was destroyed."""

    name = "vault.data-key-retired"
    sentence = gettext_noop("Data key {version} was retired")
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryKeyMade(Fact):
    """A recovery key was made; one made before opens nothing any more."""

    name = "vault.recovery-key-made"
    sentence = gettext_noop("The recovery key {fingerprint} was made")
    fingerprint: str
    old_fingerprint: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryKeyConfirmed(Fact):
    """Somebody typed in the recovery key, and it opened every data key."""

    name = "vault.recovery-key-confirmed"
    sentence = gettext_noop("Somebody showed that they have the recovery key {fingerprint}")
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFailed(Fact):
    """A sealed value was damaged, moved here from elsewhere or sealed with another key.

    `reason` is `format`, `key` (no such data key), `retired` (its data key is) or `seal`.
    """

    name = "vault.opening-failed"
    sentence = gettext_noop("A sealed value ({purpose}) could not be opened")
    purpose: str
    row_uuid: str
    version: int | None
    reason: str


FACTS = (
    VaultKeyPrepared,
    VaultKeyPutInUse,
    DataKeysMade,
    DataKeyMade,
    ValuesResealed,
    DataKeyRetired,
    RecoveryKeyMade,
    RecoveryKeyConfirmed,
    OpeningFailed,
)
