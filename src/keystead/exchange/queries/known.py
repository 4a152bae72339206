"""What the register has already, by the names an import finds it under."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Q, QuerySet

from keystead.exchange.planning.records import number_identity
from keystead.hardware.models import IS_OPEN, Code, Container, Fitting, Lock, Position
from keystead.journal.models import Row
from keystead.kernel.text import folded
from keystead.keys.models import Copy, Key, Operates, Ring
from keystead.people.models import Firm, Person
from keystead.places.models import AccessPoint, Site, Space

R = TypeVar("R", bound=Row)


@dataclass(slots=True)
class Known:
    """Ids by name, compared without regard to case and spaces. `pending` is an unfinished import
    whose hidden rows count, too."""

    workspace_id: int
    pending: int | None = None
    sites: dict[str, int] = field(default_factory=dict)
    spaces: dict[tuple[int, int | None, str], int] = field(default_factory=dict)
    points: dict[tuple[int, int | None, str], int] = field(default_factory=dict)
    spaces_at: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    points_at: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    containers: dict[tuple[int, str], int] = field(default_factory=dict)
    positions: dict[tuple[int, str], int] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)
    persons: dict[tuple[str, int | None], int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    rings: dict[str, int] = field(default_factory=dict)
    opens: set[tuple[int, int]] = field(default_factory=set)
    cylinders: dict[int, int] = field(default_factory=dict)
    keypads: dict[tuple[str, int], int] = field(default_factory=dict)
    codes: dict[tuple[int, str], int] = field(default_factory=dict)
    copies: dict[int, set[str]] = field(default_factory=dict)
    taken: dict[int, set[int]] = field(default_factory=dict)

    def load(self) -> "Known":
        """Read everything but copies, which are read key by key."""
        for site in self._rows(Site):
            self.sites.setdefault(folded(site.name), site.pk)
        for space in self._rows(Space):
            name = (space.site_id, space.parent_id, folded(space.name))
            self.spaces.setdefault(name, space.pk)
            if space.pending_import is None and space.retired_at is None:
                at = (space.site_id, folded(space.name))
                self.spaces_at.setdefault(at, set()).add(space.pk)
        for point in self._rows(AccessPoint).filter(retired_at=None):
            self._note_point(point)
            if point.pending_import is None:
                at = (point.site_id, folded(point.name))
                self.points_at.setdefault(at, set()).add(point.pk)
        for box in self._rows(Container).filter(retired_at=None):
            self._note_container(box)
        hooks = self._rows(Position).values_list("container_id", "label", "pk")
        for container_id, label, pk in hooks:
            self.positions.setdefault((container_id, folded(label)), pk)
        self._load_people()
        self._load_keys()
        self._load_codes()
        return self

    def space(self, site_id: int, parent_id: int | None, name: str) -> int | None:
        """The space of this name there. Said of the site alone, it may be anywhere on the site, if
        only one is called so."""
        found = self.spaces.get((site_id, parent_id, folded(name)))
        if found is not None or parent_id is not None:
            return found
        return _only(self.spaces_at.get((site_id, folded(name)), set()))

    def point(self, site_id: int, space_id: int | None, name: str) -> int | None:
        """The access point in use of this name there; said of the site alone, as for spaces."""
        found = self.points.get((site_id, space_id, folded(name)))
        if found is not None or space_id is not None:
            return found
        return _only(self.points_at.get((site_id, folded(name)), set()))

    def note_point(self, point_id: int) -> None:
        """Know an access point that is in use again."""
        self._note_point(self._rows(AccessPoint).get(pk=point_id))

    def note_container(self, container_id: int) -> None:
        """Know a container that is in use again."""
        self._note_container(self._rows(Container).get(pk=container_id))

    def _note_point(self, point: AccessPoint) -> None:
        place = (point.site_id, point.leads_to_id, folded(point.name))
        self.points.setdefault(place, point.pk)

    def _note_container(self, box: Container) -> None:
        self.containers.setdefault((box.site_id, folded(box.name)), box.pk)

    def copies_of(self, key_id: int) -> set[str]:
        """The copies of a key by what is written on them (the mark, else the number)."""
        if key_id not in self.copies:
            self._load_copies([key_id])
        return self.copies[key_id]

    def load_copies(self, labels: Iterable[str]) -> None:
        """Read the copies of the keys with these folded labels in one go."""
        self._load_copies([self.keys[label] for label in labels if label in self.keys])

    def _load_people(self) -> None:
        for firm in self._rows(Firm):
            self.firms.setdefault(folded(firm.name), firm.pk)
        for person in self._rows(Person).filter(left_at=None):
            self.persons.setdefault((folded(person.name), person.firm_id), person.pk)

    def _load_keys(self) -> None:
        labels = self._rows(Key).order_by("-system_id", "pk").values_list("folded", "pk")
        self.keys |= dict(labels)
        for ring in self._rows(Ring):
            self.rings.setdefault(folded(ring.name), ring.pk)
        fitted = self._rows(Fitting).filter(IS_OPEN, lock__access_point__isnull=False)
        points: dict[int, int] = {}
        for cylinder_id, point_id in fitted.values_list("cylinder_id", "lock__access_point_id"):
            points[cylinder_id] = point_id
            self.cylinders.setdefault(point_id, cylinder_id)
        operates = self._rows(Operates).filter(IS_OPEN).values_list("key_id", "cylinder_id")
        self.opens |= {(key, points[cylinder]) for key, cylinder in operates if cylinder in points}

    def _load_codes(self) -> None:
        for lock in self._rows(Lock).filter(kind="keypad", retired_at=None):
            target = (
                ("point", lock.access_point_id)
                if lock.access_point_id
                else ("box", lock.container_id)
            )
            self.keypads.setdefault((target[0], target[1] or 0), lock.pk)
        for code in self._rows(Code).filter(retired_at=None):
            self.codes.setdefault((code.lock_id, folded(code.name)), code.pk)

    def _load_copies(self, key_ids: list[int]) -> None:
        for key_id in key_ids:
            self.copies.setdefault(key_id, set())
            self.taken.setdefault(key_id, set())
        for copy in self._rows(Copy).filter(key_id__in=key_ids).order_by("pk"):
            self.note_copy(copy.key_id, copy.mark or str(copy.number), copy.number)

    def note_copy(self, key_id: int, written: str, number: int) -> None:
        """Remember a copy by what is written on it, and its number as taken."""
        self.copies.setdefault(key_id, set()).add(number_identity(written))
        self.taken.setdefault(key_id, set()).add(number)

    def _rows(self, model: type[R]) -> QuerySet[R]:
        seen = Q(pending_import=None)
        if self.pending is not None:
            seen |= Q(pending_import=self.pending)
        return model.everything.filter(seen, workspace_id=self.workspace_id).order_by("pk")


def _only(ids: set[int]) -> int | None:
    return next(iter(ids)) if len(ids) == 1 else None
