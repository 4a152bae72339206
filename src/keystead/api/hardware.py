"""Containers, locks, cylinders and codes over the API. No answer ever holds a code's value."""

from pydantic import Field

from keystead.api import cursors
from keystead.api.answers import Call, Made, Page, cut, page
from keystead.api.conditions import Changed
from keystead.api.endpoints import Routes
from keystead.api.values import (
    After,
    Body,
    ContainerKind,
    Count,
    Flag,
    Id,
    Limit,
    LockKind,
    Moment,
    PathId,
    Text,
    Words,
)
from keystead.custody import operations as custody
from keystead.hardware import operations, queries
from keystead.hardware.errors import LockOnOneThing
from keystead.journal.orders import Spot

routes = Routes("hardware")


class NewContainer(Body):
    """A cabinet, lockbox, drawer … with `positions` hooks numbered from 1."""

    site_id: Id
    name: Text
    kind: ContainerKind = "cabinet"
    space_id: Id | None = None
    positions: Count = 0


class ChangedContainer(Changed):
    """The whole container as it is to be."""

    name: Text
    kind: ContainerKind
    space_id: Id | None


class NewPositions(Body):
    """Labels of new hooks or slots, in their order."""

    labels: list[Text] = Field(max_length=2000)


@routes.get("/containers", Page[queries.ContainerView])
def containers(
    request: Call,
    site_id: PathId | None = None,
    space_id: PathId | None = None,
    text: Words = "",
    with_retired: bool = False,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.ContainerView]:
    """List containers by site and name."""
    rows = queries.containers(
        request.actor,
        site_id=site_id,
        space_id=space_id,
        text=text,
        with_retired=with_retired,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.CONTAINERS.spot)


@routes.add("/containers", queries.ContainerView)
def add_container(request: Call, body: NewContainer) -> queries.ContainerView:
    """Add a container."""
    container_id = operations.add_container(request.actor, **body.model_dump())
    return queries.container(request.actor, container_id)


@routes.get("/containers/{container_id}", queries.ContainerView)
def container(request: Call, container_id: PathId) -> queries.ContainerView:
    """Read one container."""
    return queries.container(request.actor, container_id)


@routes.put("/containers/{container_id}", queries.ContainerView)
def change_container(
    request: Call, container_id: PathId, body: ChangedContainer
) -> queries.ContainerView:
    """Rename a container or note that it stands in another space of its site."""
    operations.change_container(request.actor, container_id=container_id, **body.model_dump())
    return queries.container(request.actor, container_id)


@routes.post("/containers/{container_id}/retire")
def retire_container(request: Call, container_id: PathId) -> None:
    """Take an empty container out of use. 409 while copies are in it."""
    custody.retire_container(request.actor, container_id=container_id)


@routes.post("/containers/{container_id}/bring-back")
def bring_back_container(request: Call, container_id: PathId) -> None:
    """Use a container again that was retired. 409 while its place is retired."""
    operations.bring_back_container(request.actor, container_id=container_id)


@routes.get("/containers/{container_id}/positions", Page[queries.PositionView])
def positions(
    request: Call, container_id: PathId, limit: Limit = 100, after: After = None
) -> Page[queries.PositionView]:
    """List the hooks of a container in their order."""
    container_id = queries.container(request.actor, container_id).id
    rows = queries.positions(request.actor, container_id)
    ranks = {row.id: rank for rank, row in enumerate(rows)}
    return cut(request, rows, limit, after, lambda row: (ranks[row.id],))


@routes.add("/containers/{container_id}/positions", Made)
def add_positions(request: Call, container_id: PathId, body: NewPositions) -> Made:
    """Give a container more hooks or slots."""
    ids = operations.add_positions(request.actor, container_id=container_id, **body.model_dump())
    return Made(ids=ids)


class NewLock(Body):
    """A lock on an access point or on a container, with the cylinder of this number in it."""

    name: Text
    kind: LockKind = "mechanical"
    access_point_id: Id | None = None
    container_id: Id | None = None
    cylinder_number: Text = ""


@routes.get("/locks", Page[queries.LockView])
def locks(
    request: Call,
    access_point_id: PathId | None = None,
    container_id: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.LockView]:
    """List the locks of one access point or one container, each with the cylinder in it."""
    if (access_point_id is None) == (container_id is None):
        raise LockOnOneThing("Name one access point or one container.", field="access_point_id")
    rows = queries.locks(request.actor, access_point_id=access_point_id, container_id=container_id)
    return cut(request, rows, limit, after, lambda row: (row.id,))


@routes.add("/locks", Made)
def add_lock(request: Call, body: NewLock) -> Made:
    """Put a lock on an access point or on a container."""
    return Made(ids=[operations.add_lock(request.actor, **body.model_dump())])


@routes.post("/locks/{lock_id}/retire")
def retire_lock(request: Call, lock_id: PathId) -> None:
    """Note that a lock was taken off. Its cylinder comes out of it."""
    operations.retire_lock(request.actor, lock_id=lock_id)


class Fitted(Body):
    """The cylinder that goes into a lock."""

    cylinder_id: Id


@routes.put("/locks/{lock_id}/cylinder")
def fit_cylinder(request: Call, lock_id: PathId, body: Fitted) -> None:
    """Put a cylinder into a lock; what was in it comes out."""
    operations.fit_cylinder(request.actor, lock_id=lock_id, **body.model_dump())


@routes.delete("/locks/{lock_id}/cylinder")
def remove_cylinder(request: Call, lock_id: PathId) -> None:
    """Take the cylinder out of a lock."""
    operations.remove_cylinder(request.actor, lock_id=lock_id)


def _newest_first(spell: queries.FittingView) -> Spot:
    return -spell.since.timestamp(), spell.cylinder_id


@routes.get("/locks/{lock_id}/cylinders", Page[queries.FittingView])
def cylinder_history(
    request: Call, lock_id: PathId, limit: Limit = 100, after: After = None
) -> Page[queries.FittingView]:
    """List which cylinders sat in a lock, newest first."""
    rows = queries.cylinder_history(request.actor, lock_id)
    return cut(request, rows, limit, after, _newest_first)


class NewCylinder(Body):
    """A cylinder. `is_listed_only`: cross-keyed or not master keyed; only listed keys open it."""

    number: Text
    is_listed_only: Flag = False


@routes.get("/cylinders", Page[queries.CylinderView])
def cylinders(
    request: Call, text: Words = "", limit: Limit = 100, after: After = None
) -> Page[queries.CylinderView]:
    """List cylinders by number, each with the lock it sits in."""
    rows = queries.cylinders(
        request.actor, text=text, limit=limit + 1, after=cursors.read(request, after)
    )
    return page(request, rows, limit, queries.CYLINDERS.spot)


@routes.add("/cylinders", queries.CylinderView)
def add_cylinder(request: Call, body: NewCylinder) -> queries.CylinderView:
    """Add a cylinder."""
    cylinder_id = operations.add_cylinder(request.actor, **body.model_dump())
    return queries.cylinder(request.actor, cylinder_id)


@routes.get("/cylinders/{cylinder_id}", queries.CylinderView)
def cylinder(request: Call, cylinder_id: PathId) -> queries.CylinderView:
    """Read one cylinder."""
    return queries.cylinder(request.actor, cylinder_id)


class ChangedCylinder(Body):
    """The whole cylinder as it is to be, and the `version` it was read at."""

    version: Id
    number: Text
    is_listed_only: Flag


@routes.put("/cylinders/{cylinder_id}", queries.CylinderView)
def change_cylinder(
    request: Call, cylinder_id: PathId, body: ChangedCylinder
) -> queries.CylinderView:
    """Correct a cylinder's number, or whether only the keys listed operate it."""
    operations.change_cylinder(request.actor, cylinder_id=cylinder_id, **body.model_dump())
    return queries.cylinder(request.actor, cylinder_id)


class NewCode(Body):
    """That a lock has a code, and since when it is this one. Its value is not taken here."""

    lock_id: Id
    name: Text
    changed_at: Moment | None = None


class ToldCode(Body):
    """Who knows a code, since now or since `occurred_at`."""

    person_id: Id
    occurred_at: Moment | None = None


@routes.get("/codes", Page[queries.CodeView])
def codes(
    request: Call,
    access_point_id: PathId | None = None,
    container_id: PathId | None = None,
    person_id: PathId | None = None,
    text: Words = "",
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.CodeView]:
    """List codes by name, each with the people who know it now."""
    rows = queries.codes(
        request.actor,
        access_point_id=access_point_id,
        container_id=container_id,
        person_id=person_id,
        text=text,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.CODES.spot)


@routes.add("/codes", queries.CodeView)
def record_code(request: Call, body: NewCode) -> queries.CodeView:
    """Record that a lock has a code."""
    code_id = operations.record_code(request.actor, **body.model_dump())
    return queries.code(request.actor, code_id)


@routes.get("/codes/{code_id}", queries.CodeView)
def code(request: Call, code_id: PathId) -> queries.CodeView:
    """Read one code: where it is and who knows it, without its value."""
    return queries.code(request.actor, code_id)


@routes.post("/codes/{code_id}/changed")
def note_code_changed(request: Call, code_id: PathId) -> None:
    """Note that a code was changed at its lock: past knowers know it no longer."""
    operations.note_code_changed(request.actor, code_id=code_id)


@routes.post("/codes/{code_id}/told")
def note_code_told(request: Call, code_id: PathId, body: ToldCode) -> None:
    """Note that a person knows a code."""
    operations.note_code_told(request.actor, code_id=code_id, **body.model_dump())
