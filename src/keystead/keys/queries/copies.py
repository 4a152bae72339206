"""Reading copies, rings and tags."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower

from keystead.hardware.models import IS_OPEN, Container
from keystead.journal import reach
from keystead.journal.operation import granted, require
from keystead.journal.orders import Order, Spot
from keystead.journal.queries import mentioned_since
from keystead.journal.rows import hidden, visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.text import folded
from keystead.kernel.words import said as _
from keystead.keys import rules
from keystead.keys.models import Copy, Ring, RingMember, Tag
from keystead.people import queries as people
from keystead.places.models import Site, Space

NOTHING: tuple[None, None] = (None, None)
COPIES = Order(("key__folded", lambda view: folded(view.key_label)), "key_id", "number", "pk=id")
RINGS = Order("name", "pk=id")
"""How these lists are sorted."""


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy: its key, number and mark, its ring and tag now, and where it belongs."""

    id: int
    key_id: int
    key_label: str
    key_name: str
    number: int
    label: str
    mark: str
    kind: str
    home_container_id: int | None
    home_container_name: str | None
    home_position_id: int | None
    home_position_label: str | None
    ring_id: int | None
    ring_name: str | None
    tag_id: int | None
    tag: str | None
    made_at: datetime
    retired_at: datetime | None
    version: int


def _copies(actor: Actor) -> QuerySet[Copy]:
    return visible(actor, Copy)


def _copies_or_own(actor: Actor) -> QuerySet[Copy]:
    """What the actor may see, and what the actor's own person holds."""
    require(actor, Right.SEE_OWN)
    scope = granted(actor).scope(Right.SEE_REGISTER)
    rows = Copy.objects.filter(workspace_id=actor.workspace_id)
    if not scope.is_everything:
        mine = Q(pk__in=rows.filter(**_held_by(actor)).values("pk"))
        if not scope.is_nothing:
            seen = reach.seen(rows, actor.workspace_id, scope)
            mine |= Q(pk__in=seen.values("pk"))
        rows = rows.filter(mine)
    return rows


_LOOKED_UP = (
    "pk",
    "key_id",
    "key__symbol",
    "key__name",
    "number",
    "mark",
    "key__kind",
    "home_container_id",
    "home_container__name",
    "home_position_id",
    "home_position__label",
    "made_at",
    "retired_at",
    "version",
)


def _copy_views(actor: Actor, rows: QuerySet[Copy]) -> list[CopyView]:
    found = list(rows.values_list(*_LOOKED_UP))
    ids = [row[0] for row in found]
    here: dict[str, Any] = {"workspace_id": actor.workspace_id, "copy_id__in": ids}
    members = RingMember.objects.filter(IS_OPEN, **here)
    rings = {
        copy_id: (ring_id, name)
        for copy_id, ring_id, name in members.values_list("copy_id", "ring_id", "ring__name")
    }
    worn = Tag.objects.filter(IS_OPEN, **here).values_list("copy_id", "pk", "text")
    tags = {copy_id: (pk, text) for copy_id, pk, text in worn}
    away = hidden(actor, Container, (row[7] for row in found))
    return [
        _copy_view(row, away, rings.get(row[0], NOTHING), tags.get(row[0], NOTHING))
        for row in found
    ]


def _copy_view(
    row: tuple[Any, ...],
    away: set[int],
    ring: tuple[int | None, str | None],
    tag: tuple[int | None, str | None],
) -> CopyView:
    pk, key_id, symbol, name, number, mark, kind, *kept, made_at, retired_at, version = row
    key_label = rules.label_of(symbol, name)
    label = rules.copy_label(key_label, number)
    container_id, container_name, position_id, position_label = (
        (None,) * 4 if kept[0] in away else kept
    )
    return CopyView(
        pk,
        key_id,
        key_label,
        name,
        number,
        label,
        mark,
        kind,
        container_id,
        container_name,
        position_id,
        position_label,
        *ring,
        *tag,
        made_at,
        retired_at,
        version,
    )


def _home(row: Ring, away: set[int]) -> tuple[int | None, str | None, int | None, str | None]:
    """Where a ring belongs, by ids and names; nothing where that is hidden from them."""
    if row.home_container is None or row.home_container_id in away:
        return (None, None, None, None)
    hook = row.home_position
    return (
        row.home_container_id,
        row.home_container.name,
        row.home_position_id,
        hook.label if hook else None,
    )


def _held_by(actor: Actor) -> dict[str, Any]:
    """The condition that the acting account's own person has a copy now."""
    return {
        "stays__superseded_seq": None,
        "stays__valid_to": None,
        "stays__state": "held",
        "stays__person_id": people.own_person_id(actor) or 0,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFilter:
    """Which copies: by whereabouts now (`state`, holder, container, site of the container), by
    text in label or mark, and those the journal mentions after the entry `changed_since`."""

    state: str | None = None
    person_id: int | None = None
    space_id: int | None = None
    container_id: int | None = None
    site_id: int | None = None
    text: str = ""
    changed_since: int | None = None

    def among(self, actor: Actor, rows: QuerySet[Copy]) -> QuerySet[Copy]:
        """These copies, but only those that are meant."""
        where: dict[str, Any] = {
            "stays__state": self.state,
            "stays__person_id": self.person_id,
            "stays__space_id": self.space_id,
            "stays__container_id": self.container_id,
            "stays__container__site_id": self.site_id,
        }
        asked = {field: value for field, value in where.items() if value is not None}
        if (
            hidden(actor, Space, [self.space_id])
            or hidden(actor, Container, [self.container_id])
            or hidden(actor, Site, [self.site_id])
        ):
            return rows.none()
        if asked:
            rows = rows.filter(stays__superseded_seq=None, stays__valid_to=None, **asked)
        if self.text:
            rows = rows.filter(
                Q(key__folded__contains=folded(self.text))
                | Q(key__name__icontains=self.text)
                | Q(mark__icontains=self.text)
            )
        if self.changed_since is not None:
            rows = rows.filter(pk__in=mentioned_since(actor, "copy", self.changed_since))
        return rows


def copies(
    actor: Actor,
    *,
    key_id: int | None = None,
    ring_id: int | None = None,
    ids: Iterable[int] | None = None,
    only: CopyFilter | None = None,
    after: Spot | None = None,
    limit: int = 500,
    offset: int = 0,
) -> list[CopyView]:
    """Copies by key and number; asked for by ids, those the actor holds too."""
    rows = _copies(actor) if ids is None else _copies_or_own(actor)
    if key_id is not None:
        rows = rows.filter(key_id=key_id)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if ring_id is not None:
        on_ring = visible(actor, RingMember).filter(IS_OPEN, ring_id=ring_id)
        rows = rows.filter(pk__in=on_ring.values("copy_id"))
    if only is not None:
        rows = only.among(actor, rows)
    return _copy_views(actor, COPIES.page(rows, after=after, limit=limit, offset=offset))


def copies_after(actor: Actor, copy_id: int, limit: int) -> list[CopyView]:
    """The next copies after the one with this id, in the order they were recorded."""
    return _copy_views(actor, _copies(actor).filter(pk__gt=copy_id).order_by("pk")[:limit])


def copy(actor: Actor, copy_id: int) -> CopyView:
    """One copy. Raises NotFound."""
    for view in _copy_views(actor, _copies(actor).filter(pk=copy_id)):
        return view
    raise NotFound(_("There is no such copy."), copy_id=copy_id)


@dataclass(frozen=True, slots=True)
class RingView:
    """A ring, its seal, where it belongs, and the copies on it now (by key and number)."""

    id: int
    name: str
    is_sealed: bool
    seal_number: str
    home_container_id: int | None
    home_container_name: str | None
    home_position_id: int | None
    home_position_label: str | None
    tag_id: int | None
    tag: str | None
    copy_ids: tuple[int, ...]
    retired_at: datetime | None
    version: int


def rings(
    actor: Actor,
    *,
    text: str = "",
    ids: Iterable[int] | None = None,
    with_retired: bool = False,
    retired_only: bool = False,
    after: Spot | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[RingView]:
    """Rings by name."""
    rows = visible(actor, Ring)
    if retired_only:
        rows = rows.filter(retired_at__isnull=False)
    elif not with_retired:
        rows = rows.filter(retired_at=None)
    if text:
        rows = rows.filter(name__icontains=text)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    rows = rows.select_related("home_container", "home_position")
    found = list(RINGS.page(rows, after=after, limit=limit, offset=offset))
    hanging: dict[int, list[int]] = {}
    members = visible(actor, RingMember).filter(IS_OPEN, ring__in=found)
    hung = members.order_by("copy__key__folded", "copy__number")
    for ring_id, copy_id in hung.values_list("ring_id", "copy_id"):
        hanging.setdefault(ring_id, []).append(copy_id)
    worn = visible(actor, Tag).filter(IS_OPEN, ring__in=found)
    tags = {ring: (pk, text) for ring, pk, text in worn.values_list("ring_id", "pk", "text")}
    away = hidden(actor, Container, (row.home_container_id for row in found))
    return [
        RingView(
            row.pk,
            row.name,
            row.is_sealed,
            row.seal_number,
            *_home(row, away),
            tags.get(row.pk, NOTHING)[0],
            tags.get(row.pk, NOTHING)[1],
            tuple(hanging.get(row.pk, ())),
            row.retired_at,
            row.version,
        )
        for row in found
    ]


def ring(actor: Actor, ring_id: int) -> RingView:
    """One ring. Raises NotFound."""
    for view in rings(actor, ids=[ring_id], with_retired=True):
        return view
    raise NotFound(_("There is no such ring."), ring_id=ring_id)


def rings_of(actor: Actor, copy_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The ring (id and name) each of these copies hangs on now, by copy id."""
    rows = visible(actor, RingMember).filter(IS_OPEN, copy_id__in=list(copy_ids))
    found = rows.values_list("copy_id", "ring_id", "ring__name")
    return {copy_id: (ring_id, name) for copy_id, ring_id, name in found}


@dataclass(frozen=True, slots=True)
class Belonging:
    """That a copy belongs into a container: on which hook, and as part of which ring, if any."""

    position_id: int | None
    ring_id: int | None = None
    ring_name: str | None = None


def belongings(actor: Actor, container_id: int) -> dict[int, Belonging]:
    """The copies that belong into a container, by copy id. A ring's home is that of its copies."""
    if hidden(actor, Container, [container_id]):
        return {}
    members = visible(actor, RingMember).filter(IS_OPEN)
    rows = visible(actor, Copy).filter(home_container_id=container_id)
    elsewhere = members.exclude(ring__home_container=None).values("copy_id")
    own = rows.exclude(pk__in=elsewhere).values_list("pk", "home_position_id")
    found = {copy_id: Belonging(position_id) for copy_id, position_id in own}
    ringed = members.filter(ring__home_container_id=container_id)
    wanted = ("copy_id", "ring__home_position_id", "ring_id", "ring__name")
    for copy_id, position_id, ring_id, name in ringed.values_list(*wanted):
        found[copy_id] = Belonging(position_id, ring_id, name)
    return found


def rings_called(actor: Actor, names: Iterable[str]) -> dict[str, int]:
    """Rings in use by their names in lower case; unknown names are missing."""
    rows = visible(actor, Ring).filter(retired_at=None)
    wanted = set(names)
    same = Q(lowered__in={name.lower() for name in wanted}) | Q(name__in=wanted)
    found = rows.annotate(lowered=Lower("name")).filter(same)
    return {name.casefold(): pk for name, pk in found.values_list("name", "pk")}


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a scanned tag is on: `kind` is copy, ring, container or access_point."""

    tag_id: int
    kind: str
    thing_id: int


def _on(row: Tag) -> Tagged | None:
    for kind in ("copy", "ring", "container", "access_point"):
        thing_id = getattr(row, f"{kind}_id")
        if thing_id is not None:
            return Tagged(row.pk, kind, thing_id)
    return None


def tag_of(actor: Actor, kind: str, thing_id: int) -> tuple[int, str] | None:
    """The tag (id and text) a copy, ring, container or access point wears now, if any."""
    rows = visible(actor, Tag).filter(IS_OPEN, **{f"{kind}_id": thing_id})
    return rows.values_list("pk", "text").first()


@dataclass(frozen=True, slots=True)
class TagView:
    """A tag and what wears it."""

    id: int
    text: str
    kind: str
    thing_id: int


def tags_after(actor: Actor, tag_id: int, limit: int) -> list[TagView]:
    """The next tags in use after the one with this id, in the order recorded."""
    rows = visible(actor, Tag).filter(IS_OPEN, pk__gt=tag_id)
    worn = [(row, _on(row)) for row in rows.order_by("pk")[:limit]]
    return [TagView(row.pk, row.text, on.kind, on.thing_id) for row, on in worn if on]


def tagged(actor: Actor, text: str) -> Tagged | None:
    """What wears the tag a scanner read, or None."""
    rows = visible(actor, Tag).filter(IS_OPEN)
    same = rows.annotate(lowered=Lower("text")).filter(lowered=Lower(Value(text.strip())))
    return next(map(_on, same), None)


def all_tagged(actor: Actor, texts: Iterable[str]) -> dict[str, Tagged]:
    """What wears each of these tags, by the tag in lower case; unknown ones are missing."""
    rows = visible(actor, Tag).filter(IS_OPEN)
    wanted = set(texts)
    same = Q(lowered__in={text.lower() for text in wanted}) | Q(text__in=wanted)
    found = rows.annotate(lowered=Lower("text")).filter(same)
    things = {row.text.lower(): _on(row) for row in found}
    return {text: thing for text, thing in things.items() if thing is not None}


def all_called(actor: Actor, texts: Iterable[str]) -> dict[str, set[int]]:
    """The copies each text may mean, by text: `AA·3`, `AA-3`, `AA 3`, `AA3`, or what is stamped."""
    rows = visible(actor, Copy)
    meant = {text: set(rules.readings(text)) for text in texts}
    pairs = {pair for readings in meant.values() for pair in readings}
    labelled = rows.filter(
        key__folded__in={label for label, _ in pairs}, number__in={number for _, number in pairs}
    ).values_list("key__folded", "number", "pk")
    by_label: dict[tuple[str, int], set[int]] = {}
    for label, number, pk in labelled:
        by_label.setdefault((label, number), set()).add(pk)
    stamped: dict[str, set[int]] = {}
    for mark, pk in rows.filter(mark__in=list(meant)).values_list("mark", "pk"):
        stamped.setdefault(mark, set()).add(pk)
    return {
        text: set().union(stamped.get(text, ()), *(by_label.get(pair, ()) for pair in readings))
        for text, readings in meant.items()
    }


def find_copies(actor: Actor, text: str, limit: int = 8) -> list[CopyView]:
    """Copies for the search field: by tag, mark, `symbol·number` or `symbol number`."""
    cleaned = " ".join(text.replace("·", " ").replace("-", " ").replace("#", " ").split())
    head, _, tail = cleaned.rpartition(" ")
    wanted = Q(mark__icontains=text)
    if tail.isdecimal() and head:
        wanted |= Q(key__folded__startswith=folded(head), number=int(tail[:9]))
    letters = cleaned.rstrip("0123456789")
    digits = cleaned[len(letters) :]
    if letters and digits and " " not in cleaned:
        wanted |= Q(key__folded=folded(letters), number=int(digits[:9]))
    worn = visible(actor, Tag).filter(IS_OPEN, text__icontains=text, copy__isnull=False)
    tagged_ids = list(worn.values_list("copy_id", flat=True)[:limit])
    rows = _copies(actor).filter(wanted | Q(pk__in=tagged_ids))
    return _copy_views(actor, rows.order_by("key__folded", "number")[:limit])
