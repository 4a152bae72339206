"""Key systems, keys and what they open, over the API."""

from dataclasses import dataclass

from pydantic import Field

from keystead.api.answers import Call, Page, cut, page
from keystead.api.endpoints import Routes
from keystead.api.values import Body, Count, Id, Ids, Limit, Offset, PathId, Text, Words
from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.custody.queries import Balance
from keystead.keys import operations, queries

routes = Routes("keys")


class NewKeySystem(Body):
    """A master-key system."""

    name: Text


class NewKey(Body):
    """A key by its symbol, its name or both, with its first copies and the doors it opens.

    `parent_id` is the key directly above it. The copies go into stock, or into the container.
    """

    symbol: Text = ""
    name: Text = ""
    kind: Text = "metal"
    system_id: Id | None = None
    parent_id: Id | None = None
    copies: Count = 0
    container_id: Id | None = None
    position_id: Id | None = None
    access_point_ids: Ids = Field(default_factory=list)


class ChangedKey(Body):
    """How the key is called and what stands above it, and the `version` it was read at."""

    version: Id
    symbol: Text
    name: Text
    parent_id: Id | None


@routes.get("/key-systems", Page[queries.SystemView])
def systems(request: Call, limit: Limit = 100, offset: Offset = 0) -> Page[queries.SystemView]:
    """List the master-key systems by name."""
    return cut(request, queries.systems(request.actor), limit, offset)


@routes.add("/key-systems", queries.SystemView)
def add_key_system(request: Call, body: NewKeySystem) -> queries.SystemView:
    """Add a master-key system."""
    system_id = operations.add_key_system(request.actor, **body.model_dump())
    return next(s for s in queries.systems(request.actor) if s.id == system_id)


@routes.get("/keys", Page[queries.KeyView])
def keys(
    request: Call,
    text: Words = "",
    system_id: PathId | None = None,
    with_retired: bool = False,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[queries.KeyView]:
    """List keys by label; `text` is looked for in symbol and name."""
    rows = queries.keys(
        request.actor,
        text=text,
        system_id=system_id,
        with_retired=with_retired,
        limit=limit + 1,
        offset=offset,
    )
    return page(request, rows, limit, offset)


@routes.add("/keys", queries.KeyView)
def add_key_with_copies(request: Call, body: NewKey) -> queries.KeyView:
    """Add a key, its numbered copies and the doors it opens in one step."""
    key_id = custody.add_key_with_copies(request.actor, **body.model_dump())
    return queries.key(request.actor, key_id)


@routes.get("/key-tree", Page[queries.TreeNode])
def tree(
    request: Call, system_id: PathId | None = None, limit: Limit = 100, offset: Offset = 0
) -> Page[queries.TreeNode]:
    """List the keys of a system (none: lone keys) from the top down."""
    return cut(request, queries.tree(request.actor, system_id), limit, offset)


@routes.get("/keys/{key_id}", queries.KeyView)
def key(request: Call, key_id: PathId) -> queries.KeyView:
    """Read one key."""
    return queries.key(request.actor, key_id)


@routes.put("/keys/{key_id}", queries.KeyView)
def change_key(request: Call, key_id: PathId, body: ChangedKey) -> queries.KeyView:
    """Rename a key or put it under another one. 409 for a circle or an old `version`."""
    operations.change_key(request.actor, key_id=key_id, **body.model_dump())
    return queries.key(request.actor, key_id)


@routes.post("/keys/{key_id}/retire")
def retire_key(request: Call, key_id: PathId) -> None:
    """Take a key out of use. Its copies stay on the register until accounted for."""
    operations.retire_key(request.actor, key_id=key_id)


@routes.post("/keys/{key_id}/bring-back")
def bring_back_key(request: Call, key_id: PathId) -> None:
    """Use a key again that was retired."""
    operations.bring_back_key(request.actor, key_id=key_id)


@routes.get("/keys/{key_id}/below", Page[queries.KeyView])
def keys_below(
    request: Call, key_id: PathId, limit: Limit = 100, offset: Offset = 0
) -> Page[queries.KeyView]:
    """List the keys directly below one key."""
    key_id = queries.key(request.actor, key_id).id
    return cut(request, queries.keys_below(request.actor, key_id), limit, offset)


@routes.get("/keys/{key_id}/opens", Page[queries.Opened])
def opens(
    request: Call, key_id: PathId, limit: Limit = 100, offset: Offset = 0
) -> Page[queries.Opened]:
    """List what a key opens now, through the hierarchy too."""
    key_id = queries.key(request.actor, key_id).id
    return cut(request, queries.opens(request.actor, {key_id}), limit, offset)


@routes.get("/openers", Page[queries.Opener])
def openers(
    request: Call,
    access_point_id: PathId | None = None,
    container_id: PathId | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[queries.Opener]:
    """List the keys that open one access point or container, the listed ones first."""
    rows = queries.openers(
        request.actor, access_point_id=access_point_id, container_id=container_id
    )
    return cut(request, rows, limit, offset)


@routes.put("/keys/{key_id}/cylinders/{cylinder_id}")
def note_key_opens(request: Call, key_id: PathId, cylinder_id: PathId) -> None:
    """Note that a key opens a cylinder; so does every key above it, if not listed only."""
    operations.note_key_opens(request.actor, key_id=key_id, cylinder_id=cylinder_id)


@routes.delete("/keys/{key_id}/cylinders/{cylinder_id}")
def note_key_no_longer_opens(request: Call, key_id: PathId, cylinder_id: PathId) -> None:
    """Note that a key opens a cylinder no longer."""
    operations.note_key_no_longer_opens(request.actor, key_id=key_id, cylinder_id=cylinder_id)


@dataclass(frozen=True, slots=True)
class OpenedThrough:
    """The cylinder through which a key opens a door."""

    cylinder_id: int


@routes.put("/keys/{key_id}/access-points/{access_point_id}", OpenedThrough)
def note_key_opens_access_point(
    request: Call, key_id: PathId, access_point_id: PathId
) -> OpenedThrough:
    """Note that a key opens a door whose lock and cylinder nobody described yet."""
    return OpenedThrough(
        operations.note_key_opens_access_point(
            request.actor, key_id=key_id, access_point_id=access_point_id
        )
    )


@dataclass(frozen=True, slots=True)
class KeyBalance:
    """A key's copies: cut = stock + out + missing + destroyed, always."""

    key_id: int
    balance: Balance


@routes.get("/balances", Page[KeyBalance])
def balances(
    request: Call, text: Words = "", limit: Limit = 100, offset: Offset = 0
) -> Page[KeyBalance]:
    """List the balance of each key, in the order of /keys."""
    found = queries.keys(request.actor, text=text, limit=limit + 1, offset=offset)
    counted = custody_queries.balances(request.actor, [key.id for key in found])
    return page(request, [KeyBalance(key.id, counted[key.id]) for key in found], limit, offset)


@routes.get("/balance", Balance)
def total_balance(request: Call) -> Balance:
    """Read the balance of the whole workspace."""
    return custody_queries.total_balance(request.actor)
