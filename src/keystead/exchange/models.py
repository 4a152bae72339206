"""Imports: the file as uploaded (sealed), how to read it, how far it has got."""

import uuid
from typing import ClassVar

from django.db import models

from keystead.journal.models import Remark, Row
from keystead.keys.models import Copy


class Import(Row):
    """One uploaded register and what became of it.

    `state`: `staged` (read, nothing written), `applying` (a big one, partly written and hidden),
    `finished`, `undone` or `discarded`. `sealed` holds the file until then. `as_of` is the day at
    the site the file is looked at; `done` counts the planned rows already written. `asked_by` is
    the account for which the worker writes it; None when nobody asked, or it was stopped.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=120)
    file_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="staged")
    sealed = models.BinaryField(null=True)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    layouts = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    site_name = models.CharField(max_length=120)
    as_of = models.DateField()
    row_count = models.IntegerField()
    done = models.IntegerField(default=0)
    keys_made = models.IntegerField(default=0)
    copies_made = models.IntegerField(default=0)
    persons_made = models.IntegerField(default=0)
    staged_at = models.DateTimeField()
    staged_by = models.BigIntegerField(null=True)
    asked_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state"], name="exchange_import_state")
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportedCopy(Row):
    """Which row a copy came from, and what that row said besides."""

    source = models.ForeignKey(Import, models.PROTECT, related_name="copies")
    copy = models.ForeignKey(Copy, models.PROTECT, related_name="imported_from")
    sheet = models.CharField(max_length=120)
    row_number = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    remark = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "copy"], name="exchange_imported_copy"),
            models.Index(fields=["workspace", "source"], name="exchange_imported_source"),
        ]

    def __str__(self) -> str:
        return f"copy {self.copy_id} from row {self.row_number}"
