"""What can happen to journals themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyMade(Fact):
    """The key that signs checkpoints was made; whoever checks them notes its public half."""

    name: ClassVar[str] = "journal.signing-key-made"
    sentence: ClassVar[str] = _("made the key that signs checkpoints")
    installation: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointExported(Fact):
    """The journal up to an entry was signed, and the checkpoint left this database."""

    name: ClassVar[str] = "journal.checkpoint-exported"
    sentence: ClassVar[str] = _("signed the journal up to entry %(sequence)s")
    sequence: int
    digest: str
    signed_at: datetime
    signature: str
    places: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFailed(Fact):
    """A checkpoint was signed but could not be put anywhere; told once until one can."""

    name: ClassVar[str] = "journal.checkpoint-failed"
    sentence: ClassVar[str] = _("could not put a checkpoint outside")
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakFound(Fact):
    """A journal does not hold: an entry was changed, removed or put in past Keystead."""

    name: ClassVar[str] = "journal.break-found"
    sentence: ClassVar[str] = _("found that a journal does not hold: entry %(first_bad)s")
    broken_workspace: int
    first_bad: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakMended(Fact):
    """A journal that did not hold was checked again, and holds."""

    name: ClassVar[str] = "journal.break-mended"
    sentence: ClassVar[str] = _("found that a journal holds again: entry %(first_bad)s")
    mended_workspace: int
    first_bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakAccepted(Fact):
    """Somebody looked at a broken journal and let it go on from its present end."""

    name: ClassVar[str] = "journal.break-accepted"
    sentence: ClassVar[str] = _("let a journal go on that does not hold: entry %(first_bad)s")
    accepted_workspace: int
    first_bad: int
    sequence: int
    digest: str


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


FACTS = (
    SigningKeyMade,
    CheckpointExported,
    CheckpointFailed,
    BreakFound,
    BreakMended,
    BreakAccepted,
    ClockJumped,
    ClockConfirmed,
)
