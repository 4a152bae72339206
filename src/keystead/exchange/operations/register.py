"""Finding what a planned row names in the register, or adding it: each thing once."""

from collections.abc import Collection, Iterable

from keystead.exchange.planning import records
from keystead.exchange.planning.retired import KINDS
from keystead.exchange.queries.known import Known
from keystead.exchange.queries.retired import RetiredThings
from keystead.hardware import operations as hardware
from keystead.journal.operation import Change
from keystead.kernel.text import folded
from keystead.keys import operations as keys
from keystead.keys.operations.many import note_openings
from keystead.people import operations as people
from keystead.places import operations as places

SPACE_KINDS = {"building", "floor", "flat", "room", "yard", "other"}


class Register:
    """Finds things by name and adds those that are not there, counting what it adds."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.known = Known(change.workspace_id, change.pending_import).load()
        self.keys_made = 0
        self.persons_made = 0
        self._openings: list[tuple[int, int]] = []
        self._retired = RetiredThings(change.workspace_id).ids

    def bring_back(self, names: Collection[str]) -> None:
        """Use these retired things again (kind and identity), what holds others first."""
        for name in sorted(names, key=lambda n: (KINDS.index(n.partition(":")[0]), len(n))):
            row_id = self._retired.pop(name, None)
            if row_id is not None:
                self._bring_back(name.partition(":")[0], row_id, is_site=" › " not in name)

    def _bring_back(self, kind: str, row_id: int, *, is_site: bool) -> None:
        if kind == "key":
            keys.bring_back_key(self.change, key_id=row_id)
        elif kind == "ring":
            keys.bring_back_ring(self.change, ring_id=row_id)
        elif kind == "container":
            hardware.bring_back_container(self.change, container_id=row_id)
            self.known.note_container(row_id)
        elif kind == "door":
            places.bring_back_access_point(self.change, access_point_id=row_id)
            self.known.note_point(row_id)
        elif is_site:
            places.bring_back_site(self.change, site_id=row_id)
        else:
            places.bring_back_space(self.change, space_id=row_id)
        if self.change.seen is not None:
            self.change.seen.clear()  # it may keep rows as they were before

    def site(self, name: str) -> int:
        """The site of this name."""
        mark = folded(name)
        if mark not in self.known.sites:
            self.known.sites[mark] = places.add_site(self.change, name=name)
        return self.known.sites[mark]

    def place(self, path: tuple[str, ...], kinds: dict[str, str]) -> tuple[int, int | None]:
        """The site and the innermost space of a path; `kinds` by the identity of each space."""
        site_id, space_id = self.site(path[0]), None
        for depth, name in enumerate(path[1:], 2):
            found = self.known.space(site_id, space_id, name)
            if found is None:
                kind = kinds.get(records.path_identity(path[:depth]), "room")
                found = self.known.spaces[site_id, space_id, folded(name)] = places.add_space(
                    self.change,
                    site_id=site_id,
                    name=name,
                    kind=kind if kind in SPACE_KINDS else "other",
                    parent_id=space_id,
                )
            space_id = found
        return site_id, space_id

    def point(self, point: records.AccessPoint, kinds: dict[str, str]) -> int:
        """The access point, leading into its space."""
        site_id, space_id = self.place(point.path, kinds)
        found = self.known.point(site_id, space_id, point.name)
        if found is None:
            found = self.known.points[site_id, space_id, folded(point.name)] = (
                places.add_access_point(
                    self.change,
                    site_id=site_id,
                    name=point.name,
                    kind=point.kind,
                    leads_to_id=space_id,
                )
            )
        return found

    def container(self, box: records.Container, kinds: dict[str, str]) -> int:
        """The container, in its space if one is known."""
        site_id, space_id = self.place(box.path, kinds)
        mark = (site_id, folded(box.name))
        if mark not in self.known.containers:
            self.known.containers[mark] = hardware.add_container(
                self.change, site_id=site_id, name=box.name, kind=box.kind, space_id=space_id
            )
        return self.known.containers[mark]

    def add_hooks(self, homes: Iterable[tuple[records.Home, dict[str, str]]]) -> None:
        """Add the hooks that are not there yet, those of one container in one go."""
        missing: dict[int, dict[str, str]] = {}
        for home, kinds in homes:
            container_id, mark = self.container(home.container, kinds), folded(home.position)
            if home.position and (container_id, mark) not in self.known.positions:
                missing.setdefault(container_id, {}).setdefault(mark, home.position)
        for container_id, labels in missing.items():
            ids = hardware.add_positions(
                self.change, container_id=container_id, labels=list(labels.values())
            )
            self.known.positions |= {
                (container_id, mark): hook for mark, hook in zip(labels, ids, strict=True)
            }

    def home(self, home: records.Home, kinds: dict[str, str]) -> tuple[int, int | None]:
        """Container and hook."""
        container_id = self.container(home.container, kinds)
        if not home.position:
            return container_id, None
        mark = (container_id, folded(home.position))
        if mark not in self.known.positions:
            (hook,) = hardware.add_positions(
                self.change, container_id=container_id, labels=[home.position]
            )
            self.known.positions[mark] = hook
        return container_id, self.known.positions[mark]

    def person(self, holder: records.Holder) -> int:
        """The person, role or firm that holds, as a person of the register."""
        firm = holder.name if holder.kind is records.HolderKind.FIRM else holder.firm
        firm_id = self._firm(firm) if firm else None
        mark = (folded(holder.name), firm_id)
        if mark not in self.known.persons:
            self.known.persons[mark] = people.add_person(
                self.change, name=holder.name, firm_id=firm_id, department=holder.department
            )
            self.persons_made += 1
        return self.known.persons[mark]

    def _firm(self, name: str) -> int:
        mark = folded(name)
        if mark not in self.known.firms:
            self.known.firms[mark] = people.add_firm(self.change, name=name)
        return self.known.firms[mark]

    def key(self, key: records.Key) -> int:
        """The key, by its label."""
        if key.identity not in self.known.keys:
            self.known.keys[key.identity] = keys.add_key(
                self.change, symbol=key.symbol, name=key.name, kind=key.kind
            )
            self.known.copies[self.known.keys[key.identity]] = set()
            self.keys_made += 1
        return self.known.keys[key.identity]

    def note_opens(self, key_id: int, point_id: int) -> None:
        """Note that a key opens an access point, unless that is known; `write_openings` does."""
        if (key_id, point_id) in self.known.opens:
            return
        self.known.opens.add((key_id, point_id))
        self._openings.append((key_id, point_id))

    def write_openings(self) -> None:
        """Write the openings noted so far."""
        self.known.cylinders |= note_openings(self.change, self._openings, self.known.cylinders)
        self._openings = []

    def ring(self, ring: records.Ring) -> int:
        """The ring, by its number."""
        if ring.identity not in self.known.rings:
            self.known.rings[ring.identity] = keys.add_ring(self.change, name=ring.name)
        return self.known.rings[ring.identity]

    def code(self, code: records.CodeFound, kinds: dict[str, str]) -> None:
        """Seal a code for the lock it opens, and note who knows it. A known code stays."""
        lock_id = self._keypad(code, kinds)
        name = code.word[:1].upper() + code.word[1:]
        mark = (lock_id, folded(name))
        if mark not in self.known.codes:
            self.known.codes[mark] = hardware.record_code(
                self.change, lock_id=lock_id, name=name, value=code.value
            )
        for knower in code.knowers:
            hardware.note_code_told(
                self.change, code_id=self.known.codes[mark], person_id=self.person(knower)
            )

    def _keypad(self, code: records.CodeFound, kinds: dict[str, str]) -> int:
        if code.container is not None:
            target, name = ("box", self.container(code.container, kinds)), code.container.name
        elif code.access_point is not None:
            target, name = ("point", self.point(code.access_point, kinds)), code.access_point.name
        else:
            raise ValueError("a code that opens nothing")
        if target not in self.known.keypads:
            self.known.keypads[target] = hardware.add_lock(
                self.change,
                name=name,
                kind="keypad",
                access_point_id=target[1] if target[0] == "point" else None,
                container_id=target[1] if target[0] == "box" else None,
            )
        return self.known.keypads[target]
