"""What can happen to a journal itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockJumped(Fact):
    """The server's clock was found to be set by more than five minutes, back or forward.

    It showed `before_at`, or would by now, and shows `after_at`. What was recorded around this
    entry may bear a wrong time; its order is right.
    """

    name: ClassVar[str] = "journal.clock-jumped"
    sentence: ClassVar[str] = _(
        "noticed that the server's clock was set %(direction)s by %(minutes)s minutes"
    )
    before_at: datetime
    after_at: datetime
    direction: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockConfirmed(Fact):
    """An owner looked at the clock after it had jumped: the time is right from here on."""

    name: ClassVar[str] = "journal.clock-confirmed"
    sentence: ClassVar[str] = _("confirmed that the server's clock is right")
    jumped_sequence: int


FACTS = (ClockJumped, ClockConfirmed)
