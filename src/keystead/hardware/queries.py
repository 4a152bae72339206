"""Reading locks, containers and codes. Nothing here writes or shows a secret."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from keystead.hardware.models import (
    IS_OPEN,
    Code,
    Container,
    Cylinder,
    Fitting,
    Knower,
    Lock,
    Position,
)
from keystead.journal.orders import Order, Spot
from keystead.journal.rows import hidden, visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.words import said as _

CONTAINERS = Order("site__name=site_name", "name", "pk=id")
CYLINDERS = Order("number", "pk=id")
CODES = Order("name", "pk=id")
"""How these lists are sorted."""


@dataclass(frozen=True, slots=True)
class ContainerView:
    """A container and where it stands."""

    id: int
    site_id: int
    site_name: str
    space_id: int | None
    space_name: str | None
    kind: str
    name: str
    retired_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class PositionView:
    """A hook or slot."""

    id: int
    label: str


def _containers(actor: Actor) -> QuerySet[Container]:
    rows = visible(actor, Container)
    return rows.select_related("site", "space")


def _container_view(row: Container) -> ContainerView:
    return ContainerView(
        row.pk,
        row.site_id,
        row.site.name,
        row.space_id,
        row.space.name if row.space else None,
        row.kind,
        row.name,
        row.retired_at,
        row.version,
    )


def containers(
    actor: Actor,
    *,
    site_id: int | None = None,
    space_id: int | None = None,
    text: str = "",
    with_retired: bool = False,
    after: Spot | None = None,
    limit: int | None = None,
) -> list[ContainerView]:
    """Containers by site and name."""
    rows = _containers(actor)
    if not with_retired:
        rows = rows.filter(retired_at=None)
    if site_id is not None:
        rows = rows.filter(site_id=site_id)
    if space_id is not None:
        rows = rows.filter(space_id=space_id)
    if text:
        rows = rows.filter(name__icontains=text)
    return [_container_view(row) for row in CONTAINERS.page(rows, after=after, limit=limit)]


def container(actor: Actor, container_id: int) -> ContainerView:
    """One container. Raises NotFound."""
    row = _containers(actor).filter(pk=container_id).first()
    if row is None:
        raise NotFound(_("There is no such container."), container_id=container_id)
    return _container_view(row)


def positions(actor: Actor, container_id: int) -> list[PositionView]:
    """The hooks of a container in their order."""
    rows = visible(actor, Position).filter(container_id=container_id)
    return [PositionView(row.pk, row.label) for row in rows.order_by("rank")]


@dataclass(frozen=True, slots=True)
class PlacedPosition:
    """A hook or slot with the container it belongs to."""

    id: int
    container_id: int
    container_name: str
    label: str


def positions_after(actor: Actor, position_id: int, limit: int) -> list[PlacedPosition]:
    """The next hooks of all containers after the one with this id, in the order recorded."""
    rows = visible(actor, Position).filter(pk__gt=position_id)
    found = rows.order_by("pk").values_list("pk", "container_id", "container__name", "label")
    return [PlacedPosition(*row) for row in found[:limit]]


@dataclass(frozen=True, slots=True)
class LockView:
    """A lock, what it sits on, and the cylinder in it now."""

    id: int
    name: str
    kind: str
    access_point_id: int | None
    container_id: int | None
    cylinder_id: int | None
    cylinder_number: str | None
    is_listed_only: bool
    retired_at: datetime | None


def locks(
    actor: Actor, *, access_point_id: int | None = None, container_id: int | None = None
) -> list[LockView]:
    """The locks of one access point or container."""
    rows = visible(actor, Lock)
    return _lock_views(
        actor,
        rows.filter(access_point_id=access_point_id)
        if access_point_id is not None
        else rows.filter(container_id=container_id or 0),
    )


def locks_after(actor: Actor, lock_id: int, limit: int) -> list[LockView]:
    """The next locks after the one with this id, in the order recorded, retired ones, too."""
    rows = visible(actor, Lock).filter(pk__gt=lock_id)
    return _lock_views(actor, rows.filter(pk__in=rows.order_by("pk").values("pk")[:limit]))


def lock(actor: Actor, lock_id: int) -> LockView:
    """One lock. Raises NotFound."""
    rows = visible(actor, Lock).filter(pk=lock_id)
    for view in _lock_views(actor, rows):
        return view
    raise NotFound(_("There is no such lock."), lock_id=lock_id)


def _lock_views(actor: Actor, rows: QuerySet[Lock]) -> list[LockView]:
    found = list(rows.order_by("pk"))
    fitted = {
        fitting.lock_id: fitting.cylinder
        for fitting in visible(actor, Fitting)
        .filter(IS_OPEN, lock__in=found)
        .select_related("cylinder")
    }
    views = []
    for row in found:
        core = fitted.get(row.pk)
        views.append(
            LockView(
                row.pk,
                row.name,
                row.kind,
                row.access_point_id,
                row.container_id,
                core.pk if core else None,
                core.number if core else None,
                core.is_listed_only if core else False,
                row.retired_at,
            )
        )
    return views


@dataclass(frozen=True, slots=True)
class FittingView:
    """A spell of a cylinder in a lock. Times are aware UTC; `until` None means still in."""

    cylinder_id: int
    cylinder_number: str
    since: datetime
    until: datetime | None


def cylinder_history(actor: Actor, lock_id: int) -> list[FittingView]:
    """Which cylinders sat in a lock, newest first."""
    rows = (
        visible(actor, Fitting)
        .filter(lock_id=lock_id, superseded_seq=None)
        .select_related("cylinder")
    )
    found = list(rows.order_by("-valid_from", "-pk"))
    away = hidden(actor, Cylinder, (row.cylinder_id for row in found))
    return [
        FittingView(row.cylinder_id, row.cylinder.number, row.valid_from, row.valid_to)
        for row in found
        if row.cylinder_id not in away
    ]


@dataclass(frozen=True, slots=True)
class CylinderView:
    """A cylinder, the lock it sits in now, and what that lock is on."""

    id: int
    number: str
    is_listed_only: bool
    lock_id: int | None
    lock_name: str | None
    access_point_id: int | None
    container_id: int | None
    access_point_name: str | None
    container_name: str | None
    version: int


def cylinders(
    actor: Actor,
    *,
    text: str = "",
    after: Spot | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[CylinderView]:
    """Cylinders by number."""
    rows = visible(actor, Cylinder).filter(retired_at=None)
    if text:
        rows = rows.filter(number__icontains=text)
    found = CYLINDERS.page(rows, after=after, limit=limit, offset=offset)
    return _cylinder_views(actor, found)


def cylinder(actor: Actor, cylinder_id: int) -> CylinderView:
    """One cylinder. Raises NotFound."""
    rows = visible(actor, Cylinder).filter(pk=cylinder_id)
    for view in _cylinder_views(actor, rows):
        return view
    raise NotFound(_("There is no such cylinder."), cylinder_id=cylinder_id)


def _cylinder_views(actor: Actor, rows: QuerySet[Cylinder]) -> list[CylinderView]:
    found = list(rows)
    fitted = {
        fitting.cylinder_id: fitting.lock
        for fitting in visible(actor, Fitting)
        .filter(IS_OPEN, cylinder__in=found)
        .select_related("lock__access_point", "lock__container")
    }
    views = []
    for row in found:
        lock = fitted.get(row.pk)
        views.append(
            CylinderView(
                row.pk,
                row.number,
                row.is_listed_only,
                lock.pk if lock else None,
                lock.name if lock else None,
                lock.access_point_id if lock else None,
                lock.container_id if lock else None,
                lock.access_point.name if lock and lock.access_point else None,
                lock.container.name if lock and lock.container else None,
                row.version,
            )
        )
    return views


@dataclass(frozen=True, slots=True)
class KnowerView:
    """A person who knows a code, since when (aware UTC)."""

    person_id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code without its value: where it is, when it was changed, who was told since."""

    id: int
    name: str
    lock_id: int
    lock_name: str
    access_point_id: int | None
    access_point_name: str | None
    container_id: int | None
    container_name: str | None
    changed_at: datetime | None
    version: int
    knowers: tuple[KnowerView, ...]


def codes(
    actor: Actor,
    *,
    access_point_id: int | None = None,
    container_id: int | None = None,
    person_id: int | None = None,
    code_id: int | None = None,
    text: str = "",
    after: Spot | None = None,
    limit: int | None = None,
) -> list[CodeView]:
    """Codes by name, each with the people who know it now."""
    rows = visible(actor, Code).filter(retired_at=None)
    if access_point_id is not None:
        rows = rows.filter(lock__access_point_id=access_point_id)
    if container_id is not None:
        rows = rows.filter(lock__container_id=container_id)
    if code_id is not None:
        rows = rows.filter(pk=code_id)
    if text:
        rows = rows.filter(name__icontains=text)
    if person_id is not None:
        known = visible(actor, Knower).filter(IS_OPEN, person_id=person_id)
        rows = rows.filter(pk__in=known.values("code_id"))
    rows = rows.defer("sealed").select_related("lock", "lock__access_point", "lock__container")
    found = list(CODES.page(rows, after=after, limit=limit))
    told: dict[int, list[KnowerView]] = {}
    knowers = visible(actor, Knower).filter(IS_OPEN, code__in=found)
    for knower in knowers.select_related("person").order_by("valid_from", "pk"):
        told.setdefault(knower.code_id, []).append(
            KnowerView(knower.person_id, knower.person.name, knower.valid_from)
        )
    return [_code_view(row, tuple(told.get(row.pk, ()))) for row in found]


def _code_view(row: Code, knowers: tuple[KnowerView, ...]) -> CodeView:
    lock = row.lock
    return CodeView(
        row.pk,
        row.name,
        lock.pk,
        lock.name,
        lock.access_point_id,
        lock.access_point.name if lock.access_point else None,
        lock.container_id,
        lock.container.name if lock.container else None,
        row.changed_at,
        row.version,
        knowers,
    )


def code(actor: Actor, code_id: int) -> CodeView:
    """One code. Raises NotFound."""
    for view in codes(actor, code_id=code_id):
        return view
    raise NotFound(_("There is no such code."), code_id=code_id)


def find(actor: Actor, text: str, limit: int = 8) -> list[ContainerView]:
    """Containers whose name contains `text`, for the search field."""
    rows = _containers(actor).filter(Q(name__icontains=text), retired_at=None)
    return [_container_view(row) for row in rows.order_by("name")[:limit]]


def find_cylinders(actor: Actor, text: str, limit: int = 8) -> list[CylinderView]:
    """Cylinders whose number contains `text`, for the search field."""
    return cylinders(actor, text=text, limit=limit)
