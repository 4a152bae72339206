"""Whether every copy is where the journal says: handed to its verification at start-up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet

from keystead.custody.models import Stay
from keystead.custody.replay import Known, Replay
from keystead.custody.rules import Place
from keystead.hardware.models import IS_OPEN
from keystead.journal.verify import Astray
from keystead.keys import rules as key_rules
from keystead.keys.models import Copy

PAGE = 5_000
TRIES = 20
"""So often is looked again while others go on recording about the very copies in doubt."""

COLUMNS = (
    "copy_id",
    "state",
    "reason",
    "container_id",
    "position_id",
    "person_id",
    "space_id",
    "loan__pk",
    "loan__due_at",
    "loan__review_on",
)
Row = tuple[Any, ...]


class WhereaboutsCheck:
    """The open stays of one workspace, and their loans, against the replay of its journal.

    Reads the stays page by page. Copies that differ are looked at again at a moment when nothing
    was recorded in between, so that changes under way are no alarm.
    """

    def __init__(self, workspace_id: int) -> None:
        """Begin with an empty journal."""
        self.workspace_id = workspace_id
        self.replay = Replay()
        self.last = 0

    def take(self, body: Mapping[str, Any]) -> None:
        """Be told the next entry."""
        self.replay.take(body)
        self.last = body["sequence"]

    def astray(self, more: Callable[[], int]) -> Astray | None:
        """The first copy that is not where the journal says; `more` is asked only in doubt."""
        try:
            doubtful = self._differing(self._every(), set(self.replay.known))
            for _try in range(TRIES):
                if not doubtful:
                    return None
                head = more()
                again = doubtful & set(self.replay.known)
                doubtful = self._differing(self._of(doubtful), again)
                if doubtful and more() == head:
                    return self._told(min(doubtful))
        except (DatabaseError, ValueError, TypeError, AttributeError):
            return Astray(self.last, "is the last; where the copies are now cannot be read")
        return None

    def _differing(self, rows: Iterable[Row], expected: set[int]) -> set[int]:
        """The copies whose row is not as told, and those of `expected` without a row."""
        found, missing = set[int](), set(expected)
        for copy_id, state, reason, container, position, person, space, *loan in rows:
            place = Place(state, reason, container, position, person, space)
            told = self.replay.known.get(copy_id)
            missing.discard(copy_id)
            if told is None or told.place != place or not _is_same_loan(told, *loan):
                found.add(copy_id)
        return found | missing

    def _stays(self) -> QuerySet[Stay]:
        return Stay.everything.filter(IS_OPEN, workspace_id=self.workspace_id)

    def _every(self) -> Iterator[Row]:
        after = 0
        while True:
            page = list(
                self._stays()
                .filter(copy_id__gt=after)
                .order_by("copy_id")
                .values_list(*COLUMNS)[:PAGE]
            )
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1][0]

    def _of(self, copy_ids: set[int]) -> Iterator[Row]:
        wanted = sorted(copy_ids)
        for n in range(0, len(wanted), PAGE):
            yield from (
                self._stays().filter(copy_id__in=wanted[n : n + PAGE]).values_list(*COLUMNS)
            )

    def _told(self, copy_id: int) -> Astray:
        """Name the copy, and the last entry that says where it is."""
        copy = Copy.everything.filter(pk=copy_id).select_related("key").first()
        called = key_rules.copy_label(copy.key.label, copy.number) if copy else f"id:{copy_id}"
        if copy_id not in self.replay.known:
            reason = f"does not say where copy {called} is, nor does any before it, but a row does"
            return Astray(self.last, reason)
        reason = f"says where copy {called} is and until when, but its row was changed since"
        return Astray(self.replay.said_in[copy_id], reason)


def _is_same_loan(
    told: Known, loan_id: int | None, due_at: datetime | None, review_on: date | None
) -> bool:
    if told.place.state != "held":
        return True  # what it was lent for before is over
    due = due_at.astimezone(UTC) if due_at else None
    said = datetime.fromisoformat(told.due_at).astimezone(UTC) if told.due_at else None
    day = review_on.isoformat() if review_on else None
    return (told.loan_id, said, told.review_on) == (loan_id, due, day)
