"""Copies of keys: making them, what is stamped on them, where they belong."""

from collections.abc import Sequence
from typing import Any

from keystead.hardware.models import Container, Position
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, made, one, require_in_use, require_version, within
from keystead.kernel.errors import Invalid, NameTaken, OutOfUse
from keystead.kernel.rights import Right
from keystead.kernel.text import optional_line
from keystead.kernel.words import said as _
from keystead.keys import facts, rules
from keystead.keys.models import Copy, Key, Ring


@operation(Right.EDIT_REGISTER, per_site=True)
def make_copies(
    change: Change,
    *,
    key_id: int,
    count: int = 1,
    numbers: Sequence[int] | None = None,
    marks: Sequence[str] | None = None,
    home_container_id: int | None = None,
    home_position_id: int | None = None,
) -> list[int]:
    """Record new copies of a key, with the next numbers or with these; returns their ids.

    Custody calls this and says where they are: no copy is ever without a whereabouts.
    """
    key = one(change, Key, key_id, "key")
    require_in_use(change, key)
    home = require_home(change, home_container_id, home_position_id)
    wanted = _numbers(change, key, count, numbers)
    stamped = list(marks or [])
    rows = Copy.everything.bulk_create(
        Copy(
            workspace_id=change.workspace_id,
            pending_import=change.pending_import,
            key=key,
            number=number,
            mark=optional_line(stamped[i], field="marks", longest=60) if i < len(stamped) else "",
            home_container_id=home_container_id,
            home_position_id=home_position_id,
            made_at=change.at,
        )
        for i, number in enumerate(wanted)
    )
    key.next_number = max(key.next_number, max(wanted) + 1)
    key.save(update_fields=["next_number"])
    for row in rows:
        made(change, row)
        tell_made(change, row, home)
    return [row.pk for row in rows]


def tell_made(change: Change, copy: Copy, home: str) -> None:
    """Record that a copy was made; `home` is where it belongs, in words."""
    change.record(
        facts.CopyMade(
            copy_id=copy.pk,
            copy_label=rules.copy_label(copy.key.label, copy.number),
            number=copy.number,
            key_id=copy.key_id,
            mark=copy.mark,
            home_container_id=copy.home_container_id,
            home_position_id=copy.home_position_id,
            home=home,
        )
    )


def _numbers(change: Change, key: Key, count: int, numbers: Sequence[int] | None) -> list[int]:
    asked = count if numbers is None else len(numbers)
    if not 1 <= asked <= rules.MOST_COPIES_AT_ONCE:
        raise Invalid(
            _(
                "Between 1 and %(most_copies_at_once)s copies at once.",
                most_copies_at_once=rules.MOST_COPIES_AT_ONCE,
            ),
            field="count",
        )
    taken = frozenset(within(change, Copy).filter(key=key).values_list("number", flat=True))
    if numbers is None:
        return rules.free_numbers(asked, key.next_number, taken)
    for number in numbers:
        if not 1 <= number <= 1_000_000 or list(numbers).count(number) > 1:
            raise Invalid(_("Copy numbers are different whole numbers from 1."), field="numbers")
        if number in taken:
            raise NameTaken(
                _("There already is a copy %(label)s.", label=rules.copy_label(key.label, number)),
                field="numbers",
                number=number,
            )
    return list(numbers)


def require_home(change: Change, container_id: int | None, position_id: int | None) -> str:
    """Check a place where things belong and say it in words; empty without one.

    Raises NotFound, OutOfUse, and Invalid for a hook of another container.
    """
    if container_id is None and position_id is None:
        return ""
    container = None if container_id is None else one(change, Container, container_id, "container")
    if container is not None:
        require_in_use(change, container)
    if position_id is None:
        return home_words(container, None)
    position = one(change, Position, position_id, "hook")
    if position.container_id != container_id:
        raise Invalid(_("That hook is in another container."), field="home_position_id")
    return home_words(container, position)


def home_words(container: Container | None, position: Position | None) -> str:
    """Where a thing belongs, as people say it: container and hook; empty for nowhere."""
    return " ".join(str(part) for part in (container, position) if part is not None)


@operation(Right.EDIT_REGISTER, per_site=True)
def change_copy(
    change: Change,
    *,
    copy_id: int,
    version: int,
    mark: str = "",
    home_container_id: int | None = None,
    home_position_id: int | None = None,
) -> None:
    """Correct what is stamped on a copy and where it belongs, as read at `version`."""
    copy = one(change, Copy, copy_id, "copy")
    require_in_use(change, copy, label_of(copy))
    require_version(copy, version)
    home = require_home(change, home_container_id, home_position_id)
    before: dict[str, Any] = {
        "old_mark": copy.mark,
        "old_home_container_id": copy.home_container_id,
        "old_home_position_id": copy.home_position_id,
        "old_home": home_words(copy.home_container, copy.home_position),
    }
    wanted = {
        "mark": optional_line(mark, field="mark", longest=60),
        "home_container_id": home_container_id,
        "home_position_id": home_position_id,
    }
    changed = apply(copy, wanted)
    if not changed:
        return change.unchanged(None)
    change.record(
        facts.CopyChanged(
            copy_id=copy.pk,
            copy_label=label_of(copy),
            changed=changed,
            mark=copy.mark,
            home_container_id=home_container_id,
            home_position_id=home_position_id,
            home=home,
            **before,
        )
    )
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def retire_copy(change: Change, *, copy_id: int) -> None:
    """Take a copy out of use: it cannot be handed out, but it can always come back."""
    copy = one(change, Copy, copy_id, "copy")
    if copy.retired_at is not None:
        return change.unchanged(None)
    apply(copy, {"retired_at": change.at})
    change.record(facts.CopyRetired(copy_id=copy.pk, copy_label=label_of(copy), key_id=copy.key_id))
    return None


@operation(Right.EDIT_REGISTER, per_site=True)
def bring_back_copy(change: Change, *, copy_id: int) -> None:
    """Hand a copy out again that was retired. Raises OutOfUse while its key is out of use."""
    copy = one(change, Copy, copy_id, "copy")
    if copy.retired_at is None:
        return change.unchanged(None)
    if copy.key.retired_at is not None:
        raise OutOfUse(
            _(
                "%(copy)s stays out of use: its key %(key)s is. Bring the key back first.",
                copy=label_of(copy),
                key=copy.key.label,
            ),
            copy_id=copy.pk,
            key_id=copy.key_id,
        )
    apply(copy, {"retired_at": None})
    change.record(
        facts.CopyBroughtBack(copy_id=copy.pk, copy_label=label_of(copy), key_id=copy.key_id)
    )
    return None


def label_of(copy: Copy) -> str:
    """How people call a copy."""
    return rules.copy_label(copy.key.label, copy.number)


def forget_home(change: Change, *, container_id: int) -> None:
    """Let nothing belong into a container any more, as part of taking it out of use."""
    gone = {"home_container": None, "home_position": None}
    within(change, Ring).filter(home_container_id=container_id).update(**gone)
    within(change, Copy).filter(home_container_id=container_id).update(**gone)
