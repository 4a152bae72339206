"""What a check is, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it says, and whether that is as it should be.

    Where it is not, `why` tells what that means and `do` what to do about it. `is_hint`: nothing
    is wrong, but somebody should look at it. `ends_here`: the database cannot be asked anything
    further.
    """

    about: str
    says: str
    is_well: bool = True
    why: str = ""
    do: str = ""
    ends_here: bool = False
    is_hint: bool = False

    @property
    def state(self) -> str:
        """`ok`, `look` for a hint, or `BAD`."""
        if not self.is_well:
            return "BAD"
        return "look" if self.is_hint else "ok"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at, by name; it may yield several findings, or none."""

    about: str
    run: Callable[[], Iterable[Finding]]
    needs_database: bool = False
