"""Years of handing out and taking back, until the journal is as long as it should be."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from keystead.custody import facts
from keystead.custody.models import Incident
from keystead.custody.rules import Place
from tests.bench.seed import words
from tests.bench.seed.metal import Piece
from tests.bench.seed.register import Home, Scene
from tests.bench.seed.scales import Scale
from tests.bench.seed.stays import OpenStay, Stays

LONG_TERM = 0.27
"""The part of all copies that stays with somebody for good, more or less."""
SHORT_TERM = 0.04
"""The part that goes out and comes back all the time, at any one moment."""
LONGEST_HANDLING = 12
"""More entries than one step, or the losses at the end, write."""
STILL_MISSING = 4

T = TypeVar("T")


def stored(home: Home) -> Place:
    """In stock, in a container."""
    return Place("stored", container_id=home.container_id, position_id=home.position_id)


def moved(piece: Piece, stay: OpenStay) -> dict[str, Any]:
    """The fields every movement fact shares."""
    return {
        "copy_id": piece.id,
        "copy_label": piece.label,
        "handling": stay.handling,
        "place": stay.words,
        **asdict(stay.place),
    }


def skewed(scene: Scene, things: Sequence[T]) -> T:
    """One of these; the first ones far more often than the last ones."""
    return things[int(len(things) * scene.dice.random() ** 2)]


@dataclass(frozen=True)
class WorkingHours:
    """Spreads the entries still missing over the working hours of the days until `until`."""

    start: datetime
    until: datetime
    first: int
    scale: Scale

    def at(self, sequence: int) -> datetime:
        """When this entry happens."""
        part = (sequence - self.first) / (self.scale.entries - self.first)
        day, hours = divmod((self.until - self.start) / timedelta(days=1) * part, 1)
        return self.start + timedelta(days=day, hours=6 + 13 * hours)


@dataclass
class Traffic:
    """What moves: the copies, their rings, and when what is out comes back."""

    scene: Scene
    scale: Scale
    pieces: list[Piece]
    rings: Sequence[tuple[int, list[Piece]]]
    stays: Stays
    settled: set[int] = field(default_factory=set)
    returns: list[tuple[datetime, int, list[Piece]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def run(self, until: datetime) -> None:
        """Write facts until the journal has the length wanted; the last one happens at `until`."""
        self._stock()
        self._settle()
        self.scene.dice.shuffle(self.pieces)
        morning = self.scene.clock.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        clock = WorkingHours(morning, until, self.scene.ledger.sequence, self.scale)
        steps = (self._hand_out_ring, self._move, self._pass_on, self._extend, self._trouble)
        while self.scene.ledger.sequence < self.scale.entries - LONGEST_HANDLING:
            self.scene.clock = clock.at(self.scene.ledger.sequence)
            is_full = len(self.returns) > len(self.pieces) * (LONG_TERM + SHORT_TERM)
            if is_full or self.returns[0][0] <= self.scene.clock:
                self._come_back(heapq.heappop(self.returns)[2])
            elif self.scene.dice.random() < 0.1:
                self.scene.dice.choice(steps)()
            else:
                self._hand_out_one()
        for _ in range(STILL_MISSING):
            if (piece := self._one_out()) is not None:
                self._lost(piece)
        while self.scene.ledger.sequence < self.scale.entries:
            self._move()

    def _stock(self) -> None:
        """Every copy hangs where it was put when it was cut."""
        for piece in self.pieces:
            stay = self.stays.begin(piece, stored(piece.home), piece.home.words, piece.stocked)
            stay.recorded = piece.stocked

    def _settle(self) -> None:
        """Hand out what stays with people for long, over the first weeks."""
        loose = [piece for piece in self.pieces if piece.ring_id is None]
        for piece in self.scene.dice.sample(loose, int(len(self.pieces) * LONG_TERM)):
            self.settled.add(piece.id)
            self._hand_out([piece], None)
            self.scene.later(120)

    def _hand_out_one(self) -> None:
        piece = skewed(self.scene, self.pieces)
        if self._is_free(piece):
            self._hand_out([piece], None)

    def _hand_out_ring(self) -> None:
        ring_id, hanging = skewed(self.scene, self.rings)
        going = [piece for piece in hanging if self._is_free(piece)]
        if going:
            self._hand_out(going, ring_id)

    def _is_free(self, piece: Piece) -> bool:
        return self.stays.now[piece.id].place.state == "stored" and piece.id not in self.settled

    def _hand_out(self, going: list[Piece], ring_id: int | None) -> None:
        dice, at = self.scene.dice, self.scene.clock
        back, due_at, review_on = self._period(is_settled=going[0].id in self.settled)
        place, place_words = self._holder()
        purpose = self.stays.remark(dice.choice(words.PURPOSES) if dice.random() < 0.15 else None)
        handling = self.scene.ledger.next
        for piece in going:
            self.stays.end(piece)
            stay = self.stays.begin(piece, place, place_words, handling)
            loan = self.stays.lend(stay, ring_id, due_at, review_on, purpose[0])
            self.scene.tell(
                facts.CopyCheckedOut(
                    **moved(piece, stay),
                    loan_id=loan.id,
                    ring_id=ring_id,
                    due_at=due_at,
                    review_on=review_on,
                    purpose_remark_id=purpose[0],
                    purpose_remark_hash=purpose[1],
                )
            )
        heapq.heappush(self.returns, (at + back, next(self._numbers), going))

    def _period(self, *, is_settled: bool) -> tuple[timedelta, datetime | None, date | None]:
        """How long it will really take, and what is agreed: due, or an open end with a review."""
        dice, at = self.scene.dice, self.scene.clock
        if is_settled:
            lasts = timedelta(days=dice.uniform(200, 1_500))
            return lasts, None, (at + timedelta(days=dice.uniform(182, 800))).date()
        lasts = dice.choice((4, 8, 9, 24, 30, 72, 240)) * timedelta(hours=dice.uniform(0.7, 1.1))
        if dice.random() < 0.0015:  # never brought back: late for ever
            return timedelta(days=3_000), at + timedelta(days=dice.uniform(1, 30)), None
        late = timedelta(hours=dice.uniform(1, 90)) if dice.random() < 0.08 else timedelta()
        return lasts + late, at + lasts + timedelta(hours=1), None

    def _holder(self) -> tuple[Place, str]:
        if self.scene.dice.random() < 0.03:
            space_id, name = self.scene.dice.choice(self.scene.dice.choice(self.scene.sites).spaces)
            return Place("held", space_id=space_id), name
        return Place("held", person_id=skewed(self.scene, self.scene.persons)), ""

    def _come_back(self, coming: list[Piece]) -> None:
        dice = self.scene.dice
        note = self.stays.remark(dice.choice(words.NOTES) if dice.random() < 0.04 else None)
        bringer = dice.choice(self.scene.persons) if dice.random() < 0.03 else None
        handling = self.scene.ledger.next
        for piece in coming:
            if self.stays.now[piece.id].place.state == "held":
                self._take_back(piece, handling, bringer, note)
        if coming[0].id in self.settled:
            self._hand_out(coming, None)

    def _take_back(
        self,
        piece: Piece,
        handling: int,
        bringer: int | None,
        note: tuple[int | None, str | None],
    ) -> None:
        was = self.stays.end(piece, bringer, note[0])
        elsewhere = self.scene.dice.random() < 0.04
        home = self.scene.dice.choice(self.scene.sites).drawer if elsewhere else piece.home
        stay = self.stays.begin(piece, stored(home), home.words, handling)
        self.scene.tell(
            facts.CopyReturned(
                **moved(piece, stay),
                loan_id=was.loan.id if was.loan else None,
                from_person_id=was.place.person_id,
                from_space_id=was.place.space_id,
                returned_by_person_id=bringer,
                seal="none",
                note_remark_id=note[0],
                note_remark_hash=note[1],
            )
        )

    def _move(self) -> None:
        piece = self.scene.dice.choice(self.pieces)
        if self.stays.now[piece.id].place.state != "stored":
            return
        home = self.scene.dice.choice(self.scene.sites).drawer
        home = piece.home if self.stays.now[piece.id].words == home.words else home
        self.stays.end(piece)
        stay = self.stays.begin(piece, stored(home), home.words, self.scene.ledger.next)
        self.scene.tell(facts.CopyMoved(**moved(piece, stay)))

    def _one_out(self) -> Piece | None:
        """A copy that somebody has on a loan with a due time."""
        for _, _, going in self.scene.dice.sample(self.returns, min(20, len(self.returns))):
            loan = self.stays.now[going[0].id].loan
            if loan is not None and loan.due_at is not None:
                return going[0]
        return None

    def _pass_on(self) -> None:
        piece = self._one_out()
        if piece is None:
            return
        was = self.stays.end(piece)
        place = Place("held", person_id=skewed(self.scene, self.scene.persons))
        stay = self.stays.begin(piece, place, "", self.scene.ledger.next)
        ring_id, due_at = (was.loan.ring_id, was.loan.due_at) if was.loan else (None, None)
        loan = self.stays.lend(stay, ring_id, due_at, None, None)
        self.scene.tell(
            facts.CopyPassedOn(
                **moved(piece, stay),
                loan_id=loan.id,
                ring_id=ring_id,
                from_person_id=was.place.person_id,
                due_at=due_at,
                review_on=None,
                purpose_remark_id=None,
                purpose_remark_hash=None,
            )
        )

    def _extend(self) -> None:
        piece = self._one_out()
        if piece is None or (loan := self.stays.now[piece.id].loan) is None:
            return
        before, loan.due_at = loan.due_at, self.scene.clock + timedelta(days=2)
        loan.version += 1
        self.scene.tell(
            facts.LoanExtended(
                copy_id=piece.id,
                copy_label=piece.label,
                loan_id=loan.id,
                person_id=self.stays.now[piece.id].place.person_id,
                old_due_at=before,
                old_review_on=None,
                due_at=loan.due_at,
                review_on=None,
            )
        )

    def _trouble(self) -> None:
        """Now and then a copy that is out is lost; some are found again."""
        dice = self.scene.dice
        gone = [copy_id for copy_id in self.stays.incidents if dice.random() < 0.2]
        if gone and dice.random() < 0.6:
            self._found(next(piece for piece in self.pieces if piece.id == gone[0]))
        elif dice.random() < 0.03 and (piece := self._one_out()) is not None:
            self._lost(piece)

    def _lost(self, piece: Piece) -> None:
        scene, reason = self.scene, self.scene.dice.choice(("lost", "lost", "stolen"))
        was = self.stays.end(piece)
        place = Place("missing", reason=reason)
        stay = self.stays.begin(piece, place, "", scene.ledger.next)
        incident_id = scene.rows.next_id(Incident)
        self.stays.incidents[piece.id] = {
            "id": incident_id,
            "kind": reason,
            "copy_id": piece.id,
            "last_holder_id": was.place.person_id,
            "opened_at": scene.clock,
        }
        scene.tell(
            facts.CopyMissing(
                **moved(piece, stay),
                incident_id=incident_id,
                last_person_id=was.place.person_id,
                happened_at=None,
                note_remark_id=None,
                note_remark_hash=None,
            )
        )

    def _found(self, piece: Piece) -> None:
        incident = self.stays.incidents.pop(piece.id)
        self.scene.add(Incident, **incident, closed_at=self.scene.clock)
        self.stays.end(piece)
        home = piece.home
        stay = self.stays.begin(piece, stored(home), home.words, self.scene.ledger.next)
        self.scene.tell(
            facts.CopyFound(
                **moved(piece, stay),
                incident_id=incident["id"],
                loan_id=None,
                due_at=None,
                review_on=None,
                note_remark_id=None,
                note_remark_hash=None,
            )
        )
