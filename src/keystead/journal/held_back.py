"""What waits while a journal does not hold."""

from keystead.kernel.errors import Conflict
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _

HELD_BACK = frozenset({Right.EDIT_REGISTER, Right.EDIT_PEOPLE, Right.IMPORT})
"""What waits while a journal does not hold. Keys still go out and come back, and owners can still
take somebody's access away: refusing that would do more harm than writing on."""


class JournalBroken(Conflict):
    """The journal was changed past Keystead, and nobody has looked at it yet."""

    code = "journal-broken"


def require_whole(first_bad: int | None, *, right: Right) -> None:
    """Raise JournalBroken for what waits; `first_bad` is the first entry known not to hold."""
    if first_bad is not None and right in HELD_BACK:
        raise JournalBroken(
            _(
                "Entry %(number)s of the journal does not hold: it was changed outside Keystead. "
                "Until an owner has looked at it the register stays as it is; keys can be handed "
                "out and taken back.",
                number=first_bad,
            ),
            first_bad=first_bad,
        )
