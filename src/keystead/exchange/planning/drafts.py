"""One register row, read, before the numbers of the whole file are settled."""

from dataclasses import dataclass

from keystead.exchange.guessing.fields import Field
from keystead.exchange.planning import holding, keying, placing, standing, states, wheres
from keystead.exchange.planning.desk import Case
from keystead.exchange.planning.holding import Held
from keystead.exchange.planning.keying import Keyed
from keystead.exchange.planning.places import spaces_of
from keystead.exchange.planning.placing import Place
from keystead.exchange.planning.records import Copy, Holder, HolderKind, Ring, Space, State
from keystead.exchange.planning.wheres import Spot


@dataclass(slots=True)
class Draft:
    """A row with its key, its place and a copy without a number. `ring` for rows that are sets."""

    case: Case
    fingerprint: str
    occurrence: int
    keyed: Keyed
    place: Place
    copy: Copy
    ring: Ring | None = None
    spots: tuple[Spot, ...] = ()

    @property
    def spaces(self) -> tuple[Space, ...]:
        """The spaces the row names, those of its containers included."""
        homes = [self.copy.home, *(spot.home for spot in self.spots)]
        paths = [home.container.path for home in homes if home is not None]
        inside = (space for path in paths for space in spaces_of(path, "room"))
        return (*self.place.spaces, *inside)


def draft_of(case: Case, fingerprint: str, occurrence: int) -> Draft | None:
    """Read one row of a register; None if it is left out."""
    keyed = keying.key_of(case, fingerprint if occurrence == 1 else f"{occurrence}{fingerprint}")
    if keyed is None:
        return None
    place = placing.place_of(case)
    ring = _ring(case, keyed) if case.sheet.layout.rows_are_sets else None
    spots = wheres.spots_of(case)
    copy = _spread(case, keyed) if spots else _single(case, keyed)
    if spots:
        keyed = _matched(case, keyed, spots)
    return Draft(case, fingerprint, occurrence, keyed, place, copy, ring, spots)


def _ring(case: Case, keyed: Keyed) -> Ring:
    label = case.name(Field.SET, case.text(Field.SET))
    case.keep_cell(Field.SET)
    place = case.name(Field.SITE, case.text(Field.SITE))
    return Ring(name=keyed.key.label, label=label, place=place)


def _single(case: Case, keyed: Keyed) -> Copy:
    """A copy (or several at one place) by the columns for hook, holder, dates and status."""
    home = placing.home_of(case)
    held = holding.holder_of(case)
    where = standing.standing(case, held.holder, home)
    if where.state is State.RETURNED_TO_OWNER and held.holder is None:
        owner = states.owner_in(f"{case.text(Field.STATUS)} {case.text(Field.NOTE)}")
        held = Held(Holder(kind=HolderKind.ROLE, name=owner))
    _keep_the_rest(case, held.holder)
    return Copy(
        key=keyed.key,
        number="",
        state=where.state,
        home=home,
        holder=held.holder,
        issued=where.issued,
        due=where.due,
        returned=where.returned,
        purpose=held.purpose,
        flags=where.flags,
    )


def _spread(case: Case, keyed: Keyed) -> Copy:
    """What copies listed by their whereabouts share: remarks and flags."""
    flags = standing.remarks(case)[1]
    _keep_the_rest(case, None)
    return Copy(key=keyed.key, number="", state=State.UNKNOWN, flags=flags)


def _keep_the_rest(case: Case, holder: Holder | None) -> None:
    """What has no place of its own yet goes into the remark."""
    case.keep_cell(Field.DEPOSIT)
    if states.says_something(case.text(Field.SIGNATURE)):
        case.keep_cell(Field.SIGNATURE)
    if holder is None:
        case.keep_cell(Field.DEPARTMENT)


def _matched(case: Case, keyed: Keyed, spots: tuple[Spot, ...]) -> Keyed:
    """As many pieces as copies are counted, or as places are named."""
    total = sum(piece.count for piece in keyed.pieces)
    if not case.sheet.layout.has(Field.COUNT) or not case.text(Field.COUNT):
        return keying.with_count(keyed, len(spots))
    if total == len(spots):
        return keyed
    text = case.text(Field.WHERE)
    choice = case.ask(
        "whereabouts-count", Field.WHERE, found=text, count=str(total), places=str(len(spots))
    )
    if choice == "places":
        return keying.with_count(keyed, len(spots))
    case.keep_cell(Field.WHERE)
    return keyed
