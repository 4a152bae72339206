"""Letting somebody in again who lost their password: by whoever runs the installation."""

from allauth.mfa.models import Authenticator

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _
from keystead.people import facts, letters
from keystead.people.models import Account
from keystead.people.operations.passwords import replace_password
from keystead.people.operations.sessions import end_sessions


def account_called(email: str) -> Account:
    """The login with this e-mail address. Raises NotFound."""
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        raise NotFound(_("Nobody signs in with this e-mail address."))
    return account


@operation(Right.RUN)
def set_password(change: Change, *, email: str, password_hash: Secret) -> None:
    """Give a login a new password; all its sessions and API tokens end.

    A second factor stays required. `password_hash` comes from `hashed`. Raises NotFound.
    """
    account = account_called(email)
    replace_password(change, account, password_hash)
    change.record(facts.PasswordSet(recovered_account_id=account.pk))


@operation(Right.RUN)
def take_factors_away(change: Change, *, email: str) -> int:
    """Remove passkeys, app and recovery codes of a login; returns how many. Sessions end.

    It signs in with its password alone until it adds new ones. Raises NotFound.
    """
    account = account_called(email)
    rows = Authenticator.objects.filter(user_id=account.pk)
    count = int(rows.count())
    if not count:
        return change.unchanged(0)
    rows.delete()
    end_sessions(account.pk)
    letters.write(account.pk, "factor-removed", kind="all")
    change.record(facts.FactorsTakenAway(recovered_account_id=account.pk, factors=count))
    return count


@operation(Right.RUN, shows_once=True)
def note_recovery_link(change: Change, *, email: str) -> int:
    """Record that a link was made with which a login gets a new password, once.

    Returns the account's id; `recovery.link_for` makes the link. Raises NotFound.
    """
    account = account_called(email)
    change.record(facts.RecoveryLinkMade(recovered_account_id=account.pk))
    return account.pk
