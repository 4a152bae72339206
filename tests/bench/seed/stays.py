"""Stays and loans in the making: a row is written when it ends, or at the very end while open."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from keystead.custody.models import Incident, Loan, Stay
from keystead.custody.rules import Place
from keystead.journal.models import Remark
from tests.bench.seed.metal import Piece
from tests.bench.seed.register import Scene


@dataclass(slots=True)
class OpenLoan:
    """A loan that goes on."""

    id: int
    ring_id: int | None
    due_at: datetime | None
    review_on: date | None
    purpose_id: int | None
    version: int = 1


@dataclass(slots=True)
class OpenStay:
    """Where a copy is now."""

    id: int
    place: Place
    words: str
    since: datetime
    recorded: int
    handling: int
    loan: OpenLoan | None = None
    incident_id: int | None = None


@dataclass
class Stays:
    """The whereabouts of all copies while the past is being written."""

    scene: Scene
    now: dict[int, OpenStay] = field(default_factory=dict)
    incidents: dict[int, dict[str, Any]] = field(default_factory=dict)

    def begin(self, piece: Piece, place: Place, words: str, handling: int) -> OpenStay:
        """Open a stay from the scene's time on, recorded with the next fact."""
        scene = self.scene
        stay = OpenStay(
            scene.rows.next_id(Stay), place, words, scene.clock, scene.ledger.next, handling
        )
        self.now[piece.id] = stay
        return stay

    def lend(
        self,
        stay: OpenStay,
        ring_id: int | None,
        due_at: datetime | None,
        review_on: date | None,
        purpose_id: int | None,
    ) -> OpenLoan:
        """Open the loan of a stay."""
        loan_id = self.scene.rows.next_id(Loan)
        stay.loan = OpenLoan(loan_id, ring_id, due_at, review_on, purpose_id)
        return stay.loan

    def end(
        self, piece: Piece, returned_by: int | None = None, note_id: int | None = None
    ) -> OpenStay:
        """Write the open stay of a copy, and its loan, as ended now; returns what it was."""
        stay = self.now.pop(piece.id)
        self._write(piece.id, stay, self.scene.clock, returned_by, note_id)
        return stay

    def close(self) -> None:
        """Write what is still open."""
        for copy_id, stay in self.now.items():
            self._write(copy_id, stay, None, None, None)
        for incident in self.incidents.values():
            self.scene.add(Incident, **incident)
        self.now, self.incidents = {}, {}

    def remark(self, text: str | None) -> tuple[int | None, str | None]:
        """Keep a text as `Change.remark` does; its id and salted hash."""
        if text is None:
            return None, None
        salt = self.scene.dice.randbytes(16)
        remark_id = self.scene.add(Remark, text=text, salt=salt, written_at=self.scene.clock)
        return remark_id, hashlib.sha256(salt + text.encode()).hexdigest()

    def _write(
        self,
        copy_id: int,
        stay: OpenStay,
        until: datetime | None,
        returned_by: int | None,
        note_id: int | None,
    ) -> None:
        place, loan = stay.place, stay.loan
        self.scene.add(
            Stay,
            id=stay.id,
            valid_from=stay.since,
            valid_to=until,
            recorded_seq=stay.recorded,
            copy_id=copy_id,
            state=place.state,
            reason=place.reason,
            container_id=place.container_id,
            position_id=place.position_id,
            person_id=place.person_id,
            space_id=place.space_id,
            handling=stay.handling,
        )
        if loan is not None:
            self.scene.add(
                Loan,
                id=loan.id,
                stay_id=stay.id,
                ring_id=loan.ring_id,
                due_at=loan.due_at,
                review_on=loan.review_on,
                purpose_id=loan.purpose_id,
                back_at=until,
                returned_by_id=returned_by,
                return_note_id=note_id,
                version=loan.version + (until is not None),
            )
