"""Taking everything out: one file with all that a workspace knows, but no secret."""

from keystead.exchange.everything.files import FORMATS, Format, Taken, take_out
from keystead.exchange.everything.sheets import SHEETS, Sheet, is_own_sheet

__all__ = ["FORMATS", "SHEETS", "Format", "Sheet", "Taken", "is_own_sheet", "take_out"]
