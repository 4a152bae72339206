"""Rebuilding whereabouts from the journal alone. Pure: no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from keystead.custody.rules import Place


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says of a copy: where it is, and until when (ISO texts) if on loan."""

    place: Place
    loan_id: int | None
    due_at: str | None
    review_on: str | None


def whereabouts(bodies: Iterable[Mapping[str, Any]]) -> dict[int, Known]:
    """Where every copy is after these journal entries (decoded, in order), by copy id."""
    found: dict[int, Known] = {}
    imports: dict[int, set[int]] = {}
    for body in bodies:
        fact, name = body["payload"], body["name"]
        if name == "exchange.import-undone":
            for copy_id in imports.pop(fact["import_id"], set()):
                found.pop(copy_id, None)
        elif name == "custody.loan-extended":
            before = found[fact["copy_id"]]
            found[fact["copy_id"]] = Known(
                before.place, before.loan_id, fact["due_at"], fact["review_on"]
            )
        elif "state" in fact and name.startswith("custody."):
            found[fact["copy_id"]] = _known(fact)
            if "import" in body:
                imports.setdefault(body["import"], set()).add(fact["copy_id"])
    return found


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
