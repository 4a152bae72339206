"""Keys in their hierarchy, the copies cut of them, rings, tags, and codes with their knowers."""

from dataclasses import dataclass

from keystead.custody import facts as custody
from keystead.hardware import facts as hardware
from keystead.hardware.models import Code, Knower
from keystead.kernel.text import folded
from keystead.keys import facts, rules
from keystead.keys.models import Copy, Key, KeySystem, Operates, Ring, RingMember, Tag
from tests.bench.seed import words
from tests.bench.seed.register import Home, PlacedSite, Scene, add_lock
from tests.bench.seed.scales import Scale

SYMBOLS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(slots=True)
class Piece:
    """A copy: its id, what people call it, where it belongs, and on which ring it hangs."""

    id: int
    label: str
    home: Home
    stocked: int
    ring_id: int | None = None


def add_keys(scene: Scene, scale: Scale) -> list[Piece]:
    """One master-key system per site, a fifth as many keys as copies, and all the copies."""
    per_site = -(-scale.copies // len(scene.sites))
    pieces: list[Piece] = []
    for site in scene.sites:
        name = f"System {site.letter}"
        system_id = scene.add(KeySystem, name=name)
        scene.tell(facts.KeySystemAdded(key_system_id=system_id, system_name=name))
        keys = _add_hierarchy(scene, site, system_id, max(12, per_site // 5 - 4))
        keys += [
            _add_key(scene, None, None, "", f"{what} {site.letter}{n}", 8)
            for n, what in enumerate(("Post box", "Van", "Bin store", "Barrier"))
        ]
        pieces += _cut(scene, site, keys, min(per_site, scale.copies - len(pieces)))
    return pieces


def _add_hierarchy(
    scene: Scene, site: PlacedSite, system_id: int, count: int
) -> list[tuple[int, str]]:
    """One grand master, masters of two levels, and keys below that open doors; (id, label)s."""
    top = _add_key(scene, system_id, None, f"GGM{site.letter}", "Grand master", 4)
    groups = [
        _add_key(scene, system_id, top[0], f"{site.letter}{SYMBOLS[g]}", f"Group {g + 1}", 8)
        for g in range(6)
    ]
    keys = [top, *groups]
    for number in range(count - 7):
        above, group = groups[number % 6]
        symbol = f"{group}{number // 6 + 1}"
        key = _add_key(scene, system_id, above, symbol, scene.dice.choice(words.ROOMS), 30)
        for cylinder_id, core in scene.dice.sample(site.cylinders, scene.dice.choice((1, 1, 2, 3))):
            scene.spell(Operates, key_id=key[0], cylinder_id=cylinder_id)
            scene.tell(
                facts.KeyOpens(
                    key_id=key[0], key_label=key[1], cylinder_id=cylinder_id, number=core
                )
            )
        keys.append(key)
        scene.later(20)
    return keys


def _add_key(
    scene: Scene, system_id: int | None, above: int | None, symbol: str, name: str, following: int
) -> tuple[int, str]:
    label = symbol or name
    key_id = scene.add(
        Key,
        system_id=system_id,
        parent_id=above,
        symbol=symbol,
        name=name,
        folded=folded(label),
        next_number=following,
    )
    scene.tell(
        facts.KeyAdded(
            key_id=key_id,
            key_label=label,
            key_name=name,
            kind="metal",
            key_system_id=system_id,
            above_key_id=above,
        )
    )
    return key_id, label


def _cut(scene: Scene, site: PlacedSite, keys: list[tuple[int, str]], count: int) -> list[Piece]:
    """Copies of the keys in turn, three quarters of them with a hook of their own."""
    homes, pieces = iter(site.homes), []
    for index in range(count):
        key_id, key_label = keys[index % len(keys)]
        number = index // len(keys) + 1
        home = next(homes, site.drawer) if index % 4 else site.drawer
        copy_id = scene.add(
            Copy,
            key_id=key_id,
            number=number,
            mark=f"{scene.dice.randrange(10**6):06}" if index % 3 == 0 else "",
            home_container_id=home.container_id,
            home_position_id=home.position_id,
            made_at=scene.clock,
        )
        label = rules.copy_label(key_label, number)
        scene.tell(facts.CopyMade(copy_id=copy_id, copy_label=label, number=number, key_id=key_id))
        pieces.append(Piece(copy_id, label, home, scene.ledger.next))
        _stock(scene, pieces[-1])
        if index % 5 < 3:
            _tag(scene, f"KS{scene.dice.getrandbits(40):010X}", label, copy_id=copy_id)
        scene.later(10)
    return pieces


def _stock(scene: Scene, piece: Piece) -> None:
    scene.tell(
        custody.CopyStocked(
            copy_id=piece.id,
            copy_label=piece.label,
            handling=piece.stocked,
            state="stored",
            reason="",
            container_id=piece.home.container_id,
            position_id=piece.home.position_id,
            person_id=None,
            space_id=None,
            place=piece.home.words,
        )
    )


def _tag(
    scene: Scene, text: str, thing: str, copy_id: int | None = None, ring_id: int | None = None
) -> None:
    tag_id = scene.spell(Tag, text=text, copy_id=copy_id, ring_id=ring_id)
    scene.tell(
        facts.TagAttached(
            tag_id=tag_id,
            thing=thing,
            copy_id=copy_id,
            ring_id=ring_id,
            container_id=None,
            access_point_id=None,
        )
    )


def add_rings(scene: Scene, pieces: list[Piece]) -> list[tuple[int, list[Piece]]]:
    """Rings of four copies, every tenth of them sealed: their ids and what hangs on them."""
    rings = []
    for number in range(1, len(pieces) // 14 + 1):
        hanging = pieces[number * 14 - 14 : number * 14 : 4]
        name, home = f"R{number:04}", hanging[0].home
        seal = f"S{scene.dice.randrange(10**5):05}" if number % 10 == 0 else ""
        ring_id = scene.add(
            Ring,
            name=name,
            is_sealed=bool(seal),
            seal_number=seal,
            home_container_id=home.container_id,
            home_position_id=home.position_id,
        )
        scene.tell(
            facts.RingAdded(ring_id=ring_id, ring_name=name, is_sealed=bool(seal), seal_number=seal)
        )
        for piece in hanging:
            piece.ring_id = ring_id
            scene.spell(RingMember, ring_id=ring_id, copy_id=piece.id)
            scene.tell(
                facts.CopyPutOnRing(
                    copy_id=piece.id, copy_label=piece.label, ring_id=ring_id, ring_name=name
                )
            )
        _tag(scene, f"KR{scene.dice.getrandbits(40):010X}", name, ring_id=ring_id)
        rings.append((ring_id, hanging))
        scene.later(15)
    return rings


def add_codes(scene: Scene) -> None:
    """A keypad on each site's drawer and cabinets, and five people who know each code."""
    for site in scene.sites:
        boxes = sorted({home.container_id for home in site.homes} | {site.drawer.container_id})
        for container_id in boxes:
            lock_id = add_lock(scene, "Keypad", "keypad", container_id=container_id)
            on = {"access_point_id": None, "container_id": container_id}
            name = f"Code of box {container_id}"
            code_id = scene.add(Code, lock_id=lock_id, name=name, changed_at=scene.clock)
            scene.tell(
                hardware.CodeRecorded(
                    code_id=code_id, code_name=name, lock_id=lock_id, changed_at=scene.clock, **on
                )
            )
            for person_id in scene.dice.sample(scene.persons, 5):
                scene.spell(Knower, code_id=code_id, person_id=person_id)
                told = hardware.CodeTold(
                    code_id=code_id, code_name=name, person_id=person_id, occurred_at=None, **on
                )
                scene.tell(told)
