"""Which worker sends which digest: leases, so that none is sent by two.

A lease is taken and committed before the mail server is spoken to. A worker that dies in between
leaves a digest of which nobody knows whether it arrived. One with an alarm in it is sent again,
under the same Message-ID; plain reminders are not, since tomorrow's digest says them again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from keystead.notify.models import Delivery
from keystead.notify.rules import BACK_OFF

LEASE = timedelta(minutes=5)
"""Longer than a mail server may take to answer (`EMAIL_TIMEOUT` and a few questions)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A digest one may send now. `is_doubtful`: its last sender died; it may have arrived."""

    delivery_id: int
    workspace_id: int
    attempts: int
    is_alarm: bool
    is_doubtful: bool


def claim(at: datetime, but: frozenset[int] = frozenset()) -> Claim | None:
    """Take the next digest that is due at `at` (aware UTC), or None. One statement decides."""
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    due = Delivery.objects.filter(free, ended_at=None, next_at__lte=at).exclude(pk__in=but)
    for row in due.order_by("next_at", "pk")[:20]:
        mine = Delivery.objects.filter(
            free, pk=row.pk, ended_at=None, attempts=row.attempts, lease_until=row.lease_until
        )
        taken = mine.update(state="sending", attempts=row.attempts + 1, lease_until=at + LEASE)
        if taken:
            was_sending = row.state == "sending"
            return Claim(row.pk, row.workspace_id, row.attempts + 1, row.is_alarm, was_sending)
    return None


def postpone(found: Claim, at: datetime, problem: str) -> bool:
    """Try again later; False when it was tried often enough."""
    if found.attempts > len(BACK_OFF):
        return False
    Delivery.objects.filter(pk=found.delivery_id).update(
        state="waiting",
        lease_until=None,
        next_at=at + BACK_OFF[found.attempts - 1],
        problem=problem[:40],
    )
    return True
