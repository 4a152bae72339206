"""The five ways Keystead says no. Each has one HTTP status and one exit code."""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from keystead.kernel.fact import Fact


class KeysteadError(Exception):
    """Base of every expected refusal: a stable `code`, a sentence for people, data for machines.

    `record` is a fact to keep about the refusal itself: the operation rolls back and commits
    only that fact.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, record: "Fact | None" = None, **data: object) -> None:
        """Say why (`message`, shown to people) with the ids and values a program needs."""
        super().__init__(message)
        self.message = message
        self.record = record
        self.data = data


class Invalid(KeysteadError):
    """The input is wrong; `field` in the data names what to correct."""

    code = "invalid"
    status = 422
    exit_code = 2


class NotFound(KeysteadError):
    """It does not exist, or it is not yours to know that it does."""

    code = "not-found"
    status = 404
    exit_code = 3


class Forbidden(KeysteadError):
    """It exists and you know it, but this is not yours to do."""

    code = "forbidden"
    status = 403
    exit_code = 4


class StepUpNeeded(Forbidden):
    """Only for somebody who showed a sign-in factor in the browser a short while ago."""

    code = "step-up-needed"


class Conflict(KeysteadError):
    """The state of things does not allow it now."""

    code = "conflict"
    status = 409
    exit_code = 5


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing after it was read; the data has the newer version."""

    code = "changed-meanwhile"


class NameTaken(Conflict):
    """Something of the same kind already has this name, symbol or number."""

    code = "name-taken"


class OutOfUse(Conflict):
    """The thing is retired: it takes no changes until it is brought back. Says since when."""

    code = "out-of-use"


class StillInUse(Conflict):
    """Something is still there: keys in the container or with the person, doors on the site."""

    code = "still-in-use"


class Unavailable(KeysteadError):
    """Busy, or something outside is down. Trying again later may work."""

    code = "unavailable"
    status = 503
    exit_code = 6
