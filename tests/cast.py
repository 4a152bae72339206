"""The small cast of all tests, set up through operations only.

Ana runs the key room of Harbour House: a site with one door, one key AA in two copies on the
hooks of one cabinet. Bo borrows. Cy is a stranger who owns another workspace that looks the same,
so that a foreign id always names something that exists.
"""

from dataclasses import dataclass, fields, replace
from itertools import count

from django.utils.timezone import now

from keystead.custody import operations as custody
from keystead.hardware import operations as hardware
from keystead.hardware import queries as hardware_queries
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.secret import Secret
from keystead.keys import operations as keys
from keystead.people import access, links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.roles import Role
from keystead.places import operations as places

PASSWORD = Secret("brass hooks hold well")
"""Everybody's password."""

ANA, BO, CY = "ana@harbour.example", "bo@harbour.example", "cy@elsewhere.example"
ZONE = "Europe/London"
ACTORS = ("ana", "bo", "cy", "intruder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The ids of a small register: everything in it once, two copies, four hooks.

    Copy 1 and copy 2 of the key hang on the first two hooks, and belong there.
    """

    workspace: int
    slug: str
    site: int
    hall: int
    store: int
    door: int
    lock: int
    cylinder: int
    key: int
    cabinet: int
    hooks: tuple[int, ...]
    copies: tuple[int, int]

    @property
    def copy(self) -> int:
        """Copy 1 of the key, on hook 1."""
        return self.copies[0]

    @property
    def other_copy(self) -> int:
        """Copy 2 of the key, on hook 2."""
        return self.copies[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class World(Register):
    """Ana's register and the people around it; `elsewhere` is what Cy has.

    `ana` owns, `bo` is a holder, `cy` acts in his own workspace; `intruder` is Cy's account
    acting in Ana's.
    """

    ana: Actor
    bo: Actor
    cy: Actor
    intruder: Actor
    ana_person: int
    bo_person: int
    elsewhere: Register
    cy_person: int


def found_empty(*, is_demo: bool = False) -> people.Founded:
    """A workspace that Ana has just begun, in an empty database."""
    return people.found(
        system(INSTALLATION, "tests"),
        email=ANA,
        password_hash=people.hashed(PASSWORD, ANA),
        owner_name="Ana",
        workspace_name="Harbour House",
        template="empty",
        time_zone=ZONE,
        locale="en-GB",
        is_demo=is_demo,
    )


def found_world(*, is_demo: bool = False) -> World:
    """Set the scene in an empty database; `is_demo` lets actors set the time of their facts."""
    first = found_empty(is_demo=is_demo)
    ana = signed_in(first.workspace_id, first.account_id)
    ana_person = own_person(ana)
    register = describe(ana, first.slug)
    bo = member(ana, "Bo", Role.HOLDER, email=BO)
    cy, elsewhere = _found_elsewhere(ana, is_demo=is_demo)
    return World(
        **{field.name: getattr(register, field.name) for field in fields(Register)},
        ana=ana,
        bo=bo,
        cy=cy,
        intruder=signed_in(ana.workspace_id, cy.account_id),
        ana_person=ana_person,
        bo_person=own_person(bo),
        elsewhere=elsewhere,
        cy_person=own_person(cy),
    )


def confirmed_now(world: World) -> World:
    """The same cast, each of whom has just shown a factor."""
    people = {name: replace(getattr(world, name), factor_at=now()) for name in ACTORS}
    return replace(world, **people)


def describe(actor: Actor, slug: str, mark: str = "") -> Register:
    """Describe a site with a hall, a store, a door between them, a cabinet and key AA.

    `mark` ends every name, so that a workspace can have two of them.
    """
    site = places.add_site(actor, name=f"Harbour House{mark}")
    hall = places.add_space(actor, site_id=site, name=f"Hall{mark}")
    store = places.add_space(actor, site_id=site, name=f"Store{mark}")
    door = places.add_access_point(
        actor,
        site_id=site,
        name=f"Store door{mark}",
        number=f"12{mark}",
        leads_from_id=hall,
        leads_to_id=store,
    )
    lock = hardware.add_lock(actor, name=f"Store door{mark}", access_point_id=door)
    cylinder = hardware.add_cylinder(actor, number=f"Z1{mark}")
    hardware.fit_cylinder(actor, lock_id=lock, cylinder_id=cylinder)
    cabinet = hardware.add_container(
        actor, site_id=site, name=f"Cabinet{mark}", space_id=hall, positions=4
    )
    hooks = tuple(hook.id for hook in hardware_queries.positions(actor, cabinet))
    key = keys.add_key(actor, symbol=f"AA{mark}", name=f"Store{mark}")
    keys.note_key_opens(actor, key_id=key, cylinder_id=cylinder)
    first, second = (
        custody.cut_copies(actor, key_id=key, container_id=cabinet, position_id=hook)[0]
        for hook in hooks[:2]
    )
    return Register(
        workspace=actor.workspace_id,
        slug=slug,
        site=site,
        hall=hall,
        store=store,
        door=door,
        lock=lock,
        cylinder=cylinder,
        key=key,
        cabinet=cabinet,
        hooks=hooks,
        copies=(first, second),
    )


_newcomers = count(1)


def member(owner: Actor, name: str, role: Role, *, email: str = "") -> Actor:
    """Add a person who signs in with `PASSWORD`, as `role` in the owner's workspace."""
    token, address = links.new_token(), email or f"{name.lower()}{next(_newcomers)}@house.example"
    person_id = people.add_person(owner, name=name)
    people.invite(owner, person_id=person_id, role=role, token=token)
    joined = people.accept_invitation(
        system(INSTALLATION, "tests"),
        token=token,
        email=address,
        password_hash=people.hashed(PASSWORD, address),
    )
    return signed_in(owner.workspace_id, joined.account_id)


def signed_in(workspace_id: int, account_id: int | None) -> Actor:
    """An account in the browser that has just signed in."""
    return Actor(workspace_id=workspace_id, channel="web", account_id=account_id, factor_at=now())


def site_member(
    owner: Actor, name: str, roles: dict[int, Role], *, everywhere: Role = Role.SITES_ONLY
) -> Actor:
    """Somebody who signs in with these roles at single sites (and `everywhere`, if given)."""
    actor = member(owner, name, everywhere)
    members = people_queries.members(owner)
    mine = next(m for m in members if m.person_id == own_person(actor))
    for site_id, role in roles.items():
        people.give_site_role(owner, membership_id=mine.membership_id, site_id=site_id, role=role)
    return actor


def own_person(actor: Actor) -> int:
    """The id of the person an actor is in its workspace."""
    person_id = people_queries.own_person_id(actor)
    assert person_id is not None
    return person_id


def _found_elsewhere(ana: Actor, *, is_demo: bool) -> tuple[Actor, Register]:
    """Another workspace: begun by Ana's installation, then Cy's alone."""
    slug = people.create_workspace(
        Actor(workspace_id=INSTALLATION, channel="web", account_id=ana.account_id),
        owner_name="Installer",
        workspace_name="Elsewhere",
        template="empty",
        time_zone="Europe/Vienna",
        locale="en",
        is_demo=is_demo,
    )
    starter = access.actor_for(ana.account_id or 0, slug, "web", factor_at=now())
    cy = member(starter, "Cy", Role.OWNER, email=CY)
    for someone in people_queries.members(cy):
        if someone.email == ANA:
            people.remove_member(cy, membership_id=someone.membership_id)
    return cy, describe(cy, slug)
