"""Signing in on the command line, and out."""

import json
import re
import sys
from urllib.parse import urlsplit

import click

from keystead.cli import signing_in
from keystead.cli.refusing import INVALID, Refused
from keystead.cli.session import Session, is_loopback, remote
from keystead.cli.signing_in import SignIn
from keystead.cli.tables import facts
from keystead.cli.words import translate as _
from keystead.kernel.secret import Secret

AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print as JSON."))
TOKEN = re.compile(r"ks_[\w-]+", re.ASCII)


@click.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True)
@click.option("--workspace", required=True, help=_("The workspace's name in its addresses."))
@click.option("--plain-http", is_flag=True, help=_("Allow http:// to another machine."))
@AS_JSON
def login(url: str, workspace: str, plain_http: bool, as_json: bool) -> None:
    """Sign in with an API token, which is asked for or read from standard input.

    Make a token in the browser: Me, API tokens.
    """
    _require_safe(url, plain_http=plain_http)
    if sys.stdin.isatty():
        text = click.prompt(_("API token"), hide_input=True)
    else:
        text = sys.stdin.readline()
    if not TOKEN.fullmatch(text.strip()):
        raise Refused(_("This is no token; one begins with ks_."), INVALID)
    sign_in = SignIn(url.rstrip("/"), workspace, Secret(text.strip()))
    with Session(sign_in) as session:
        found = session.workspace
    signing_in.keep(sign_in)
    said = _("Signed in to {name}.").format(name=found["name"])
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else said)


def _require_safe(url: str, *, plain_http: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise Refused(_("The address must look like https://keys.example."), INVALID)
    if parts.scheme == "http" and not is_loopback(url) and not plain_http:
        raise Refused(
            _("http:// to another machine shows the token to the network. Use https://."), INVALID
        )


@click.command()
@AS_JSON
def logout(as_json: bool) -> None:
    """Forget the token on this machine. Withdraw it in the browser, too."""
    signing_in.forget()
    click.echo("{}" if as_json else _("Signed out."))


@click.command()
@remote
def status(session: Session) -> None:
    """Tell which workspace one is signed in to, and what the token may do."""
    found = session.workspace
    facts(
        session,
        found,
        [
            (_("address"), session.sign_in.url),
            (_("workspace"), f"{found['name']} ({found['slug']})"),
            (_("time zone"), found["time_zone"]),
            (_("may"), ", ".join(found["rights"])),
            *(
                (_("may at site %(site)s") % {"site": at["site_id"]}, ", ".join(at["rights"]))
                for at in found["at_sites"]
            ),
        ],
    )


COMMANDS = (login, logout, status)
