"""To which sites keys belong: what they open, and where their copies and rings are at home."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from keystead.hardware.models import IS_OPEN, Cylinder
from keystead.journal import reach
from keystead.journal.reach import Ground, Rows
from keystead.keys.models import Copy, Key, KeySystem, Operates, Ring, RingMember, Tag

_OPENERS = """
WITH RECURSIVE listed(key_id, listed_only) AS ({listed}),
above(key_id) AS (
    SELECT key.parent_id FROM {key} key JOIN listed ON listed.key_id = key.id
    WHERE NOT listed.listed_only AND key.parent_id IS NOT NULL
    UNION
    SELECT key.parent_id FROM {key} key JOIN above ON above.key_id = key.id
    WHERE key.parent_id IS NOT NULL
)
SELECT key_id FROM listed UNION SELECT key_id FROM above
"""


OPENERS = "keys_openers"
"""The keys that open a cylinder of these sites now, through the hierarchy too."""


def _openers(ground: Ground) -> Rows:
    listed = Operates.objects.filter(
        IS_OPEN, workspace_id=ground.workspace_id, cylinder_id__in=ground.ids(Cylinder)
    ).values_list("key_id", "cylinder__is_listed_only")
    sql, values = listed.query.sql_with_params()
    table = Key._meta.db_table
    return RawSQL(_OPENERS.format(listed=sql, key=table), values)  # noqa: S611 names of tables


def _keys_that_open(ground: Ground) -> Rows:
    return ground.ids(OPENERS)


def _keys_of_copies(ground: Ground) -> Rows:
    return _with_copy(Copy.everything.all(), ground, "pk").values("key_id")


def _copies_of_keys(ground: Ground) -> Rows:
    rows = Copy.everything.filter(workspace_id=ground.workspace_id)
    return rows.filter(key_id__in=ground.ids(OPENERS)).values("pk")


def _copies_at_home(ground: Ground) -> Rows:
    return ground.at(Copy.everything.all(), "home_container__site_id").values("pk")


def _copies_on_rings(ground: Ground) -> Rows:
    hanging = RingMember.objects.filter(IS_OPEN)
    return ground.at(hanging, "ring__home_container__site_id").values("copy_id")


def _systems(ground: Ground) -> Rows:
    rows = Key.everything.filter(workspace_id=ground.workspace_id, system_id__isnull=False)
    return rows.filter(pk__in=ground.ids(Key)).values("system_id")


def _rings_at_home(ground: Ground) -> Rows:
    return ground.at(Ring.everything.all(), "home_container__site_id").values("pk")


def _rings_of_copies(ground: Ground) -> Rows:
    return _with_copy(RingMember.objects.filter(IS_OPEN), ground).values("ring_id")


def _with_copy(rows: QuerySet[Any], ground: Ground, copy: str = "copy_id") -> QuerySet[Any]:
    copies = {f"{copy}__in": ground.ids(Copy)}
    return rows.filter(workspace_id=ground.workspace_id, **copies)


def _tags_on(kind: str) -> Callable[[Ground], Rows]:
    def tags(ground: Ground) -> Rows:
        worn = {f"{kind}_id__in": ground.ids(reach.model_of(kind))}
        return Tag.everything.filter(workspace_id=ground.workspace_id, **worn).values("pk")

    return tags


def declare() -> None:
    """Tell it to whoever looks after a site."""
    reach.tie(Copy, _copies_of_keys, kind="copy")
    reach.tie(Copy, _copies_at_home)
    reach.tie(Copy, _copies_on_rings)
    reach.tie(OPENERS, _openers)
    reach.tie(Key, _keys_that_open, kind="key")
    reach.tie(Key, _keys_of_copies)
    reach.tie(KeySystem, _systems, kind="key_system")
    reach.tie(Ring, _rings_at_home, kind="ring")
    reach.tie(Ring, _rings_of_copies)
    reach.follow(RingMember, "copy_id", Copy)
    reach.follow(Operates, "cylinder_id", Cylinder)
    for kind in ("copy", "ring", "container", "access_point"):
        reach.tie(Tag, _tags_on(kind))
