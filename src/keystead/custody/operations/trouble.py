"""Lost, stolen, found, damaged, and what was typed in later."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from keystead.custody import errors, facts, rules
from keystead.custody.models import Incident, Stay
from keystead.custody.operations import moving
from keystead.journal import reach
from keystead.journal.operation import Change, RemarkRef, operation
from keystead.journal.rows import one, within
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.keys.models import Copy, Ring
from keystead.people import queries as people


def open_incident(
    change: Change,
    kind: str,
    *,
    copy: Copy | None = None,
    ring: Ring | None = None,
    note: str | None = None,
    is_critical: bool = False,
    last_holder_id: int | None = None,
) -> int:
    """Open an incident in this change and tell it; returns its id."""
    remark = change.remark(note)
    incident = Incident.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        kind=kind,
        copy=copy,
        ring=ring,
        last_holder_id=last_holder_id,
        is_critical=is_critical,
        note_id=remark.remark_id if remark else None,
        opened_at=change.at,
    )
    change.record(
        facts.IncidentOpened(
            incident_id=incident.pk,
            kind=kind,
            thing=moving.label_of(copy) if copy else str(ring),
            copy_id=copy.pk if copy else None,
            ring_id=ring.pk if ring else None,
            last_person_id=last_holder_id,
            is_critical=is_critical,
            **moving.remark_fields("note", remark),
        )
    )
    return incident.pk


ABSENCES = (*rules.MISSING_KINDS, "missing-part")
"""Kinds of incident that end when the copy turns up, or is known to be gone."""


def settle_absence(change: Change, copy: Copy, remark: RemarkRef | None) -> int | None:
    """Settle what was open because a copy was not there; returns the latest such incident."""
    rows = within(change, Incident).filter(copy=copy, closed_at=None, kind__in=ABSENCES)
    latest = None
    for incident in rows.order_by("pk"):
        latest = incident.pk
        _settle(change, incident, remark)
    return latest


def _close(change: Change, incident: Incident, remark: RemarkRef | None) -> None:
    incident.closed_at = change.at
    incident.close_note_id = remark.remark_id if remark else None
    incident.save(update_fields=["closed_at", "close_note"])


def _require_own(
    change: Change, stays: dict[int, Stay], ring_of: Mapping[int, int] = MappingProxyType({})
) -> None:
    """Who may not hand out keys may speak only about copies they hold themselves.

    Who hands out keys at some sites may speak about the copies of these sites, too.
    """
    may_hand_out = change.granted.scope(Right.HAND_OUT)
    if may_hand_out.is_everything:
        return
    own = people.own_person_id(change.actor)
    others = [copy_id for copy_id, s in stays.items() if own is None or s.person_id != own]
    rings = [ring_of[copy_id] for copy_id in others if copy_id in ring_of]
    singly = [copy_id for copy_id in others if copy_id not in ring_of]
    place = (change.workspace_id, may_hand_out, change.sight)
    reach.require_whole(within(change, Ring), rings, "ring", *place)
    reach.require_whole(within(change, Copy), singly, "copy", *place)


def _chosen(change: Change, copy_ids: Sequence[int], ring_ids: Sequence[int]) -> moving.Chosen:
    """The copies meant; whoever may not see the register learns nothing of an empty ring."""
    try:
        return moving.choose(change, copy_ids, ring_ids)
    except errors.RingIsEmpty:
        may_hand_out = change.granted.scope(Right.HAND_OUT)
        if may_hand_out.is_everything:
            raise
        place = (change.workspace_id, may_hand_out, change.sight)
        reach.require_whole(within(change, Ring), ring_ids, "ring", *place)
        raise


@operation(Right.REPORT)
def report_missing(
    change: Change,
    *,
    copy_ids: Sequence[int] = (),
    ring_ids: Sequence[int] = (),
    kind: str = "lost",
    note: str,
    happened_at: datetime | None = None,
) -> list[int]:
    """Report copies as lost, stolen or unaccounted; returns the incidents' ids.

    `note` says who noticed, when and where, and is required. `happened_at` (aware) is a claim.
    From now on the copies cannot be handed out; the last holder stays on record.
    """
    if kind not in rules.MISSING_KINDS:
        raise Invalid(_("Choose lost, stolen or unaccounted."), field="kind")
    if not note.strip():
        raise Invalid(_("Say who noticed it, when and where."), field="note")
    moving.require_past(change, happened_at)
    chosen = _chosen(change, copy_ids, ring_ids)
    stays = moving.open_stays(change, chosen.copy_ids)
    _require_own(change, stays, chosen.ring_of)
    gone = {copy_id for copy_id, stay in stays.items() if stay.state == "destroyed"}
    for copy_id in gone.intersection(copy_ids):
        label = moving.label_of(stays[copy_id].copy)
        raise errors.CopyIsGone(_("%(label)s was destroyed.", label=label), copy_id=copy_id)
    place = rules.Place("missing", kind)
    going = [stay for c, stay in stays.items() if c not in gone and moving.place_of(stay) != place]
    if not going:
        return change.unchanged([])
    remark, handling = change.remark(note), change.sequence
    return [_lose(change, stay, place, handling, remark, happened_at) for stay in going]


def _lose(
    change: Change,
    stay: Stay,
    place: rules.Place,
    handling: int,
    remark: RemarkRef | None,
    happened_at: datetime | None,
) -> int:
    before = (
        within(change, Incident)
        .filter(copy=stay.copy, closed_at=None, kind__in=rules.MISSING_KINDS)
        .first()
    )
    last_holder_id = stay.person_id or (before.last_holder_id if before else None)
    if before is not None:
        _settle(change, before, None)
    moving.end(change, stay)
    moving.begin(change, stay.copy_id, place, handling)
    incident = Incident.everything.create(
        workspace_id=change.workspace_id,
        pending_import=change.pending_import,
        kind=place.reason,
        copy=stay.copy,
        last_holder_id=last_holder_id,
        is_critical=True,
        note_id=remark.remark_id if remark else None,
        opened_at=change.at,
        happened_at=happened_at,
    )
    change.record(
        facts.CopyMissing(
            **moving.moved(stay.copy, place, "", handling),
            incident_id=incident.pk,
            last_person_id=last_holder_id,
            happened_at=happened_at,
            **moving.remark_fields("note", remark),
        )
    )
    return incident.pk


@operation(Right.HAND_OUT, per_site=True)
def report_found(
    change: Change,
    *,
    copy_id: int,
    note: str | None = None,
    person_id: int | None = None,
    container_id: int | None = None,
    position_id: int | None = None,
    review_on: date | None = None,
) -> None:
    """Note that a missing copy turned up: with a person, or back in stock (default).

    With a person it is out again, open-ended until `review_on`. Not missing: nothing changes.
    """
    stay = moving.open_stays(change, [copy_id])[copy_id]
    if stay.state not in {"missing", "destroyed"}:
        return change.unchanged(None)
    if person_id is not None:
        place, words = moving.held_by(change, person_id, None, newly=True)
    elif container_id is not None:
        place, words = moving.stored_at(change, container_id, position_id)
    else:
        place, words = moving.home_of(change, stay.copy, None)
    remark, handling = change.remark(note), change.sequence
    incident = settle_absence(change, stay.copy, remark)
    moving.end(change, stay)
    new = moving.begin(change, copy_id, place, handling)
    loan, agreed = None, rules.Period(None, None)
    if person_id is not None:
        found = rules.period(change.at, None, review_on)
        if isinstance(found, str):
            raise errors.BadPeriod(found, field="review_on")
        agreed = found
        loan = moving.lend(change, new, agreed)
    change.record(
        facts.CopyFound(
            **moving.moved(stay.copy, place, words, handling),
            incident_id=incident,
            loan_id=loan.pk if loan else None,
            due_at=agreed.due_at,
            review_on=agreed.review_on,
            **moving.remark_fields("note", remark),
        )
    )
    return None


@operation(Right.REPORT)
def report_damaged(change: Change, *, copy_id: int, note: str, is_critical: bool = False) -> int:
    """Report a fault of a copy; a critical one blocks handing it out. Returns the incident's id."""
    if not note.strip():
        raise Invalid(_("Say what is wrong with it."), field="note")
    stays = moving.open_stays(change, [copy_id])
    _require_own(change, stays)
    stay = stays[copy_id]
    return open_incident(
        change,
        "damaged",
        copy=stay.copy,
        note=note,
        is_critical=is_critical,
        last_holder_id=stay.person_id,
    )


@operation(Right.HAND_OUT, per_site=True)
def close_incident(change: Change, *, incident_id: int, note: str | None = None) -> None:
    """Settle an incident. A loss is settled only by finding or destroying the copy."""
    incident = one(change, Incident, incident_id, "incident")
    if incident.closed_at is not None:
        return change.unchanged(None)
    if incident.kind in rules.MISSING_KINDS and incident.copy_id is not None:
        stay = moving.open_stays(change, [incident.copy_id])[incident.copy_id]
        if stay.state == "missing":
            raise errors.CopyIsMissing(
                _("This copy is still missing. Record that it was found or destroyed."),
                copy_id=incident.copy_id,
            )
    _settle(change, incident, change.remark(note))
    return None


def _settle(change: Change, incident: Incident, remark: RemarkRef | None) -> None:
    _close(change, incident, remark)
    copy, ring = incident.copy, incident.ring
    change.record(
        facts.IncidentClosed(
            incident_id=incident.pk,
            kind=incident.kind,
            thing=moving.label_of(copy) if copy else str(ring),
            copy_id=incident.copy_id,
            ring_id=incident.ring_id,
            **moving.remark_fields("note", remark),
        )
    )


@operation(Right.HAND_OUT, per_site=True)
def record_past_loan(
    change: Change,
    *,
    copy_id: int,
    person_id: int | None = None,
    space_id: int | None = None,
    from_at: datetime,
    until_at: datetime,
    purpose: str | None = None,
) -> int:
    """Type in a loan that began and ended in the past (both aware); returns the loan's id.

    It must fall where the log says the copy was in stock or missing; otherwise AlreadyRecorded.
    """
    for moment, field in ((from_at, "from_at"), (until_at, "until_at")):
        if moment.tzinfo is None or moment > change.at:
            raise Invalid(_("A later entry speaks about the past."), field=field)
    if from_at >= until_at:
        raise Invalid(_("It came back before it went out."), field="until_at")
    place, words = moving.held_by(change, person_id, space_id)
    around = _stay_around(change, copy_id, from_at, until_at)
    remark = change.remark(purpose)
    spells = rules.splice(
        [rules.Spell(moving.place_of(around), around.valid_from, around.valid_to)],
        place,
        from_at,
        until_at,
    )
    number = change.sequence
    around.superseded_seq = number
    around.save(update_fields=["superseded_seq"])
    loan_id = 0
    for spell in spells:
        is_new = spell.place == place
        stay = moving.begin(
            change,
            copy_id,
            spell.place,
            number if is_new else around.handling,
            since=spell.start,
            until=spell.end,
        )
        if not is_new and not around.is_late:
            stay.is_late = False
            stay.save(update_fields=["is_late"])
        if is_new:
            loan = moving.lend(change, stay, rules.Period(until_at, None), purpose=remark)
            loan.back_at = until_at
            loan.save(update_fields=["back_at"])
            loan_id = loan.pk
    change.record(
        facts.PastLoanRecorded(
            copy_id=copy_id,
            copy_label=moving.label_of(around.copy),
            person_id=person_id,
            space_id=space_id,
            place=words,
            loan_id=loan_id,
            from_at=from_at,
            until_at=until_at,
            **moving.remark_fields("purpose", remark),
        )
    )
    return loan_id


def _stay_around(change: Change, copy_id: int, from_at: datetime, until_at: datetime) -> Stay:
    moving.open_stays(change, [copy_id])
    rows = within(change, Stay).filter(
        copy_id=copy_id, superseded_seq=None, valid_from__lte=from_at
    )
    stay = rows.select_related("copy__key").order_by("-valid_from", "-pk").first()
    covers = stay is not None and (stay.valid_to is None or stay.valid_to >= until_at)
    if stay is None or not covers or stay.state in {"held", "destroyed"}:
        raise errors.AlreadyRecorded(
            _("The log already says something else about that time. Look at the copy's story."),
            copy_id=copy_id,
        )
    return stay
