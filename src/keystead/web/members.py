"""Who may sign in: members, invitations, API tokens; and the settings of the workspace."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from keystead.custody import operations as custody
from keystead.custody import queries as whereabouts
from keystead.journal.operation import granted
from keystead.kernel.errors import Conflict, KeysteadError, NotFound
from keystead.kernel.rights import Right
from keystead.people import links, requirements
from keystead.people import operations as people
from keystead.people import queries as people_queries
from keystead.people.queries import MemberView, TokenView
from keystead.people.roles import Role
from keystead.places import queries as places
from keystead.vault import queries as vault
from keystead.web import acts, filling, holders
from keystead.web.filling import fill
from keystead.web.forms.members import (
    InviteForm,
    PurposeRuleForm,
    RoleForm,
    SettingsForm,
    SignInRuleForm,
    SiteRoleForm,
    TokenForm,
)
from keystead.web.http import Request, done, here


def members(request: Request, slug: str, refusal: KeysteadError | None = None) -> HttpResponse:
    """Who can sign in, and who was invited; `refusal` is why an act on it was refused."""
    found = people_queries.members(request.actor)
    context = {
        "section": "members",
        "members": found,
        "own_person_id": people_queries.own_person_id(request.actor),
        "invitations": people_queries.invitations(request.actor),
        "actions": [
            acts.link(_("Invite somebody"), here(request, "member-invite"), icon="user-plus")
        ],
        "refusal": filling.refusal(refusal) if refusal else None,
    }
    return render(request, "members/list.html", context, status=refusal.status if refusal else 200)


def invite(request: Request, slug: str) -> HttpResponse:
    """Invite a person of the register, or somebody new; the link is shown once."""

    def act(given: dict[str, Any]) -> HttpResponse:
        token, who = links.new_token(), given["holder"]
        rest = {
            "role": Role(given["role"]),
            "site_id": given.get("site_id"),
            "email": given["email"],
            "token": token,
        }
        if who.person_id:
            invited = people.invite(request.actor, person_id=who.person_id, **rest)
            name = people_queries.person(request.actor, who.person_id).name
        else:
            name = who.new_name
            invited = people.invite_new_person(request.actor, name=name, **rest)
        link = request.build_absolute_uri(reverse("invitation", kwargs={"token": token.reveal()}))
        at = dict(sites).get(given.get("site_id") or 0, "")
        shown = {"name": name, "role": given["role"], "site": at, "link": link}
        shown["until"] = invited.expires_at
        return render(request, "members/invited.html", {"section": "members", **shown})

    sites = _sites(request)
    form = InviteForm(request.POST or None, sites=sites)
    holders.ask(request, form.fields["holder"], "anybody")
    context = {
        "title": _("Invite somebody to sign in"),
        "lead": _("You get a link to pass on. It is good for seven days and for one person."),
        "submit": _("Make the link"),
        "cancel_url": here(request, "members"),
        "section": "members",
    }
    return fill(request, form, act, context)


def invitation_withdraw(request: Request, slug: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back: its link is no longer good."""
    people.withdraw_invitation(request.actor, invitation_id=invitation_id)
    return done(request, _("The link is no longer good."), here(request, "members"))


def _member(request: Request, membership_id: int) -> MemberView:
    for member in people_queries.members(request.actor):
        if member.membership_id == membership_id:
            return member
    raise NotFound("There is no such member.")


def _onwards(request: Request, member: MemberView) -> str:
    """Back to the members; whoever changed their own place here begins anew."""
    is_own = member.person_id == people_queries.own_person_id(request.actor)
    return reverse("home") if is_own else here(request, "members")


def role(request: Request, slug: str, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    member = _member(request, membership_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        people.change_role(request.actor, membership_id=membership_id, role=Role(given["role"]))
        return done(request, _("%s has another role now.") % member.name, _onwards(request, member))

    context = {
        "title": _("What is %s here for?") % member.name,
        "lead": _("In force from the next page they open."),
        "submit": _("Save"),
        "cancel_url": here(request, "members"),
        "section": "members",
    }
    form = RoleForm(request.POST or None, initial={"role": member.role})
    return fill(request, form, act, context)


def _sites(request: Request) -> list[tuple[int, str]]:
    return [(site.id, site.name) for site in places.sites(request.actor)]


def site_role(request: Request, slug: str, membership_id: int) -> HttpResponse:
    """Give a member a role at one site."""
    member = _member(request, membership_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        people.give_site_role(
            request.actor,
            membership_id=membership_id,
            site_id=given["site_id"],
            role=Role(given["role"]),
        )
        return done(request, _("%s has another role now.") % member.name, here(request, "members"))

    context = {
        "title": _("What is %s at one site?") % member.name,
        "lead": _(
            "They see and do there only what belongs to the site: its doors, boxes and keys. Their "
            "role in the whole workspace stays as it is."
        ),
        "submit": _("Save"),
        "cancel_url": here(request, "members"),
        "section": "members",
    }
    form = SiteRoleForm(request.POST or None, sites=_sites(request))
    return fill(request, form, act, context)


def site_role_end(request: Request, slug: str, membership_id: int, site_id: int) -> HttpResponse:
    """Take a member's role at one site away."""
    member = _member(request, membership_id)
    people.end_site_role(request.actor, membership_id=membership_id, site_id=site_id)
    return done(request, _("%s has another role now.") % member.name, _onwards(request, member))


def remove(request: Request, slug: str, membership_id: int) -> HttpResponse:
    """Ask, then end somebody's sign-in and their API tokens at once."""
    member = _member(request, membership_id)
    if request.method == "POST":
        try:
            people.remove_member(request.actor, membership_id=membership_id)
        except Conflict as error:
            return members(request, slug, error)
        return done(
            request, _("%s can no longer sign in.") % member.name, _onwards(request, member)
        )
    context = {
        "section": "members",
        "title": _("Take the sign-in of %s away?") % member.name,
        "follows": [
            _("They are signed out of this workspace at once, and their API tokens end."),
            _("They stay on the register, with the keys they have and everything that happened."),
        ],
        "submit": _("Take it away"),
        "cancel_url": here(request, "members"),
    }
    return render(request, "forms/confirm.html", context)


def tokens(request: Request, slug: str) -> HttpResponse:
    """One's own API tokens; who manages members sees everybody's."""
    others: list[tuple[TokenView, str]] = []
    if acts.may(request, Right.MANAGE_MEMBERS):
        found = people_queries.others_tokens(request.actor)
        names = people_queries.account_names(request.actor, {one.account_id for one in found})
        others = [(token, names.get(token.account_id, (0, ""))[1]) for token in found]
    context = {
        "section": "tokens",
        "tokens": people_queries.own_tokens(request.actor),
        "others": others,
        "actions": [acts.link(_("Make a token"), here(request, "token-add"), icon="plus")],
    }
    return render(request, "members/tokens.html", context)


def token_add(request: Request, slug: str) -> HttpResponse:
    """Make an API token; it is shown once."""

    def act(given: dict[str, Any]) -> HttpResponse:
        token = links.new_api_token()
        made = people.make_token(request.actor, token=token, **given)
        shown = {"name": given["name"], "token": token.reveal(), "until": made.expires_at}
        return render(request, "members/token_made.html", {"section": "tokens", **shown})

    context = {
        "section": "tokens",
        "title": _("Let a program act in your name"),
        "lead": _("A token does what you may do here, without a password. It shows no codes."),
        "submit": _("Make it"),
        "cancel_url": here(request, "tokens"),
    }
    form = TokenForm(request.POST or None, rights=granted(request.actor).anywhere)
    return fill(request, form, act, context)


def sign_in_rule(request: Request, slug: str) -> HttpResponse:
    """Of whom a second factor is asked here, and how long they have to add one."""
    rule = requirements.rule(request.actor)

    def act(given: dict[str, Any]) -> HttpResponse:
        people.require_second_factor(request.actor, **given)
        return done(request, _("Saved."), here(request, "settings"))

    context = {
        "section": "settings",
        "title": _("Who needs a second factor here?"),
        "lead": _("A passkey, or a code from an app, besides the password."),
        "submit": _("Save"),
        "cancel_url": here(request, "settings"),
    }
    initial = {"wanted_for": rule.wanted_for, "grace_days": rule.grace_days}
    form = SignInRuleForm(request.POST or None, initial=initial)
    return fill(request, form, act, context, offer=lambda _error: _add_factor())


def purpose_rule(request: Request, slug: str) -> HttpResponse:
    """Whether copies go out here only with a purpose."""

    def act(given: dict[str, Any]) -> HttpResponse:
        custody.require_purpose(request.actor, is_required=given["is_required"] == "yes")
        return done(request, _("Saved."), here(request, "settings"))

    context = {
        "section": "settings",
        "title": _("Must people say what a key is for?"),
        "lead": _("A reason or a job number, whenever a key goes out or from hand to hand."),
        "submit": _("Save"),
        "cancel_url": here(request, "settings"),
    }
    is_required = "yes" if whereabouts.purpose_required(request.actor) else "no"
    form = PurposeRuleForm(request.POST or None, initial={"is_required": is_required})
    return fill(request, form, act, context)


def _add_factor() -> list[dict[str, Any]]:
    return [acts.link(_("Add a second factor"), reverse("security"), icon="key-round")]


def token_withdraw(request: Request, slug: str, token_id: int) -> HttpResponse:
    """End an API token at once."""
    people.withdraw_token(request.actor, token_id=token_id)
    return done(request, _("The token works no longer."), here(request, "tokens"))


def settings(request: Request, slug: str) -> HttpResponse:
    """The workspace's name, zone and language."""
    workspace = request.workspace

    def act(given: dict[str, Any]) -> HttpResponse:
        people.change_workspace(request.actor, **given)
        return done(request, _("Saved."), here(request, "settings"))

    initial = {
        "name": workspace.name,
        "time_zone": workspace.time_zone,
        "locale": workspace.locale,
    }
    context = {
        "section": "settings",
        "title": _("Settings of %s") % workspace.name,
        "submit": _("Save"),
        "recovery": vault.recovery_key(request.actor),
        "rule": requirements.rule(request.actor),
        "needs_purpose": whereabouts.purpose_required(request.actor),
    }
    form = SettingsForm(request.POST or None, initial=initial)
    return fill(request, form, act, context, template="members/settings.html")
