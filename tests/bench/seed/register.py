"""The register itself: sites and doors, keys and copies, rings and people, told as facts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from keystead.hardware import facts as hardware
from keystead.hardware.models import Container, Cylinder, Fitting, Lock, Position
from keystead.kernel.actor import Actor
from keystead.kernel.fact import Fact
from keystead.people import facts as people
from keystead.people.models import Firm, Person
from keystead.places import facts as places
from keystead.places.models import AccessPoint, Site, Space
from tests.bench.seed import words
from tests.bench.seed.ledger import Ledger
from tests.bench.seed.rows import Rows
from tests.bench.seed.scales import Scale


@dataclass(frozen=True, slots=True)
class Home:
    """Where a copy belongs: a container, mostly a hook in it, and both in words."""

    container_id: int
    position_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class PlacedSite:
    """A site with what later steps hang keys on."""

    id: int
    letter: str
    spaces: list[tuple[int, str]]
    cylinders: list[tuple[int, str]]
    homes: list[Home]
    drawer: Home


@dataclass
class Scene:
    """What is needed to go on writing: rows, journal, dice, the clock and who acts."""

    rows: Rows
    ledger: Ledger
    dice: Random
    clock: datetime
    managers: list[Actor]
    persons: list[int] = field(default_factory=list)
    sites: list[PlacedSite] = field(default_factory=list)

    def add(self, model: Any, **values: Any) -> int:
        """A row of this workspace."""
        return self.rows.add(model, workspace_id=self.ledger.workspace_id, **values)

    def spell(self, model: Any, **values: Any) -> int:
        """A row that holds from now on, recorded with the next fact."""
        return self.add(model, valid_from=self.clock, recorded_seq=self.ledger.next, **values)

    def tell(self, fact: Fact) -> int:
        """Record a fact by one of the managers, now."""
        number = self.ledger.record(self.clock, self.dice.choice(self.managers), fact)
        self.rows.flush()
        return number

    def later(self, seconds: float) -> None:
        """Let some time go by."""
        self.clock += timedelta(seconds=seconds)


def add_people(scene: Scene, scale: Scale) -> None:
    """Firms and persons; a third of the persons work for a firm."""
    firms = []
    for number in range(max(4, scale.people // 16)):
        trade = words.TRADES[number % len(words.TRADES)]
        name = f"{scene.dice.choice(words.LAST_NAMES)} {trade} {number + 1}"
        firms.append(scene.add(Firm, name=name))
        scene.tell(people.FirmAdded(firm_id=firms[-1], firm_name=name))
    for number in range(len(scene.persons), scale.people):
        first, last = scene.dice.choice(words.FIRST_NAMES), scene.dice.choice(words.LAST_NAMES)
        firm_id = scene.dice.choice(firms) if number % 3 == 0 else None
        person_id = scene.add(
            Person,
            name=f"{first} {last}",
            firm_id=firm_id,
            department="" if firm_id else scene.dice.choice(words.DEPARTMENTS),
            email=f"{first}.{last}.{number}@stonegate.example".lower(),
        )
        scene.persons.append(person_id)
        scene.tell(people.PersonAdded(person_id=person_id, firm_id=firm_id))
        scene.later(20)


def add_sites(scene: Scene, scale: Scale) -> None:
    """Sites of three buildings, four floors each, with doors, locks, cylinders and cabinets."""
    count = max(2, scale.copies // 1_650)
    doors, hooks = scale.copies * 3 // 10 // count, scale.copies * 3 // 4 // count
    for index in range(count):
        name, letter = words.SITES[index], chr(ord("A") + index)
        site_id = scene.add(Site, name=name, number=f"{index + 1:02}")
        scene.tell(places.SiteAdded(site_id=site_id, site_name=name, time_zone=""))
        spaces, rooms = _add_spaces(scene, site_id)
        cylinders = [
            _add_door(scene, site_id, letter, number, *scene.dice.choice(rooms))
            for number in range(1, doors + 1)
        ]
        homes = _add_cabinets(scene, site_id, letter, hooks, rooms)
        drawer = _add_container(scene, site_id, rooms[0][1], "drawer", f"Drawer {letter}")
        scene.sites.append(
            PlacedSite(site_id, letter, spaces, cylinders, homes, Home(drawer, None, "Drawer"))
        )


def _add_spaces(
    scene: Scene, site_id: int
) -> tuple[list[tuple[int, str]], list[tuple[int, int, str]]]:
    """The spaces of a site, and its rooms as (floor, room, name of the room)."""
    spaces, rooms = [], []
    for building in ("North", "South", "Annexe"):
        top = _add_space(scene, site_id, None, "building", f"{building} building")
        spaces.append((top, building))
        for level in range(4):
            floor = _add_space(scene, site_id, top, "floor", f"{building}, floor {level}")
            spaces.append((floor, f"{building} {level}"))
            for number in range(4):
                name = f"{scene.dice.choice(words.ROOMS)} {level}.{number + 1:02}"
                room = _add_space(scene, site_id, floor, "room", name)
                spaces.append((room, name))
                rooms.append((floor, room, name))
    return spaces, rooms


def _add_space(scene: Scene, site_id: int, parent: int | None, kind: str, name: str) -> int:
    space_id = scene.add(Space, site_id=site_id, parent_id=parent, kind=kind, name=name)
    scene.tell(
        places.SpaceAdded(
            space_id=space_id, space_name=name, kind=kind, site_id=site_id, parent_space_id=parent
        )
    )
    return space_id


def _add_door(
    scene: Scene, site_id: int, letter: str, number: int, floor: int, room: int, name: str
) -> tuple[int, str]:
    """A door with a lock and the cylinder in it; the cylinder's id and number."""
    plate = f"{letter}-{number:03}"
    door_id = scene.add(
        AccessPoint, site_id=site_id, name=name, number=plate, leads_from_id=floor, leads_to_id=room
    )
    scene.tell(
        places.AccessPointAdded(
            access_point_id=door_id,
            access_point_name=name,
            number=plate,
            kind="door",
            site_id=site_id,
            from_space_id=floor,
            to_space_id=room,
            needs_all_locks=False,
        )
    )
    lock_id = add_lock(scene, "Main lock", "mechanical", access_point_id=door_id)
    core = f"Z{letter}{number:04}"
    cylinder_id = scene.add(Cylinder, number=core, is_listed_only=number % 20 == 0)
    scene.tell(
        hardware.CylinderAdded(
            cylinder_id=cylinder_id, number=core, is_listed_only=number % 20 == 0
        )
    )
    scene.spell(Fitting, lock_id=lock_id, cylinder_id=cylinder_id)
    scene.tell(
        hardware.CylinderFitted(
            cylinder_id=cylinder_id,
            number=core,
            lock_id=lock_id,
            lock_name="Main lock",
            access_point_id=door_id,
            container_id=None,
            old_cylinder_id=None,
        )
    )
    scene.later(30)
    return cylinder_id, core


def add_lock(
    scene: Scene,
    name: str,
    kind: str,
    *,
    access_point_id: int | None = None,
    container_id: int | None = None,
) -> int:
    """A lock on a door or container; its id."""
    at = {"access_point_id": access_point_id, "container_id": container_id}
    lock_id = scene.add(Lock, kind=kind, name=name, **at)
    scene.tell(hardware.LockAdded(lock_id=lock_id, lock_name=name, kind=kind, **at))
    return lock_id


def _add_cabinets(
    scene: Scene, site_id: int, letter: str, hooks: int, rooms: list[tuple[int, int, str]]
) -> list[Home]:
    """Five cabinets with `hooks` hooks between them."""
    homes = []
    for number in range(1, 6):
        name = f"Cabinet {letter}{number}"
        container_id = _add_container(scene, site_id, scene.dice.choice(rooms)[1], "cabinet", name)
        labels = tuple(str(hook) for hook in range(1, hooks // 5 + 1))
        for rank, label in enumerate(labels, 1):
            hook = scene.add(Position, container_id=container_id, label=label, rank=rank)
            homes.append(Home(container_id, hook, f"{name} {label}"))
        scene.tell(
            hardware.PositionsAdded(
                container_id=container_id, container_name=name, count=len(labels), labels=labels
            )
        )
    return homes


def _add_container(scene: Scene, site_id: int, space_id: int, kind: str, name: str) -> int:
    container_id = scene.add(Container, site_id=site_id, space_id=space_id, kind=kind, name=name)
    scene.tell(
        hardware.ContainerAdded(
            container_id=container_id,
            container_name=name,
            kind=kind,
            site_id=site_id,
            space_id=space_id,
        )
    )
    return container_id
