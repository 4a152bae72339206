"""Reading incidents, and the notes left at returns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from keystead.custody.models import Incident, Stay
from keystead.journal.orders import Order, Spot
from keystead.journal.rows import visible
from keystead.kernel.actor import Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.words import said as _
from keystead.keys import rules as key_rules
from keystead.keys.models import Copy

INCIDENTS = Order("-opened_at", "-pk=id")
"""How incidents are sorted."""


@dataclass(frozen=True, slots=True)
class LastNote:
    """What was noted at the last return of a copy, for the next taker.

    `left_at` is where the thing stands, `meter` what its meter showed; empty: not said.
    """

    text: str
    at: datetime
    left_at: str = ""
    meter: str = ""


def last_notes(actor: Actor, copy_ids: Iterable[int]) -> dict[int, LastNote]:
    """The note of each copy's latest ended loan, if there was one, by copy id."""
    # Copy by copy: each look-up reads one row of the index, however often a copy was out.
    ended = Stay.objects.filter(
        workspace_id=actor.workspace_id,
        copy_id=OuterRef("pk"),
        superseded_seq=None,
        loan__back_at__isnull=False,
    ).order_by("-valid_from", "-pk")
    rows = (
        visible(actor, Copy)
        .filter(pk__in=list(copy_ids))
        .annotate(
            note=Subquery(ended.values("loan__return_note__text")[:1]),
            left_at=Subquery(ended.values("loan__left_at__text")[:1]),
            meter=Subquery(ended.values("loan__meter__text")[:1]),
            noted_at=Subquery(ended.values("loan__back_at")[:1]),
        )
    )
    found = rows.values_list("pk", "note", "noted_at", "left_at", "meter")
    return {
        copy_id: LastNote(text or "", at, left_at or "", meter or "")
        for copy_id, text, at, left_at, meter in found
        if text or left_at or meter
    }


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident: what happened to which thing, who had it last, whether it is settled."""

    id: int
    kind: str
    copy_id: int | None
    copy_label: str | None
    key_id: int | None
    ring_id: int | None
    ring_name: str | None
    last_holder_id: int | None
    last_holder: str | None
    is_critical: bool
    note: str | None
    opened_at: datetime
    happened_at: datetime | None
    closed_at: datetime | None
    close_note: str | None


def incidents(
    actor: Actor,
    *,
    open_only: bool = True,
    settled_only: bool = False,
    copy_id: int | None = None,
    copy_ids: Iterable[int] | None = None,
    incident_id: int | None = None,
    person_id: int | None = None,
    kind: str | None = None,
    after: Spot | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[IncidentView]:
    """Incidents, newest first; `settled_only` goes before `open_only`."""
    rows = visible(actor, Incident)
    if settled_only:
        rows = rows.filter(closed_at__isnull=False)
    elif open_only:
        rows = rows.filter(closed_at=None)
    if copy_id is not None:
        rows = rows.filter(copy_id=copy_id)
    if copy_ids is not None:
        rows = rows.filter(copy_id__in=list(copy_ids))
    if incident_id is not None:
        rows = rows.filter(pk=incident_id)
    if person_id is not None:
        rows = rows.filter(last_holder_id=person_id)
    rows = rows.select_related("copy__key", "ring", "last_holder", "note", "close_note")
    if kind is not None:
        rows = rows.filter(kind=kind)
    newest = INCIDENTS.page(rows, after=after, limit=limit, offset=offset)
    return [_incident_view(row) for row in newest]


def _incident_view(row: Incident) -> IncidentView:
    copy = row.copy
    return IncidentView(
        row.pk,
        row.kind,
        row.copy_id,
        key_rules.copy_label(copy.key.label, copy.number) if copy else None,
        copy.key_id if copy else None,
        row.ring_id,
        row.ring.name if row.ring else None,
        row.last_holder_id,
        row.last_holder.name if row.last_holder else None,
        row.is_critical,
        row.note.text if row.note else None,
        row.opened_at,
        row.happened_at,
        row.closed_at,
        row.close_note.text if row.close_note else None,
    )


def incident(actor: Actor, incident_id: int) -> IncidentView:
    """One incident. Raises NotFound."""
    for view in incidents(actor, open_only=False, incident_id=incident_id):
        return view
    raise NotFound(_("There is no such incident."), incident_id=incident_id)
