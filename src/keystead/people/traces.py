"""When something was last used. No facts: only the day is kept, and only the latest."""

import contextlib

from django.db import OperationalError
from django.utils.timezone import now

from keystead.people.models import ApiToken


def token_used(token: ApiToken) -> None:
    """Note the day on which an API token was last used."""
    today = now().date()
    if token.used_on != today:
        with contextlib.suppress(OperationalError):  # busy: a later use of the day will tell
            ApiToken.objects.filter(pk=token.pk).update(used_on=today)
