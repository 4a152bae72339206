"""The keys of the vault. Data keys lie here wrapped; what wraps them never does."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keystead.journal.models import Workspace


class VaultKey(models.Model):
    """A vault key this installation has, is about to have or had. The key itself is elsewhere.

    `state` is `prepared` (wraps the data keys besides the one in use), `in-use` or `retired`.
    `vouches` shows that the recovery key in use was put there by whoever has this vault key.
    """

    fingerprint = models.CharField(max_length=16, primary_key=True)
    state = models.CharField(max_length=10)
    added_at = models.DateTimeField()
    vouches = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["prepared", "in-use"]),
                name="vault_one_key_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"vault key {self.fingerprint}"


class RecoveryKey(models.Model):
    """The public half of a recovery key; the other half is on paper. One is `in-use`."""

    fingerprint = models.CharField(max_length=16, primary_key=True)
    state = models.CharField(max_length=10)
    public = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in-use"), name="vault_one_recovery_key"
            )
        ]

    def __str__(self) -> str:
        return f"recovery key {self.fingerprint}"


class DataKey(models.Model):
    """A key that seals the secrets of one workspace. Wrapped, see `Wrap`.

    `state` is `active` (seals and opens), `replaced` (opens what is still sealed with it) or
    `retired` (destroyed). `handle` is random and stands in each sealed value.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    version = models.IntegerField()
    handle = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=10, default="active")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "version"], name="vault_data_key_version"),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state="active"), name="vault_one_active_key"
            ),
        ]

    def __str__(self) -> str:
        return f"data key {self.version} of workspace {self.workspace_id}"


class Wrap(models.Model):
    """A data key as one vault key, or one recovery key, opens it.

    `by` is the fingerprint of that key and `kind` is `vault` or `recovery`.
    """

    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="wraps")
    kind = models.CharField(max_length=10)
    by = models.CharField(max_length=16)
    wrapped = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["data_key", "kind", "by"], name="vault_wrapped_once")
        ]

    def __str__(self) -> str:
        return f"{self.data_key_id} by {self.kind} key {self.by}"
