"""Reading copies, rings and tags."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from keystead.hardware.models import IS_OPEN, Container
from keystead.journal import reach
from keystead.journal.operation import granted, require
from keystead.journal.rows import hidden, visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.text import folded
from keystead.kernel.words import said as _
from keystead.keys import rules
from keystead.keys.models import Copy, Ring, RingMember, Tag
from keystead.people import queries as people

NOTHING: tuple[None, None] = (None, None)


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
    return visible(actor, Copy).select_related(*_BESIDE)


_BESIDE = ("key", "home_container", "home_position")


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
    return rows.select_related(*_BESIDE)


def _copy_views(actor: Actor, rows: Iterable[Copy]) -> list[CopyView]:
    found = list(rows)
    ids = [row.pk for row in found]
    here: dict[str, Any] = {"workspace_id": actor.workspace_id, "copy_id__in": ids}
    members = RingMember.objects.filter(IS_OPEN, **here)
    rings = {
        copy_id: (ring_id, name)
        for copy_id, ring_id, name in members.values_list("copy_id", "ring_id", "ring__name")
    }
    worn = Tag.objects.filter(IS_OPEN, **here).values_list("copy_id", "pk", "text")
    tags = {copy_id: (pk, text) for copy_id, pk, text in worn}
    away = hidden(actor, Container, (row.home_container_id for row in found))
    return [
        CopyView(
            row.pk,
            row.key_id,
            row.key.label,
            row.key.name,
            row.number,
            rules.copy_label(row.key.label, row.number),
            row.mark,
            row.key.kind,
            *_home(row, away),
            rings.get(row.pk, NOTHING)[0],
            rings.get(row.pk, NOTHING)[1],
            tags.get(row.pk, NOTHING)[0],
            tags.get(row.pk, NOTHING)[1],
            row.made_at,
            row.retired_at,
            row.version,
        )
        for row in found
    ]


def _home(
    row: Copy | Ring, away: set[int]
) -> tuple[int | None, str | None, int | None, str | None]:
    """Where a copy or ring belongs, by ids and names; nothing where that is hidden from them."""
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


def copies(
    actor: Actor,
    *,
    key_id: int | None = None,
    ring_id: int | None = None,
    ids: Iterable[int] | None = None,
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
    ordered = rows.order_by("key__folded", "key_id", "number")
    return _copy_views(actor, ordered[offset : offset + limit])


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
    limit: int = 200,
    offset: int = 0,
) -> list[RingView]:
    """Rings by name."""
    rows = visible(actor, Ring)
    if not with_retired:
        rows = rows.filter(retired_at=None)
    if text:
        rows = rows.filter(name__icontains=text)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    ordered = rows.select_related("home_container", "home_position").order_by("name")
    found = list(ordered[offset : offset + limit])
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


def tagged(actor: Actor, text: str) -> Tagged | None:
    """What wears the tag a scanner read, or None."""
    row = visible(actor, Tag).filter(IS_OPEN, text__iexact=text.strip()).first()
    return _on(row) if row else None


def all_tagged(actor: Actor, texts: Iterable[str]) -> dict[str, Tagged]:
    """What wears each of these tags, by the tag in lower case; unknown ones are missing."""
    wanted = set(texts)
    same = Q(lowered__in={text.lower() for text in wanted}) | Q(text__in=wanted)
    rows = visible(actor, Tag).filter(IS_OPEN)
    found = rows.annotate(lowered=Lower("text")).filter(same)
    things = {row.text.lower(): _on(row) for row in found}
    return {text: thing for text, thing in things.items() if thing is not None}


def all_called(actor: Actor, texts: Iterable[str]) -> dict[str, set[int]]:
    """The copies each text may mean, by text: `AA·3`, `AA-3`, `AA 3`, `AA3`, or what is stamped."""
    meant = {text: set(rules.readings(text)) for text in texts}
    pairs = {pair for readings in meant.values() for pair in readings}
    rows = visible(actor, Copy)
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
