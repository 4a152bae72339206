"""What an act is about: the copies and rings an address or a form names.

They come as ids (`copy`, `ring`), as codes scanned one by one (`tag`) or as lines typed into
the desk's field (`tags`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypedDict

from django.http import QueryDict

from keystead.custody import queries as custody
from keystead.custody.queries import IncidentView, LastNote, StayView
from keystead.journal.operation import granted
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.keys import queries as keys
from keystead.keys.queries import CopyView, RingView
from keystead.search import scans
from keystead.search.scans import Scans
from keystead.web.http import Request

MOST = 500
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class Ids(TypedDict):
    """Copies and rings as keywords of an operation."""

    copy_ids: list[int]
    ring_ids: list[int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A copy with where it is now, the note of its last return and the open incidents about it."""

    copy: CopyView
    stay: StayView
    note: LastNote | None = None
    incidents: tuple[IncidentView, ...] = ()

    @property
    def is_faulty(self) -> bool:
        """Whether a critical fault blocks handing it out."""
        return any(i.is_critical and i.kind == "damaged" for i in self.incidents)

    @property
    def is_out(self) -> bool:
        """Whether somebody has it."""
        return self.stay.state == "held"


@dataclass(frozen=True, slots=True)
class PickedRing:
    """A ring with the copies on it."""

    ring: RingView
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """Copies and rings, each once; `scans` tells which codes meant nothing or too much.

    `is_own`: they are shown only because whoever looks holds them.
    """

    singles: tuple[Piece, ...] = ()
    rings: tuple[PickedRing, ...] = ()
    scans: Scans = field(default_factory=Scans)
    is_own: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every copy, those on the rings included."""
        return (*self.singles, *(piece for ring in self.rings for piece in ring.pieces))

    @property
    def copy_ids(self) -> list[int]:
        """The copies named singly."""
        return [piece.copy.id for piece in self.singles]

    @property
    def ring_ids(self) -> list[int]:
        """The rings."""
        return [picked.ring.id for picked in self.rings]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was named."""
        return not self.singles and not self.rings

    def ids(self) -> Ids:
        """Copies and rings as keywords of an operation."""
        return {"copy_ids": self.copy_ids, "ring_ids": self.ring_ids}

    def fields(self) -> list[tuple[str, int]]:
        """Copies and rings as hidden fields of a form."""
        copies = [("copy", copy_id) for copy_id in self.copy_ids]
        return [*copies, *(("ring", ring_id) for ring_id in self.ring_ids)]


def pick(request: Request) -> Picked:
    """What this request is about. Raises NotFound for an id that is not there."""
    data = request.POST if request.method == "POST" else request.GET
    copy_ids, ring_ids = numbers(data, "copy", "copy"), numbers(data, "ring", "ring")
    if Right.SEE_REGISTER not in granted(request.actor).anywhere:
        return _own(request, copy_ids)
    found = scans.read(request.actor, codes(data))
    try:
        return assemble(request, [*copy_ids, *found.copy_ids], [*ring_ids, *found.ring_ids], found)
    except NotFound:
        if ring_ids or Right.SEE_REGISTER in granted(request.actor).everywhere:
            raise
        return _own(request, copy_ids)


def numbers(data: QueryDict, name: str, thing: str) -> list[int]:
    """The ids a field has. Raises NotFound if one can be none: there is no such `thing`."""
    texts = data.getlist(name)[:MOST]
    if not all(_NUMBER.fullmatch(text) for text in texts):
        raise NotFound(f"There is no such {thing}.")
    return [int(text) for text in texts]


def codes(data: QueryDict) -> Iterator[str]:
    """The codes scanned and typed, in order; a line may hold several with blanks between them."""
    yield from data.getlist("tag")
    yield from re.split(r"[\n\r\t,;]+", data.get("tags", ""))


def _own(request: Request, copy_ids: Iterable[int]) -> Picked:
    """For those who see only what they hold themselves."""
    held = {stay.copy_id: stay for stay in custody.held_by_actor(request.actor)}
    wanted = set(copy_ids)
    if not wanted <= set(held):
        raise NotFound("There is no such copy.")
    views = keys.copies(request.actor, ids=wanted)
    return Picked(tuple(Piece(view, held[view.id]) for view in views), is_own=True)


def assemble(
    request: Request, copy_ids: Iterable[int], ring_ids: Iterable[int], found: Scans | None = None
) -> Picked:
    """These copies and rings with everything a page tells about them, in eight look-ups."""
    singly, ringed = list(dict.fromkeys(copy_ids)), list(dict.fromkeys(ring_ids))
    rings = {r.id: r for r in keys.rings(request.actor, ids=ringed)} if ringed else {}
    if missing := [ring_id for ring_id in ringed if ring_id not in rings]:
        raise NotFound("There is no such ring.", id=missing[0])
    on_rings = [copy_id for ring in rings.values() for copy_id in ring.copy_ids]
    pieces = pieces_of(request, [*singly, *on_rings])
    if missing := [copy_id for copy_id in singly if copy_id not in pieces]:
        raise NotFound("There is no such copy.", id=missing[0])
    return Picked(
        tuple(pieces[copy_id] for copy_id in singly if copy_id not in on_rings),
        tuple(
            PickedRing(rings[ring_id], tuple(pieces[c] for c in rings[ring_id].copy_ids))
            for ring_id in ringed
        ),
        found or Scans(),
    )


def pieces_of(request: Request, copy_ids: Iterable[int]) -> dict[int, Piece]:
    """Each of these copies as a piece, by id; unknown ids are missing."""
    actor, wanted = request.actor, set(copy_ids)
    if not wanted:
        return {}
    stays = custody.whereabouts(actor, wanted)
    notes = custody.last_notes(actor, wanted)
    about: dict[int, list[IncidentView]] = {}
    for incident in custody.incidents(actor, copy_ids=wanted, limit=MOST):
        about.setdefault(incident.copy_id or 0, []).append(incident)
    views = keys.copies(actor, ids=wanted, limit=len(wanted))
    return {
        view.id: Piece(view, stays[view.id], notes.get(view.id), tuple(about.get(view.id, ())))
        for view in views
        if view.id in stays
    }
