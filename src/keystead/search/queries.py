"""One search over everything: each context finds its own, here they come together."""

from dataclasses import dataclass

from keystead.custody import queries as custody
from keystead.custody.queries import StayView
from keystead.hardware import queries as hardware
from keystead.journal.operation import scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.keys import queries as key_queries
from keystead.people import queries as people
from keystead.places import queries as places

SHORTEST = 1
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Results:
    """What a text finds, kind by kind. `exact` is the one thing whose tag or label it is."""

    text: str
    exact: tuple[str, int] | None
    copies: tuple[tuple[key_queries.CopyView, StayView | None], ...] = ()
    keys: tuple[key_queries.KeyView, ...] = ()
    rings: tuple[key_queries.RingView, ...] = ()
    persons: tuple[people.PersonView, ...] = ()
    access_points: tuple[places.AccessPointView, ...] = ()
    spaces: tuple[places.SpaceView, ...] = ()
    containers: tuple[hardware.ContainerView, ...] = ()
    cylinders: tuple[hardware.CylinderView, ...] = ()
    codes: tuple[hardware.CodeView, ...] = ()
    firms: tuple[people.FirmView, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not any(
            (
                self.copies,
                self.keys,
                self.rings,
                self.persons,
                self.access_points,
                self.spaces,
                self.containers,
                self.cylinders,
                self.codes,
                self.firms,
            )
        )


def search(actor: Actor, text: str, limit: int = 6) -> Results:
    """Everything whose number, name, tag or room contains `text`, a few of each kind."""
    scope_of(actor, Right.SEE_REGISTER)
    wanted = text.replace("\x00", "").strip()[:LONGEST]
    if len(wanted) < SHORTEST:
        return Results(wanted, None)
    tagged = key_queries.tagged(actor, wanted)
    copies = key_queries.find_copies(actor, wanted, limit)
    where = custody.whereabouts(actor, [copy.id for copy in copies]) if copies else {}
    exact = (tagged.kind, tagged.thing_id) if tagged else None
    if exact is None and len(copies) == 1 and _same(copies[0].label, wanted):
        exact = ("copy", copies[0].id)
    return Results(
        wanted,
        exact,
        tuple((copy, where.get(copy.id)) for copy in copies),
        tuple(key_queries.keys(actor, text=wanted, limit=limit)),
        tuple(key_queries.rings(actor, text=wanted, limit=limit)),
        tuple(people.find(actor, wanted, limit)),
        tuple(places.find_access_points(actor, wanted, limit)),
        tuple(places.find_spaces(actor, wanted, limit)),
        tuple(hardware.find(actor, wanted, limit)),
        tuple(hardware.find_cylinders(actor, wanted, limit)),
        tuple(hardware.codes(actor, text=wanted)[:limit]),
        tuple(people.find_firms(actor, wanted, limit)),
    )


def _same(label: str, text: str) -> bool:
    def bare(value: str) -> str:
        return "".join(letter for letter in value.casefold() if letter.isalnum())

    return bare(label) == bare(text)
