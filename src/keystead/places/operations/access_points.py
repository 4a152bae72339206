"""Describing access points."""

from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_in_use, require_version, within
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line, optional_line
from keystead.kernel.words import said as _
from keystead.places import facts, rules
from keystead.places.models import AccessPoint
from keystead.places.operations.shared import require_kind, site_in_use, space_on


@operation(Right.EDIT_REGISTER, per_site=True)
def add_access_point(
    change: Change,
    *,
    site_id: int,
    name: str,
    kind: str = "door",
    number: str = "",
    leads_from_id: int | None = None,
    leads_to_id: int | None = None,
    needs_all_locks: bool = False,
) -> int:
    """Add a door, gate, safe … to a site and return its id. From None = from outside."""
    site_in_use(change, site_id)
    require_kind(kind, rules.ACCESS_POINT_KINDS)
    _require_two_sides(change, site_id, leads_from_id, leads_to_id)
    cleaned = line(name, field="name")
    plate = optional_line(number, field="number", longest=40)
    _require_free_door_number(change, site_id, plate)
    point = AccessPoint.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        site_id=site_id,
        kind=kind,
        name=cleaned,
        number=plate,
        leads_from_id=leads_from_id,
        leads_to_id=leads_to_id,
        needs_all_locks=needs_all_locks,
    )
    change.record(
        facts.AccessPointAdded(
            access_point_id=point.pk,
            access_point_name=cleaned,
            number=plate,
            kind=kind,
            site_id=site_id,
            from_space_id=leads_from_id,
            to_space_id=leads_to_id,
            needs_all_locks=needs_all_locks,
        )
    )
    return point.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_access_point(
    change: Change,
    *,
    access_point_id: int,
    version: int,
    name: str,
    kind: str,
    number: str = "",
    leads_from_id: int | None = None,
    leads_to_id: int | None = None,
    needs_all_locks: bool = False,
) -> None:
    """Correct an access point as read at `version`."""
    point = one(change, AccessPoint, access_point_id, "access point")
    require_in_use(change, point)
    require_version(point, version)
    require_kind(kind, rules.ACCESS_POINT_KINDS)
    _require_two_sides(change, point.site_id, leads_from_id, leads_to_id)
    wanted = {
        "name": line(name, field="name"),
        "kind": kind,
        "number": optional_line(number, field="number", longest=40),
        "leads_from_id": leads_from_id,
        "leads_to_id": leads_to_id,
        "needs_all_locks": needs_all_locks,
    }
    _require_free_door_number(change, point.site_id, str(wanted["number"]), but=point.pk)
    old_name, old_number = point.name, point.number
    if not apply(point, wanted):
        return change.unchanged(None)
    change.record(
        facts.AccessPointChanged(
            access_point_id=point.pk,
            old_name=old_name,
            new_name=point.name,
            old_number=old_number,
            new_number=point.number,
            kind=kind,
            from_space_id=leads_from_id,
            to_space_id=leads_to_id,
            needs_all_locks=needs_all_locks,
        )
    )
    return None


def _require_two_sides(
    change: Change, site_id: int, leads_from_id: int | None, leads_to_id: int | None
) -> None:
    for space_id in (leads_from_id, leads_to_id):
        if space_id is not None:
            space_on(change, site_id, space_id)
    if leads_from_id is not None and leads_from_id == leads_to_id:
        raise Invalid(_("A door leads from one space into another one."), field="leads_to_id")


def _require_free_door_number(
    change: Change, site_id: int, number: str, but: int | None = None
) -> None:
    same = within(change, AccessPoint).filter(site_id=site_id, number__iexact=number)
    if number and same.exclude(pk=but or 0).exists():
        raise NameTaken(
            _("The number %(number)s is taken on this site.", number=number), field="number"
        )
