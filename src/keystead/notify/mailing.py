"""Digests in words, in the language and zone of their workspace."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from keystead.journal.queries import WorkspaceView
from keystead.notify import saying
from keystead.notify.queries import Digest


def written(digest: Digest, workspace: WorkspaceView) -> EmailMessage:
    """The mail: one line for each notice."""
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
    return EmailMessage(" ".join(subject.split()), "\n".join(body), to=[digest.address])
