"""Describing sites and the tree of their spaces."""

from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_in_use, require_version, within
from keystead.kernel.clock import is_zone
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import line, optional_line
from keystead.kernel.words import said as _
from keystead.places import facts, rules
from keystead.places.errors import SpaceInsideItself
from keystead.places.models import Site, Space
from keystead.places.operations.shared import require_kind, site_in_use, space_on


@operation(Right.EDIT_REGISTER)
def add_site(
    change: Change, *, name: str, number: str = "", address: str = "", time_zone: str = ""
) -> int:
    """Add a property and return its id. `time_zone` is an IANA name; empty = the workspace's."""
    cleaned = line(name, field="name")
    _require_zone(time_zone)
    if within(change, Site).filter(name__iexact=cleaned).exists():
        raise NameTaken(
            _("There already is a site called %(cleaned)s.", cleaned=cleaned), field="name"
        )
    site = Site.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        name=cleaned,
        number=optional_line(number, field="number", longest=40),
        address=optional_line(address, field="address", longest=300),
        time_zone=time_zone,
    )
    change.record(facts.SiteAdded(site_id=site.pk, site_name=cleaned, time_zone=time_zone))
    return site.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_site(
    change: Change,
    *,
    site_id: int,
    version: int,
    name: str,
    number: str = "",
    address: str = "",
    time_zone: str = "",
) -> None:
    """Correct a site as read at `version`. Raises ChangedMeanwhile if that is old."""
    site = site_in_use(change, site_id)
    require_version(site, version)
    _require_zone(time_zone)
    cleaned = line(name, field="name")
    if within(change, Site).filter(name__iexact=cleaned).exclude(pk=site_id).exists():
        raise NameTaken(
            _("There already is a site called %(cleaned)s.", cleaned=cleaned), field="name"
        )
    wanted = {
        "name": cleaned,
        "number": optional_line(number, field="number", longest=40),
        "address": optional_line(address, field="address", longest=300),
        "time_zone": time_zone,
    }
    old_name, old_zone = site.name, site.time_zone
    if not apply(site, wanted):
        return change.unchanged(None)
    change.record(
        facts.SiteChanged(
            site_id=site.pk,
            old_name=old_name,
            new_name=cleaned,
            old_time_zone=old_zone,
            new_time_zone=time_zone,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def add_space(
    change: Change,
    *,
    site_id: int,
    name: str,
    kind: str = "room",
    number: str = "",
    parent_id: int | None = None,
) -> int:
    """Add a space to a site, inside another space or directly on the site; returns its id."""
    site = site_in_use(change, site_id)
    require_kind(kind, rules.SPACE_KINDS)
    cleaned = line(name, field="name")
    if parent_id is not None:
        space_on(change, site_id, parent_id)
    _require_free_space_name(change, site_id, parent_id, cleaned)
    space = Space.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        site=site,
        parent_id=parent_id,
        kind=kind,
        name=cleaned,
        number=optional_line(number, field="number", longest=40),
    )
    change.record(
        facts.SpaceAdded(
            space_id=space.pk,
            space_name=cleaned,
            kind=kind,
            site_id=site_id,
            parent_space_id=parent_id,
        )
    )
    return space.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_space(
    change: Change,
    *,
    space_id: int,
    version: int,
    name: str,
    kind: str,
    number: str = "",
    parent_id: int | None = None,
) -> None:
    """Rename a space or move it in the tree. Raises SpaceInsideItself for a circle."""
    space = one(change, Space, space_id, "space")
    require_in_use(change, space)
    require_version(space, version)
    require_kind(kind, rules.SPACE_KINDS)
    cleaned = line(name, field="name")
    if parent_id is not None:
        space_on(change, space.site_id, parent_id)
    parents = dict(
        within(change, Space).filter(site_id=space.site_id).values_list("pk", "parent_id")
    )
    if rules.would_circle(space_id, parent_id, parents):
        raise SpaceInsideItself(
            _("%(name)s cannot stand inside itself. Choose a space outside it.", name=space.name),
            field="parent_id",
        )
    _require_free_space_name(change, space.site_id, parent_id, cleaned, but=space_id)
    old_name, old_parent = space.name, space.parent_id
    wanted = {
        "name": cleaned,
        "kind": kind,
        "number": optional_line(number, field="number", longest=40),
        "parent_id": parent_id,
    }
    if not apply(space, wanted):
        return change.unchanged(None)
    change.record(
        facts.SpaceChanged(
            space_id=space.pk,
            old_name=old_name,
            new_name=cleaned,
            old_parent_space_id=old_parent,
            new_parent_space_id=parent_id,
        )
    )
    return None


def _require_zone(time_zone: str) -> None:
    if time_zone and not is_zone(time_zone):
        raise Invalid(_("This is not a time zone, such as Europe/Vienna."), field="time_zone")


def _require_free_space_name(
    change: Change, site_id: int, parent_id: int | None, name: str, but: int | None = None
) -> None:
    same = within(change, Space).filter(site_id=site_id, parent_id=parent_id, name__iexact=name)
    if same.exclude(pk=but or 0).exists():
        raise NameTaken(
            _("There already is a space called %(name)s here.", name=name), field="name"
        )
