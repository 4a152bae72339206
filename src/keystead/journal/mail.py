"""Mail, unless this copy is held back: the one way out, so that nobody has to remember."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from keystead.journal.installation import quarantined_since

log = logging.getLogger(__name__)


class NotSent(OSError):
    """A mail did not go out; the text is one word for why, without addresses."""


def hand_over(message: EmailMessage) -> None:
    """Give a mail to the mail server. Raises NotSent where it was not taken."""
    try:
        sent = message.send()
    except (OSError, ValueError) as error:  # ValueError: an address or header that is none
        raise NotSent(type(error).__name__) from error
    if not sent:
        raise NotSent("HeldBack")


class Backend(BaseEmailBackend):
    """Hands mail to the backend in SENDING_BACKEND; in quarantine sends none and logs that.

    It does not raise then: whoever asks for a new password must not learn by an error page
    whether an address is known.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._options = kwargs

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send these; how many were sent."""
        if quarantined_since() is not None:
            log.warning("Mail was not sent (%s): this copy is held back.", len(email_messages))
            return 0
        sending = get_connection(
            settings.SENDING_BACKEND, fail_silently=self.fail_silently, **self._options
        )
        return sending.send_messages(email_messages) or 0
