"""How pages speak about whereabouts: state sentences for headings, and what an act just did."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from keystead.custody.queries import StayView
from keystead.kernel.clock import local_to_utc
from keystead.web.templatetags import time_words
from keystead.web.templatetags.keystead_ui import is_late, when

MISSING = {
    "lost": gettext_noop("%(copy)s is lost since %(since)s"),
    "stolen": gettext_noop("%(copy)s was stolen, known since %(since)s"),
    "unaccounted": gettext_noop("Nobody knows where %(copy)s is since %(since)s"),
}


def fill(sentence: str, **values: Any) -> SafeString:
    """A translated sentence with its values escaped; times may be safe HTML."""
    return mark_safe(  # noqa: S308 - every value is escaped here
        conditional_escape(sentence) % {k: conditional_escape(v) for k, v in values.items()}
    )


def whereabouts(stay: StayView, label: str = "") -> SafeString:
    """Where a copy is, as a sentence without its dot: the heading of its page."""
    values = {
        "copy": label or stay.copy_label,
        "since": when(stay.since),
        "container": stay.container_name,
        "hook": stay.position_label,
        "holder": stay.holder,
    }
    return fill(_sentence(stay), **values)


def _sentence(stay: StayView) -> str:
    if stay.state == "held" and stay.person_id is not None:
        return _("%(copy)s is with %(holder)s since %(since)s")
    if stay.state == "held":
        return _("%(copy)s is at %(holder)s since %(since)s")
    if stay.state == "missing":
        return _(MISSING.get(stay.reason, MISSING["unaccounted"]))
    if stay.state == "destroyed":
        return _("%(copy)s was destroyed %(since)s")
    if stay.container_id is None:
        return _("%(copy)s is in stock")
    if stay.position_id is None:
        return _("%(copy)s is in %(container)s")
    return _("%(copy)s hangs in %(container)s on hook %(hook)s")


def period(due_at: datetime | None, review_on: date | None) -> SafeString:
    """How long a loan lasts: "due tomorrow 17:00", "3 days late", "open-ended, …"."""
    if due_at is not None:
        return when(due_at, "due")
    if review_on is not None:
        return fill(_("open-ended, to be looked at again %(day)s"), day=day(review_on))
    return SafeString("")


def day(of: date) -> SafeString:
    """A day at the place the page is about, in words."""
    return format_html('<time datetime="{}">{}</time>', of.isoformat(), _day_words(of))


def _day_words(of: date) -> str:
    noon = local_to_utc(datetime.combine(of, time(12)), timezone.get_current_timezone_name())
    return time_words.day(timezone.localtime(noon), timezone.localtime())


def urgency(stay: StayView) -> str:
    """The tone of a head: late, missing, or none."""
    if stay.state == "missing":
        return "missing"
    return "late" if stay.state == "held" and is_late(stay.due_at) else ""


def listed(names: Sequence[str]) -> str:
    """Names as people say them: "A", "A and B", "A, B and C", "A, B and 4 more"."""
    if len(names) > 4:
        rest = len(names) - 3
        some = ", ".join(names[:3])
        return ngettext("%(some)s and %(rest)d more", "%(some)s and %(rest)d more", rest) % {
            "some": some,
            "rest": rest,
        }
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def moment(at: datetime | None, on: date | None) -> str:
    """Until when, in plain words for a message."""
    if at is not None:
        return time_words.point(timezone.localtime(at), timezone.localtime())
    return _("open-ended") if on is None else _day_words(on)


def handed_out(labels: Iterable[str], holder: str, due_at: datetime | None) -> str:
    """What a hand-out did, in one sentence."""
    values = {"things": listed(list(labels)), "holder": holder}
    if due_at is None:
        return _("%(things)s: with %(holder)s now, open-ended.") % values
    return _("%(things)s: with %(holder)s now, due %(due)s.") % {
        **values,
        "due": moment(due_at, None),
    }


def place(stay: StayView) -> str:
    """Where something in stock is: "Cabinet A 17", or just "stock"."""
    parts = (stay.container_name, stay.position_label)
    return " ".join(part for part in parts if part) or _("stock")


def late_count(late: int) -> str:
    """How many are late, or nothing."""
    if not late:
        return ""
    return ngettext("%(count)d is late", "%(count)d are late", late) % {"count": late}
