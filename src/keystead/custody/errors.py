"""Why custody says no."""

from keystead.kernel.errors import Conflict, Invalid, StillInUse

__all__ = ["StillInUse"]


class CopyAlreadyOut(Conflict):
    """Somebody has this copy: the data says who (id), since when, and which copies block."""

    code = "copy-already-out"


class CopyIsMissing(Conflict):
    """The copy is lost, stolen or unaccounted for, so it cannot be handed out."""

    code = "copy-is-missing"


class CopyIsGone(Conflict):
    """The copy was destroyed."""

    code = "copy-is-gone"


class CopyOutOfUse(Conflict):
    """The copy or its key is retired."""

    code = "copy-out-of-use"


class CopyFaulty(Conflict):
    """A critical fault was noted on the copy; it blocks handing out until it is settled."""

    code = "copy-faulty"


class CopyOnSealedRing(Conflict):
    """The copy hangs on a sealed ring and leaves only with it."""

    code = "copy-on-sealed-ring"


class RingIsEmpty(Conflict):
    """Nothing hangs on this ring."""

    code = "ring-is-empty"


class CopyNotOut(Conflict):
    """Nobody has this copy."""

    code = "copy-not-out"


class HolderHasLeft(Conflict):
    """The person has left and cannot be given anything."""

    code = "holder-has-left"


class PurposeNeeded(Invalid):
    """This workspace wants to know what copies go out for."""

    code = "purpose-needed"


class BadPeriod(Invalid):
    """A due time or review date that makes no sense, or both, or neither."""

    code = "bad-period"


class AlreadyRecorded(Conflict):
    """The log already says something else about that time."""

    code = "already-recorded"


class TooLateToUndo(Conflict):
    """Only your own act of the last moments can be undone."""

    code = "too-late-to-undo"
