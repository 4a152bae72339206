"""`keystead recover`: a new password for somebody who lost theirs, on the server itself."""

import click

from keystead.cli import starting
from keystead.cli.refusing import INVALID, Refused
from keystead.cli.words import translate as _
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.errors import KeysteadError
from keystead.kernel.secret import Secret

UNRECORDED = {
    "changepassword": _("`keystead recover EMAIL` sets a password."),
    "createsuperuser": _("Sign up in the browser, or invite: `keystead member invite`."),
}
"""Django's commands that change accounts and tell no journal, and what to use instead."""


def refuse_unrecorded(arguments: tuple[str, ...]) -> None:
    """Raise Refused for a management command that would leave no entry in the journal."""
    instead = UNRECORDED.get(arguments[0]) if arguments else None
    if instead is not None:
        raise Refused(
            _("This would leave nothing in the journal. {instead}").format(instead=instead),
            INVALID,
        )


@click.command()
@click.argument("email")
@click.option(
    "--link", "wants_link", is_flag=True, help=_("Print a one-use link instead of asking.")
)
@click.option(
    "--factors", "loses_factors", is_flag=True, help=_("Take second factors away instead.")
)
@click.option("--url", default="", help=_("Where Keystead runs, to print the whole link."))
def recover(email: str, wants_link: bool, loses_factors: bool, url: str) -> None:
    """Give somebody who signs in as EMAIL a new password, or a link to choose one.

    The installation's journal tells of it. Their sessions and API tokens end; a second factor
    stays required, unless --factors takes it away.
    """
    starting.set_up_django()
    starting.require_database()
    from keystead.people import operations as people
    from keystead.people import recovery

    actor = system(INSTALLATION, "recover", local=True)
    try:
        if loses_factors:
            count = people.take_factors_away(actor, email=email)
            click.echo(_("{n} factors are gone; the password alone signs in.").format(n=count))
            return
        if wants_link:
            account_id = people.note_recovery_link(actor, email=email)
            path = recovery.link_for(account_id).reveal()
            click.echo(_("Pass this link on, to {email} alone:").format(email=email))
            click.echo(f"{url.rstrip('/')}{path}")
            return
        people.account_called(email)
        asked = click.prompt(_("New password"), hide_input=True, confirmation_prompt=True)
        hashed = people.hashed(Secret(asked), email)
        people.set_password(actor, email=email, password_hash=hashed)
    except KeysteadError as error:
        raise Refused(error.message, error.exit_code) from None
    click.echo(_("{email} has a new password. Sessions of before are over.").format(email=email))


COMMANDS = (recover,)
