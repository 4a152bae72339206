"""Notices in words, in the language in force."""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from keystead.notify import rules
from keystead.notify.queries import NoticeView


def subject(notices: Iterable[NoticeView]) -> str:
    """How many of what, the most urgent first: "1 lost, 2 late"."""
    kinds = [notice.kind for notice in notices]
    words: dict[str, Callable[[int], str]] = {
        rules.LOST: lambda n: ngettext("%(n)s key lost", "%(n)s keys lost", n),
        rules.CHECKPOINT: lambda n: _("journal not sealed"),
        rules.BACKUP: lambda n: _("backup failed"),
        rules.FOUND: lambda n: ngettext("%(n)s key found", "%(n)s keys found", n),
        rules.LATE: lambda n: ngettext("%(n)s key late", "%(n)s keys late", n),
        rules.DUE_SOON: lambda n: ngettext("%(n)s key due soon", "%(n)s keys due soon", n),
    }
    return ", ".join(words[kind](n) % {"n": n} for kind in rules.KINDS if (n := kinds.count(kind)))


def line(notice: NoticeView, reader_id: int, zone: ZoneInfo) -> str:
    """A notice as a sentence for one reader; names of things, never codes."""
    values = {
        "copy": notice.copy_label or "",
        "who": notice.holder or _("somebody"),
        "when": _when(notice.due_at, zone),
        "what": {"lost": _("lost"), "stolen": _("stolen")}.get(notice.incident or "", _("missing")),
    }
    is_own = notice.holder_id == reader_id
    sentences = {
        (rules.DUE_SOON, True): _("%(copy)s is due back on %(when)s."),
        (rules.DUE_SOON, False): _("%(copy)s is due back from %(who)s on %(when)s."),
        (rules.LATE, True): _("%(copy)s was due back on %(when)s. Please bring it back."),
        (rules.LATE, False): _("%(copy)s was due back from %(who)s on %(when)s."),
        (rules.LOST, True): _("%(copy)s is reported as %(what)s; you had it last."),
        (rules.LOST, False): _("%(copy)s is reported as %(what)s. %(who)s had it last."),
    }
    if notice.kind == rules.LOST and notice.holder_id is None:
        return _("%(copy)s is reported as %(what)s.") % values
    if notice.kind == rules.FOUND:
        return _("%(copy)s turned up.") % values
    if notice.kind == rules.CHECKPOINT:
        return _("The journal could not be sealed outside. Look at the journal's page.")
    if notice.kind == rules.BACKUP:
        return _("The backup failed. Whoever runs Keystead should look at it.")
    return sentences[notice.kind, is_own] % values


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    pattern = pgettext("exact instant, Django format", "l j F Y, H:i")
    return date_format(at.astimezone(zone), pattern) if at else ""
