"""Writing digests in the language and zone of their workspace, and sending them."""

import logging
import smtplib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from keystead.journal import queries as journal
from keystead.journal.installation import quarantined_since
from keystead.journal.queries import WorkspaceView
from keystead.kernel.actor import system
from keystead.notify import operations, outbox, queries, saying
from keystead.notify.outbox import Claim
from keystead.notify.queries import Digest

log = logging.getLogger(__name__)


def send_due(most: int = 100) -> int:
    """Send the digests that are due; how many the server took. A copy in quarantine sends none."""
    if quarantined_since() is not None:
        return 0
    seen: set[int] = set()
    count = 0
    while len(seen) < most and (found := outbox.claim(now(), frozenset(seen))) is not None:
        seen.add(found.delivery_id)
        count += _send(found)
    return count


def _send(found: Claim) -> bool:
    """One digest, or what is left of it; whether the server took it."""
    actor = system(found.workspace_id, "worker")
    if found.is_doubtful and not found.is_alarm:
        operations.give_up(actor, delivery_id=found.delivery_id, why="doubtful")
        return False
    digest = queries.digest(actor, found.delivery_id)
    if not digest.notices or not digest.address:
        operations.give_up(actor, delivery_id=found.delivery_id, why="dropped")
        return False
    try:
        written(digest, journal.workspace(found.workspace_id)).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        problem = type(error).__name__
        log.warning("Digest %s was not sent: %s", found.delivery_id, problem)
        if not outbox.postpone(found, now(), problem):
            operations.give_up(actor, delivery_id=found.delivery_id, why="failed")
        return False
    operations.note_sent(actor, delivery_id=found.delivery_id)
    return True


def written(digest: Digest, workspace: WorkspaceView) -> EmailMessage:
    """The mail: one line for each notice. The same digest has the same Message-ID every time."""
    zone = ZoneInfo(workspace.time_zone)
    with translation.override(workspace.locale):
        lines = [saying.line(notice, digest.person_id, zone) for notice in digest.notices]
        body = [
            _("Hello %(name)s,") % {"name": digest.name},
            "",
            *(f"- {text}" for text in lines),
            "",
            _("All times are those of %(zone)s.") % {"zone": workspace.time_zone},
        ]
        if settings.PUBLIC_URL:
            body += ["", f"{settings.PUBLIC_URL}/w/{workspace.slug}/notices"]
        body += ["", _("This mail comes from Keystead, %(name)s.") % {"name": workspace.name}]
        subject = f"{saying.subject(digest.notices)} · {workspace.name}"
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    return EmailMessage(
        " ".join(subject.split()),
        "\n".join(body),
        to=[digest.address],
        headers={"Message-ID": f"<{digest.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
    )
