"""What there is to note and to tell now: looked up without a lock first, and again under it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from keystead.custody import queries as custody
from keystead.journal import feed
from keystead.journal import queries as journal
from keystead.journal.operation import require
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.rights import Right
from keystead.notify import queries, rules
from keystead.notify.models import DIGEST, Delivery, Notice
from keystead.notify.rules import Out, Wanted

READER = "notices"
MOST_LOANS = 100_000


def is_to_note(actor: Actor, at: datetime) -> bool:
    """Whether there is a reason to lock the workspace and look around in it.

    Nothing follows from a yes that the operation does not look up again; what a no has missed by
    a moment is found a minute later.
    """
    require(actor, Right.RUN)
    if feed.is_behind(actor.workspace_id, READER):
        return True
    if actor.workspace_id == INSTALLATION:
        return False
    wanted = about_loans(actor, at, queries.managers(actor))
    return bool(fresh(actor, wanted) or over(actor, wanted) or settled(actor).exists())


def about_loans(actor: Actor, at: datetime, managers: Iterable[int]) -> list[Wanted]:
    """Who should have a notice about a loan that is late or due soon."""
    require(actor, Right.RUN)
    soon = at + timedelta(hours=queries.schedule(actor).soon_hours)
    late = custody.out_now(actor, at=at, overdue_only=True, limit=MOST_LOANS)
    coming = custody.out_now(actor, at=at, due_before=soon, limit=MOST_LOANS)
    outs = [
        Out(stay.loan_id, stay.copy_id, stay.person_id, stay.due_at)
        for stay in (*late, *coming)
        if stay.loan_id is not None and stay.due_at is not None
    ]
    return rules.about_loans(outs, managers, at=at)


def fresh(actor: Actor, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Those of these notices that are not there yet."""
    require(actor, Right.RUN)
    rows = _notices(actor).filter(subject__in={one.subject for one in wanted})
    known = set(rows.values_list("person_id", "kind", "subject"))
    return [one for one in wanted if one.key not in known]


def over(actor: Actor, wanted: Iterable[Wanted]) -> list[int]:
    """Notices about loans that came back or were extended: all but those still `wanted`."""
    require(actor, Right.RUN)
    still = {one.key for one in wanted}
    rows = _notices(actor).filter(over_at=None, kind__in=(rules.DUE_SOON, rules.LATE))
    found = rows.values_list("pk", "person_id", "kind", "subject")
    return [pk for pk, *key in found if tuple(key) not in still]


def settled(actor: Actor) -> QuerySet[Notice]:
    """Notices about losses that are settled by now."""
    require(actor, Right.RUN)
    return _notices(actor).filter(over_at=None, kind=rules.LOST, incident__closed_at__isnull=False)


def to_tell(actor: Actor, at: datetime) -> dict[int, list[Notice]]:
    """What belongs into a digest of now, by person; without whom none can reach."""
    require(actor, Right.RUN)
    zone = journal.workspace(actor.workspace_id).time_zone
    hour = rules.last_hour(at, queries.schedule(actor).times, zone)
    busy = Delivery.objects.filter(workspace_id=actor.workspace_id, kind=DIGEST, ended_at=None)
    rows = _notices(actor).filter(over_at=None, read_at=None)
    by_person: dict[int, list[Notice]] = {}
    for notice in rows.exclude(person_id__in=busy.values("person_id")).order_by("pk"):
        if rules.is_to_be_told(
            notice.kind, made_at=notice.made_at, told_at=notice.told_at, hour=hour, zone=zone
        ):
            by_person.setdefault(notice.person_id, []).append(notice)
    reachable = queries.addresses(actor, by_person)
    return {who: told for who, told in by_person.items() if reachable.get(who)}


def _notices(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(workspace_id=actor.workspace_id)
