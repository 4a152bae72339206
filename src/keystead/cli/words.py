"""Sentences of the command line in the language of the terminal, without loading Django."""

import gettext
from pathlib import Path

_LOCALES = Path(__file__).resolve().parents[1] / "locale"

translate = gettext.translation("django", str(_LOCALES), fallback=True).gettext

LONGEST = 2_000


def plain(value: object, longest: int = LONGEST) -> str:
    """One line of printable text, cut where it is too long: nothing somebody wrote may steer the
    terminal or fill it."""
    text = "" if value is None else str(value)[: longest + 1]
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def printable(text: str) -> str:
    """The same text with "�" for every letter that is not to be seen, line ends included."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
