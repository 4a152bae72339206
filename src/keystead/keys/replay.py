"""Rebuilding marks and homes from the journal alone. Pure: no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Home = tuple[int | None, int | None]
"""Container and position where a thing belongs; None: nowhere in particular."""

NOWHERE: Home = (None, None)


@dataclass(slots=True)
class Details:
    """The journal told entry by entry: what is stamped on copies, and where things belong."""

    marks: dict[int, str] = field(default_factory=dict)
    homes: dict[int, Home] = field(default_factory=dict)
    ring_homes: dict[int, Home] = field(default_factory=dict)
    _imports: dict[int, list[tuple[str, int]]] = field(default_factory=dict)

    def take(self, body: Mapping[str, Any]) -> None:
        """Be told the next entry (decoded)."""
        fact, name = body["payload"], body["name"]
        if name in ("keys.copy-made", "keys.copy-changed"):
            self.marks[fact["copy_id"]] = fact["mark"]
            self.homes[fact["copy_id"]] = _home(fact)
        elif name in ("keys.ring-added", "keys.ring-changed"):
            self.ring_homes[fact["ring_id"]] = _home(fact)
        elif name == "hardware.container-retired":
            for homes in (self.homes, self.ring_homes):
                _forget(homes, fact["container_id"])
        elif name == "exchange.import-undone":
            for kind, thing_id in self._imports.pop(fact["import_id"], []):
                self.marks.pop(thing_id if kind == "copy" else 0, None)
                (self.homes if kind == "copy" else self.ring_homes).pop(thing_id, None)
        if "import" in body and name in ("keys.copy-made", "keys.ring-added"):
            kind = "copy" if name == "keys.copy-made" else "ring"
            made = self._imports.setdefault(body["import"], [])
            made.append((kind, fact[f"{kind}_id"]))


def details(bodies: Iterable[Mapping[str, Any]]) -> Details:
    """Marks and homes after these journal entries (decoded, in order)."""
    found = Details()
    for body in bodies:
        found.take(body)
    return found


def _home(fact: Mapping[str, Any]) -> Home:
    return fact["home_container_id"], fact["home_position_id"]


def _forget(homes: dict[int, Home], container_id: int) -> None:
    for thing_id, home in homes.items():
        if home[0] == container_id:
            homes[thing_id] = NOWHERE
