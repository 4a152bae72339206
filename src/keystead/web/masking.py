"""Logs without secrets: addresses that are secrets themselves are cut short."""

import logging
import re

SECRET_ADDRESSES = re.compile(r"(/invitation/|/password/new/|/email/)[^\s?\"']+")


class HideLinks(logging.Filter):
    """Cuts the secret part out of links (invitations, mails) before a line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line, without the secrets in it."""
        text = record.getMessage()
        hidden = SECRET_ADDRESSES.sub(r"\1•••", text)
        if hidden != text:
            record.msg, record.args = hidden, ()
        return True
