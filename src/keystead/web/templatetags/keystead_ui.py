"""Tags and filters for pages: icons, initials, times, marks. They choose words and shapes only."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from keystead.journal.saying import translated
from keystead.web.templatetags import time_words

register = template.Library()

HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
LONGEST_SHOWN = 4_000

DEFAULT_ICON = "circle"
ICONS = {
    "door": "door-closed",
    "gate": "fence",
    "safe": "vault",
    "vehicle": "car",
    "cabinet": "archive",
    "mailbox": "mailbox",
    "padlock": "lock",
    "alarm_panel": "siren",
    "lockbox": "lock-keyhole",
    "key_cabinet": "layout-grid",
    "drawer": "inbox",
    "envelope": "mail",
    "site": "map-pin",
    "building": "building-2",
    "floor": "layers",
    "flat": "house",
    "room": "square",
    "yard": "trees",
    "space": "square",
    "key": "key-round",
    "copy": "tag",
    "ring": "circle-dot",
    "key_system": "network",
    "cylinder": "disc-3",
    "lock": "lock",
    "code": "hash",
    "incident": "triangle-alert",
    "person": "user-round",
    "firm": "handshake",
    "web": "globe",
    "api": "plug",
    "cli": "terminal",
    "local": "terminal",
    "worker": "cog",
    "import": "upload",
    "other": DEFAULT_ICON,
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite. Without `label` it is decoration; `size` is "", "s" or "l"."""
    return _drawn(name, label, size, get_script_prefix())


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, size: str, prefix: str) -> SafeString:
    """The same icon is drawn hundreds of times on a page; `prefix` is where static files are."""
    css = f"icon icon--{size}" if size else "icon"
    href = f"{static('keystead/dist/icons.svg')}#{name}"
    if not label:
        return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
    )


@register.filter
def icon_of(kind: str) -> str:
    """The icon for a kind of thing or a channel; an unknown kind gets a plain circle."""
    return ICONS.get(str(kind).lower().replace("-", "_").replace(" ", "_"), DEFAULT_ICON)


@register.filter
def initials(name: str | None) -> str:
    """Two letters for a person's circle: first and last word; "?" where the name is gone.

    Of an e-mail address only the part before the @ counts.
    """
    plain = (name or "").partition("@")[0].replace(".", " ").replace("_", " ")
    words = [word for word in plain.split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.filter
def mark_word(mark: str) -> str:
    """The word that goes with a state mark, so that it never speaks by shape alone."""
    words = {
        "confirmed": _("confirmed"),
        "intended": _("intended, not confirmed"),
        "unknown": _("unknown"),
    }
    return words.get(mark, mark)


@register.filter
def channel_words(channel: str) -> str:
    """How something was done, as an end of a sentence: "in the browser"."""
    words = {
        "web": _("in the browser"),
        "api": _("over the API"),
        "cli": _("on the command line"),
        "worker": _("by itself"),
        "local": _("on the server itself"),
        "import": _("by import"),
    }
    return words.get(channel, channel)


@register.filter
def visible(text: object) -> str:
    """What somebody wrote, with nothing hidden in it and no longer than a page can bear.

    Control characters and marks that turn the direction of writing become "�"; joiners stay,
    since scripts and pictures need them.
    """
    shown = str(text)[: LONGEST_SHOWN + 1]
    cut = shown[:LONGEST_SHOWN] + "…" if len(shown) > LONGEST_SHOWN else shown
    return HIDDEN.sub("�", cut.replace("\r\n", "\n"))


@register.filter
def said(sentence: str) -> str:
    """A sentence of the domain in the reader's language."""
    return translated(sentence)


@register.simple_tag
def when(moment: datetime | None, style: str = "point") -> SafeString:
    """A `<time>` in the reader's words, with the exact instant on hover and for screen readers.

    `style` is "point" (tomorrow 17:00), "day" (Tuesday), "clock" (17:00), "ago" (5 minutes ago),
    "due" (due today 17:00, or 3 days late), "until" (the same without "due", for a column),
    "for" (3 days), "for-short" (3 d). None gives nothing.
    """
    if moment is None:
        return SafeString("")
    zone = timezone.get_current_timezone()
    local, now = timezone.localtime(moment, zone), timezone.localtime(None, zone)
    words, exact = _spoken(local, now, style), time_words.exact(local)
    time = format_html(
        '<time datetime="{}" title="{}"><span data-words>{}</span>'
        '<span class="vh"> ({})</span></time>',
        local.isoformat(),
        exact,
        words,
        exact,
    )
    return _kept_fresh(time, local, now, style)


def _spoken(local: datetime, now: datetime, style: str) -> str:
    passed = max(now - local, timedelta())
    match style:
        case "day":
            return time_words.day(local, now)
        case "clock":
            return time_words.clock(local)
        case "ago":
            return time_words.ago(local, now)
        case "due":
            return time_words.due(local, now)
        case "until":
            return time_words.due(local, now) if local < now else time_words.point(local, now)
        case "for":
            return time_words.span(passed)
        case "for-short":
            return time_words.short_span(passed)
        case _:
            return time_words.point(local, now)


def _kept_fresh(time: SafeString, local: datetime, now: datetime, style: str) -> SafeString:
    """Wraps what changes while a page stays open in the island that keeps it true."""
    if style == "ago" and now - local < timedelta(hours=20):
        return format_html('<relative-time at="{}">{}</relative-time>', local.isoformat(), time)
    if style not in ("due", "until"):
        return time
    return format_html(
        '<relative-time at="{}" late="{}"{}>{}</relative-time>',
        local.isoformat(),
        time_words.late_pattern() % {"span": "{}"},
        SafeString(' class="is-late"') if local < now else "",
        time,
    )


@register.filter
def localday(moment: datetime) -> date:
    """The day of an instant in the reader's zone, to group by."""
    return timezone.localtime(moment).date()


@register.filter
def is_late(due: datetime | None) -> bool:
    """True for an instant that has passed; false without one (open-ended)."""
    return due is not None and due < timezone.now()


@register.filter
def tone(stay: object) -> str:
    """The tone of a stay's chip from its `state` and `due_at`: late, missing, gone, or none."""
    state = getattr(stay, "state", "")
    if state == "missing":
        return "missing"
    if state == "destroyed":
        return "gone"
    return "late" if is_late(getattr(stay, "due_at", None)) else ""


@register.simple_tag
def once() -> SafeString:
    """A hidden input that makes a form sent twice count once."""
    return format_html(
        '<input type="hidden" name="idempotency_key" value="{}">', secrets.token_urlsafe(16)
    )


@dataclass(frozen=True)
class Part:
    """One piece of the balance bar: its share from `start`, `width` wide, both in percent."""

    name: str
    label: str
    count: int
    url: str
    start: float
    width: float


@dataclass(frozen=True)
class Balance:
    """All copies ever cut, and the pieces they add up from."""

    cut: int
    parts: tuple[Part, ...]


@register.simple_tag
def balance_parts(stock: int, out: int, lost: int, destroyed: int, base_url: str = "") -> Balance:
    """The balance split for drawing; links are `base_url` + `?state=` + the part's name."""
    counts = {"stock": stock, "out": out, "lost": lost, "destroyed": destroyed}
    labels = {
        "stock": _("in stock"),
        "out": _("out"),
        "lost": _("lost"),
        "destroyed": _("destroyed"),
    }
    cut = sum(counts.values())
    parts, start = [], 0.0
    for name, count in counts.items():
        width = 100 * count / max(cut, 1)
        url = f"{base_url}?state={name}" if base_url else ""
        parts.append(Part(name, labels[name], count, url, start, width))
        start += width
    return Balance(cut, tuple(parts))
