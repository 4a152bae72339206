"""Reading what people typed: one place for the rules about short texts."""

import re
import unicodedata
from functools import lru_cache

from keystead.kernel.errors import Invalid
from keystead.kernel.words import said as _

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


def line(text: str, *, field: str, longest: int = 120) -> str:
    """A required single line, trimmed and in Unicode NFC. Raises Invalid naming the field."""
    found = optional_line(text, field=field, longest=longest)
    if not found:
        raise Invalid(_("This cannot be empty."), field=field)
    return found


def optional_line(text: str | None, *, field: str, longest: int = 120) -> str:
    """Like `line`, but blank or None gives an empty string."""
    cleaned = unicodedata.normalize("NFC", text or "").strip()
    if _CONTROL.search(cleaned):
        raise Invalid(_("Line breaks and control characters do not belong here."), field=field)
    if len(cleaned) > longest:
        raise Invalid(
            _("This is too long: at most %(longest)s characters.", longest=longest), field=field
        )
    return cleaned


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """A form in which texts that people take for the same are equal (case, width, spaces)."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def folded_line(text: str, *, field: str, longest: int) -> str:
    """`folded`, measured: folding may make a text longer. Raises Invalid naming the field."""
    found = folded(text)
    if len(found) > longest:
        raise Invalid(_("This is too long: some of its letters count for several."), field=field)
    return found


def require_keepable(text: str, *, field: str) -> None:
    """Raise Invalid for what no database keeps as text: NUL and halves of letters."""
    if _UNKEEPABLE.search(text):
        raise Invalid(_("Control characters do not belong here."), field=field)
