"""Refusals in the reader's language."""

from django.utils.translation import gettext

from keystead.kernel.words import Words


def translated(message: str) -> str:
    """A sentence of the domain in the language in force, with its values put in."""
    if isinstance(message, Words):
        return gettext(message.template) % message.values if message.values else gettext(message)
    return gettext(message) if message else message
