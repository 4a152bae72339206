"""Logs without secrets, and without lines that somebody else wrote."""

import logging
import re
from typing import Any

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


LONGEST_MESSAGE = 4_000
FURTHER = "\n    "


class OneLine(logging.Formatter):
    """A message is one line of printable text, so that no text somebody typed poses as another
    line or steers a terminal; the lines of a traceback are set in."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of the log, with everything that is not printable escaped."""
        record.message = escaped(record.message, LONGEST_MESSAGE)
        return super().formatMessage(record)

    def formatException(self, exc_info: Any) -> str:
        """The traceback, set in."""
        lines = super().formatException(exc_info).splitlines()
        return "    " + FURTHER.join(escaped(line, LONGEST_MESSAGE) for line in lines)


def escaped(text: str, longest: int) -> str:
    """Text in which nothing is invisible: line ends, escapes and direction marks as `\\u…`."""
    shown = text[:longest] + ("…" if len(text) > longest else "")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
