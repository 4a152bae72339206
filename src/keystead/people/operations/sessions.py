"""Sessions, sign-ins and lock-outs, as the installation's journal tells them."""

from datetime import datetime

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.people import facts, letters
from keystead.people.models import LockOuts, Membership, Session


@operation(Right.MANAGE_OWN_ACCESS)
def note_sign_in(change: Change, *, is_new_device: bool = False, device: str = "") -> None:
    """Record that the acting account signed in; a new device is told to its owner by mail."""
    change.record(facts.SignedIn(new_device=is_new_device))
    if is_new_device:
        letters.write(change.actor.account_id, "new-device", device=device)


@operation(Right.MANAGE_OWN_ACCESS)
def note_sign_out(change: Change) -> None:
    """Record that the acting account signed out."""
    change.record(facts.SignedOut())


@operation(Right.MANAGE_OWN_ACCESS)
def end_session(change: Change, *, session_id: int) -> None:
    """End one of the acting account's sessions from its next request on."""
    mine = Session.objects.filter(account_id=change.actor.account_id or 0, pk=session_id)
    if not mine.delete()[0]:
        raise NotFound(_("This session has ended already."))
    change.record(facts.SessionsEnded(sessions=1))


@operation(Right.MANAGE_OWN_ACCESS)
def end_other_sessions(change: Change, *, but: int) -> None:
    """End all sessions of the acting account but one."""
    ended = end_sessions(change.actor.account_id or 0, but=but)
    if not ended:
        return change.unchanged(None)
    change.record(facts.SessionsEnded(sessions=ended))
    return None


def end_sessions(account_id: int, *, but: int | None = None) -> int:
    """Delete an account's sessions; how many there were."""
    rows = Session.objects.filter(account_id=account_id)
    return rows.exclude(pk=but or 0).delete()[0]


def end_sessions_of_strangers(account_id: int) -> None:
    """End the sessions of an account that no longer belongs to any workspace."""
    if not Membership.objects.filter(account_id=account_id, ended_at=None).exists():
        end_sessions(account_id)


@operation(Right.RUN)
def note_lock_outs(change: Change, *, before: datetime) -> None:
    """Record, per hour that is over, how often guessing was stopped: totals, no names."""
    rows = list(LockOuts.objects.filter(hour__lt=before).order_by("hour"))
    for row in rows:
        counted = facts.LockOutsCounted(hour=row.hour, logins=row.logins, networks=row.addresses)
        change.record(counted)
    LockOuts.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if not rows:
        change.unchanged(None)
