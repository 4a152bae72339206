"""The one outbox: every mail waits here, and leases say which worker sends which.

A mail comes in with the change it tells of: a digest of what the journal told, or a letter about
a sign-in. A lease is taken and committed before the mail server is spoken to. A worker that dies
in between leaves a mail of which nobody knows whether it arrived. One that must arrive (a letter,
a digest with an alarm) is sent again, under the same Message-ID; plain reminders are not, since
tomorrow's digest says them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import now

from keystead.kernel.actor import INSTALLATION
from keystead.notify.models import DIGEST, Delivery
from keystead.notify.rules import BACK_OFF, LETTER_LASTS

LEASE = timedelta(minutes=5)
"""Longer than a mail server may take to answer (`EMAIL_TIMEOUT` and a few questions)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail one may send now. `is_doubtful`: its last sender died; it may have arrived."""

    delivery_id: int
    workspace_id: int
    kind: str
    uuid: UUID
    attempts: int
    must_arrive: bool
    is_doubtful: bool

    @property
    def is_letter(self) -> bool:
        """Whether it goes to an account; else it is a digest for a person."""
        return self.kind != DIGEST

    @property
    def is_hopeless(self) -> bool:
        """Whether it was tried often enough before, by senders that died of it."""
        return self.attempts > len(BACK_OFF) + 1


@dataclass(frozen=True, slots=True)
class Letter:
    """What an account is told: of which kind, filled in with what, since when.

    `account` is the row of `people` that links are made for.
    """

    kind: str
    account: Any
    values: Mapping[str, Any]
    made_at: datetime


def put_letter(account_id: int | None, kind: str, values: Mapping[str, Any]) -> None:
    """Add a letter, in the transaction under way. For nobody (None) it is never sent."""
    at = now()
    Delivery.objects.create(
        workspace_id=INSTALLATION,
        account_id=account_id,
        kind=kind,
        values=dict(values),
        must_arrive=True,
        made_at=at,
        next_at=at,
        expires_at=at + LETTER_LASTS,
    )


def letter(found: Claim) -> Letter | None:
    """What a claimed letter says; None if its account is gone."""
    row = Delivery.objects.filter(pk=found.delivery_id).select_related("account").first()
    if row is None or row.account is None:
        return None
    return Letter(row.kind, row.account, row.values, row.made_at)


def _letters() -> Q:
    return ~Q(kind=DIGEST)


def clear(at: datetime) -> None:
    """Throw away letters for nobody, and those that are not worth sending at `at` (aware UTC)."""
    waste = Delivery.objects.filter(
        _letters(), Q(account=None) | Q(expires_at__lte=at), ended_at=None
    )
    if waste.exists():
        waste.delete()


def end_letter(found: Claim) -> None:
    """Forget a letter that was sent or given up: nothing else names it."""
    Delivery.objects.filter(_letters(), pk=found.delivery_id).delete()


def claim(at: datetime, but: frozenset[int] = frozenset()) -> Claim | None:
    """Take the next mail that is due at `at` (aware UTC), or None. One statement decides.

    What must arrive goes first: somebody may be waiting for it.
    """
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    due = Delivery.objects.filter(free, ended_at=None, next_at__lte=at).exclude(pk__in=but)
    for row in due.order_by("-must_arrive", "next_at", "pk")[:20]:
        mine = Delivery.objects.filter(
            free, pk=row.pk, ended_at=None, attempts=row.attempts, lease_until=row.lease_until
        )
        if mine.update(state="sending", attempts=row.attempts + 1, lease_until=at + LEASE):
            return Claim(
                row.pk,
                row.workspace_id,
                row.kind,
                row.uuid,
                row.attempts + 1,
                row.must_arrive,
                is_doubtful=row.state == "sending",
            )
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
