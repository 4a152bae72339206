"""Mails to accounts about their own sign-in, in words."""

from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from keystead.notify.outbox import Letter
from keystead.people import mail_links
from keystead.people.queries import home_of


def written(letter: Letter) -> EmailMessage:
    """The mail, in the language and zone of the account's home. Its link is made here."""
    account = letter.account
    locale, zone = home_of(account.pk)
    with translation.override(locale[:2]):
        at = letter.made_at.astimezone(ZoneInfo(zone))
        context = {
            **letter.values,
            "letter_kind": letter.kind,
            "at": f"{date_format(at, 'j F Y, H:i')} ({zone})",
            "link": _link(letter),
        }
        text = render_to_string(f"mail/{letter.kind}.txt", context)
    subject, _line, body = text.strip().partition("\n")
    to = letter.values.get("email") or letter.values.get("to") or account.email
    return EmailMessage(subject.strip(), body.strip() + "\n\n-- \nKeystead\n", to=[to])


def _link(letter: Letter) -> str:
    account = letter.account
    origin = letter.values.get("origin", "")
    if letter.kind == "new-password":
        number, link = mail_links.password_link(account)
        kwargs = {"account_id": number, "link": link}
        return f"{origin}{reverse('account_reset_password_from_key', kwargs=kwargs)}"
    if letter.kind == "new-email":
        link = mail_links.email_link(account, letter.values["email"])
        return f"{origin}{reverse('email-confirm', kwargs={'link': link})}"
    return ""
