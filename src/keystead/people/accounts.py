"""Finding the account somebody means by an e-mail address."""

import unicodedata

from keystead.kernel.errors import NotFound
from keystead.kernel.words import said as _
from keystead.people.models import Account

__all__ = ["Account", "named", "numbered", "own"]


def named(email: str) -> Account | None:
    """The active account that signs in with an address: however its case, width or spaces."""
    typed = email.strip().lower()
    wide = unicodedata.normalize("NFKC", typed).strip().lower()
    found = {row.email: row for row in Account.objects.filter(email__in=[typed, wide])}
    account = found.get(typed) or found.get(wide)
    return account if account is not None and account.is_active else None


def numbered(account_id: int) -> Account | None:
    """The active account of this number."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def own(account_id: int) -> Account:
    """The account that is signed in. Raises NotFound once it is closed."""
    account = numbered(account_id)
    if account is None:
        raise NotFound(_("There is no such login."))
    return account
