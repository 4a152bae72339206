"""What only one process does at a time, and when it last showed signs of life."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from keystead.journal.models import Lease


def hold(name: str, holder: str, lasts: timedelta) -> bool:
    """Take or renew a lease for `holder`; whether it has it now.

    Another holder's lease is taken over only once it has run out.
    """
    with transaction.atomic():
        at = now()
        lease = Lease.objects.select_for_update().filter(name=name).first()
        if lease is not None and lease.holder != holder and lease.until > at:
            return False
        values = {"holder": holder, "until": at + lasts, "seen_at": at}
        Lease.objects.update_or_create(name=name, defaults=values)
        return True


def free(name: str, holder: str) -> None:
    """Give a lease back, so that the next holder need not wait for its end."""
    Lease.objects.filter(name=name, holder=holder).update(until=now())


def seen_at(name: str) -> datetime | None:
    """When the holder of a lease last renewed it (aware UTC); None: never."""
    return Lease.objects.filter(name=name).values_list("seen_at", flat=True).first()
