"""Invitations and roles: who may sign in to a workspace, and as what."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from keystead.journal.installation import quarantined_since
from keystead.journal.operation import Change, operation
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.words import said as _
from keystead.people import facts, rules
from keystead.people.errors import (
    EmailTaken,
    InvitationGone,
    LastOwner,
    PersonHasLeft,
)
from keystead.people.links import hash_of
from keystead.people.models import Account, ApiToken, Invitation, Membership, Person
from keystead.people.operations.founding import Founded, create_account, join
from keystead.people.operations.persons import add_person
from keystead.people.operations.sessions import end_sessions_of_strangers
from keystead.people.operations.site_roles import end_all, give, require_site_role
from keystead.people.operations.tokens import withdraw
from keystead.people.roles import Role


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made. The link's token is known only to its maker."""

    invitation_id: int
    expires_at: datetime


@operation(Right.MANAGE_MEMBERS, shows_once=True)
def invite(
    change: Change,
    *,
    person_id: int,
    role: Role,
    token: Secret,
    email: str = "",
    site_id: int | None = None,
) -> Invited:
    """Invite a person of the register to sign in as `role`. The link lasts seven days.

    With `site_id` the role is one at that site only. `token` comes from `new_token()`; only its
    hash is kept. To invite an owner, one confirms that it is oneself: StepUpNeeded.
    """
    person = Person.objects.filter(workspace_id=change.workspace_id, pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person."), person_id=person_id)
    if person.left_at is not None:
        raise PersonHasLeft(_("This person has left. Note that they are back first."))
    if Role(role) == Role.OWNER:
        change.require_factor()
    if person.memberships.filter(ended_at=None).exists():
        raise EmailTaken(_("This person can sign in already."), person_id=person_id)
    if site_id is not None:
        require_site_role(change, site_id, role)
    invitation = Invitation.objects.create(
        workspace_id=change.workspace_id,
        token_hash=hash_of(token),
        person=person,
        role=Role(role),
        site_id=site_id,
        email=email.strip().lower(),
        made_by=change.actor.account_id,
        made_at=change.at,
        expires_at=change.at + rules.INVITATION_LASTS,
    )
    change.record(
        facts.MemberInvited(
            invitation_id=invitation.pk,
            person_id=person_id,
            role=invitation.role,
            expires_at=invitation.expires_at,
            site_id=site_id,
        )
    )
    return Invited(invitation.pk, invitation.expires_at)


@operation(Right.MANAGE_MEMBERS, shows_once=True)
def invite_new_person(
    change: Change,
    *,
    name: str,
    role: Role,
    token: Secret,
    email: str = "",
    site_id: int | None = None,
) -> Invited:
    """Add a person to the register and invite them to sign in, as `invite` does."""
    person_id = add_person(change, name=name, email=email)
    return invite(change, person_id=person_id, role=role, token=token, email=email, site_id=site_id)


@operation(Right.MANAGE_MEMBERS)
def withdraw_invitation(change: Change, *, invitation_id: int) -> None:
    """Take an unused invitation back."""
    invitation = Invitation.objects.filter(
        workspace_id=change.workspace_id, pk=invitation_id
    ).first()
    if invitation is None:
        raise NotFound(_("There is no such invitation."))
    if invitation.withdrawn_at is not None or invitation.used_at is not None:
        return change.unchanged(None)
    take_back(change, invitation)
    return None


def take_back(change: Change, invitation: Invitation) -> None:
    """End one open invitation in this change and record it."""
    invitation.withdrawn_at = change.at
    invitation.save(update_fields=["withdrawn_at"])
    change.record(
        facts.InvitationWithdrawn(invitation_id=invitation.pk, person_id=invitation.person_id)
    )


def withdraw_open_invitations(
    change: Change, *, person_id: int, made_by: int | None = None
) -> None:
    """Take back what is still open of a person's invitations, and of those an account made."""
    concerned = Q(person_id=person_id)
    if made_by is not None:
        concerned |= Q(made_by=made_by)
    rows = Invitation.objects.filter(
        concerned, workspace_id=change.workspace_id, used_at=None, withdrawn_at=None
    )
    for invitation in rows.order_by("pk"):
        take_back(change, invitation)


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What an invitation's page may tell whoever has the link."""

    workspace_name: str
    workspace_slug: str
    person_name: str
    role: str
    email: str


def open_invitation(token: Secret, at: datetime) -> OpenInvitation:
    """What a link offers at `at`. Raises InvitationGone, whatever the reason."""
    row = _open_row(token, at)
    return OpenInvitation(
        row.workspace.name, row.workspace.slug, row.person.name, row.role, row.email
    )


def _open_row(token: Secret, at: datetime) -> Invitation:
    row = (
        Invitation.objects.select_related("workspace", "person")
        .filter(token_hash=hash_of(token))
        .first()
    )
    is_open = row is not None and row.used_at is None and row.withdrawn_at is None
    if quarantined_since() is not None:
        is_open = False  # a copy: its invitations rest until a person confirms it
    if row is None or not is_open or row.expires_at <= at or row.person.left_at is not None:
        raise InvitationGone(
            _("This invitation is no longer good. Ask whoever sent it for a new link.")
        )
    return row


@operation(Right.RUN)
def accept_invitation(
    change: Change,
    *,
    token: Secret,
    email: str = "",
    password_hash: Secret | None = None,
    account_id: int | None = None,
) -> Founded:
    """Use an invitation once: with a new account, or with the account already signed in.

    Raises InvitationGone, or EmailTaken when the address has an account (sign in first, then
    open the link again).
    """
    row = _open_row(token, change.at)
    if account_id is not None:
        account = Account.objects.get(pk=account_id)
    elif password_hash is None or Account.objects.filter(email__iexact=email.strip()).exists():
        raise EmailTaken(
            _("This e-mail address has a login already. Sign in, then open the link again."),
            field="email",
        )
    else:
        account = create_account(change, email, password_hash)
    there = change.also(row.workspace_id)
    locked = _open_row(token, change.at)
    here = Membership.objects.filter(workspace_id=row.workspace_id, ended_at=None)
    if here.filter(account=account).exists() or here.filter(person=locked.person).exists():
        raise EmailTaken(_("This login belongs to the workspace already."))
    locked.used_at = change.at
    locked.save(update_fields=["used_at"])
    withdraw_open_invitations(there, person_id=locked.person_id)
    _join(there, account, locked)
    if change.recorded == 0:
        change.unchanged(None)
    return Founded(account.pk, row.workspace_id, row.workspace.slug)


def _join(there: Change, account: Account, invitation: Invitation) -> None:
    """In the role the invitation names, in the whole workspace or at its site."""
    role, site_id = Role(invitation.role), invitation.site_id
    if site_id is None:
        join(there, account, invitation.person, role, invitation.pk)
        return
    site_name = require_site_role(there, site_id, role)
    membership = join(there, account, invitation.person, Role.SITES_ONLY, invitation.pk)
    give(there, membership, site_id, role, site_name)


def _membership(change: Change, membership_id: int) -> Membership:
    row = Membership.objects.filter(
        workspace_id=change.workspace_id, pk=membership_id, ended_at=None
    ).first()
    if row is None:
        raise NotFound(_("There is no such member."), membership_id=membership_id)
    return row


def _require_an_owner_stays(change: Change, row: Membership, *, stays_owner: bool) -> None:
    owners = Membership.objects.filter(
        workspace_id=change.workspace_id, role=Role.OWNER, ended_at=None
    ).count()
    if rules.would_leave_no_owner(owners, is_owner=row.role == Role.OWNER, stays_owner=stays_owner):
        raise LastOwner(_("Make somebody else an owner first: a workspace keeps at least one."))


@operation(Right.MANAGE_MEMBERS, step_up=True)
def change_role(change: Change, *, membership_id: int, role: Role) -> None:
    """Give a member another role, in force from the next request on."""
    row = _membership(change, membership_id)
    if row.role == role:
        return change.unchanged(None)
    _require_an_owner_stays(change, row, stays_owner=role == Role.OWNER)
    old, row.role = row.role, Role(role)
    row.save(update_fields=["role"])
    change.record(
        facts.RoleChanged(
            membership_id=row.pk, person_id=row.person_id, old_role=old, new_role=row.role
        )
    )
    return None


@operation(Right.MANAGE_MEMBERS)
def remove_member(change: Change, *, membership_id: int) -> None:
    """End a member's sign-in to this workspace, and all their API tokens for it, at once.

    Open invitations for them, and those they made, are taken back too. Whoever belongs nowhere
    else is signed out everywhere.
    """
    row = _membership(change, membership_id)
    _require_an_owner_stays(change, row, stays_owner=False)
    row.ended_at = change.at
    row.save(update_fields=["ended_at"])
    end_all(change, row)
    tokens = ApiToken.objects.filter(
        workspace_id=change.workspace_id, account_id=row.account_id, withdrawn_at=None
    )
    for token in tokens:
        withdraw(change, token)
    withdraw_open_invitations(change, person_id=row.person_id, made_by=row.account_id)
    end_sessions_of_strangers(row.account_id)
    change.record(facts.MemberRemoved(membership_id=row.pk, person_id=row.person_id, role=row.role))
