"""How a door or container is opened: its locks, the keys with who has them, and its codes."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keystead.custody import queries as custody
from keystead.custody.queries import Balance, StayView
from keystead.hardware import queries as hardware
from keystead.hardware.queries import CodeView, FittingView, LockView
from keystead.keys import queries as keys
from keystead.keys.queries import KeyView
from keystead.web.asked import address
from keystead.web.http import Request, here


@dataclass(frozen=True, slots=True)
class LockRow:
    """A lock, and which cylinders sat in it, newest first."""

    lock: LockView
    history: tuple[FittingView, ...]

    @property
    def since(self) -> FittingView | None:
        """The spell of the cylinder that is in now."""
        return next((spell for spell in self.history if spell.until is None), None)

    @property
    def before(self) -> tuple[FittingView, ...]:
        """The cylinders that were in before."""
        return tuple(spell for spell in self.history if spell.until is not None)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key that opens it: where it is listed, its balance, and who has copies of it.

    `stock` counts what could be handed out; `out_of_use` is in stock, too, and cannot.
    """

    key: KeyView
    is_listed: bool
    cylinders: tuple[str, ...]
    balance: Balance
    stays: tuple[StayView, ...]
    out_of_use: int = 0

    @property
    def stock(self) -> int:
        """How many are in stock and in use."""
        return self.balance.stock - self.out_of_use


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything that opens one thing, and where a lock or a code of it is added."""

    lock_url: str
    code_url: str
    locks: tuple[LockRow, ...]
    retired_locks: tuple[LockRow, ...]
    keys: tuple[KeyRow, ...]
    codes: tuple[CodeView, ...]

    @property
    def holder_ids(self) -> set[int]:
        """The people who have a copy of one of its keys."""
        return {s.person_id for key in self.keys for s in key.stays if s.person_id is not None}

    @property
    def knower_ids(self) -> set[int]:
        """The people who know one of its codes."""
        return {knower.person_id for code in self.codes for knower in code.knowers}

    @property
    def missing(self) -> int:
        """How many copies of its keys nobody can account for."""
        return sum(key.balance.missing for key in self.keys)


def opening(
    request: Request, *, access_point_id: int | None = None, container_id: int | None = None
) -> Opening:
    """What opens this access point or this container now."""
    actor = request.actor
    on = {"access_point_id": access_point_id, "container_id": container_id}
    locks = [
        LockRow(lock, tuple(hardware.cylinder_history(actor, lock.id)))
        for lock in hardware.locks(actor, **on)
    ]
    lock_url, code_url = _addresses(request, access_point_id, container_id)
    return Opening(
        lock_url,
        code_url,
        tuple(row for row in locks if row.lock.retired_at is None),
        tuple(row for row in locks if row.lock.retired_at is not None),
        tuple(_keys(request, keys.openers(actor, **on))),
        tuple(hardware.codes(actor, access_point_id=access_point_id, container_id=container_id)),
    )


def _addresses(
    request: Request, access_point_id: int | None, container_id: int | None
) -> tuple[str, str]:
    """Where a lock and where a code is added to this thing."""
    code = here(request, "code-add")
    if access_point_id is not None:
        lock = here(request, "lock-add", access_point_id=access_point_id)
        return lock, address(code, on=f"access_point-{access_point_id}")
    lock = here(request, "container-lock-add", container_id=container_id)
    return lock, address(code, on=f"container-{container_id}")


def _keys(request: Request, openers: list[keys.Opener]) -> list[KeyRow]:
    """Each key once, the listed ones first, with its balance and its holders."""
    by_key: dict[int, list[keys.Opener]] = {}
    for opener in openers:
        by_key.setdefault(opener.key.id, []).append(opener)
    balances = custody.balances(request.actor, by_key)
    retired = custody.out_of_use(request.actor, by_key)
    out: dict[int, list[StayView]] = {}
    for stay in custody.out_of_keys(request.actor, by_key):
        out.setdefault(stay.key_id, []).append(stay)
    return [
        KeyRow(
            found[0].key,
            any(opener.is_listed for opener in found),
            tuple(dict.fromkeys(opener.cylinder_number for opener in found)),
            balances[key_id],
            tuple(out.get(key_id, ())),
            retired.get(key_id, 0),
        )
        for key_id, found in by_key.items()
    ]


def heading(name: str, found: Opening) -> str:
    """Who can open it, as one sentence; only what the register knows."""
    people = len(found.holder_ids | found.knower_ids)
    if not found.keys and not found.codes:
        return _("%(name)s: no key and no code is recorded") % {"name": name}
    if not people:
        return _("%(name)s: nobody has a key to it now") % {"name": name}
    if found.holder_ids and found.knower_ids:
        said = ngettext(
            "%(name)s: %(count)d person has a key or knows the code",
            "%(name)s: %(count)d people have a key or know the code",
            people,
        )
    elif found.holder_ids:
        said = ngettext(
            "%(name)s: %(count)d person has a key",
            "%(name)s: %(count)d people have a key",
            people,
        )
    else:
        said = ngettext(
            "%(name)s: %(count)d person knows the code",
            "%(name)s: %(count)d people know the code",
            people,
        )
    return said % {"name": name, "count": people}


def warning(found: Opening) -> str:
    """What is worrying about its keys, or nothing."""
    if not found.missing:
        return ""
    said = ngettext(
        "%(count)d copy that opens it is missing",
        "%(count)d copies that open it are missing",
        found.missing,
    )
    return said % {"count": found.missing}
