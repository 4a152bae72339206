"""What only one process does at a time. `queries.last_seen` tells when it last showed life."""

from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import now

from keystead.journal.models import Lease


def hold(name: str, holder: str, lasts: timedelta) -> bool:
    """Take or renew a lease for `holder`; whether it has it now.

    Another holder's lease is taken over only once it has run out. Each step is one statement, so
    that of several who ask at once, on either database, one gets it.
    """
    at = now()
    values = {"holder": holder, "until": at + lasts, "seen_at": at}
    _lease, is_first_ever = Lease.objects.get_or_create(name=name, defaults=values)
    if is_first_ever:
        return True
    is_mine_to_take = Q(holder=holder) | Q(until__lte=at)
    return Lease.objects.filter(is_mine_to_take, name=name).update(**values) == 1


def free(name: str, holder: str) -> None:
    """Give a lease back, so that the next holder need not wait for its end."""
    Lease.objects.filter(name=name, holder=holder).update(until=now())
