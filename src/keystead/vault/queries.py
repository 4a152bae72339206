"""What is known of the vault's keys; never the keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from keystead.journal.models import Workspace
from keystead.journal.operation import require
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.vault import keyring
from keystead.vault.models import DataKey, RecoveryKey, VaultKey
from keystead.vault.registry import COLUMNS

Recovery = Literal["none", "unconfirmed", "confirmed"]


@dataclass(frozen=True, slots=True)
class VaultView:
    """The vault as the server's own commands see it. Fingerprints are 16 hex digits.

    `active` and `replaced` count data keys, `unequipped` workspaces without one.
    """

    in_use: str | None
    prepared: str | None
    recovery: Recovery
    recovery_made_at: datetime | None
    recovery_confirmed_at: datetime | None
    active: int
    replaced: int
    unequipped: int
    is_only_demo: bool


def vault() -> VaultView:
    """The state of the vault. For commands on the server itself: it asks for no right."""
    states = dict(VaultKey.objects.exclude(state="retired").values_list("state", "fingerprint"))
    recovery = RecoveryKey.objects.filter(state="in-use").first()
    active = DataKey.objects.filter(state="active")
    real = Workspace.objects.exclude(pk=0)
    return VaultView(
        in_use=states.get("in-use"),
        prepared=states.get("prepared"),
        recovery=_recovery(recovery),
        recovery_made_at=recovery.made_at if recovery else None,
        recovery_confirmed_at=recovery.confirmed_at if recovery else None,
        active=active.count(),
        replaced=DataKey.objects.filter(state="replaced").count(),
        unequipped=Workspace.objects.exclude(pk__in=active.values("workspace_id")).count(),
        is_only_demo=real.exists() and not real.filter(is_demo=False).exists(),
    )


def vault_keys() -> list[str]:
    """The fingerprints of the vault keys that open the data keys: one, two during a change."""
    rows = VaultKey.objects.exclude(state="retired").order_by("state")
    return list(rows.values_list("fingerprint", flat=True))


def recovery_key(actor: Actor) -> Recovery:
    """Whether this installation has a recovery key, and somebody showed that they have it."""
    require(actor, Right.MANAGE_MEMBERS)
    return _recovery(RecoveryKey.objects.filter(state="in-use").first())


def _recovery(row: RecoveryKey | None) -> Recovery:
    if row is None:
        return "none"
    return "unconfirmed" if row.confirmed_at is None else "confirmed"


def require_recovery_key(typed: Secret) -> None:
    """Raise WrongRecoveryKey unless this is the recovery key and opens every data key."""
    keyring.opened_with_recovery(typed)


def to_reseal() -> list[int]:
    """The workspaces with data keys that were replaced but are not retired."""
    rows = DataKey.objects.filter(state="replaced").order_by("workspace_id")
    return list(rows.values_list("workspace_id", flat=True).distinct())


def not_sealed_with_newest() -> int:
    """How many values are sealed with an older data key, or with none that is known."""
    return sum(_older())


def _older() -> Iterator[int]:
    for key in DataKey.objects.filter(state="active"):
        for column in COLUMNS.values():
            yield column.sealed_otherwise(key.workspace_id, key.version).count()
