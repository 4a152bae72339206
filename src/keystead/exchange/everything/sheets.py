"""What is taken out: each kind of thing as a table, read page by page through the queries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeVar

from keystead.custody import queries as custody
from keystead.exchange.tables import Table
from keystead.hardware import queries as hardware
from keystead.journal.orders import Order, Spot
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.keys import queries as keys
from keystead.people import queries as people
from keystead.places import queries as places

AT_ONCE = 500
Cell = str | int | bool | datetime | date | None
T = TypeVar("T")
Read = Callable[[Actor], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its columns (heading and where a row has the value), how it is read.

    Who lacks `needs` gets the export without this table.
    """

    name: str
    columns: Mapping[str, Callable[[Any], Cell]]
    read: Read
    needs: Right = Right.EXPORT

    @property
    def heading(self) -> str:
        """What the sheet of a workbook is called."""
        return self.name.replace("-", " ").capitalize()


def _by_order(
    order: Order, ask: Callable[..., Sequence[T]], **asked: Any
) -> Callable[[Actor], Iterator[T]]:
    """Read a sorted list page by page."""

    def read(actor: Actor) -> Iterator[T]:
        after: Spot | None = None
        while page := ask(actor, after=after, limit=AT_ONCE, **asked):
            yield from page
            after = order.spot(page[-1])

    return read


def _by_number(
    ask: Callable[[Actor, int, int], Sequence[T]], number: Callable[[T], int] = attrgetter("id")
) -> Callable[[Actor], Iterator[T]]:
    """Read a list in the order it was recorded, page by page."""

    def read(actor: Actor) -> Iterator[T]:
        after = 0
        while page := ask(actor, after, AT_ONCE):
            yield from page
            after = number(page[-1])

    return read


def _columns(**named: str) -> dict[str, Callable[[Any], Cell]]:
    """Columns by their names: `site_id="id"` is the attribute `id` under "Site id"."""
    return {
        name.replace("_", " ").capitalize(): attrgetter(attribute)
        for name, attribute in named.items()
    }


def _same(*names: str) -> dict[str, Callable[[Any], Cell]]:
    return _columns(**{name: name for name in names})


def _above(space: places.SpaceView) -> Cell:
    return " / ".join(name for _pk, name in space.above)


def _knowers(code: hardware.CodeView) -> Cell:
    return ", ".join(knower.name for knower in code.knowers)


def _hanging(ring: keys.RingView) -> Cell:
    return ", ".join(map(str, ring.copy_ids))


def _every_site(actor: Actor) -> Iterator[places.SiteView]:
    yield from places.sites(actor)


def _every_space(actor: Actor) -> Iterator[places.SpaceView]:
    yield from places.spaces(actor)


def _every_system(actor: Actor) -> Iterator[keys.SystemView]:
    yield from keys.systems(actor)


def _every_member(actor: Actor) -> Iterator[people.MemberView]:
    yield from people.members(actor)


HOME = ("home_container_id", "home_container_name", "home_position_id", "home_position_label")

SHEETS = (
    Sheet(
        "sites",
        _same("id", "name", "number", "address", "time_zone", "version"),
        _every_site,
    ),
    Sheet(
        "spaces",
        _same("id", "site_id", "site_name", "parent_id", "kind", "name", "number", "version")
        | {"Inside": _above},
        _every_space,
    ),
    Sheet(
        "access-points",
        _same("id", "site_id", "site_name", "kind", "name", "number")
        | _same("from_id", "from_name", "to_id", "to_name", "needs_all_locks", "retired_at")
        | _same("version"),
        _by_order(places.ACCESS_POINTS, places.access_points, with_retired=True),
    ),
    Sheet(
        "containers",
        _same("id", "site_id", "site_name", "space_id", "space_name", "kind", "name")
        | _same("retired_at", "version"),
        _by_order(hardware.CONTAINERS, hardware.containers, with_retired=True),
    ),
    Sheet(
        "positions",
        _same("id", "container_id", "container_name", "label"),
        _by_number(hardware.positions_after),
    ),
    Sheet(
        "locks",
        _same("id", "name", "kind", "access_point_id", "container_id", "cylinder_id")
        | _same("cylinder_number", "retired_at"),
        _by_number(hardware.locks_after),
    ),
    Sheet(
        "cylinders",
        _same("id", "number", "is_listed_only", "lock_id", "lock_name")
        | _same("access_point_id", "access_point_name", "container_id", "container_name"),
        _by_order(hardware.CYLINDERS, hardware.cylinders),
    ),
    Sheet("key-systems", _same("id", "name"), _every_system),
    Sheet(
        "keys",
        _same("id", "label", "symbol", "name", "kind", "system_id", "system_name")
        | _same("parent_id", "parent_label", "retired_at", "version"),
        _by_order(keys.KEYS, keys.keys, with_retired=True),
    ),
    Sheet(
        "openings",
        _same("id", "key_id", "key_label", "cylinder_id", "cylinder_number"),
        _by_number(keys.listings_after),
    ),
    Sheet(
        "copy-records",
        _same("id", "key_id", "label", "key_name", "number", "mark", "kind")
        | _same(*HOME, "ring_id", "ring_name", "tag", "made_at", "retired_at", "version"),
        _by_number(keys.copies_after),
    ),
    Sheet(
        "rings",
        _same("id", "name", "is_sealed", "seal_number", *HOME, "tag", "retired_at", "version")
        | {"Copy ids": _hanging},
        _by_order(keys.RINGS, keys.rings, with_retired=True),
    ),
    Sheet("tags", _same("id", "text", "kind", "thing_id"), _by_number(keys.tags_after)),
    Sheet(
        "persons",
        _same("id", "name", "firm_id", "firm_name", "department", "email", "phone")
        | _same("left_at", "version"),
        _by_order(people.PERSONS, people.persons),
    ),
    Sheet("firms", _same("id", "name"), _by_order(people.FIRMS, people.firms)),
    Sheet(
        "loans",
        _same("loan_id", "stay_id", "copy_id", "copy_label", "key_id", "key_name")
        | _same("person_id", "person_name", "firm_name", "space_id", "space_name")
        | _same("since", "until", "due_at", "review_on", "purpose", "ring_id", "ring_name")
        | _same("returned_by", "return_note", "left_at", "meter", "is_late_entry"),
        _by_number(custody.loans_after, attrgetter("stay_id")),
    ),
    Sheet(
        "incidents",
        _same("id", "kind", "copy_id", "copy_label", "key_id", "ring_id", "ring_name")
        | _same("last_holder_id", "last_holder", "is_critical", "note", "opened_at")
        | _same("happened_at", "closed_at", "close_note"),
        _by_order(custody.INCIDENTS, custody.incidents, open_only=False),
    ),
    Sheet(
        "codes",
        _same("id", "name", "lock_id", "lock_name", "access_point_id", "access_point_name")
        | _same("container_id", "container_name", "changed_at", "version")
        | {"Known by": _knowers},
        _by_order(hardware.CODES, hardware.codes),
    ),
    Sheet(
        "members",
        _same("membership_id", "person_id", "name", "email", "role", "since"),
        _every_member,
        Right.MANAGE_MEMBERS,
    ),
)
"""Everything but the copies, which have the shape that the importer knows (`exporting`)."""

COPIES = "copies"
_OWN = {tuple(sheet.columns) for sheet in SHEETS}


def is_own_sheet(table: Table) -> bool:
    """Whether a table is one of an export that the importer has no use for."""
    return bool(table.rows) and table.rows[0].cells in _OWN
