"""Sites, the spaces in them, and what can be opened to get from one to another."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from keystead.journal.models import Row


class Site(Row):
    """A property. `time_zone` is empty where the workspace's zone holds."""

    name = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="places_site_name")
        ]

    def __str__(self) -> str:
        return self.name


class Space(Row):
    """A place inside a site: building, floor, room, yard. Spaces form a tree."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="spaces")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="inner")
    kind = models.CharField(max_length=20, default="room")
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "site", "parent"], name="places_space_tree")
        ]

    def __str__(self) -> str:
        return self.name


class AccessPoint(Row):
    """Anything that can be opened to get somewhere or to something.

    It leads from one space (None: from outside) into another (None: not recorded) and opens with
    any, or only with all, of its locks.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="access_points")
    kind = models.CharField(max_length=20, default="door")
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    leads_from = models.ForeignKey(Space, models.PROTECT, null=True, related_name="ways_out")
    leads_to = models.ForeignKey(Space, models.PROTECT, null=True, related_name="ways_in")
    needs_all_locks = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "site", "name"], name="places_access_point_name")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "workspace",
                "site",
                Lower("number"),
                condition=~models.Q(number=""),
                name="places_access_point_number",
            )
        ]

    def __str__(self) -> str:
        return self.name
