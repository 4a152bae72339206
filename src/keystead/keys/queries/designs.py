"""Reading key systems, keys, their hierarchy and what they open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from keystead.hardware.models import IS_OPEN, Fitting
from keystead.journal.orders import Order, Spot
from keystead.journal.queries import mentioned_since
from keystead.journal.rows import hidden, visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.text import folded
from keystead.kernel.words import said as _
from keystead.keys.models import Key, KeySystem, Operates

KEYS = Order(("folded", lambda view: folded(view.label)), "pk=id")
"""How lists of keys are sorted."""


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key: its label (symbol, else name), where it stands, whether it is in use."""

    id: int
    label: str
    symbol: str
    name: str
    kind: str
    system_id: int | None
    system_name: str | None
    parent_id: int | None
    parent_label: str | None
    retired_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class SystemView:
    """A master-key system."""

    id: int
    name: str


def _keys(actor: Actor) -> QuerySet[Key]:
    rows = visible(actor, Key)
    return rows.select_related("system", "parent")


def _key_view(row: Key) -> KeyView:
    return KeyView(
        row.pk,
        row.label,
        row.symbol,
        row.name,
        row.kind,
        row.system_id,
        row.system.name if row.system else None,
        row.parent_id,
        row.parent.label if row.parent else None,
        row.retired_at,
        row.version,
    )


def _key_views(actor: Actor, rows: Iterable[Key]) -> list[KeyView]:
    """These keys; a key above that the actor may not see is not named."""
    views = [_key_view(row) for row in rows]
    away = hidden(actor, Key, (view.parent_id for view in views))
    return [
        replace(view, parent_id=None, parent_label=None) if view.parent_id in away else view
        for view in views
    ]


def systems(actor: Actor) -> list[SystemView]:
    """The master-key systems by name."""
    rows = visible(actor, KeySystem).order_by("name")
    return [SystemView(row.pk, row.name) for row in rows]


def keys(
    actor: Actor,
    *,
    text: str = "",
    system_id: int | None = None,
    ids: Iterable[int] | None = None,
    with_retired: bool = False,
    retired_only: bool = False,
    changed_since: int | None = None,
    after: Spot | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[KeyView]:
    """Keys by label; `text` is looked for in symbol and name."""
    rows = _keys(actor)
    if retired_only:
        rows = rows.filter(retired_at__isnull=False)
    elif not with_retired:
        rows = rows.filter(retired_at=None)
    if text:
        rows = rows.filter(
            Q(symbol__icontains=text) | Q(name__icontains=text) | Q(folded__contains=folded(text))
        )
    if system_id is not None:
        rows = rows.filter(system_id=system_id)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if changed_since is not None:
        rows = rows.filter(pk__in=mentioned_since(actor, "key", changed_since))
    return _key_views(actor, KEYS.page(rows, after=after, limit=limit, offset=offset))


def key(actor: Actor, key_id: int) -> KeyView:
    """One key. Raises NotFound."""
    for view in keys(actor, ids=[key_id], with_retired=True):
        return view
    raise NotFound(_("There is no such key."), key_id=key_id)


def keys_below(actor: Actor, key_id: int) -> list[KeyView]:
    """The keys directly below one key, by label."""
    rows = _keys(actor).filter(parent_id=key_id).order_by("folded")
    return [] if hidden(actor, Key, [key_id]) else _key_views(actor, rows)


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A key in its hierarchy: `depth` 0 stands at the top."""

    key: KeyView
    depth: int


def tree(actor: Actor, system_id: int | None = None) -> list[TreeNode]:
    """Keys of a system (None: lone keys) from the top down, each before those below it."""
    rows = _keys(actor).filter(system_id=system_id, retired_at=None).order_by("folded", "pk")
    views = _key_views(actor, rows)
    known = {view.id for view in views}
    below: dict[int | None, list[KeyView]] = {}
    for view in views:
        below.setdefault(view.parent_id if view.parent_id in known else None, []).append(view)
    found: list[TreeNode] = []
    waiting = [(view, 0) for view in reversed(below.get(None, []))]
    while waiting:
        view, depth = waiting.pop()
        found.append(TreeNode(view, depth))
        waiting += [(inner, depth + 1) for inner in reversed(below.get(view.id, []))]
    return found


def _parents(actor: Actor) -> dict[int, int | None]:
    """The key directly above each key of the workspace, in one query: hierarchies are small."""
    rows = Key.objects.filter(workspace_id=actor.workspace_id)
    return dict(rows.values_list("pk", "parent_id"))


def _parents_from(actor: Actor, key_ids: Iterable[int]) -> dict[int, int | None]:
    """The key directly above each of these keys and of those above them, level by level."""
    found: dict[int, int | None] = {}
    edge = set(key_ids)
    while edge:
        rows = Key.objects.filter(workspace_id=actor.workspace_id, pk__in=edge)
        found |= rows.values_list("pk", "parent_id")
        edge = {above for key_id in edge if (above := found.get(key_id)) is not None} - set(found)
    return found


def _below(start: set[int], parents: dict[int, int | None]) -> set[int]:
    """`start` and every key below it."""
    children: dict[int, list[int]] = {}
    for key_id, parent_id in parents.items():
        if parent_id is not None:
            children.setdefault(parent_id, []).append(key_id)
    reached, edge = set(start), set(start)
    while edge:
        edge = {child for key_id in edge for child in children.get(key_id, ())} - reached
        reached |= edge
    return reached


def _above(key_id: int, parents: dict[int, int | None]) -> list[int]:
    """Every key above one key, nearest first."""
    found: list[int] = []
    above = parents.get(key_id)
    while above is not None and above not in found:
        found.append(above)
        above = parents.get(above)
    return found


def cylinders_opened_by(actor: Actor, key_ids: set[int]) -> dict[int, str]:
    """Cylinders these keys operate now, through the hierarchy too: number by id."""
    below = _below(key_ids, _parents(actor))
    rows = (
        visible(actor, Operates)
        .filter(IS_OPEN)
        .filter(Q(key_id__in=key_ids) | Q(key_id__in=below, cylinder__is_listed_only=False))
    )
    return dict(rows.values_list("cylinder_id", "cylinder__number"))


def cylinders_listing(actor: Actor, key_id: int) -> set[int]:
    """The cylinders this key itself is listed on now, not those it opens from above."""
    rows = visible(actor, Operates).filter(IS_OPEN, key_id=key_id)
    return set(rows.values_list("cylinder_id", flat=True))


@dataclass(frozen=True, slots=True)
class Opened:
    """Something a key opens: an access point or a container, through one cylinder."""

    kind: str
    id: int
    name: str
    number: str
    site_name: str
    cylinder_id: int
    cylinder_number: str


def opens(actor: Actor, key_ids: set[int]) -> list[Opened]:
    """What these keys open now, by site and name."""
    cylinders = cylinders_opened_by(actor, key_ids)
    fittings = (
        visible(actor, Fitting)
        .filter(IS_OPEN, cylinder_id__in=cylinders)
        .select_related("cylinder", "lock__access_point__site", "lock__container__site")
    )
    found = []
    for fitting in fittings:
        point, box = fitting.lock.access_point, fitting.lock.container
        core = (fitting.cylinder_id, fitting.cylinder.number)
        if point is not None:
            found.append(
                Opened("access_point", point.pk, point.name, point.number, point.site.name, *core)
            )
        if box is not None:
            found.append(Opened("container", box.pk, box.name, "", box.site.name, *core))
    return sorted(found, key=lambda o: (o.site_name, o.kind, o.number, o.name, o.id))


@dataclass(frozen=True, slots=True)
class Listing:
    """That a key itself is listed on a cylinder; the keys above it open it, too."""

    id: int
    key_id: int
    key_label: str
    cylinder_id: int
    cylinder_number: str


def listings_after(actor: Actor, listing_id: int, limit: int) -> list[Listing]:
    """Which key opens which cylinder now, in the order recorded after the one with this id."""
    rows = visible(actor, Operates).filter(IS_OPEN, pk__gt=listing_id)
    found = rows.select_related("key", "cylinder").order_by("pk")[:limit]
    return [
        Listing(row.pk, row.key_id, row.key.label, row.cylinder_id, row.cylinder.number)
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Opener:
    """A key that opens something: itself listed on the cylinder, or standing above one that is."""

    key: KeyView
    is_listed: bool
    cylinder_id: int
    cylinder_number: str


def openers_of_cylinders(actor: Actor, cylinder_ids: set[int]) -> list[Opener]:
    """Keys that operate these cylinders now, the listed ones first."""
    rows = (
        visible(actor, Operates)
        .filter(IS_OPEN, cylinder_id__in=cylinder_ids)
        .select_related("cylinder")
    )
    listed = [
        (row.key_id, row.cylinder_id, row.cylinder.number, row.cylinder.is_listed_only)
        for row in rows
    ]
    pairs: dict[tuple[int, int], tuple[bool, str]] = {}
    parents = _parents_from(actor, {key_id for key_id, *_ in listed})
    for key_id, cylinder_id, number, listed_only in listed:
        if not listed_only:
            for above in _above(key_id, parents):
                pairs.setdefault((above, cylinder_id), (False, number))
        pairs[key_id, cylinder_id] = (True, number)
    views = {view.id: view for view in keys(actor, ids={k for k, _ in pairs}, with_retired=True)}
    found = [
        Opener(views[key_id], is_listed, cylinder_id, number)
        for (key_id, cylinder_id), (is_listed, number) in pairs.items()
        if key_id in views
    ]
    return sorted(found, key=lambda o: (not o.is_listed, o.key.label.casefold(), o.cylinder_id))


def openers(
    actor: Actor, *, access_point_id: int | None = None, container_id: int | None = None
) -> list[Opener]:
    """Keys that open one access point or container now."""
    fittings = visible(actor, Fitting).filter(IS_OPEN)
    fittings = (
        fittings.filter(lock__access_point_id=access_point_id)
        if access_point_id is not None
        else fittings.filter(lock__container_id=container_id or 0)
    )
    return openers_of_cylinders(actor, set(fittings.values_list("cylinder_id", flat=True)))
