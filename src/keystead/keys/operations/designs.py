"""Keys and what they open."""

from keystead.hardware import operations as hardware
from keystead.hardware.models import IS_OPEN, Cylinder, Fitting, Lock
from keystead.journal import reach
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, made, mine, one, require_in_use, require_version, within
from keystead.kernel.errors import Invalid, NameTaken
from keystead.kernel.rights import Right
from keystead.kernel.text import folded_line, line, optional_line
from keystead.kernel.words import said as _
from keystead.keys import facts, rules
from keystead.keys.errors import KeyAboveItself
from keystead.keys.models import LONGEST_FOLDED, Key, KeySystem, Operates
from keystead.places.models import AccessPoint


@operation(Right.EDIT_REGISTER)
def add_key_system(change: Change, *, name: str) -> int:
    """Add a master-key system and return its id."""
    cleaned = line(name, field="name")
    if within(change, KeySystem).filter(name__iexact=cleaned).exists():
        raise NameTaken(
            _("There already is a key system called %(cleaned)s.", cleaned=cleaned), field="name"
        )
    system = KeySystem.everything.create(
        workspace_id=change.workspace_id, pending_import=change.pending_import, name=cleaned
    )
    change.record(facts.KeySystemAdded(key_system_id=system.pk, system_name=cleaned))
    return system.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def add_key(
    change: Change,
    *,
    symbol: str = "",
    name: str = "",
    kind: str = "metal",
    system_id: int | None = None,
    parent_id: int | None = None,
) -> int:
    """Add a key by its symbol, its name or both; `parent_id` is the key directly above it.

    Raises NameTaken when the system has a key people would take for the same.
    """
    mark = optional_line(symbol, field="symbol", longest=40)
    called = optional_line(name, field="name")
    if not mark and not called:
        raise Invalid(_("Give the key a symbol or a name."), field="symbol")
    if kind not in rules.KEY_KINDS:
        raise Invalid(
            _("Choose one of: %(choices)s.", choices=", ".join(rules.KEY_KINDS)), field="kind"
        )
    if system_id is not None:
        one(change, KeySystem, system_id, "key system")
    if parent_id is not None:
        _require_same_system(_key_in_use(change, parent_id), system_id)
    label, alike = rules.label_of(mark, called), _folded(mark, called)
    _require_free_label(change, system_id, alike)
    key = Key.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        system_id=system_id,
        parent_id=parent_id,
        symbol=mark,
        name=called,
        folded=alike,
        kind=kind,
    )
    made(change, key)
    change.record(
        facts.KeyAdded(
            key_id=key.pk,
            key_label=label,
            key_name=called,
            kind=kind,
            key_system_id=system_id,
            above_key_id=parent_id,
        )
    )
    return key.pk


@operation(Right.EDIT_REGISTER, per_site=True)
def change_key(
    change: Change,
    *,
    key_id: int,
    version: int,
    symbol: str = "",
    name: str = "",
    parent_id: int | None = None,
) -> None:
    """Rename a key or put it under another one. Raises KeyAboveItself for a circle."""
    key = _key_in_use(change, key_id)
    require_version(key, version)
    mark = optional_line(symbol, field="symbol", longest=40)
    called = optional_line(name, field="name")
    if not mark and not called:
        raise Invalid(_("Give the key a symbol or a name."), field="symbol")
    _require_seen_above(change, key)
    if parent_id is not None and parent_id != key.parent_id:
        above = one(change, Key, parent_id, "key")
        require_in_use(change, above)
        _require_same_system(above, key.system_id)
        _require_no_circle(change, key, parent_id)
    old_label, old_parent = key.label, key.parent_id
    label, alike = rules.label_of(mark, called), _folded(mark, called)
    _require_free_label(change, key.system_id, alike, but=key_id)
    wanted = {"symbol": mark, "name": called, "folded": alike, "parent_id": parent_id}
    if not apply(key, wanted):
        return change.unchanged(None)
    change.record(
        facts.KeyChanged(
            key_id=key.pk,
            old_label=old_label,
            new_label=label,
            new_name=called,
            old_above_key_id=old_parent,
            new_above_key_id=parent_id,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_key(change: Change, *, key_id: int) -> None:
    """Take a key out of use. Its copies stay on the register until they are accounted for."""
    key = one(change, Key, key_id, "key")
    if key.retired_at is not None:
        return change.unchanged(None)
    apply(key, {"retired_at": change.at})
    change.record(facts.KeyRetired(key_id=key.pk, key_label=key.label))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def bring_back_key(change: Change, *, key_id: int) -> None:
    """Use a key again that was retired: copies are made and handed out as before."""
    key = one(change, Key, key_id, "key")
    if key.retired_at is None:
        return change.unchanged(None)
    apply(key, {"retired_at": None})
    change.record(facts.KeyBroughtBack(key_id=key.pk, key_label=key.label))
    return None


def _key_in_use(change: Change, key_id: int) -> Key:
    key = one(change, Key, key_id, "key")
    require_in_use(change, key)
    return key


@operation(Right.EDIT_REGISTER, per_site=True)
def note_key_opens(change: Change, *, key_id: int, cylinder_id: int) -> None:
    """Note that a key opens a cylinder from now on.

    Every key above it opens the cylinder too, unless the cylinder is listed only.
    """
    key = _key_in_use(change, key_id)
    cylinder = one(change, Cylinder, cylinder_id, "cylinder")
    if within(change, Operates).filter(IS_OPEN, key=key, cylinder=cylinder).exists():
        return change.unchanged(None)
    Operates.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        key=key,
        cylinder=cylinder,
        valid_from=change.at,
        recorded_seq=change.sequence,
    )
    change.record(
        facts.KeyOpens(
            key_id=key.pk,
            key_label=key.label,
            cylinder_id=cylinder.pk,
            number=cylinder.number,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def note_key_no_longer_opens(change: Change, *, key_id: int, cylinder_id: int) -> None:
    """Note that a key opens a cylinder no longer, from now on."""
    key = one(change, Key, key_id, "key")
    cylinder = one(change, Cylinder, cylinder_id, "cylinder")
    ended = (
        within(change, Operates)
        .filter(IS_OPEN, key=key, cylinder=cylinder)
        .update(valid_to=change.at)
    )
    if not ended:
        return change.unchanged(None)
    change.record(
        facts.KeyNoLongerOpens(
            key_id=key.pk,
            key_label=key.label,
            cylinder_id=cylinder.pk,
            number=cylinder.number,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def note_key_opens_access_point(change: Change, *, key_id: int, access_point_id: int) -> int:
    """Note that a key opens a door whose hardware nobody described; returns the cylinder's id.

    Uses the door's first cylinder; where there is no lock or cylinder yet, describes one.
    """
    _key_in_use(change, key_id)
    point = one(change, AccessPoint, access_point_id, "access point")
    require_in_use(change, point)
    lock = (
        within(change, Lock)
        .filter(access_point=point, retired_at=None, kind="mechanical")
        .order_by("pk")
        .first()
    )
    lock_id = (
        lock.pk if lock else hardware.add_lock(change, name=point.name, access_point_id=point.pk)
    )
    fitting = within(change, Fitting).filter(IS_OPEN, lock_id=lock_id).first()
    if fitting is not None:
        cylinder_id = fitting.cylinder_id
    else:
        number = _cylinder_number(change, point)
        cylinder_id = hardware.fit_cylinder_numbered(change, lock_id=lock_id, number=number)
    note_key_opens(change, key_id=key_id, cylinder_id=cylinder_id)
    return cylinder_id


def _cylinder_number(change: Change, point: AccessPoint) -> str:
    """A free cylinder number for a door: Z1, Z2 … counted in the workspace."""
    known = within(change, Cylinder)
    number = known.count() + 1
    while known.filter(number__iexact=f"Z{number}").exists():
        number += 1
    return f"Z{number}"


def _require_seen_above(change: Change, key: Key) -> None:
    """Raise OfOtherSites where a key above is out of sight: saving would take it away unseen."""
    if key.parent_id is None or change.scope.is_everything:
        return
    above = within(change, Key).filter(pk=key.parent_id)
    if not reach.seen(above, change.workspace_id, change.sight).exists():
        raise reach.of_other_sites(key.pk)


def _require_same_system(parent: Key, system_id: int | None) -> None:
    if parent.system_id != system_id:
        raise Invalid(_("The key above belongs to another key system."), field="parent_id")


def _require_no_circle(change: Change, key: Key, parent_id: int) -> None:
    parents = dict(
        within(change, Key).filter(system_id=key.system_id).values_list("pk", "parent_id")
    )
    if rules.would_circle(key.pk, parent_id, parents):
        raise KeyAboveItself(
            _(
                "%(label)s cannot stand above itself. Choose a key that is not below it.",
                label=key.label,
            ),
            field="parent_id",
        )


def _folded(mark: str, called: str) -> str:
    """The label as people would take it for the same, as long as its column."""
    label, field = rules.label_of(mark, called), "symbol" if mark else "name"
    return folded_line(label, field=field, longest=LONGEST_FOLDED)


def _require_free_label(
    change: Change, system_id: int | None, alike: str, but: int | None = None
) -> None:
    same = within(change, Key).filter(system_id=system_id, folded=alike).exclude(pk=but or 0)
    if (taken := same.first()) is None:
        return
    if not mine(change, same).exists():
        raise NameTaken(_("Another key is called that already."), field="symbol")
    raise NameTaken(
        _("There already is a key %(label)s.", label=taken.label), field="symbol", key_id=taken.pk
    )
