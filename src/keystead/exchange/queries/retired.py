"""What is out of use, by the names an import finds it under."""

from collections.abc import Iterable
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from keystead.exchange.planning.plans import Plan
from keystead.exchange.planning.records import number_identity, path_identity
from keystead.exchange.planning.retired import Retired, name_of
from keystead.hardware.models import Container
from keystead.journal.models import Row, Visible, Workspace
from keystead.journal.operation import require
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.kernel.text import folded
from keystead.keys.models import Copy, Key, Ring
from keystead.places.models import AccessPoint, Site, Space

R = TypeVar("R", bound=Row)
Thing = Site | Space | AccessPoint | Container | Key | Ring
Paths = dict[int, tuple[str, ...]]


class RetiredThings:
    """Ids of retired things by name, and since which day of the workspace they are so.

    A thing with a namesake in use is left out: the import finds that one.
    """

    def __init__(self, workspace_id: int) -> None:
        """Read them; there are few."""
        self.workspace_id = workspace_id
        self.ids: dict[str, int] = {}
        self.since: dict[str, str] = {}
        zone = Workspace.objects.values_list("time_zone", flat=True).get(pk=workspace_id)
        self._zone = ZoneInfo(zone)
        self._read_places()
        for box in self._retired(Container.objects).select_related("site"):
            self._note("container", path_identity((box.site.name, box.name)), box)
        for ring in self._retired(Ring.objects):
            self._note("ring", folded(ring.name), ring)
        self._read_keys()

    def _read_places(self) -> None:
        for site in self._retired(Site.objects):
            self._note("place", path_identity((site.name,)), site)
        spaces = list(self._retired(Space.objects))
        doors = list(self._retired(AccessPoint.objects).select_related("site"))
        if not spaces and not doors:
            return
        paths = self._paths()
        for space in spaces:
            self._note("place", path_identity(paths[space.pk]), space)
        used = AccessPoint.objects.filter(workspace_id=self.workspace_id, retired_at=None)
        in_use = {
            (site, space, folded(name))
            for site, space, name in used.values_list("site_id", "leads_to_id", "name")
        }
        for door in doors:
            if (door.site_id, door.leads_to_id, folded(door.name)) not in in_use:
                above = paths.get(door.leads_to_id or 0, (door.site.name,))
                self._note("door", path_identity((*above, door.name)), door)

    def _read_keys(self) -> None:
        """Where several systems have a key of this label, the one an import finds decides."""
        labels = set(self._retired(Key.objects).values_list("folded", flat=True))
        rows = Key.objects.filter(workspace_id=self.workspace_id, folded__in=labels)
        found = {key.folded: key for key in rows.order_by("-system_id", "pk")}
        for label, key in found.items():
            self._note("key", label, key)

    def _paths(self) -> Paths:
        """Site and spaces down to each space, by its id."""
        rows = Space.objects.filter(workspace_id=self.workspace_id).select_related("site")
        spaces = {space.pk: space for space in rows}
        found: Paths = {}
        for pk, space in spaces.items():
            path, above = [space.name], space.parent_id
            while above is not None and above in spaces:
                path.append(spaces[above].name)
                above = spaces[above].parent_id
            found[pk] = (space.site.name, *reversed(path))
        return found

    def _retired(self, manager: Visible[R]) -> QuerySet[R]:
        rows = manager.filter(workspace_id=self.workspace_id, retired_at__isnull=False)
        return rows.order_by("pk")

    def _note(self, kind: str, identity: str, row: Thing) -> None:
        if row.retired_at is not None:
            self.ids[name_of(kind, identity)] = row.pk
            day = row.retired_at.astimezone(self._zone).date()
            self.since[name_of(kind, identity)] = day.isoformat()


def retired_for(actor: Actor, plan: Plan) -> Retired:
    """What is out of use, with the copies on the register of the keys that a plan names."""
    require(actor, Right.IMPORT)
    things = RetiredThings(actor.workspace_id)
    if not things.since:
        return Retired()
    return Retired(things.since, _copies(actor.workspace_id, {key.identity for key in plan.keys}))


def _copies(workspace_id: int, labels: Iterable[str]) -> dict[str, frozenset[str]]:
    wanted = set(labels)
    found: dict[str, set[str]] = {}
    rows = Copy.objects.filter(workspace_id=workspace_id).order_by("pk")
    for label, mark, number in rows.values_list("key__folded", "mark", "number"):
        if label in wanted:
            found.setdefault(label, set()).add(number_identity(mark or str(number)))
    return {label: frozenset(numbers) for label, numbers in found.items()}
