"""Copy numbers for a whole file: clashes are asked about, gaps filled, nothing merged."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import numbers, places
from keystead.exchange.planning.drafts import Draft
from keystead.exchange.planning.records import Key, number_identity


@dataclass(frozen=True, slots=True)
class Piece:
    """One numbered piece of a draft."""

    key: Key
    number: str
    ordinal: int = 0


class Numbers:
    """The numbers used so far, by key."""

    def __init__(self) -> None:
        self._used: dict[str, set[str]] = defaultdict(set)
        self._highest: dict[str, int] = defaultdict(int)

    def take(self, key: Key, number: str) -> bool:
        """Use a number; False when it is used already."""
        identity = number_identity(number)
        if identity in self._used[key.identity]:
            return False
        self._used[key.identity].add(identity)
        highest = max(self._highest[key.identity], numbers.plain(number) or 0)
        self._highest[key.identity] = highest
        return True

    def counted(self, piece: Piece) -> Piece:
        """The piece with its ordinal: its plain number, or one above all plain ones for a mark."""
        ordinal = numbers.plain(piece.number)
        if ordinal is None:
            ordinal = self._highest[piece.key.identity] = self._highest[piece.key.identity] + 1
        return replace(piece, ordinal=ordinal)

    def next_free(self, key: Key) -> str:
        """One more than the highest number of the key, used from now on."""
        number = str(self._highest[key.identity] + 1)
        self.take(key, number)
        return number

    def beside(self, key: Key, number: str) -> str:
        """The number itself, or with a letter behind it when it is used."""
        tries = (number, *(f"{number}{chr(letter)}" for letter in range(97, 123)))
        return next((one for one in tries if self.take(key, one)), "") or self.next_free(key)


def settle(drafts: Sequence[Draft]) -> list[tuple[Piece, ...]]:
    """The numbered pieces of each draft, in the order of the file; none for one left out.

    Written numbers are taken first; the pieces without one get the next free ones afterwards.
    """
    used = Numbers()
    late = _clashing(drafts, used)
    found = [
        () if draft.case.is_left_out else tuple(_pieces(draft, used, nth=late.get(n, 1)))
        for n, draft in enumerate(drafts)
    ]
    return [tuple(used.counted(piece) for piece in pieces) for pieces in found]


def _clashing(drafts: Sequence[Draft], used: Numbers) -> dict[int, int]:
    """The drafts whose number is another's already, with which of them each is: 2, 3, …"""
    first: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, draft in enumerate(drafts):
        if (claim := _claim(draft)) is not None:
            first[claim].append(n)
    late: dict[int, int] = {}
    for same in first.values():
        head = drafts[same[0]]
        if head.ring is None and head.keyed.number is not None:
            used.take(head.keyed.key, head.keyed.number)
        rows = ", ".join(str(drafts[n].case.row.number) for n in same)
        for nth, n in enumerate(same[1:], 2):
            draft = drafts[n]
            shown = draft.keyed.number or draft.keyed.key.label
            about = f"{draft.keyed.key.label}-{shown}"
            draft.case.ask(
                "duplicate",
                Field.NUMBER if draft.ring is None else Field.KEY,
                found=shown,
                about=about,
                rows=(head.case.row.number,),
                key=draft.keyed.key.label,
                where=rows,
            )
            late[n] = nth
    return late


def _claim(draft: Draft) -> tuple[str, str] | None:
    """What must not be there twice: a ring's number, or a copy's number of a key."""
    if draft.ring is not None:
        return ("ring", draft.ring.identity)
    if draft.keyed.number is None:
        return None
    return (draft.keyed.key.identity, number_identity(draft.keyed.number))


def _pieces(draft: Draft, used: Numbers, *, nth: int) -> Iterator[Piece]:
    if draft.ring is not None:
        yield from _ring_pieces(draft, used, nth=nth)
        return
    key, number = draft.keyed.key, draft.keyed.number
    total = sum(piece.count for piece in draft.keyed.pieces)
    if number is None or nth > 1:
        yield from (Piece(key, used.next_free(key)) for _ in range(total))
    elif total == 1:
        yield Piece(key, number)
    else:
        yield from (Piece(key, used.beside(key, f"{number}/{n}")) for n in range(1, total + 1))


def _ring_pieces(draft: Draft, used: Numbers, *, nth: int) -> Iterator[Piece]:
    """The pieces of a set: one key for each sort, or one for each piece."""
    label, place = draft.keyed.key.label, draft.ring.place if draft.ring else ""
    if nth > 1 and draft.ring is not None:
        label = f"{label} ({nth})"
        draft.ring = replace(draft.ring, name=label)
    at = 0
    for piece in draft.keyed.pieces:
        for n in range(1, piece.count + 1):
            at += 1
            part = f"/{at}" if draft.keyed.are_different else ""
            called = f"{label}{part} {piece.sort}".strip()
            key = Key(symbol=called, name=place, kind=places.key_kind(piece.sort))
            number = "1" if draft.keyed.are_different else str(n)
            yield Piece(key, used.beside(key, number))
