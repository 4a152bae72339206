"""Sentences of the command line in the language of the terminal, without loading Django."""

import gettext
from pathlib import Path

_LOCALES = Path(__file__).resolve().parents[1] / "locale"

translate = gettext.translation("django", str(_LOCALES), fallback=True).gettext
