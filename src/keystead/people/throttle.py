"""How many guesses are evaluated. Counted in the database, before anything is compared.

A guess is reserved first and given back when it was right; so of many at once no more than
the limit are ever compared. Buckets are hashes: neither addresses nor e-mails are kept.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from keystead.people.models import LockOuts, Tries

Kind = Literal["login", "device", "code", "address", "passkey", "reset", "invitation"]
Limits = tuple[tuple[int, timedelta], ...]

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
LIMITS: dict[Kind, Limits] = {
    "login": ((10, QUARTER), (100, DAY)),
    "device": ((10, QUARTER), (100, DAY)),
    "code": ((10, QUARTER), (100, DAY)),
    "address": ((100, QUARTER), (1_000, DAY)),
    "passkey": ((100, QUARTER), (2_000, DAY)),
    "reset": ((3, QUARTER), (10, DAY)),
    "invitation": ((20, QUARTER), (100, DAY)),
}
"""Evaluated guesses per bucket: an account, a known device of it, its codes, a network."""


class TooManyTries(Exception):
    """No more guesses here for now."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A guess that may be evaluated; given back if it was right."""

    bucket: str
    at: float

    def give_back(self) -> None:
        """It was right: it does not count."""
        with transaction.atomic():
            row = Tries.objects.select_for_update().filter(pk=self.bucket).first()
            if row is not None and self.at in row.times:
                row.times.remove(self.at)
                row.full_until = None
                row.save(update_fields=["times", "full_until"])


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that was reserved for one guess."""

    parts: tuple[Reserved, ...]

    def give_back(self) -> None:
        """It was right: it does not count."""
        for part in self.parts:
            part.give_back()


def reserve(*things: tuple[Kind, str]) -> Ticket:
    """Reserve one guess in each bucket. Raises TooManyTries, and then none is used up."""
    taken: list[Reserved] = []
    for kind, thing in things:
        one = _take(kind, thing)
        if one is None:
            Ticket(tuple(taken)).give_back()
            raise TooManyTries
        taken.append(one)
    return Ticket(tuple(taken))


def _take(kind: Kind, thing: str) -> Reserved | None:
    bucket = salted_hmac("keystead.tries", f"{kind}|{thing}", algorithm="sha256").hexdigest()
    at = now()
    # Most tries of a flood end here, with one read.
    if Tries.objects.filter(pk=bucket, full_until__gt=at).exists():
        return None
    with transaction.atomic():
        Tries.objects.get_or_create(pk=bucket, defaults={"touched_at": at})
        row = Tries.objects.select_for_update().get(pk=bucket)
        row.times = [time for time in row.times if time > (at - DAY).timestamp()]
        until = _full_until(row.times, LIMITS[kind], at)
        if until is not None:
            if row.full_until is None or row.full_until <= at:
                _count_lock_out(kind, at)
            row.full_until = until
            row.save(update_fields=["times", "full_until"])
            return None
        one = Reserved(bucket, at.timestamp())
        row.times.append(one.at)
        row.full_until, row.touched_at = None, at
        row.save(update_fields=["times", "full_until", "touched_at"])
        return one


def _full_until(times: Sequence[float], limits: Limits, at: datetime) -> datetime | None:
    """Until when no guess is free; None if one is."""
    ends = []
    for most, within in limits:
        inside = [time for time in times if time > (at - within).timestamp()]
        if len(inside) >= most:
            ends.append(datetime.fromtimestamp(sorted(inside)[-most], UTC) + within)
    return max(ends, default=None)


def _count_lock_out(kind: Kind, at: datetime) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    column = "addresses" if kind == "address" else "logins"
    LockOuts.objects.get_or_create(pk=hour)
    LockOuts.objects.filter(pk=hour).update(**{column: F(column) + 1})


def network_of(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 of an IPv6 address.

    Only what the web server itself says counts; headers do not.
    """
    text = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def forget_old() -> None:
    """Delete buckets nobody touched for longer than they count."""
    Tries.objects.filter(touched_at__lt=now() - DAY).delete()
