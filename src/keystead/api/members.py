"""Who may sign in, over the API: members, invitations, and one's own API tokens."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keystead.api.answers import Call, Page, cut
from keystead.api.endpoints import Routes
from keystead.api.values import After, Body, Id, Limit, PathId, Text
from keystead.kernel.secret import Secret
from keystead.people import links, operations, queries
from keystead.people.roles import Role

routes = Routes("members")


@routes.get("/members", Page[queries.MemberView])
def members(request: Call, limit: Limit = 100, after: After = None) -> Page[queries.MemberView]:
    """List who can sign in to this workspace."""
    rows = queries.members(request.actor)
    return cut(request, rows, limit, after, lambda m: (m.name.casefold(), m.membership_id))


@routes.delete("/members/{membership_id}")
def remove_member(request: Call, membership_id: PathId) -> None:
    """End a member's sign-in to this workspace and all their API tokens for it, at once."""
    operations.remove_member(request.actor, membership_id=membership_id)


@routes.get("/invitations", Page[queries.InvitationView])
def invitations(
    request: Call, limit: Limit = 100, after: After = None
) -> Page[queries.InvitationView]:
    """List the invitations that are neither used nor withdrawn, the expired ones included."""
    return cut(request, queries.invitations(request.actor), limit, after, lambda i: (-i.id,))


class NewInvitation(Body):
    """A person of the register who is to sign in, and as what; at one site only, with `site_id`."""

    person_id: Id
    role: Role
    email: Text = ""
    site_id: Id | None = None


class NewcomersInvitation(Body):
    """Somebody who is not on the register yet, as what they are to sign in, and at which site."""

    name: Text
    role: Role
    email: Text = ""
    site_id: Id | None = None


@dataclass(frozen=True, slots=True)
class InvitationLink:
    """An invitation just made. Its `link` is shown this once and kept nowhere."""

    id: int
    link: str
    expires_at: datetime


def _shown(request: Call, made: operations.Invited, token: Secret) -> InvitationLink:
    path = reverse("invitation", kwargs={"token": token.reveal()})
    return InvitationLink(made.invitation_id, request.build_absolute_uri(path), made.expires_at)


@routes.add("/invitations", InvitationLink)
def invite(request: Call, body: NewInvitation) -> InvitationLink:
    """Invite a person to sign in. The same request sent again answers 409 `already-shown`."""
    token = links.new_token()
    made = operations.invite(request.actor, token=token, **body.model_dump())
    return _shown(request, made, token)


@routes.add("/invitations/newcomers", InvitationLink)
def invite_new_person(request: Call, body: NewcomersInvitation) -> InvitationLink:
    """Add a person to the register and invite them to sign in."""
    token = links.new_token()
    made = operations.invite_new_person(request.actor, token=token, **body.model_dump())
    return _shown(request, made, token)


@routes.post("/invitations/{invitation_id}/withdraw")
def withdraw_invitation(request: Call, invitation_id: PathId) -> None:
    """Take an unused invitation back: its link is no longer good."""
    operations.withdraw_invitation(request.actor, invitation_id=invitation_id)


@routes.get("/tokens", Page[queries.TokenView])
def own_tokens(request: Call, limit: Limit = 100, after: After = None) -> Page[queries.TokenView]:
    """List one's own API tokens, without their secrets. New ones are made in the browser only."""
    return cut(request, queries.own_tokens(request.actor), limit, after, lambda t: (-t.id,))


@routes.post("/tokens/{token_id}/withdraw")
def withdraw_token(request: Call, token_id: PathId) -> None:
    """End one's own API token at once; who manages members may end anybody's."""
    operations.withdraw_token(request.actor, token_id=token_id)
