"""The link with which the sign-in library lets somebody choose a new password, once."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from keystead.kernel.secret import Secret
from keystead.people.models import Account


def link_for(account_id: int) -> Secret:
    """The path of a page where this account chooses a new password.

    It ends with its first use, with any other change of the password, and after the time that
    links for forgotten passwords last.
    """
    account = Account.objects.get(pk=account_id)
    where = {
        "uidb36": user_pk_to_url_str(account),
        "key": default_token_generator.make_token(account),
    }
    return Secret(reverse("account_reset_password_from_key", kwargs=where))
