"""Roles at single sites: given to members beside or instead of one in the whole workspace."""

from keystead.journal import reach
from keystead.journal.operation import Change, operation
from keystead.journal.rows import one
from keystead.kernel.errors import Invalid, NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.people import facts
from keystead.people.models import Membership, SiteRole
from keystead.people.roles import SITE_ROLES, Role


@operation(Right.MANAGE_MEMBERS, step_up=True)
def give_site_role(change: Change, *, membership_id: int, site_id: int, role: Role) -> None:
    """Make a member key manager, holder or auditor at one site, from the next request on.

    A role they have there already is replaced.
    """
    members = Membership.objects.filter(workspace_id=change.workspace_id, ended_at=None)
    membership = members.filter(pk=membership_id).first()
    if membership is None:
        raise NotFound(_("There is no such member."), membership_id=membership_id)
    before = _open(change, membership_id, site_id)
    if before is not None and before.role == role:
        return change.unchanged(None)
    called = require_site_role(change, site_id, role)
    if before is not None:
        _end(change, before)
    give(change, membership, site_id, Role(role), called)
    return None


@operation(Right.MANAGE_MEMBERS, step_up=True)
def end_site_role(change: Change, *, membership_id: int, site_id: int) -> None:
    """Take away the role a member has at one site, from the next request on."""
    row = _open(change, membership_id, site_id)
    if row is None:
        raise NotFound(_("There is no such role."), membership_id=membership_id, site_id=site_id)
    _end(change, row)
    change.record(
        facts.SiteRoleEnded(
            membership_id=membership_id,
            person_id=row.membership.person_id,
            site_id=site_id,
            site_name=_name_of(change, site_id),
            role=row.role,
        )
    )


def require_site_role(change: Change, site_id: int, role: Role) -> str:
    """The name of the site. Raises NotFound without it, Invalid for what no site has."""
    if role not in SITE_ROLES:
        raise Invalid(_("At a site one is key manager, holder or auditor."), field="role")
    return _name_of(change, site_id)


def _name_of(change: Change, site_id: int) -> str:
    return str(one(change, reach.model_of("site"), site_id, "site"))


def give(change: Change, membership: Membership, site_id: int, role: Role, site_name: str) -> None:
    """Give a role at a site in this change and tell it."""
    SiteRole.objects.create(
        workspace_id=change.workspace_id,
        membership=membership,
        site_id=site_id,
        role=role,
        since=change.at,
    )
    change.record(
        facts.SiteRoleGiven(
            membership_id=membership.pk,
            person_id=membership.person_id,
            site_id=site_id,
            site_name=site_name,
            role=role,
        )
    )


def _open(change: Change, membership_id: int, site_id: int) -> SiteRole | None:
    rows = SiteRole.objects.filter(workspace_id=change.workspace_id, ended_at=None)
    rows = rows.filter(membership_id=membership_id, membership__ended_at=None, site_id=site_id)
    return rows.select_related("membership").first()


def _end(change: Change, row: SiteRole) -> None:
    row.ended_at = change.at
    row.save(update_fields=["ended_at"])


def end_all(change: Change, membership: Membership) -> None:
    """End what a member has at sites, as part of taking their sign-in away."""
    for row in membership.site_roles.filter(ended_at=None):
        _end(change, row)
