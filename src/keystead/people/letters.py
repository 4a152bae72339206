"""What accounts are told by mail. Written within a change, sent by the worker afterwards."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from keystead.people.models import Letter

__all__ = ["Letter", "done", "failed", "waiting", "write"]

GIVEN_UP = 20
"""Tries after which a letter that cannot be sent is thrown away: half a day."""
KEPT = timedelta(days=1)


def write(account_id: int | None, kind: str, /, **values: Any) -> None:
    """Have something told to an account. For nobody (None) a letter is written, and never sent.

    So that asking takes the same steps whether there is such an account or not.
    """
    Letter.objects.create(account_id=account_id, kind=kind, values=values, made_at=now())


def waiting(limit: int = 50) -> list[Letter]:
    """Letters to send, oldest first; those for nobody and those that are too old are dropped."""
    Letter.objects.filter(account=None).delete()
    Letter.objects.filter(made_at__lt=now() - KEPT).delete()
    rows = Letter.objects.filter(tries__lt=GIVEN_UP).select_related("account")
    return list(rows.order_by("tries", "pk")[:limit])


def done(letter: Letter) -> None:
    """It was sent."""
    letter.delete()


def failed(letter: Letter) -> None:
    """It was not sent; it is tried again later."""
    letter.tries += 1
    letter.save(update_fields=["tries"])
