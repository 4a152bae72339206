"""Counting copies: balances that add up, what is in containers, the numbers of the first page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, FilteredRelation, Q

from keystead.custody.models import Incident, Stay
from keystead.hardware.models import IS_OPEN, Container
from keystead.journal.rows import hidden, visible
from keystead.kernel.actor import Actor
from keystead.keys.models import Copy


def container_counts(actor: Actor) -> dict[int, int]:
    """How many copies are in each container now, by container id; empty ones are missing."""
    rows = visible(actor, Stay).filter(IS_OPEN, container_id__isnull=False)
    found = dict(rows.values_list("container_id").annotate(Count("pk")).order_by())
    away = hidden(actor, Container, found)
    return {
        container_id: count for container_id, count in found.items() if container_id not in away
    }


@dataclass(frozen=True, slots=True)
class Balance:
    """cut = stock + out + missing + destroyed, always."""

    cut: int
    stock: int
    out: int
    missing: int
    destroyed: int

    @property
    def adds_up(self) -> bool:
        """Whether every copy ever cut is somewhere."""
        return self.cut == self.stock + self.out + self.missing + self.destroyed


def balances(actor: Actor, key_ids: Iterable[int]) -> dict[int, Balance]:
    """The balance of each of these keys, by key id."""
    ids = list(key_ids)
    copies = visible(actor, Copy).filter(key_id__in=ids)
    cut = dict(copies.values_list("key_id").annotate(Count("pk")).order_by())
    here = Q(stays__workspace_id=actor.workspace_id, stays__pending_import=None)
    is_open = Q(stays__valid_to=None, stays__superseded_seq=None)
    placed = copies.annotate(now=FilteredRelation("stays", condition=here & is_open))
    where = {
        (key_id, state): count
        for key_id, state, count in placed.values_list("key_id", "now__state")
        .annotate(Count("pk"))
        .order_by()
    }
    return {
        key_id: Balance(
            cut.get(key_id, 0),
            where.get((key_id, "stored"), 0),
            where.get((key_id, "held"), 0),
            where.get((key_id, "missing"), 0),
            where.get((key_id, "destroyed"), 0),
        )
        for key_id in ids
    }


def out_of_use(actor: Actor, key_ids: Iterable[int]) -> dict[int, int]:
    """How many copies in stock cannot be handed out, as they or their key are out of use."""
    rows = visible(actor, Stay).filter(IS_OPEN, state="stored", copy__key_id__in=list(key_ids))
    retired = rows.exclude(copy__retired_at=None, copy__key__retired_at=None)
    return dict(retired.values_list("copy__key_id").annotate(Count("pk")).order_by())


def total_balance(actor: Actor) -> Balance:
    """The balance of the whole workspace."""
    cut = visible(actor, Copy).count()
    rows = visible(actor, Stay).filter(IS_OPEN)
    where = dict(rows.values_list("state").annotate(Count("pk")).order_by())
    return Balance(
        cut,
        where.get("stored", 0),
        where.get("held", 0),
        where.get("missing", 0),
        where.get("destroyed", 0),
    )


@dataclass(frozen=True, slots=True)
class TodayCounts:
    """Numbers of the first page: each is a list elsewhere."""

    copies: int
    out: int
    overdue: int
    due_today: int
    to_review: int
    open_incidents: int


def today_counts(actor: Actor, *, at: datetime, end_of_day: datetime, day: date) -> TodayCounts:
    """How many copies are out, late, due before `end_of_day` (aware), due for review by `day`."""
    held = visible(actor, Stay).filter(IS_OPEN, state="held")
    counts = held.aggregate(
        out=Count("pk"),
        overdue=Count("pk", filter=Q(loan__due_at__lt=at)),
        due_today=Count("pk", filter=Q(loan__due_at__gte=at, loan__due_at__lt=end_of_day)),
        to_review=Count("pk", filter=Q(loan__review_on__lte=day)),
    )
    return TodayCounts(
        copies=visible(actor, Copy).count(),
        open_incidents=visible(actor, Incident).filter(closed_at=None).count(),
        **counts,
    )
