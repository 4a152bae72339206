"""The link with which somebody chooses a new password, once."""

from django.urls import reverse

from keystead.kernel.secret import Secret
from keystead.people import mail_links
from keystead.people.models import Account


def link_for(account_id: int) -> Secret:
    """The path of a page where this account chooses a new password.

    It ends with its first use, with any other change of the password, and after an hour.
    """
    number, link = mail_links.password_link(Account.objects.get(pk=account_id))
    where = {"account_id": number, "link": link}
    return Secret(reverse("account_reset_password_from_key", kwargs=where))
