"""Writing planned rows: first what they name, then all their copies, then where those are.

Each kind of thing is written for all rows at once: an import holds the workspace's journal, and
everybody else waits meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from keystead.exchange.models import Import, ImportedCopy
from keystead.exchange.operations.register import Register
from keystead.exchange.operations.whereabouts import Group, take_over
from keystead.exchange.planning import numbers
from keystead.exchange.planning.records import Copy, PlannedRow, number_identity
from keystead.hardware.models import Position
from keystead.journal.operation import Change
from keystead.journal.rows import many
from keystead.keys import operations as keys
from keystead.keys.operations.many import NewCopy, record_copies
from keystead.people.models import Person

AT_ONCE = 500


@dataclass(slots=True)
class Made:
    """What a batch added."""

    keys_made: int
    copies_made: int
    persons_made: int


@dataclass(slots=True)
class _Row:
    """A planned row under way: its groups of alike copies with their numbers."""

    planned: PlannedRow
    groups: list[Group] = field(default_factory=list)


def write(change: Change, source: Import, rows: Sequence[PlannedRow], zone: str) -> Made:
    """Write planned rows of an import; `zone` is where its days are days."""
    change.seen = {}
    register = Register(change)
    register.known.load_copies(copy.key.identity for planned in rows for copy in planned.copies)
    for planned in rows:
        _name(register, planned)
    register.write_openings()
    register.add_hooks(
        (copy.home, kinds)
        for fresh, kinds in (_fresh(register, planned) for planned in rows)
        for copy in fresh
        if copy.home
    )
    under_way = [_number(register, planned) for planned in rows]
    _read_at_once(change, under_way)
    groups = [group for row in under_way for group in row.groups]
    _make_copies(change, groups)
    take_over(change, groups, zone)
    for row in under_way:
        _hang_on_rings(change, row.groups)
    _keep_notes(change, source, under_way)
    made = sum(len(group.rows) for group in groups)
    return Made(register.keys_made, made, register.persons_made)


def _kinds(planned: PlannedRow) -> dict[str, str]:
    """The kinds of the spaces a row names, by their identity."""
    return {space.identity: space.kind for space in planned.spaces}


def _name(register: Register, planned: PlannedRow) -> None:
    """Find or add the places and keys the row names."""
    register.bring_back(planned.revives)
    kinds = _kinds(planned)
    for space in planned.spaces:
        register.place(space.path, kinds)
    points = [register.point(point, kinds) for point in planned.opens]
    for key in {copy.key.identity: copy.key for copy in planned.copies}.values():
        key_id = register.key(key)
        for point_id in points:
            register.note_opens(key_id, point_id)


def _fresh(register: Register, planned: PlannedRow) -> tuple[list[Copy], dict[str, str]]:
    """The copies of a row that are not in the register yet, and the kinds of its spaces."""
    fresh = [copy for copy in planned.copies if not _is_there(register, copy)]
    return fresh, _kinds(planned)


def _number(register: Register, planned: PlannedRow) -> _Row:
    """Give the new copies of a row numbers, and find or add who has them and its codes."""
    row = _Row(planned)
    fresh, kinds = _fresh(register, planned)
    row.groups = [_group(register, copies, kinds) for copies in _alike(fresh)]
    for code in planned.codes:
        register.code(code, kinds)
    return row


def _is_there(register: Register, copy: Copy) -> bool:
    return number_identity(copy.number) in register.known.copies_of(register.key(copy.key))


def _alike(copies: Sequence[Copy]) -> Iterator[list[Copy]]:
    """Neighbouring copies that differ in nothing but their number."""

    def rest(copy: Copy) -> tuple[object, ...]:
        where = (copy.state, copy.home, copy.holder, copy.flags, copy.remark)
        return (copy.key.identity, *where, copy.issued, copy.due, copy.returned)

    for _same, group in groupby(copies, rest):
        yield list(group)


def _group(register: Register, copies: list[Copy], kinds: dict[str, str]) -> Group:
    """Alike copies of one key with the numbers they get, and the ids of what they name."""
    first = copies[0]
    key_id = register.key(first.key)
    taken = register.known.taken.setdefault(key_id, set())
    wanted = _free_numbers(taken, copies)
    for copy, number in zip(copies, wanted, strict=True):
        register.known.note_copy(key_id, copy.number, number)
    return Group(
        copies,
        wanted,
        key_id=key_id,
        home=register.home(first.home, kinds) if first.home else (None, None),
        ring_ids=[register.ring(copy.ring) if copy.ring else None for copy in copies],
        person_id=register.person(first.holder) if first.holder else None,
    )


def _free_numbers(taken: set[int], copies: Sequence[Copy]) -> list[int]:
    """The numbers the plan gives these copies, or the next free ones where they are taken."""
    found: list[int] = []
    for copy in copies:
        number = copy.ordinal
        if number in taken or number in found:
            number = max(*taken, *found, *(other.ordinal for other in copies)) + 1
        found.append(number)
    return found


def _read_at_once(change: Change, rows: Sequence[_Row]) -> None:
    """Read the hooks and holders of all rows in one go; `change.seen` keeps them."""
    groups = [group for row in rows for group in row.groups]
    many(change, Position, {g.home[1] for g in groups if g.home[1] is not None}, "hook")
    many(change, Person, {g.person_id for g in groups if g.person_id is not None}, "person")


def _make_copies(change: Change, groups: Sequence[Group]) -> None:
    rows = iter(
        record_copies(
            change,
            [
                NewCopy(group.key_id, number, _mark(copy.number, number), *group.home)
                for group in groups
                for copy, number in zip(group.copies, group.numbers, strict=True)
            ],
        )
    )
    for group in groups:
        group.rows = [next(rows) for _copy in group.copies]


def _mark(written: str, number: int) -> str:
    return "" if numbers.plain(written) == number else written


def _hang_on_rings(change: Change, groups: Sequence[Group]) -> None:
    hanging: dict[int, list[int]] = defaultdict(list)
    for group in groups:
        for ring_id, row in zip(group.ring_ids, group.rows, strict=True):
            if ring_id is not None:
                hanging[ring_id].append(row.pk)
    for ring_id, copy_ids in hanging.items():
        keys.put_on_ring(change, ring_id=ring_id, copy_ids=copy_ids)


def _keep_notes(change: Change, source: Import, rows: Sequence[_Row]) -> None:
    """Remember which row each copy came from, and keep the row's remark, erasable."""
    made = [row for row in rows if row.groups]
    remarks = change.remarks([row.groups[0].copies[0].remark for row in made])
    ImportedCopy.everything.bulk_create(
        (
            ImportedCopy(
                workspace_id=change.workspace_id,
                pending_import=change.pending_import,
                source=source,
                copy_id=copy.pk,
                sheet=row.planned.sheet,
                row_number=row.planned.number,
                fingerprint=row.planned.fingerprint,
                remark_id=remark.remark_id if remark else None,
            )
            for row, remark in zip(made, remarks, strict=True)
            for group in row.groups
            for copy in group.rows
        ),
        batch_size=AT_ONCE,
    )
