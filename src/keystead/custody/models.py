"""Where every copy is: one table of stays. Loans and incidents add what was agreed and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from keystead.hardware.models import IS_OPEN, Container, Position, Spell
from keystead.journal.models import Remark, Row, Workspace
from keystead.keys.models import Copy, Ring
from keystead.people.models import Person
from keystead.places.models import Space


class Stay(Spell):
    """Where a copy is for a time. Exactly one open stay per copy.

    `state`: `stored` (in a container, or in stock with no place recorded), `held` (by a person
    or at a place), `missing` (with `reason` lost, stolen or unaccounted) or `destroyed`.
    `handling` is the journal number of the first fact of the act it came from.
    """

    copy = models.ForeignKey(Copy, models.PROTECT, related_name="stays")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=12, blank=True)
    container = models.ForeignKey(Container, models.PROTECT, null=True, related_name="stays")
    position = models.ForeignKey(Position, models.PROTECT, null=True, related_name="stays")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="stays")
    space = models.ForeignKey(Space, models.PROTECT, null=True, related_name="stays")
    handling = models.BigIntegerField()
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "copy"], condition=IS_OPEN, name="custody_one_open_stay"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(person__isnull=False) | Q(space__isnull=False),
                name="custody_held_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="held") | Q(person=None, space=None),
                name="custody_holder_only_when_held",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "copy", "valid_from"], name="custody_stay_copy"),
            models.Index(
                fields=["workspace", "person", "valid_to"],
                condition=Q(person__isnull=False),
                name="custody_stay_person",
            ),
            models.Index(
                fields=["workspace", "space", "valid_to"],
                condition=Q(space__isnull=False),
                name="custody_stay_space",
            ),
            models.Index(
                fields=["workspace", "container"],
                condition=IS_OPEN & Q(container__isnull=False),
                name="custody_stay_container",
            ),
            models.Index(
                fields=["workspace", "state"], condition=IS_OPEN, name="custody_stay_state"
            ),
            models.Index(fields=["workspace", "handling"], name="custody_stay_handling"),
        ]

    def __str__(self) -> str:
        return f"copy {self.copy_id} {self.state}"


class Loan(Row):
    """One period in which a holder has a copy: due or to be reviewed, and how it ended.

    Times are aware UTC; `review_on` is a day at the site.
    """

    stay = models.OneToOneField(Stay, models.PROTECT, related_name="loan")
    ring = models.ForeignKey(Ring, models.PROTECT, null=True, related_name="loans")
    due_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    purpose = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")
    back_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    return_note = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")
    left_at = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")
    meter = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "due_at"],
                condition=Q(back_at=None),
                name="custody_loan_due",
            ),
            models.Index(
                fields=["workspace", "review_on"],
                condition=Q(back_at=None, review_on__isnull=False),
                name="custody_loan_review",
            ),
        ]

    def __str__(self) -> str:
        return f"loan {self.pk}"


class HandingRule(models.Model):
    """What a workspace asks of those who hand copies out."""

    workspace = models.OneToOneField(Workspace, models.PROTECT, primary_key=True, related_name="+")
    needs_purpose = models.BooleanField()

    def __str__(self) -> str:
        return f"handing rule of {self.workspace_id}"


class Incident(Row):
    """Something went wrong (or was put right) with a copy or ring."""

    kind = models.CharField(max_length=20)
    copy = models.ForeignKey(Copy, models.PROTECT, null=True, related_name="incidents")
    ring = models.ForeignKey(Ring, models.PROTECT, null=True, related_name="incidents")
    last_holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="incidents")
    is_critical = models.BooleanField(default=False)
    note = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_note = models.ForeignKey(Remark, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "copy"],
                condition=Q(closed_at=None),
                name="custody_incident_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
