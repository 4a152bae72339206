"""The one way a copy's whereabouts change: end a stay, begin the next, tell it as a fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keystead.custody.errors import AlreadyRecorded, HolderHasLeft, RingIsEmpty
from keystead.custody.models import Loan, Stay
from keystead.custody.rules import STOCK, Period, Place
from keystead.hardware.models import IS_OPEN, Container, Position
from keystead.journal.operation import Change, RemarkRef
from keystead.journal.rows import many, one, require_in_use, require_mine, within
from keystead.kernel.errors import Invalid, NotFound
from keystead.kernel.words import said as _
from keystead.keys import rules as key_rules
from keystead.keys.models import Copy, Ring, RingMember
from keystead.people.models import Person
from keystead.places.models import Space


def label_of(copy: Copy) -> str:
    """How people call a copy."""
    return key_rules.copy_label(copy.key.label, copy.number)


def open_stays(change: Change, copy_ids: Sequence[int]) -> dict[int, Stay]:
    """The open stay of each copy, by copy id, with the copy, its key and the loan.

    Raises NotFound for a copy that is not there.
    """
    wanted = list(dict.fromkeys(copy_ids))
    require_mine(change, Copy, wanted, "copy")
    rows = (
        within(change, Stay).filter(IS_OPEN, copy_id__in=wanted).select_related("copy__key", "loan")
    )
    found = {stay.copy_id: stay for stay in rows}
    for copy_id in wanted:
        if copy_id not in found:
            raise NotFound(_("There is no such copy."), kind="copy", id=copy_id)
    return {copy_id: found[copy_id] for copy_id in wanted}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Copies named singly or through rings; `ring_of` says through which ring."""

    copy_ids: tuple[int, ...]
    ring_of: dict[int, int]
    rings: dict[int, Ring]


def choose(change: Change, copy_ids: Sequence[int], ring_ids: Sequence[int]) -> Chosen:
    """Resolve copies and rings to copies.

    Raises RingIsEmpty, OutOfUse for a retired ring, NotFound, Invalid (nothing).
    """
    rings = many(change, Ring, ring_ids, "ring") if ring_ids else {}
    for ring in rings.values():
        require_in_use(change, ring)
    ring_of: dict[int, int] = {}
    if rings:
        members = within(change, RingMember).filter(IS_OPEN, ring_id__in=rings)
        ring_of = dict(members.order_by("copy_id").values_list("copy_id", "ring_id"))
    for ring_id, ring in rings.items():
        if ring_id not in ring_of.values():
            raise RingIsEmpty(
                _("Nothing hangs on the ring %(name)s.", name=ring.name), ring_id=ring_id
            )
    chosen = tuple(dict.fromkeys([*copy_ids, *ring_of]))
    if not chosen:
        raise Invalid(_("Choose at least one copy or ring."), field="copy_ids")
    if len(chosen) > 500:
        raise Invalid(_("At most 500 copies at once."), field="copy_ids")
    return Chosen(chosen, ring_of, rings)


def stored_at(
    change: Change, container_id: int | None, position_id: int | None
) -> tuple[Place, str]:
    """The place in a container (or just in stock) and its words."""
    if container_id is None and position_id is None:
        return STOCK, "stock"
    if container_id is None:
        raise Invalid(_("A hook belongs to a container; name it too."), field="container_id")
    container = one(change, Container, container_id, "container")
    require_in_use(change, container)
    if position_id is None:
        return Place("stored", container_id=container_id), container.name
    position = one(change, Position, position_id, "hook")
    if position.container_id != container_id:
        raise Invalid(_("That hook is in another container."), field="position_id")
    place = Place("stored", container_id=container_id, position_id=position_id)
    return place, f"{container.name} {position.label}"


def home_of(change: Change, copy: Copy, ring: Ring | None) -> tuple[Place, str]:
    """Where a copy belongs: its ring's home, else its own, else just stock."""
    for thing in (ring, copy):
        if thing is not None and thing.home_container_id is not None:
            container = thing.home_container
            if container is not None and container.retired_at is None:
                return stored_at(change, thing.home_container_id, thing.home_position_id)
    return STOCK, "stock"


def held_by(
    change: Change, person_id: int | None, space_id: int | None, *, newly: bool = False
) -> tuple[Place, str]:
    """The place "with this person" or "at this place", and its words (empty for a person).

    Raises HolderHasLeft for a person who has left and gets something `newly`, OutOfUse for a
    space that is retired.
    """
    if (person_id is None) == (space_id is None):
        raise Invalid(_("Say who takes it: one person or one place."), field="person_id")
    if person_id is not None:
        person = one(change, Person, person_id, "person")
        if newly and person.left_at is not None:
            raise HolderHasLeft(
                _("This person has left. Note that they are back, or choose somebody else."),
                person_id=person_id,
            )
        return Place("held", person_id=person_id), ""
    space = one(change, Space, int(space_id or 0), "space")
    if newly:
        require_in_use(change, space)
    return Place("held", space_id=space.pk), space.name


def stay_of(
    change: Change,
    copy_id: int,
    place: Place,
    handling: int,
    sequence: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Stay:
    """A stay, not stored yet: told by the entry `sequence`, from now on or a claimed moment."""
    return Stay(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        copy_id=copy_id,
        state=place.state,
        reason=place.reason,
        container_id=place.container_id,
        position_id=place.position_id,
        person_id=place.person_id,
        space_id=place.space_id,
        handling=handling,
        is_late=since is not None,
        valid_from=since or change.at,
        valid_to=until,
        recorded_seq=sequence,
    )


def begin(
    change: Change,
    copy_id: int,
    place: Place,
    handling: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Stay:
    """Open a stay from now on, or since a claimed moment in the past (and until another)."""
    stay = stay_of(change, copy_id, place, handling, change.sequence, since, until)
    stay.save(force_insert=True)
    return stay


def end(change: Change, stay: Stay, *, at: datetime | None = None) -> None:
    """End an open stay and its loan, now or (superseding the row) at a moment in the past."""
    if at is None:
        stay.valid_to = max(change.at, stay.valid_from)  # a clock may have been set back
        stay.save(update_fields=["valid_to"])
    else:
        if at < stay.valid_from:
            raise AlreadyRecorded(
                _("The log already says where this copy was at that time."),
                copy_id=stay.copy_id,
                since=stay.valid_from.isoformat(),
            )
        supersede(change, stay, valid_to=at)
    loan = loan_of(stay)
    if loan is not None:
        loan.back_at = at or change.at
        loan.version += 1
        loan.save(update_fields=["back_at", "version"])


def supersede(change: Change, stay: Stay, *, valid_to: datetime | None) -> Stay:
    """Replace a row by a corrected one that ends at `valid_to`; the old row is kept."""
    stay.superseded_seq = change.sequence
    stay.save(update_fields=["superseded_seq"])
    values: dict[str, Any] = {
        field.attname: getattr(stay, field.attname)
        for field in Stay._meta.concrete_fields
        if not field.primary_key
    }
    values |= {"valid_to": valid_to, "recorded_seq": change.sequence, "superseded_seq": None}
    successor = Stay.everything.create(**values)
    loan = loan_of(stay)
    if loan is not None:
        loan.stay = successor
        loan.save(update_fields=["stay"])
    return successor


def loan_of(stay: Stay) -> Loan | None:
    """The loan of a stay, if it is one."""
    return getattr(stay, "loan", None)


def lend(
    change: Change,
    stay: Stay,
    period: Period,
    *,
    ring_id: int | None = None,
    purpose: RemarkRef | None = None,
) -> Loan:
    """Open the loan that belongs to a stay with a holder."""
    return Loan.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        stay=stay,
        ring_id=ring_id,
        due_at=period.due_at,
        review_on=period.review_on,
        purpose_id=purpose.remark_id if purpose else None,
    )


def moved(
    copy: Copy, place: Place, words: str, handling: int, occurred_at: datetime | None = None
) -> dict[str, Any]:
    """The fields every movement fact shares."""
    return {
        "copy_id": copy.pk,
        "copy_label": label_of(copy),
        "handling": handling,
        "state": place.state,
        "reason": place.reason,
        "container_id": place.container_id,
        "position_id": place.position_id,
        "person_id": place.person_id,
        "space_id": place.space_id,
        "place": words,
        "occurred_at": occurred_at,
    }


def remark_fields(prefix: str, remark: RemarkRef | None) -> dict[str, Any]:
    """A remark's id and hash as fields of a fact."""
    return {
        f"{prefix}_remark_id": remark.remark_id if remark else None,
        f"{prefix}_remark_hash": remark.remark_hash if remark else None,
    }


def place_of(stay: Stay) -> Place:
    """The place a stay describes."""
    return Place(
        stay.state,
        stay.reason,
        stay.container_id,
        stay.position_id,
        stay.person_id,
        stay.space_id,
    )


def words_of(stay: Stay) -> str:
    """The place of a stay in words; empty where it is a person."""
    if stay.container is not None:
        return " ".join(filter(None, [stay.container.name, str(stay.position or "")]))
    if stay.space is not None:
        return stay.space.name
    return "stock" if stay.state == "stored" else ""


def require_past(change: Change, occurred_at: datetime | None) -> None:
    """Raise Invalid for a claim about the future or without a zone."""
    if occurred_at is None:
        return
    if occurred_at.tzinfo is None or occurred_at > change.at:
        raise Invalid(_("A later entry speaks about the past."), field="occurred_at")
