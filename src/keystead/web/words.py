"""What people read for the stable words of the register: kinds, roles, incidents, channels."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Any]

ROLES: Words = {
    "owner": _("owner"),
    "key-manager": _("key manager"),
    "holder": _("holder"),
    "auditor": _("auditor"),
    "sites-only": _("at single sites only"),
}
SPACES: Words = {
    "building": _("building"),
    "floor": _("floor"),
    "flat": _("flat"),
    "room": _("room"),
    "yard": _("yard or garden"),
    "other": _("other"),
}
ACCESS_POINTS: Words = {
    "door": _("door"),
    "gate": _("gate"),
    "safe": _("safe"),
    "vehicle": _("vehicle"),
    "cabinet": _("cabinet"),
    "mailbox": _("mailbox"),
    "padlock": _("padlock"),
    "alarm-panel": _("alarm panel"),
    "other": _("other"),
}
LOCKS: Words = {
    "mechanical": _("key lock"),
    "keypad": _("code lock"),
    "smart": _("smart lock"),
}
CONTAINERS: Words = {
    "cabinet": _("key cabinet"),
    "lockbox": _("lockbox"),
    "safe": _("safe"),
    "drawer": _("drawer"),
    "envelope": _("envelope"),
    "other": _("other"),
}
INCIDENTS: Words = {
    "lost": _("lost"),
    "stolen": _("stolen"),
    "unaccounted": _("unaccounted for"),
    "damaged": _("damaged"),
    "missing-part": _("part of a ring missing"),
    "wrong-seal": _("the seal differs"),
    "compromised": _("copied without permission"),
}
CHANNELS: Words = {
    "web": _("in the browser"),
    "api": _("over the API"),
    "cli": _("on the command line"),
    "worker": _("by itself"),
    "local": _("on the server itself"),
}
"""How something was done; the journal's filter offers them."""

ALL: Words = {**CONTAINERS, **LOCKS, **SPACES, **ACCESS_POINTS, **INCIDENTS, **ROLES}


def choices(words: Words) -> list[tuple[str, Any]]:
    """The words for a select, first letters large."""
    return [(word, capfirst(text)) for word, text in words.items()]
