"""Commands about who may sign in: members, invitations, one's own API tokens."""

import click

from keystead.cli import meaning
from keystead.cli.looking import LIMIT
from keystead.cli.register import NAME
from keystead.cli.session import Session, remote
from keystead.cli.tables import show
from keystead.cli.times import told
from keystead.cli.words import translate as _

ROLE = click.Choice(["owner", "key-manager", "holder", "auditor"])


@click.group()
def member() -> None:
    """Who can sign in to the workspace."""


@member.command("list")
@LIMIT
@remote
def list_members(session: Session, limit: int) -> None:
    """List who can sign in, and as what."""
    columns = {
        _("name"): lambda one: one["name"],
        _("e-mail"): lambda one: one["email"],
        _("role"): lambda one: one["role"],
        _("since"): lambda one: told(one["since"]),
        _("id"): lambda one: f"id:{one['membership_id']}",
    }
    show(session, session.get("/members", limit=limit), columns, empty=_("Nobody."))


@member.command("role")
@NAME
@click.argument("role", type=ROLE)
@remote
def change_role(session: Session, name: str, role: str) -> None:
    """Give a member another role."""
    found = meaning.member(session, name)
    answer = session.put(f"/members/{found['membership_id']}/role", {"role": role})
    session.say(answer, _("{name} is {role} now.").format(name=found["name"], role=role))


@member.command("remove")
@NAME
@remote
def remove_member(session: Session, name: str) -> None:
    """End somebody's sign-in and all their API tokens, at once."""
    found = meaning.member(session, name)
    answer = session.delete(f"/members/{found['membership_id']}")
    session.say(answer, _("{name} can no longer sign in.").format(name=found["name"]))


@member.command("invite")
@NAME
@click.option("--role", type=ROLE, required=True, help=_("What they are here for."))
@click.option("--email", default="", help=_("Their e-mail address, if it is known."))
@click.option("--new", "is_new", is_flag=True, help=_("Somebody who is not on the register yet."))
@remote
def invite(session: Session, name: str, role: str, email: str, is_new: bool) -> None:
    """Invite a person to sign in. The link is shown this once."""
    more = {"role": role, "email": email}
    if is_new:
        answer = session.post("/invitations/newcomers", {"name": name, **more})
    else:
        person_id = meaning.person(session, name)["id"]
        answer = session.post("/invitations", {"person_id": person_id, **more})
    until = told(answer["expires_at"])
    words = _("Pass this link on, to {name} alone. It is good until {until}:")
    session.say(answer, words.format(name=name, until=until) + f"\n{answer['link']}")


@click.group()
def invitation() -> None:
    """Invitations nobody has used yet."""


@invitation.command("list")
@LIMIT
@remote
def list_invitations(session: Session, limit: int) -> None:
    """List invitations that are neither used nor withdrawn."""
    columns = {
        _("name"): lambda one: one["name"],
        _("role"): lambda one: one["role"],
        _("good until"): lambda one: told(one["expires_at"]),
        _("id"): lambda one: f"id:{one['id']}",
    }
    show(session, session.get("/invitations", limit=limit), columns, empty=_("None are open."))


@invitation.command("withdraw")
@click.argument("name", metavar="ID")
@remote
def withdraw_invitation(session: Session, name: str) -> None:
    """Take an invitation back: its link is no longer good."""
    answer = session.post(f"/invitations/{meaning.number(name)}/withdraw")
    session.say(answer, _("The link is no longer good."))


@click.group()
def token() -> None:
    """Your own API tokens. New ones are made in the browser."""


@token.command("list")
@LIMIT
@remote
def list_tokens(session: Session, limit: int) -> None:
    """List your API tokens, without their secrets."""
    columns = {
        _("name"): lambda one: one["name"],
        _("begins"): lambda one: f"ks_{one['prefix']}",
        _("may"): lambda one: _("read") if one["read_only"] else _("read and change"),
        _("good until"): lambda one: told(one["expires_at"]),
        _("withdrawn"): lambda one: told(one["withdrawn_at"]),
        _("id"): lambda one: f"id:{one['id']}",
    }
    show(session, session.get("/tokens", limit=limit), columns, empty=_("No tokens."))


@token.command("withdraw")
@click.argument("name", metavar="ID")
@remote
def withdraw_token(session: Session, name: str) -> None:
    """End an API token at once; it may be the one in use here."""
    answer = session.post(f"/tokens/{meaning.number(name)}/withdraw")
    session.say(answer, _("The token works no longer."))


COMMANDS = (member, invitation, token)
