"""Notices: what somebody should know. Deliveries: all mails on their way."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from keystead.custody.models import Incident, Loan
from keystead.journal.models import Row
from keystead.keys.models import Copy
from keystead.people.models import Account, Person

DIGEST = "digest"


class Notice(Row):
    """One thing one person should know. There is never a second one about the same.

    `subject` names what it is about, so that the same is not said twice: a loan with its due
    time, an incident, an entry of the installation's journal. `over_at` (aware UTC): it is true
    no longer, or was seen to. `told_at`: when it last went into a digest.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="+")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "person", "kind", "subject"], name="notify_notice_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "person", "read_at"],
                condition=Q(over_at=None),
                name="notify_notice_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Delivery(Row):
    """One mail: a digest to a person, or a letter to an account about its sign-in.

    A letter has a kind, and `values` its template fills in; nothing that opens anything, since
    links are made when it is sent. It belongs to the installation. One without an account is for
    nobody. When it was sent or given up its row goes; a digest stays, since the journal names it.

    `lease_until` (aware UTC) guards it while a worker sends it; after `expires_at` it is not worth
    sending. `must_arrive`: rather twice than not at all, where its sender died in between.
    `state`: waiting, sending, sent, dropped (nothing of it was true any more), failed (given up),
    doubtful (its sender died in between; it may have arrived and is not sent again).
    """

    kind = models.CharField(max_length=40, default=DIGEST)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="deliveries")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    values = models.JSONField(default=dict)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, default="waiting")
    must_arrive = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "person"],
                condition=Q(ended_at=None),
                name="notify_one_digest_under_way",
            ),
            models.CheckConstraint(
                condition=Q(kind=DIGEST, person__isnull=False, account=None)
                | (~Q(kind=DIGEST) & Q(person=None)),
                name="notify_digest_or_letter",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"], condition=Q(ended_at=None), name="notify_delivery_next"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def reader_id(self) -> int:
        """The person a digest is for. Raises ValueError for a letter."""
        if self.person_id is None:
            raise ValueError("A letter is for an account.")
        return self.person_id


class Said(Row):
    """A notice in a digest."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="said")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="said")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "delivery", "notice"], name="notify_said_once"
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id} in {self.delivery_id}"


class Schedule(Row):
    """When a workspace sends its digests. Without a row the defaults of the rules hold.

    `times` are wall-clock times in the workspace's zone, `soon_hours` how long before its due
    time a loan is due soon.
    """

    times = models.JSONField()
    soon_hours = models.IntegerField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace"], name="notify_one_schedule")
        ]

    def __str__(self) -> str:
        return f"digests at {self.times}"
