"""New passwords and addresses: all other ways in end with them."""

from django.contrib.auth.tokens import default_token_generator

from keystead.journal.operation import Change, operation
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _
from keystead.people import accounts, facts, letters
from keystead.people.errors import EmailTaken, LinkGone
from keystead.people.models import Account, ApiToken
from keystead.people.operations.founding import cleaned_email
from keystead.people.operations.sessions import end_sessions
from keystead.people.operations.tokens import withdraw


@operation(Right.MANAGE_OWN_ACCESS, step_up=True)
def change_password(change: Change, *, password_hash: Secret, session_id: int | None) -> None:
    """Give the acting account another password. Its other sessions and its API tokens end."""
    account = _locked(change.actor.account_id or 0)
    _set_password(change, account, password_hash, but=session_id)


@operation(Right.RUN)
def reset_password(change: Change, *, account_id: int, link: Secret, password_hash: Secret) -> None:
    """Set a new password with the link that was sent by mail, once. LinkGone for any other.

    A second factor stays required. All sessions and API tokens of the account end.
    """
    account = _locked(account_id)
    if not account.is_active or not default_token_generator.check_token(account, link.reveal()):
        raise LinkGone(_("This link is no longer good. Ask for a new one."))
    _set_password(change, account, password_hash, but=None)


def _locked(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise LinkGone(_("This link is no longer good. Ask for a new one."))
    return account


def _set_password(
    change: Change, account: Account, password_hash: Secret, *, but: int | None
) -> None:
    replace_password(change, account, password_hash, but=but)
    change.record(facts.PasswordChanged(changed_account_id=account.pk))


def replace_password(
    change: Change, account: Account, password_hash: Secret, *, but: int | None = None
) -> None:
    """Write another password; sessions (but one) and API tokens end, and the account is told."""
    account.password = password_hash.reveal()
    account.save(update_fields=["password"])
    end_sessions(account.pk, but=but)
    _withdraw_tokens(change, account.pk)
    letters.write(account.pk, "password-changed")


def _withdraw_tokens(change: Change, account_id: int) -> None:
    """End every API token of an account; each workspace's journal tells its own."""
    rows = ApiToken.objects.filter(account_id=account_id, withdrawn_at=None)
    rows = rows.filter(expires_at__gt=change.at).order_by("workspace_id", "pk")
    there: dict[int, Change] = {}
    for token in rows:
        if token.workspace_id not in there:
            there[token.workspace_id] = change.also(token.workspace_id)
        withdraw(there[token.workspace_id], token)


def ask_for_new_password(*, email: str, origin: str) -> None:
    """Have a link sent if the address has a login. The same steps either way; says nothing."""
    account = accounts.named(email)
    letters.write(account.pk if account else None, "new-password", origin=origin)


@operation(Right.MANAGE_OWN_ACCESS, step_up=True)
def ask_for_new_email(change: Change, *, email: str, origin: str) -> None:
    """Have a link sent to a new address of the acting account; nothing changes before it is used.

    The same answer whether somebody else has the address or not.
    """
    account_id, wanted = change.actor.account_id or 0, cleaned_email(email)
    is_free = not Account.objects.filter(email=wanted).exists()
    values = {"email": wanted, "origin": origin}
    letters.write(account_id if is_free else None, "new-email", **values)
    change.record(facts.EmailChangeAsked())


@operation(Right.RUN)
def change_email(change: Change, *, account_id: int, old_email: str, email: str) -> None:
    """Let an account sign in with another address, as a link sent there proved. LinkGone after.

    The old address is told.
    """
    account = _locked(account_id)
    if account.email != old_email or not account.is_active:
        raise LinkGone(_("This link is no longer good. Ask for a new one."))
    if Account.objects.filter(email=email).exists():
        raise EmailTaken(_("Somebody else signs in with this address."), field="email")
    account.email = email
    account.save(update_fields=["email"])
    end_sessions(account.pk)
    letters.write(account.pk, "email-changed", to=old_email)
    change.record(facts.EmailChanged(changed_account_id=account.pk))
