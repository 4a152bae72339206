"""Key systems, keys, their copies, the rings they hang on and the tags they wear."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower

from keystead.hardware.models import IS_OPEN, Container, Cylinder, Position, Spell
from keystead.journal.models import Row
from keystead.places.models import AccessPoint

LONGEST_FOLDED = 160


class KeySystem(Row):
    """A master-key system."""

    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="keys_system_name")
        ]

    def __str__(self) -> str:
        return self.name


class Key(Row):
    """A design that opens locks: known by its symbol in a system, or by its name alone.

    `parent` is the key directly above it: what operates a lock for this key operates it for
    every key above, unless the cylinder is listed only. `folded` is the label people would take
    for the same.
    """

    system = models.ForeignKey(KeySystem, models.PROTECT, null=True, related_name="keys")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    symbol = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    folded = models.CharField(max_length=LONGEST_FOLDED)
    kind = models.CharField(max_length=20, default="metal")
    next_number = models.IntegerField(default=1)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace", Coalesce("system_id", 0), "folded", name="keys_key_label"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How people call the key: its symbol, else its name."""
        return self.symbol or self.name


class Operates(Spell):
    """A key opens a cylinder, for a time."""

    key = models.ForeignKey(Key, models.PROTECT, related_name="operates")
    cylinder = models.ForeignKey(Cylinder, models.PROTECT, related_name="operated_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "key", "cylinder"],
                condition=IS_OPEN,
                name="keys_operates_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "cylinder"], name="keys_operates_cylinder")
        ]

    def __str__(self) -> str:
        return f"key {self.key_id} opens cylinder {self.cylinder_id}"


class Copy(Row):
    """One physical piece of a key. Never deleted: destroyed is a whereabouts, too.

    `number` counts the key's copies; `mark` is what is stamped or written on this one.
    """

    key = models.ForeignKey(Key, models.PROTECT, related_name="copies")
    number = models.IntegerField()
    mark = models.CharField(max_length=60, blank=True)
    home_container = models.ForeignKey(Container, models.PROTECT, null=True, related_name="home_of")
    home_position = models.ForeignKey(Position, models.PROTECT, null=True, related_name="home_of")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key", "number"], name="keys_copy_number")
        ]

    def __str__(self) -> str:
        return f"copy {self.number} of key {self.key_id}"


class Ring(Row):
    """Copies that travel together. A sealed ring carries the number of its seal."""

    name = models.CharField(max_length=60)
    is_sealed = models.BooleanField(default=False)
    seal_number = models.CharField(max_length=40, blank=True)
    home_container = models.ForeignKey(
        Container, models.PROTECT, null=True, related_name="home_of_rings"
    )
    home_position = models.ForeignKey(
        Position, models.PROTECT, null=True, related_name="home_of_rings"
    )
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="keys_ring_name")
        ]

    def __str__(self) -> str:
        return self.name


class RingMember(Spell):
    """A copy on a ring, for a time."""

    ring = models.ForeignKey(Ring, models.PROTECT, related_name="members")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="on_rings")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "copy"], condition=IS_OPEN, name="keys_on_one_ring"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "ring"], name="keys_ring_members")]

    def __str__(self) -> str:
        return f"copy {self.copy_id} on ring {self.ring_id}"


class Tag(Spell):
    """The printed label of a copy, ring, container or access point, for a time.

    `text` is what a scanner reads. The record stays when the tag moves to another thing.
    """

    text = models.CharField(max_length=80)
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="tags")
    ring = models.ForeignKey(Ring, models.PROTECT, null=True, related_name="tags")
    container = models.ForeignKey(Container, models.PROTECT, null=True, related_name="tags")
    access_point = models.ForeignKey(AccessPoint, models.PROTECT, null=True, related_name="tags")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace", Lower("text"), condition=IS_OPEN, name="keys_tag_on_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(copy__isnull=False, ring=None, container=None, access_point=None)
                | Q(copy=None, ring__isnull=False, container=None, access_point=None)
                | Q(copy=None, ring=None, container__isnull=False, access_point=None)
                | Q(copy=None, ring=None, container=None, access_point__isnull=False),
                name="keys_tag_names_one_thing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "copy"], name="keys_tag_copy")]

    def __str__(self) -> str:
        return self.text
