"""Noting what people should know, and bringing it to them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from keystead.custody import facts as custody_facts
from keystead.journal import facts as journal_facts
from keystead.journal import feed
from keystead.journal import queries as journal
from keystead.journal.models import Entry
from keystead.journal.operation import Change, operation
from keystead.journal.rows import apply, one, require_version, within
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.rights import Right
from keystead.notify import facts, looking, queries, rules
from keystead.notify.looking import READER
from keystead.notify.models import Delivery, Notice, Said, Schedule
from keystead.notify.rules import Wanted
from keystead.people import queries as people

OLDEST = timedelta(days=3)
"""What happened longer ago than this is no news when the worker begins, or begins again."""
FAILURES = {
    journal_facts.CheckpointFailed.name: rules.CHECKPOINT,
    journal_facts.BreakFound.name: rules.CHECKPOINT,
}
"""Facts that owners are told of, by name, and the kind of the notice."""


def tell_owners_of(facts: Mapping[str, str]) -> None:
    """Handed in at start-up by the contexts whose failures people should hear of."""
    if unknown := set(facts.values()) - {rules.CHECKPOINT, rules.BACKUP}:
        raise ValueError(f"There is no such kind of notice: {unknown}")
    FAILURES.update(facts)


@operation(Right.RUN)
def look_around(change: Change) -> int:
    """Note who should know what now, and what is over; returns how many notices are new.

    What is due soon or late is looked up; losses, finds and failures are read from the journal
    since the last time. Whoever has a notice already gets no second one about the same.
    """
    managers = queries.managers(change.actor)
    wanted = looking.about_loans(change.actor, change.at, managers)
    _end_what_is_over(change, wanted)
    return _make(change, [*wanted, *_news(change, managers)])


def _end_what_is_over(change: Change, wanted: Sequence[Wanted]) -> None:
    """Notices about loans that came back or were extended, and about settled losses."""
    if over := looking.over(change.actor, wanted):
        within(change, Notice).filter(pk__in=over).update(over_at=change.at)
    looking.settled(change.actor).update(over_at=change.at)


def _news(change: Change, managers: Sequence[int]) -> list[Wanted]:
    """What the journal tells since it was read last."""
    found: list[Wanted] = []
    feed.begin(change.workspace_id, READER, not_before=change.at - OLDEST)

    def handle(entry: Entry) -> None:
        if entry.at >= change.at - OLDEST:
            found.extend(_told_by(change, entry, managers))

    while feed.advance(change.workspace_id, READER, handle, limit=500) == 500:
        pass
    return found


def _told_by(change: Change, entry: Entry, managers: Iterable[int]) -> list[Wanted]:
    """The notices an entry calls for."""
    payload = json.loads(entry.body)["payload"]
    if entry.name == custody_facts.CopyMissing.name:
        told = {*managers, *_person(payload["last_person_id"])}
        incident_id, copy_id = payload["incident_id"], payload["copy_id"]
        return [
            Wanted(who, rules.LOST, f"incident:{incident_id}", copy_id, incident_id=incident_id)
            for who in sorted(told)
        ]
    if entry.name == custody_facts.CopyFound.name:
        subject = f"entry:{entry.sequence}"
        return [Wanted(p, rules.FOUND, subject, payload["copy_id"]) for p in sorted(managers)]
    if entry.name in FAILURES:
        return _failed(change, FAILURES[entry.name], f"entry:{entry.sequence}")
    return []


def _failed(change: Change, kind: str, subject: str) -> list[Wanted]:
    owners = [m.person_id for m in people.members(change.actor) if m.role == "owner"]
    return [Wanted(person_id, kind, subject) for person_id in owners]


def _person(person_id: int | None) -> set[int]:
    return set() if person_id is None else {person_id}


@operation(Right.RUN)
def note_failures(change: Change) -> int:
    """Tell the owners of every workspace what failed on the installation since the last time."""
    found: list[tuple[str, int]] = []
    feed.begin(INSTALLATION, READER, not_before=change.at - OLDEST)

    def handle(entry: Entry) -> None:
        if entry.name in FAILURES:
            found.append((FAILURES[entry.name], entry.sequence))

    while feed.advance(INSTALLATION, READER, handle, limit=500) == 500:
        pass
    return change.unchanged(_tell_owners(change, found) if found else 0)


def _tell_owners(change: Change, failures: Sequence[tuple[str, int]]) -> int:
    count = 0
    for workspace in journal.workspaces():
        if workspace.id == INSTALLATION:
            continue
        there = change.also(workspace.id)
        for kind, sequence in failures:
            count += _make(there, _failed(there, kind, f"entry:{INSTALLATION}:{sequence}"))
    return count


def _make(change: Change, wanted: Sequence[Wanted]) -> int:
    """Add the notices that are not there yet, for people who have not left."""
    fresh = looking.fresh(change.actor, wanted)
    if not fresh:
        return change.unchanged(0)
    Notice.objects.bulk_create(
        [
            Notice(
                workspace_id=change.workspace_id,
                person_id=one.person_id,
                kind=one.kind,
                subject=one.subject,
                copy_id=one.copy_id,
                loan_id=one.loan_id,
                incident_id=one.incident_id,
                due_at=one.due_at,
                made_at=change.at,
            )
            for one in fresh
        ],
        batch_size=500,
    )
    told = {one.person_id for one in fresh}
    change.record(
        facts.NoticesMade(
            person_ids=tuple(sorted(told)),
            loan_ids=_ids(one.loan_id for one in fresh),
            incident_ids=_ids(one.incident_id for one in fresh),
            kinds=tuple(sorted({one.kind for one in fresh})),
            people=len(told),
        )
    )
    return len(fresh)


def _ids(found: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted({one for one in found if one is not None}))


@operation(Right.RUN)
def make_digests(change: Change) -> list[int]:
    """Put together what people are to be told now, one digest for each; returns the deliveries.

    Whoever has a digest under way gets the next one after it, and who has no address none.
    """
    told = looking.to_tell(change.actor, change.at)
    made = [_digest(change, who, notices) for who, notices in told.items()]
    return made or change.unchanged(made)


def _digest(change: Change, person_id: int, notices: Sequence[Notice]) -> int:
    delivery = Delivery.objects.create(
        workspace_id=change.workspace_id,
        person_id=person_id,
        must_arrive=any(notice.kind in rules.ALARMS for notice in notices),
        made_at=change.at,
        next_at=change.at,
    )
    Said.objects.bulk_create(
        [
            Said(workspace_id=change.workspace_id, delivery=delivery, notice=notice)
            for notice in notices
        ],
        batch_size=500,
    )
    told = [notice.pk for notice in notices]
    within(change, Notice).filter(pk__in=told).update(told_at=change.at)
    change.record(
        facts.DigestMade(
            delivery_id=delivery.pk,
            person_id=person_id,
            notices=len(notices),
            kinds=tuple(sorted({notice.kind for notice in notices})),
            loan_ids=_ids(notice.loan_id for notice in notices),
            incident_ids=_ids(notice.incident_id for notice in notices),
        )
    )
    return delivery.pk


@operation(Right.RUN)
def note_sent(change: Change, *, delivery_id: int) -> None:
    """Note that the mail server took a digest."""
    row = _ended(change, delivery_id, "sent")
    change.record(
        facts.DigestSent(delivery_id=row.pk, person_id=row.reader_id, attempts=row.attempts)
    )


@operation(Right.RUN)
def give_up(change: Change, *, delivery_id: int, why: str) -> None:
    """Send a digest no more: `why` is failed, doubtful, or dropped where nothing of it holds."""
    row = _ended(change, delivery_id, why)
    change.record(
        facts.DigestGivenUp(
            delivery_id=row.pk, person_id=row.reader_id, attempts=row.attempts, why=why
        )
    )


def _ended(change: Change, delivery_id: int, state: str) -> Delivery:
    row = one(change, Delivery, delivery_id, "digest")
    row.state, row.ended_at, row.lease_until = state, change.at, None
    row.save(update_fields=["state", "ended_at", "lease_until"])
    return row


@operation(Right.SEE_OWN)
def read_notices(change: Change, *, notice_ids: list[int] | None = None) -> int:
    """Mark one's own notices as read, all of them without ids; returns how many were not yet.

    Raises NotFound for ids of others.
    """
    own = people.own_person_id(change.actor) or 0
    mine = within(change, Notice).filter(person_id=own)
    if notice_ids is not None:
        for notice_id in notice_ids:
            if not mine.filter(pk=notice_id).exists():
                one(change, Notice, 0, "notice")
        mine = mine.filter(pk__in=notice_ids)
    count = mine.filter(read_at=None).update(read_at=change.at)
    if not count:
        return change.unchanged(0)
    change.record(facts.NoticesRead(person_id=own, notices=count))
    return count


@operation(Right.MANAGE_MEMBERS)
def change_schedule(change: Change, *, version: int, times: list[str], soon_hours: int) -> None:
    """Set the wall-clock times of digests and how many hours before its due time a loan is soon.

    `version` as read, 0 while the defaults hold. Raises Invalid naming the field.
    """
    wanted = {
        "times": list(rules.require_times(times)),
        "soon_hours": rules.require_hours(soon_hours),
    }
    row = within(change, Schedule).first() or Schedule(
        workspace_id=change.workspace_id,
        times=list(rules.TIMES),
        soon_hours=rules.SOON_HOURS,
        version=0,
    )
    require_version(row, version)
    before = tuple(row.times), row.soon_hours
    if row.pk is None:
        row.save()
    if not apply(row, wanted):
        return change.unchanged(None)
    change.record(
        facts.ScheduleChanged(
            times=tuple(row.times),
            old_times=before[0],
            soon_hours=row.soon_hours,
            old_soon_hours=before[1],
        )
    )
    return None
