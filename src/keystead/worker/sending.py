"""The one sender: takes mails from the outbox and hands them to the mail server."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.timezone import now

from keystead.journal import mail
from keystead.journal import queries as journal
from keystead.journal.installation import quarantined_since
from keystead.kernel.actor import system
from keystead.notify import mailing, operations, outbox, queries
from keystead.notify.outbox import Claim
from keystead.worker import letters

log = logging.getLogger(__name__)
MOST = 100


def send_mail(beat: Callable[[], None] = lambda: None) -> int:
    """Send what is due; how many mails the server took. A copy in quarantine sends none."""
    if quarantined_since() is not None:
        return 0
    outbox.clear(now())
    seen: set[int] = set()
    count = 0
    while len(seen) < MOST and (found := outbox.claim(now(), frozenset(seen))) is not None:
        seen.add(found.delivery_id)
        end = _send(found)
        if end is not None:
            _note(found, end)
        count += end == "sent"
        beat()
    return count


def _send(found: Claim) -> str | None:
    """How it ended: sent, dropped, doubtful or failed; None where it is tried again later."""
    if found.is_doubtful and not found.must_arrive:
        return "doubtful"
    if found.is_hopeless:
        return "failed"
    message = _written(found)
    if message is None:
        return "dropped"
    try:
        mail.hand_over(message)
    except mail.NotSent as error:
        log.warning("The mail %s was not sent: %s", found.delivery_id, error)
        return None if outbox.postpone(found, now(), str(error)) else "failed"
    return "sent"


def _written(found: Claim) -> EmailMessage | None:
    """The mail, or None if there is nothing to say, or nobody to say it to.

    The same one has the same Message-ID every time.
    """
    message = _letter(found) if found.is_letter else _digest(found)
    if message is not None:
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
        message.extra_headers["Message-ID"] = f"<{found.uuid}@{host}>"
        message.extra_headers["Auto-Submitted"] = "auto-generated"
    return message


def _letter(found: Claim) -> EmailMessage | None:
    letter = outbox.letter(found)
    return None if letter is None else letters.written(letter)


def _digest(found: Claim) -> EmailMessage | None:
    digest = queries.digest(system(found.workspace_id, "worker"), found.delivery_id)
    if not digest.notices or not digest.address:
        return None
    return mailing.written(digest, journal.workspace(found.workspace_id))


def _note(found: Claim, end: str) -> None:
    if found.is_letter:
        if end == "failed":
            log.error("The letter %s was given up.", found.delivery_id)
        outbox.end_letter(found)
        return
    actor = system(found.workspace_id, "worker")
    if end == "sent":
        operations.note_sent(actor, delivery_id=found.delivery_id)
    else:
        operations.give_up(actor, delivery_id=found.delivery_id, why=end)
