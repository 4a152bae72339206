"""Letting somebody in again who lost their password: by whoever runs the installation."""

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _
from keystead.people import facts
from keystead.people.models import Account


def account_called(email: str) -> Account:
    """The login with this e-mail address. Raises NotFound."""
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        raise NotFound(_("Nobody signs in with this e-mail address."))
    return account


@operation(Right.RUN)
def set_password(change: Change, *, email: str, password_hash: Secret) -> None:
    """Give a login a new password, in the installation's journal; all its sessions end.

    Its API tokens stay. `password_hash` comes from `hashed`. Raises NotFound.
    """
    account = account_called(email)
    account.password = password_hash.reveal()
    account.save(update_fields=["password"])
    change.record(facts.PasswordSet(recovered_account_id=account.pk))


@operation(Right.RUN, shows_once=True)
def note_recovery_link(change: Change, *, email: str) -> int:
    """Record that a link was made with which a login gets a new password, once.

    Returns the account's id; `recovery.link_for` makes the link. Raises NotFound.
    """
    account = account_called(email)
    change.record(facts.RecoveryLinkMade(recovered_account_id=account.pk))
    return account.pk
