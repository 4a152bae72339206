"""Second factors: an authenticator app, passkeys, and the recovery codes that stand in for them."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.people import factors, facts, letters
from keystead.people.errors import FactorThere
from keystead.people.models import UsedStep
from keystead.people.operations.sessions import end_sessions

MOST_PASSKEYS = 20


def _own(change: Change) -> int:
    account_id = change.actor.account_id
    if account_id is None:
        raise NotFound(_("There is no such login."))
    return account_id


@operation(Right.MANAGE_OWN_ACCESS, step_up=True)
def add_app(change: Change, *, secret: Secret, step: int, session_id: int | None = None) -> None:
    """Let the acting account use an authenticator app, whose code of `step` was just typed.

    With the first second factor all sessions end that only showed a password, but `session_id`.
    """
    account_id = _own(change)
    kind = Authenticator.Type.TOTP
    if Authenticator.objects.filter(user_id=account_id, type=kind).exists():
        raise FactorThere(_("You have an authenticator app already. Remove that one first."))
    with factors.secrets_of(account_id):
        data = {"secret": factors.sealed(secret.reveal())}
    row = Authenticator.objects.create(user_id=account_id, type=kind, data=data)
    UsedStep.objects.update_or_create(account_id=account_id, defaults={"step": step})
    _note_added(change, row, session_id)


@operation(Right.MANAGE_OWN_ACCESS, step_up=True)
def add_passkey(
    change: Change, *, name: str, credential: dict[str, Any], session_id: int | None = None
) -> int:
    """Let the acting account use a passkey the browser has just made and the server has checked.

    Sessions end as with `add_app`.
    """
    account_id = _own(change)
    kind = Authenticator.Type.WEBAUTHN
    mine = Authenticator.objects.filter(user_id=account_id, type=kind)
    if mine.count() >= MOST_PASSKEYS:
        raise FactorThere(_("You have many passkeys. Remove one you no longer use first."))
    if any(row.data["credential"].get("id") == credential.get("id") for row in mine):
        raise FactorThere(_("This passkey is on your list already."))
    data = {"name": line(name, field="name", longest=60), "credential": credential}
    row = Authenticator.objects.create(user_id=account_id, type=kind, data=data)
    _note_added(change, row, session_id)
    return int(row.pk)


def _note_added(change: Change, row: Authenticator, session_id: int | None) -> None:
    account_id, kind = row.user_id, factors.KINDS[row.type]
    others = Authenticator.objects.filter(user_id=account_id, type__in=factors.SECOND)
    if not others.exclude(pk=row.pk).exists():
        end_sessions(account_id, but=session_id)
    change.record(facts.FactorAdded(factor_id=row.pk, kind=kind))
    letters.write(account_id, "factor-added", kind=kind)


@operation(Right.MANAGE_OWN_ACCESS, step_up=True)
def remove_factor(change: Change, *, factor_id: int) -> None:
    """End a passkey or the app of the acting account. The last one takes the codes along."""
    account_id = _own(change)
    mine = Authenticator.objects.filter(user_id=account_id)
    row = mine.filter(pk=factor_id, type__in=factors.SECOND).first()
    if row is None:
        raise NotFound(_("There is no such passkey or app."))
    gone = [row]
    if not mine.filter(type__in=factors.SECOND).exclude(pk=row.pk).exists():
        gone += mine.filter(type=Authenticator.Type.RECOVERY_CODES)
    for one in gone:
        change.record(facts.FactorRemoved(factor_id=one.pk, kind=factors.KINDS[one.type]))
    letters.write(account_id, "factor-removed", kind=factors.KINDS[row.type])
    mine.filter(pk__in=[one.pk for one in gone]).delete()


@operation(Right.MANAGE_OWN_ACCESS, shows_once=True, step_up=True)
def renew_recovery_codes(change: Change) -> list[str]:
    """Make a new list of recovery codes, to be shown once; the old list is void."""
    account_id = _own(change)
    if not factors.has_second(account_id):
        raise NotFound(_("Recovery codes stand in for a passkey or an app. Add one first."))
    kind = Authenticator.Type.RECOVERY_CODES
    old = Authenticator.objects.filter(user_id=account_id, type=kind)
    was_there = old.exists()
    old.delete()
    with factors.secrets_of(account_id):
        data = {"seed": factors.sealed(RecoveryCodes.generate_seed()), "used_mask": 0}
        row = Authenticator.objects.create(user_id=account_id, type=kind, data=data)
        codes: list[str] = RecoveryCodes(row).generate_codes()
    change.record(facts.FactorAdded(factor_id=row.pk, kind="recovery-codes"))
    if was_there:
        letters.write(account_id, "factor-added", kind="recovery-codes")
    return codes


@operation(Right.MANAGE_OWN_ACCESS)
def note_recovery_code_used(change: Change) -> None:
    """Record that the acting account signed in with a recovery code, and tell it by mail."""
    account_id = _own(change)
    left = factors.recovery_codes_left(account_id) or 0
    change.record(facts.RecoveryCodeUsed(codes_left=left))
    letters.write(account_id, "recovery-code-used", left=left)
