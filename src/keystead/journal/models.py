"""Workspaces, the journal's entries, and what reads them."""

import hashlib
import uuid
from typing import ClassVar, Self, TypeVar

from django.db import models


class Workspace(models.Model):
    """A household or an organisation. Number 0 is the installation itself."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    template = models.CharField(max_length=20, default="empty")
    time_zone = models.CharField(max_length=60, default="UTC")
    locale = models.CharField(max_length=20, default="en")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class Head(models.Model):
    """The end of one workspace's chain. Every operation of that workspace locks this row.

    `first_bad` is the first entry that was found not to hold, until somebody has looked.
    """

    workspace = models.OneToOneField(
        Workspace, models.PROTECT, primary_key=True, related_name="head"
    )
    sequence = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField(null=True)
    first_bad = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.workspace_id}@{self.sequence}"


class Installation(models.Model):
    """What is true of this installation as a whole; one row, of workspace 0.

    `uuid` tells it from its copies. `quarantined_at` (aware UTC) is set on a copy made from a
    backup until a person confirms that it is the one in use: until then it tells nobody anything.
    """

    workspace = models.OneToOneField(Workspace, models.PROTECT, primary_key=True, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    quarantined_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"installation {self.uuid}"


class SigningKey(models.Model):
    """A key that signs checkpoints, sealed by the vault for its `uuid`; the newest one signs.

    They belong to the installation.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    uuid = models.UUIDField(unique=True, editable=False)
    public = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"signing key {self.uuid}"


class Entry(models.Model):
    """One fact, chained to the one before it. Never updated, never deleted.

    `body` is the exact text that was hashed; the other columns are extracted from it.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    account_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    body = models.TextField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "sequence"], name="journal_entry_order")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "name", "sequence"], name="journal_entry_name"),
            models.Index(
                fields=["workspace", "account_id", "sequence"], name="journal_entry_account"
            ),
            models.Index(fields=["workspace", "channel", "sequence"], name="journal_entry_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace_id}#{self.sequence} {self.name}"


class Mention(models.Model):
    """Which things an entry is about, so that each thing can tell its story."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    thing_id = models.BigIntegerField()
    sequence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "thing_id", "sequence"], name="journal_mention_once"
            )
        ]
        indexes: ClassVar = [  # verification reads them entry by entry
            models.Index(fields=["workspace", "sequence"], name="journal_mention_entry")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id} #{self.sequence}"


class Remark(models.Model):
    """Free text somebody wrote. Erasable: facts carry only its id and its salted hash."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    text = models.TextField()
    salt = models.BinaryField(max_length=16)
    written_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "id"], name="journal_remark_ws")]

    def __str__(self) -> str:
        return f"remark {self.pk}"


def remark_hash(salt: bytes, text: str) -> str:
    """What facts keep of a remark: its salted SHA-256 as hex."""
    return hashlib.sha256(salt + text.encode(errors="surrogatepass")).hexdigest()


class Replayed(models.Model):
    """An idempotency key already used: what it asked for and which ids came of it."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    principal = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    asked = models.BinaryField(max_length=32)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "principal", "key"], name="journal_replayed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"


class Cursor(models.Model):
    """How far one reader has got in one workspace's journal."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    reader = models.CharField(max_length=40)
    sequence = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "reader"], name="journal_cursor_once")
        ]

    def __str__(self) -> str:
        return f"{self.reader}@{self.sequence}"


class Lease(models.Model):
    """Something only one process does at a time, and when it last showed signs of life."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


_R = TypeVar("_R", bound=models.Model, covariant=True)


class Visible(models.Manager[_R]):
    """Only rows that are in force: what an unfinished import brought stays hidden."""

    def get_queryset(self) -> models.QuerySet[_R]:
        """Rows without those of unfinished imports."""
        return super().get_queryset().filter(pending_import=None)


class Row(models.Model):
    """Base of the register's tables: every row belongs to one workspace.

    `pending_import` is the number of an import that is not finished; `objects` leaves such
    rows out, `everything` does not.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    pending_import = models.BigIntegerField(null=True, editable=False)

    objects: ClassVar[Visible[Self]] = Visible()
    everything: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
