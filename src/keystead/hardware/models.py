"""Locks and their cylinders, containers and their positions, codes and who knows them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from keystead.journal.models import Row
from keystead.people.models import Person
from keystead.places.models import AccessPoint, Site, Space

IS_OPEN = Q(valid_to=None, superseded_seq=None)


class Spell(Row):
    """Base of edges that hold for a time.

    `valid_from` and `valid_to` (half-open, aware UTC) say when it was so; `recorded_seq` and
    `superseded_seq` (journal numbers) say when it was known.
    """

    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_seq = models.BigIntegerField()
    superseded_seq = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class Container(Row):
    """Lockbox, cabinet, safe, drawer or envelope: stands in a space and holds copies."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="containers")
    space = models.ForeignKey(Space, models.PROTECT, null=True, related_name="containers")
    kind = models.CharField(max_length=20, default="cabinet")
    name = models.CharField(max_length=120)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace", "site", Lower("name"), name="hardware_container_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Position(Row):
    """A hook or slot in a container."""

    container = models.ForeignKey(Container, models.PROTECT, related_name="positions")
    label = models.CharField(max_length=20)
    rank = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace", "container", Lower("label"), name="hardware_position_label"
            )
        ]

    def __str__(self) -> str:
        return self.label


class Lock(Row):
    """A mechanism on an access point or on a container."""

    access_point = models.ForeignKey(AccessPoint, models.PROTECT, null=True, related_name="locks")
    container = models.ForeignKey(Container, models.PROTECT, null=True, related_name="locks")
    kind = models.CharField(max_length=20, default="mechanical")
    name = models.CharField(max_length=120)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "access_point"], name="hardware_lock_point"),
            models.Index(fields=["workspace", "container"], name="hardware_lock_container"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(access_point=None, container__isnull=False)
                | Q(access_point__isnull=False, container=None),
                name="hardware_lock_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Cylinder(Row):
    """The replaceable core of a mechanical lock.

    `is_listed_only`: cross-keyed (X) or not master keyed (NMK), so that exactly the keys listed
    operate it and nothing above them does.
    """

    number = models.CharField(max_length=40)
    is_listed_only = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("number"), name="hardware_cylinder_number")
        ]

    def __str__(self) -> str:
        return self.number


class Fitting(Spell):
    """A cylinder in a lock, for a time."""

    lock = models.ForeignKey(Lock, models.PROTECT, related_name="fittings")
    cylinder = models.ForeignKey(Cylinder, models.PROTECT, related_name="fittings")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "lock"], condition=IS_OPEN, name="hardware_one_cylinder_in"
            ),
            models.UniqueConstraint(
                fields=["workspace", "cylinder"], condition=IS_OPEN, name="hardware_one_lock_of"
            ),
        ]

    def __str__(self) -> str:
        return f"cylinder {self.cylinder_id} in lock {self.lock_id}"


class Code(Row):
    """A secret that opens a lock. Its value, where known at all, is sealed in the vault."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lock = models.ForeignKey(Lock, models.PROTECT, related_name="codes")
    name = models.CharField(max_length=120)
    sealed = models.BinaryField(null=True)
    changed_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "lock"], name="hardware_code_lock")]

    def __str__(self) -> str:
        return self.name


class Knower(Spell):
    """A person who was told a code since it was last changed."""

    code = models.ForeignKey(Code, models.PROTECT, related_name="knowers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="codes_known")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "code", "person"],
                condition=IS_OPEN,
                name="hardware_knows_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "person"], name="hardware_knower_person")
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} knows code {self.code_id}"
