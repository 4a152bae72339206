"""Keys' part of bringing in a register: many copies and openings in a few statements.

These are no verbs: they join an operation that has checked the right and found what exists.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from keystead.hardware import operations as hardware
from keystead.hardware.models import IS_OPEN, Container, Cylinder, Fitting, Lock, Position
from keystead.journal.operation import Change
from keystead.journal.rows import many, require_in_use, within
from keystead.kernel.text import optional_line
from keystead.keys import facts
from keystead.keys.models import Copy, Key, Operates
from keystead.keys.operations.copies import home_words, tell_made
from keystead.places.models import AccessPoint

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NewCopy:
    """A copy to record, with a number that is free for its key."""

    key_id: int
    number: int
    mark: str
    container_id: int | None = None
    position_id: int | None = None


def record_copies(change: Change, wanted: Sequence[NewCopy]) -> list[Copy]:
    """Record copies of any keys, in this order, as `make_copies` does. Raises OutOfUse."""
    keys = many(change, Key, (new.key_id for new in wanted), "key")
    for key in keys.values():
        require_in_use(change, key)
    boxes = many(change, Container, (n.container_id for n in wanted if n.container_id), "container")
    hooks = many(change, Position, (n.position_id for n in wanted if n.position_id), "hook")
    copies = Copy.everything.bulk_create(
        (
            Copy(
                workspace_id=change.workspace_id,
                pending_import=change.pending_import,
                key=keys[new.key_id],
                number=new.number,
                mark=optional_line(new.mark, field="marks", longest=60),
                home_container_id=new.container_id,
                home_position_id=new.position_id,
                made_at=change.at,
            )
            for new in wanted
        ),
        batch_size=AT_ONCE,
    )
    for box in boxes.values():
        require_in_use(change, box)
    for copy in copies:
        copy.key.next_number = max(copy.key.next_number, copy.number + 1)
        home = boxes.get(copy.home_container_id or 0)
        hook = hooks.get(copy.home_position_id or 0)
        tell_made(change, copy, home_words(home, hook))
    Key.everything.bulk_update(keys.values(), ["next_number"], batch_size=AT_ONCE)
    return copies


def note_openings(
    change: Change, pairs: Iterable[tuple[int, int]], known: Mapping[int, int]
) -> dict[int, int]:
    """Note that keys open access points: pairs of both ids, none of which is noted already.

    `known` is the cylinder of each access point that has one; doors whose hardware nobody
    described get a lock and a cylinder. Returns the cylinder of every point named.
    """
    wanted = list(dict.fromkeys(pairs))
    keys = many(change, Key, (key_id for key_id, _point in wanted), "key")
    for key in keys.values():
        require_in_use(change, key)
    cylinders = {point: known[point] for _key, point in wanted if point in known}
    _describe(change, {p: None for _key, p in wanted if p not in cylinders}, cylinders)
    numbers = many(change, Cylinder, cylinders.values(), "cylinder")
    rows: list[Operates] = []
    for key_id, cylinder_id in dict.fromkeys((key, cylinders[point]) for key, point in wanted):
        key = keys[key_id]
        rows.append(
            Operates(
                workspace_id=change.workspace_id,
                pending_import=change.pending_import,
                key=key,
                cylinder_id=cylinder_id,
                valid_from=change.at,
                recorded_seq=change.sequence,
            )
        )
        number = numbers[cylinder_id].number
        change.record(
            facts.KeyOpens(
                key_id=key_id, key_label=key.label, cylinder_id=cylinder_id, number=number
            )
        )
    Operates.everything.bulk_create(rows, batch_size=AT_ONCE)
    return cylinders


def _describe(change: Change, points: Iterable[int], cylinders: dict[int, int]) -> None:
    """Give each of these points a cylinder, in its first lock or in a new one."""
    found = many(change, AccessPoint, points, "access point")
    if not found:
        return
    mechanical = within(change, Lock).filter(retired_at=None, kind="mechanical")
    locks: dict[int, int] = {}
    for lock_id, point_id in (
        mechanical.filter(access_point_id__isnull=False)
        .order_by("-pk")
        .values_list("pk", "access_point_id")
    ):
        locks[point_id or 0] = lock_id
    fitted = dict(within(change, Fitting).filter(IS_OPEN).values_list("lock_id", "cylinder_id"))
    taken = {
        number.casefold() for number in within(change, Cylinder).values_list("number", flat=True)
    }
    for point_id, point in found.items():
        if point_id not in locks:
            locks[point_id] = hardware.add_lock(change, name=point.name, access_point_id=point_id)
    bare = {point: locks[point] for point in found if locks[point] not in fitted}
    cylinders |= {point: fitted[locks[point]] for point in found if point not in bare}
    free = _free_numbers(taken)
    added = [hardware.add_cylinder(change, number=next(free)) for _lock in bare]
    many(change, Lock, bare.values(), "lock")  # read once, for what follows
    many(change, Cylinder, added, "cylinder")
    for (point_id, lock_id), cylinder_id in zip(bare.items(), added, strict=True):
        hardware.fit_cylinder(change, lock_id=lock_id, cylinder_id=cylinder_id)
        cylinders[point_id] = cylinder_id


def _free_numbers(taken: set[str]) -> Iterator[str]:
    """Cylinder numbers nothing has: Z1, Z2 … counted in the workspace; `taken` are casefolded."""
    for number in count(len(taken) + 1):
        if f"z{number}" not in taken:
            yield f"Z{number}"
