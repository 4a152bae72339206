"""What a workspace asks of its members' sign-in."""

from datetime import timedelta

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import Invalid
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.people import factors, facts, rules
from keystead.people.errors import OwnFactorFirst
from keystead.people.models import Membership, SignInRule
from keystead.people.roles import Role

LONGEST_GRACE_DAYS = 30


@operation(Right.MANAGE_MEMBERS, step_up=True)
def require_second_factor(change: Change, *, wanted_for: str, grace_days: int = 7) -> None:
    """Ask for a second factor of nobody, of managers (and owners) or of everybody here.

    Whoever has none has `grace_days` to add one, newcomers as long from their first day; after
    that they, and their API tokens, can do nothing here. Raises OwnFactorFirst for an owner who
    would shut themselves out.
    """
    if wanted_for not in rules.SECOND_FACTOR_FOR:
        raise Invalid(_("Choose nobody, managers or everybody."), field="wanted_for")
    if not 0 <= grace_days <= LONGEST_GRACE_DAYS:
        raise Invalid(_("Give from 0 to 30 days."), field="grace_days")
    own = Membership.objects.filter(
        workspace_id=change.workspace_id, account_id=change.actor.account_id or 0, ended_at=None
    ).first()
    is_meant = own is not None and rules.needs_second_factor(wanted_for, Role(own.role))
    if own is not None and is_meant and not factors.has_second(own.account_id):
        raise OwnFactorFirst(
            _("Add a second factor to your own sign-in first. Then ask others for it.")
        )
    before = SignInRule.objects.filter(pk=change.workspace_id).first()
    old = (before.second_factor_for, before.grace_days) if before else ("nobody", 0)
    if old[0] == wanted_for and (wanted_for == "nobody" or old[1] == grace_days):
        return change.unchanged(None)
    holds_from = change.at + timedelta(days=grace_days)
    SignInRule.objects.update_or_create(
        pk=change.workspace_id,
        defaults={
            "second_factor_for": wanted_for,
            "holds_from": holds_from,
            "grace_days": grace_days,
        },
    )
    change.record(
        facts.SecondFactorRequired(
            old_wanted_for=old[0],
            new_wanted_for=wanted_for,
            grace_days=grace_days,
            holds_from=holds_from,
        )
    )
    return None
