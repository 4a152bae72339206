"""Key systems, keys and what they open, over the API."""

from dataclasses import dataclass

from pydantic import Field

from keystead.api import cursors
from keystead.api.answers import Call, Page, cut, page
from keystead.api.conditions import Changed
from keystead.api.endpoints import Routes
from keystead.api.values import After, Body, Count, Id, Ids, KeyKind, Limit, PathId, Text, Words
from keystead.custody import operations as custody
from keystead.custody import queries as custody_queries
from keystead.custody.queries import Balance
from keystead.journal.orders import Spot
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
    kind: KeyKind = "metal"
    system_id: Id | None = None
    parent_id: Id | None = None
    copies: Count = 0
    container_id: Id | None = None
    position_id: Id | None = None
    access_point_ids: Ids = Field(default_factory=list)


class ChangedKey(Changed):
    """How the key is called and what stands above it."""

    symbol: Text
    name: Text
    parent_id: Id | None


@routes.get("/key-systems", Page[queries.SystemView])
def systems(request: Call, limit: Limit = 100, after: After = None) -> Page[queries.SystemView]:
    """List the master-key systems by name."""
    rows = queries.systems(request.actor)
    return cut(request, rows, limit, after, lambda row: (row.name.casefold(), row.id))


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
    changed_since: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.KeyView]:
    """List keys by label; `text` is looked for in symbol and name.

    `changed_since` finds those the journal mentions after the entry of that number.
    """
    rows = queries.keys(
        request.actor,
        text=text,
        system_id=system_id,
        with_retired=with_retired,
        changed_since=changed_since,
        limit=limit + 1,
        after=cursors.read(request, after),
    )
    return page(request, rows, limit, queries.KEYS.spot)


@routes.add("/keys", queries.KeyView)
def add_key_with_copies(request: Call, body: NewKey) -> queries.KeyView:
    """Add a key, its numbered copies and the doors it opens in one step."""
    key_id = custody.add_key_with_copies(request.actor, **body.model_dump())
    return queries.key(request.actor, key_id)


def _in_the_tree(nodes: list[queries.TreeNode]) -> dict[int, Spot]:
    """Each key right behind the one it stands under, by its id."""
    found: dict[int, Spot] = {}
    above: list[tuple[str, int]] = []
    for node in nodes:
        above[node.depth :] = [(node.key.label.casefold(), node.key.id)]
        found[node.key.id] = tuple(above)
    return found


@routes.get("/key-tree", Page[queries.TreeNode])
def tree(
    request: Call, system_id: PathId | None = None, limit: Limit = 100, after: After = None
) -> Page[queries.TreeNode]:
    """List the keys of a system (none: lone keys) from the top down."""
    rows = queries.tree(request.actor, system_id)
    places = _in_the_tree(rows)
    return cut(request, rows, limit, after, lambda node: places[node.key.id])


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
    request: Call, key_id: PathId, limit: Limit = 100, after: After = None
) -> Page[queries.KeyView]:
    """List the keys directly below one key."""
    key_id = queries.key(request.actor, key_id).id
    rows = queries.keys_below(request.actor, key_id)
    return cut(request, rows, limit, after, queries.KEYS.spot)


@routes.get("/keys/{key_id}/opens", Page[queries.Opened])
def opens(
    request: Call, key_id: PathId, limit: Limit = 100, after: After = None
) -> Page[queries.Opened]:
    """List what a key opens now, through the hierarchy too."""
    key_id = queries.key(request.actor, key_id).id
    rows = queries.opens(request.actor, {key_id})
    return cut(
        request,
        rows,
        limit,
        after,
        lambda o: (o.site_name, o.kind, o.number, o.name, o.id, o.cylinder_id),
    )


@routes.get("/openers", Page[queries.Opener])
def openers(
    request: Call,
    access_point_id: PathId | None = None,
    container_id: PathId | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[queries.Opener]:
    """List the keys that open one access point or container, the listed ones first."""
    rows = queries.openers(
        request.actor, access_point_id=access_point_id, container_id=container_id
    )
    return cut(
        request,
        rows,
        limit,
        after,
        lambda o: (not o.is_listed, o.key.label.casefold(), o.cylinder_id, o.key.id),
    )


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
    request: Call, text: Words = "", limit: Limit = 100, after: After = None
) -> Page[KeyBalance]:
    """List the balance of each key, in the order of /keys."""
    found = queries.keys(
        request.actor, text=text, limit=limit + 1, after=cursors.read(request, after)
    )
    counted = custody_queries.balances(request.actor, [key.id for key in found])
    places = {key.id: queries.KEYS.spot(key) for key in found}
    rows = [KeyBalance(key.id, counted[key.id]) for key in found]
    return page(request, rows, limit, lambda row: places[row.key_id])


@routes.get("/balance", Balance)
def total_balance(request: Call) -> Balance:
    """Read the balance of the whole workspace."""
    return custody_queries.total_balance(request.actor)
