"""Everybody who may come to the door: members, former ones, strangers; by session or token."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.people import links
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.models import Account
from keystead.people.roles import Role
from keystead.places import operations as places
from tests.cast import PASSWORD, World, member, site_member
from tests.transports.api.things import token

EXPIRED = timedelta(microseconds=1)

SESSIONS = (
    "nobody", "owner", "key manager", "holder", "auditor", "owner elsewhere",
    "key manager elsewhere", "holder elsewhere", "auditor elsewhere",
    "holder here, owner elsewhere", "key manager of the site", "holder of the site",
    "auditor of the site", "key manager of another site", "former key manager of the site",
    "removed key manager of the site", "removed member", "member of nothing", "closed account",
)  # fmt: skip
"""Who comes with a browser. The last five had more when they signed in."""

TOKENS = (
    "no token", "nonsense", "owner's token", "owner's token to read", "key manager's token",
    "key manager's token to read", "holder's token", "auditor's token", "withdrawn token",
    "expired token", "removed member's token", "closed account's token",
    "token of the owner elsewhere", "token of a holder elsewhere", "owner's cookie",
    "key manager of the site's token", "key manager of the site's token to read",
    "holder of the site's token", "auditor of the site's token",
    "key manager of another site's token", "former key manager of the site's token",
    "removed key manager of the site's token",
)  # fmt: skip
"""Who comes with a program."""

ROLE_OF = {
    "owner": "owner",
    "key manager": "key-manager",
    "holder": "holder",
    "auditor": "auditor",
    "holder here, owner elsewhere": "holder",
    "former key manager of the site": "sites-only",
}
"""The role in Ana's whole workspace of those who have one."""

ROLE_AT_A_SITE = {
    "key manager of the site": "key-manager",
    "holder of the site": "holder",
    "auditor of the site": "auditor",
    "key manager of another site": "key-manager",
}
"""The role of those who have one at a single site of Ana's workspace, and none besides."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's browser. `role` is theirs in the workspace they come to, `at_site` at a site.

    `is_at_another`: that site is not the one whose things are asked for.
    """

    name: str
    client: Client
    role: str | None
    is_signed_in: bool
    at_site: str | None = None
    is_at_another: bool = False
    actor: Actor | None = None


def session(world: World, name: str) -> Session:
    """The browser of one of SESSIONS."""
    account = _account(world, name)
    client = Client(raise_request_exception=False)
    if account is not None:
        email = Account.objects.get(pk=account.account_id or 0).email
        signed = client.post(
            reverse("account_login"), {"login": email, "password": PASSWORD.reveal()}
        )
        assert signed.status_code == 302, name
        _then(world, name, account)
    # Who is no longer a member anywhere has no session either: it ended with the membership.
    is_out = name.startswith("removed") or name in ("nobody", "closed account", "member of nothing")
    at_site = ROLE_AT_A_SITE.get(name)
    is_at_another = name.endswith("another site")
    role = ROLE_OF.get(name)
    return Session(name, client, role, not is_out, at_site, is_at_another, account)


def _account(world: World, name: str) -> Actor | None:
    ana, cy = world.ana, world.cy
    match name:
        case "nobody":
            return None
        case "owner":
            return ana
        case "owner elsewhere":
            return cy
        case "holder here, owner elsewhere":
            return replace(member_of_both(world), workspace_id=ana.workspace_id)
    plain = name.removeprefix("former ").removeprefix("removed ")
    role = next(
        (role for role in Role if plain.startswith(str(role).replace("-", " "))), Role.HOLDER
    )
    if plain.endswith(" site"):
        is_here = not plain.endswith("another site")
        site = world.site if is_here else places.add_site(ana, name=f"Quay {ana.account_id}")
        return site_member(ana, "Someone", {site: role})
    return member(cy if name.endswith("elsewhere") else ana, "Someone", role)


def member_of_both(world: World) -> Actor:
    """An owner of the other workspace who has accepted an invitation to Ana's, too."""
    both, link = member(world.cy, "Both", Role.OWNER), links.new_token()
    person_id = people.add_person(world.ana, name="Both")
    people.invite(world.ana, person_id=person_id, role=Role.HOLDER, token=link)
    people.accept_invitation(system(INSTALLATION, "tests"), token=link, account_id=both.account_id)
    return both


def _then(world: World, name: str, account: Actor) -> None:
    """What happened to them after they signed in."""
    if name.startswith("former"):
        mine = _membership(world, account)
        people.end_site_role(world.ana, membership_id=mine, site_id=world.site)
    if name.startswith("removed") or name == "member of nothing":
        people.remove_member(world.ana, membership_id=_membership(world, account))
    if name == "closed account":
        Account.objects.filter(pk=account.account_id or 0).update(is_active=False)


def _membership(world: World, account: Actor) -> int:
    own = people_queries.own_person_id(account)
    return next(
        found.membership_id for found in people_queries.members(world.ana) if found.person_id == own
    )


@dataclass(frozen=True, slots=True)
class Program:
    """Somebody's program. `role` is that of its account in Ana's workspace, `at_site` at a site of
    it; neither: its token is no good.

    `is_stranger`: the token is good, but for another workspace.
    """

    name: str
    client: Client
    headers: dict[str, str]
    role: str | None = None
    reads_only: bool = False
    is_stranger: bool = False
    at_site: str | None = None


def program(world: World, name: str) -> Program:
    """The program of one of TOKENS."""
    client = Client(raise_request_exception=False)
    if name == "no token":
        return Program(name, client, {})
    if name == "owner's cookie":
        return Program(name, session(world, "owner").client, {})
    if name == "nonsense":
        return Program(name, client, {"authorization": "Bearer ks_0000_nonsense"})
    who = name.split("'s token")[0]
    is_elsewhere = name.endswith("elsewhere")
    if is_elsewhere:
        who = "owner elsewhere" if "owner" in name else "holder elsewhere"
    account = _account(world, who) or world.ana
    if name in ("withdrawn token", "expired token"):
        account = world.ana
    reads_only = name.endswith("to read")
    lasts = EXPIRED if name == "expired token" else timedelta(days=1)
    text = token(account, read_only=reads_only, lasts=lasts)
    if name == "withdrawn token":
        people.withdraw_token(account, token_id=people_queries.own_tokens(account)[0].id)
    _then(world, who, account)
    is_bad = name.split()[0] in ("withdrawn", "expired", "removed", "closed")
    return Program(
        name,
        client,
        {"authorization": f"Bearer {text}"},
        None if is_bad or is_elsewhere else ROLE_OF.get(who),
        reads_only,
        is_elsewhere,
        None if is_bad else ROLE_AT_A_SITE.get(who),
    )
