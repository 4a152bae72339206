"""What only one process does at a time. `queries.last_seen` tells when it last showed life."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from keystead.journal.models import Lease


def hold(name: str, holder: str, lasts: timedelta) -> bool:
    """Take or renew a lease for `holder`; whether it has it now.

    Another holder's lease is taken over only once it has run out.
    """
    try:
        with transaction.atomic():
            at = now()
            lease = Lease.objects.select_for_update().filter(name=name).first()
            if lease is not None and lease.holder != holder and lease.until > at:
                return False
            values = {"holder": holder, "until": at + lasts, "seen_at": at}
            Lease.objects.update_or_create(name=name, defaults=values)
            return True
    except IntegrityError:  # somebody else was the first ever, a moment ago
        return False


def free(name: str, holder: str) -> None:
    """Give a lease back, so that the next holder need not wait for its end."""
    Lease.objects.filter(name=name, holder=holder).update(until=now())
