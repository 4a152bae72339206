"""Filters that turn the stable words of the register into words people read."""

from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from keystead.custody.queries import StayView
from keystead.exchange.planning.doubts import Doubt
from keystead.kernel.rights import Right
from keystead.people.roles import AT_THE_DESK, READING
from keystead.web import wording, words
from keystead.web.forms.members import RIGHT_WORDS

register = template.Library()


@register.filter
def role_word(role: str) -> str:
    """The word for a role: "key manager"."""
    return str(words.ROLES.get(role, role))


@register.filter
def kind_word(kind: str) -> str:
    """The word for a kind of space, access point, lock, container or incident."""
    return str(words.ALL.get(kind, kind))


@register.filter
def doubt_words(doubt: Doubt) -> str:
    """The sentence of a doubt about a row of an import."""
    return _(doubt.sentence) % doubt.values


@register.filter
def period_words(stay: StayView) -> SafeString:
    """How long a loan lasts: "due tomorrow 17:00", "open-ended, to be looked at again today"."""
    return wording.period(stay.due_at, stay.review_on)


@register.filter
def day_words(day: date | None) -> SafeString:
    """A day as people say it: "today", "3 Nov"; nothing for none."""
    return wording.day(day) if day is not None else SafeString("")


@register.filter
def token_rights(rights: tuple[str, ...] | None) -> str:
    """What an API token may do, in words: its scope, or each of its rights."""
    if rights is None:
        return _("may do what its owner may")
    if READING.issuperset(rights):
        return _("may only read")
    if frozenset(rights) == AT_THE_DESK:
        return _("may hand out and take back")
    return _("may only: %s") % ", ".join(str(RIGHT_WORDS.get(Right(r), r)) for r in rights)
