"""Sealing everything anew, workspace by workspace. Stopped anywhere, it goes on from there."""

from collections.abc import Callable
from dataclasses import dataclass

from keystead.kernel.actor import INSTALLATION, Actor
from keystead.vault import operations as vault
from keystead.vault import queries
from keystead.vault.registry import COLUMNS

ActorIn = Callable[[int], Actor]
"""Who acts in the workspace of this number."""


@dataclass(slots=True)
class Tally:
    """What was done: values sealed anew, values that could not be opened, data keys retired.

    `was_resumed` says that this finished an earlier rotation instead of beginning one.
    """

    values: int = 0
    unreadable: int = 0
    retired: int = 0
    was_resumed: bool = False


def rotate(actor_in: ActorIn) -> Tally:
    """Finish a rotation that was stopped; where there is none, make new data keys and use them."""
    tally = Tally(was_resumed=True)
    _finish(actor_in, tally)
    if tally.values or tally.retired:
        return tally
    vault.begin_rotation(actor_in(INSTALLATION))
    tally = Tally()
    _finish(actor_in, tally)
    return tally


def _finish(actor_in: ActorIn, tally: Tally) -> None:
    for workspace_id in queries.to_reseal():
        actor = actor_in(workspace_id)
        for purpose in sorted(COLUMNS):
            _reseal(actor, purpose, tally)
        tally.retired += vault.retire_data_keys(actor)


def _reseal(actor: Actor, purpose: str, tally: Tally) -> None:
    last_id: int | None = 0
    while last_id is not None:
        done = vault.reseal(actor, purpose=purpose, after_id=last_id)
        tally.values += done.values
        tally.unreadable += done.unreadable
        last_id = done.last_id
