"""Copies with their whereabouts, rings and tags over the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

from pydantic import Field

from keystead.api import cursors
from keystead.api.answers import Call, Made, Page, cut, page
from keystead.api.conditions import Changed
from keystead.api.endpoints import Routes
from keystead.api.values import (
    After,
    Body,
    Count,
    Id,
    Ids,
    Limit,
    PathId,
    State,
    TaggedKind,
    Text,
    Words,
)
from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.custody.queries import StayView
from keystead.hardware import queries as hardware
from keystead.journal.orders import Spot
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.text import folded
from keystead.keys import operations, queries
from keystead.places import queries as places

routes = Routes("copies")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCopy(queries.CopyView):
    """A copy and where it is now: stored, held, missing or destroyed, with its holder or place."""

    whereabouts: StayView


_OF_A_COPY = tuple(field.name for field in fields(queries.CopyView))


def placed(actor: Actor, copies: Sequence[queries.CopyView]) -> list[PlacedCopy]:
    """These copies with their whereabouts, in two look-ups however many there are."""
    where = custody_queries.whereabouts(actor, [copy.id for copy in copies])
    return [
        PlacedCopy(
            **{name: getattr(copy, name) for name in _OF_A_COPY},
            whereabouts=where[copy.id],
        )
        for copy in copies
    ]


class NewCopies(Body):
    """How many copies, or which numbers; `marks` is what is stamped on each."""

    count: Count = 1
    numbers: list[Id] | None = Field(None, max_length=500)
    marks: list[Text] | None = Field(None, max_length=500)
    container_id: Id | None = None
    position_id: Id | None = None


class ChangedCopy(Changed):
    """What is stamped on a copy and where it belongs."""

    mark: Text
    home_container_id: Id | None
    home_position_id: Id | None


@routes.get("/copies", Page[PlacedCopy])
def copies(
    request: Call,
    key_id: PathId | None = None,
    ring_id: PathId | None = None,
    state: State | None = None,
    person_id: PathId | None = None,
    space_id: PathId | None = None,
    container_id: PathId | None = None,
    site_id: PathId | None = None,
    text: Words = "",
    changed_since: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[PlacedCopy]:
    """List copies by key and number, each with its holder and place.

    `state`, holder (`person_id`, `space_id`), container and site are those of now; `text` is
    looked for in label, key's name and mark; `changed_since` finds those the journal mentions
    after the entry of that number.
    """
    only = queries.CopyFilter(
        state=state,
        person_id=person_id,
        space_id=space_id,
        container_id=container_id,
        site_id=site_id,
        text=text,
        changed_since=changed_since,
    )
    rows = queries.copies(
        request.actor,
        key_id=key_id,
        ring_id=ring_id,
        only=only,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, placed(request.actor, rows), limit, queries.COPIES.spot)


@routes.add("/keys/{key_id}/copies", list[PlacedCopy])
def cut_copies(request: Call, key_id: PathId, body: NewCopies) -> list[PlacedCopy]:
    """Add numbered copies of a key and put them into stock, or into a container."""
    ids = custody.cut_copies(request.actor, key_id=key_id, **body.model_dump())
    return placed(request.actor, queries.copies(request.actor, ids=ids))


@routes.get("/copies/{copy_id}", PlacedCopy)
def copy(request: Call, copy_id: PathId) -> PlacedCopy:
    """Read one copy and where it is."""
    return placed(request.actor, [queries.copy(request.actor, copy_id)])[0]


@routes.put("/copies/{copy_id}", PlacedCopy)
def change_copy(request: Call, copy_id: PathId, body: ChangedCopy) -> PlacedCopy:
    """Correct what is stamped on a copy and where it belongs."""
    operations.change_copy(request.actor, copy_id=copy_id, **body.model_dump())
    return copy(request, copy_id)


@routes.post("/copies/{copy_id}/retire")
def retire_copy(request: Call, copy_id: PathId) -> None:
    """Take a copy out of use: it is not handed out, but it can always come back."""
    operations.retire_copy(request.actor, copy_id=copy_id)


@routes.post("/copies/{copy_id}/bring-back")
def bring_back_copy(request: Call, copy_id: PathId) -> None:
    """Hand a copy out again that was retired. 409 while its key is retired."""
    operations.bring_back_copy(request.actor, copy_id=copy_id)


class NewRing(Body):
    """A ring with these copies on it; a `seal_number` seals it."""

    name: Text
    copy_ids: Ids = Field(default_factory=list)
    seal_number: Text = ""
    home_container_id: Id | None = None
    home_position_id: Id | None = None


class ChangedRing(Changed):
    """The ring's name and home."""

    name: Text
    home_container_id: Id | None
    home_position_id: Id | None


class SomeCopies(Body):
    """Copies by their ids."""

    copy_ids: Ids = Field(min_length=1)


class SealNumber(Body):
    """The number on a seal."""

    seal_number: Text


@routes.get("/rings", Page[queries.RingView])
def rings(
    request: Call,
    text: Words = "",
    with_retired: bool = False,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.RingView]:
    """List rings by name."""
    rows = queries.rings(
        request.actor,
        text=text,
        with_retired=with_retired,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.RINGS.spot)


@routes.add("/rings", queries.RingView)
def add_ring(request: Call, body: NewRing) -> queries.RingView:
    """Add a ring."""
    ring_id = operations.add_ring(request.actor, **body.model_dump())
    return queries.ring(request.actor, ring_id)


@routes.get("/rings/{ring_id}", queries.RingView)
def ring(request: Call, ring_id: PathId) -> queries.RingView:
    """Read one ring and what hangs on it."""
    return queries.ring(request.actor, ring_id)


@routes.put("/rings/{ring_id}", queries.RingView)
def change_ring(request: Call, ring_id: PathId, body: ChangedRing) -> queries.RingView:
    """Rename a ring or say where it belongs."""
    operations.change_ring(request.actor, ring_id=ring_id, **body.model_dump())
    return queries.ring(request.actor, ring_id)


@routes.post("/rings/{ring_id}/put-on", queries.RingView)
def put_on_ring(request: Call, ring_id: PathId, body: SomeCopies) -> queries.RingView:
    """Hang copies on a ring that is not sealed."""
    operations.put_on_ring(request.actor, ring_id=ring_id, **body.model_dump())
    return queries.ring(request.actor, ring_id)


@routes.post("/rings/{ring_id}/take-off", queries.RingView)
def take_off_ring(request: Call, ring_id: PathId, body: SomeCopies) -> queries.RingView:
    """Take copies off a ring. Whoever has them keeps them."""
    operations.take_off_ring(request.actor, ring_id=ring_id, **body.model_dump())
    return queries.ring(request.actor, ring_id)


@routes.post("/rings/{ring_id}/seal", queries.RingView)
def seal_ring(request: Call, ring_id: PathId, body: SealNumber) -> queries.RingView:
    """Put a seal with this number on a ring, in place of an older one."""
    operations.seal_ring(request.actor, ring_id=ring_id, **body.model_dump())
    return queries.ring(request.actor, ring_id)


@routes.post("/rings/{ring_id}/break-seal", queries.RingView)
def break_seal(request: Call, ring_id: PathId) -> queries.RingView:
    """Note that a ring's seal was opened."""
    operations.break_seal(request.actor, ring_id=ring_id)
    return queries.ring(request.actor, ring_id)


@routes.post("/rings/{ring_id}/retire")
def retire_ring(request: Call, ring_id: PathId) -> None:
    """Take a ring out of use; what hangs on it comes off and stays where it is."""
    operations.retire_ring(request.actor, ring_id=ring_id)


@routes.post("/rings/{ring_id}/bring-back")
def bring_back_ring(request: Call, ring_id: PathId) -> None:
    """Use a ring again that was retired. Nothing hangs on it."""
    operations.bring_back_ring(request.actor, ring_id=ring_id)


class NewTag(Body):
    """What a scanner reads, and what wears the tag."""

    text: Text
    kind: TaggedKind
    thing_id: Id


@routes.add("/tags", Made)
def attach_tag(request: Call, body: NewTag) -> Made:
    """Put a tag on a copy, ring, container or access point."""
    return Made(ids=[operations.attach_tag(request.actor, **body.model_dump())])


@routes.get("/tags", queries.Tagged)
def tagged(request: Call, text: Words) -> queries.Tagged:
    """Read what wears the tag with this text."""
    found = queries.tagged(request.actor, text)
    if found is None:
        raise NotFound("Nothing wears this tag.")
    return found


@routes.delete("/tags/{tag_id}")
def remove_tag(request: Call, tag_id: PathId) -> None:
    """Take a tag off its thing; the thing's record stays."""
    operations.remove_tag(request.actor, tag_id=tag_id)


def at_the_site_of(request: Call, container_id: int | None) -> None:
    """Tell times in the zone of the site where a container stands, if there is one."""
    if container_id is not None:
        site_id = hardware.container(request.actor, container_id).site_id
        request.zone = ZoneInfo(places.zone_of_site(request.actor, site_id))


@routes.get("/copies/{copy_id}/history", Page[StayView])
def history(
    request: Call, copy_id: PathId, limit: Limit = 100, after: After = None
) -> Page[StayView]:
    """List where a copy has been, newest first, as known now."""
    at_the_site_of(request, queries.copy(request.actor, copy_id).home_container_id)
    rows = custody_queries.history(
        request.actor, copy_id, limit=limit + 1, after=cursors.read(request, after)
    )
    return page(request, rows, limit, custody_queries.HISTORY.spot)


def _by_hook(request: Call, container_id: int) -> Callable[[StayView], Spot]:
    """By hook in the container's order, what hangs on none last."""
    hooks = hardware.positions(request.actor, container_id)
    ranks = {hook.id: rank for rank, hook in enumerate(hooks)}
    return lambda stay: (
        ranks.get(stay.position_id or 0, len(ranks)),
        folded(stay.copy_label),
        stay.stay_id,
    )


@routes.get("/containers/{container_id}/contents", Page[StayView])
def in_container(
    request: Call, container_id: PathId, limit: Limit = 100, after: After = None
) -> Page[StayView]:
    """List what is in a container now, by hook."""
    at_the_site_of(request, container_id)
    rows = custody_queries.in_container(request.actor, container_id)
    return cut(request, rows, limit, after, _by_hook(request, container_id))


@routes.get("/containers/{container_id}/belonging", Page[StayView])
def belonging_to(
    request: Call, container_id: PathId, limit: Limit = 100, after: After = None
) -> Page[StayView]:
    """List where the copies are that belong into a container but are not in it."""
    at_the_site_of(request, container_id)
    rows = custody_queries.belonging_to(request.actor, container_id)
    return cut(request, rows, limit, after, lambda stay: (stay.copy_label.casefold(), stay.stay_id))
