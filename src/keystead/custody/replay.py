"""Rebuilding whereabouts from the journal alone. Pure: no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from keystead.custody.rules import Place


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says of a copy: where it is, and until when (ISO texts) if on loan."""

    place: Place
    loan_id: int | None
    due_at: str | None
    review_on: str | None


@dataclass(slots=True)
class Replay:
    """The journal told entry by entry: where every copy is, and which entry said so last."""

    known: dict[int, Known] = field(default_factory=dict)
    said_in: dict[int, int] = field(default_factory=dict)
    _imports: dict[int, set[int]] = field(default_factory=dict)

    def take(self, body: Mapping[str, Any]) -> None:
        """Be told the next entry (decoded)."""
        fact, name = body["payload"], body["name"]
        if name == "exchange.import-undone":
            for copy_id in self._imports.pop(fact["import_id"], set()):
                self.known.pop(copy_id, None)
        elif name == "custody.loan-extended":
            before = self.known[fact["copy_id"]]
            extended = Known(before.place, before.loan_id, fact["due_at"], fact["review_on"])
            self._say(body, extended)
        elif "state" in fact and name.startswith("custody."):
            self._say(body, _known(fact))
            if "import" in body:
                self._imports.setdefault(body["import"], set()).add(fact["copy_id"])

    def _say(self, body: Mapping[str, Any], known: Known) -> None:
        copy_id = body["payload"]["copy_id"]
        self.known[copy_id] = known
        self.said_in[copy_id] = body["sequence"]


def whereabouts(bodies: Iterable[Mapping[str, Any]]) -> dict[int, Known]:
    """Where every copy is after these journal entries (decoded, in order), by copy id."""
    replay = Replay()
    for body in bodies:
        replay.take(body)
    return replay.known


def _known(fact: Mapping[str, Any]) -> Known:
    place = Place(
        fact["state"],
        fact["reason"],
        fact["container_id"],
        fact["position_id"],
        fact["person_id"],
        fact["space_id"],
    )
    if place.state != "held":
        return Known(place, None, None, None)
    return Known(place, fact.get("loan_id"), fact.get("due_at"), fact.get("review_on"))
