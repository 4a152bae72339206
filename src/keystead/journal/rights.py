"""What an actor may do, and where: handed in at start-up, looked up when used."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.timezone import now

from keystead.kernel.actor import Actor
from keystead.kernel.errors import Forbidden, StepUpNeeded
from keystead.kernel.rights import Right
from keystead.kernel.scope import Granted, Scope
from keystead.kernel.words import said as _

Resolver = Callable[[Actor], Granted]
_resolver: Resolver | None = None


def set_resolver(resolver: Resolver) -> None:
    """Hand in, at start-up, the one function that knows which rights an actor has."""
    global _resolver
    _resolver = resolver


_looked_up: ContextVar[dict[Actor, Granted] | None] = ContextVar("rights", default=None)


@contextmanager
def rights_looked_up_once() -> Iterator[None]:
    """Within this block (one request) queries look each actor's rights up once.

    Operations always look again, inside their transaction.
    """
    before = _looked_up.set({})
    try:
        yield
    finally:
        _looked_up.reset(before)


def granted(actor: Actor) -> Granted:
    """What the actor may do, and where, for reading. Raises NotFound for a stranger."""
    known = _looked_up.get()
    if known is None:
        return granted_now(actor)
    if actor not in known:
        known[actor] = granted_now(actor)
    return known[actor]


def granted_now(actor: Actor) -> Granted:
    """The same, looked up again whatever is known already."""
    if _resolver is None:
        raise RuntimeError("No rights resolver was handed in.")
    return _resolver(actor)


def rights_of(actor: Actor) -> frozenset[Right]:
    """The actor's rights in the whole workspace. Raises NotFound for a stranger."""
    return granted(actor).everywhere


def require(actor: Actor, right: Right) -> None:
    """Raise NotFound for a stranger, and Forbidden for a member without the right everywhere."""
    if right not in rights_of(actor):
        raise forbidden(right)


def scope_of(actor: Actor, right: Right) -> Scope:
    """Where the actor has this right, for reading.

    Raises NotFound for a stranger, and Forbidden for a member who has it nowhere.
    """
    scope = granted(actor).scope(right)
    if scope.is_nothing:
        raise forbidden(right)
    return scope


def require_factor(actor: Actor) -> None:
    """Raise StepUpNeeded unless the actor showed a factor in the browser lately."""
    if actor.showed_factor(now()):
        return
    if actor.channel == "web":
        raise StepUpNeeded(_("First confirm that it is you. Then send it again."))
    raise StepUpNeeded(_("This is done in the browser. Sign in there, and confirm it is you."))


def forbidden(right: Right) -> Forbidden:
    """What to raise for a member without this right."""
    return Forbidden(_("You may not do this here. Ask an owner of this workspace."), right=right)


def forget() -> None:
    """Look rights up again from here on: somebody's role may have changed."""
    if (known := _looked_up.get()) is not None:
        known.clear()
