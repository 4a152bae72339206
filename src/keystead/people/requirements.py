"""Whether a member's sign-in is what the workspace asks for, looked at with every use."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import now

from keystead.journal.operation import require
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.people import factors, rules
from keystead.people.errors import SecondFactorNeeded
from keystead.people.models import Membership, SignInRule
from keystead.people.roles import Role


@dataclass(frozen=True, slots=True)
class SignInRuleView:
    """For whom a second factor is required here, since when, and after how many days."""

    wanted_for: str
    grace_days: int
    holds_from: datetime | None


def rule(actor: Actor) -> SignInRuleView:
    """What this workspace asks for."""
    require(actor, Right.MANAGE_MEMBERS)
    row = SignInRule.objects.filter(pk=actor.workspace_id).first()
    if row is None:
        return SignInRuleView("nobody", 7, None)
    return SignInRuleView(row.second_factor_for, row.grace_days, row.holds_from)


def asked(workspace_id: int) -> QuerySet[SignInRule]:
    """The rule of a workspace, if it asks anybody for a second factor."""
    rows = SignInRule.objects.filter(pk=workspace_id)
    return rows.exclude(second_factor_for="nobody")


def due(actor: Actor) -> datetime | None:
    """Until when the actor's account has to add a second factor here; None: nothing is asked."""
    if actor.account_id is None or actor.workspace_id == INSTALLATION:
        return None
    wanted = asked(actor.workspace_id).first()
    if wanted is None:
        return None
    member = Membership.objects.filter(
        workspace_id=actor.workspace_id, account_id=actor.account_id, ended_at=None
    ).first()
    if member is None or not rules.needs_second_factor(wanted.second_factor_for, Role(member.role)):
        return None
    if factors.has_second(actor.account_id):
        return None
    grace = timedelta(days=wanted.grace_days)
    return rules.second_factor_due(wanted.holds_from, member.since, grace)


_seen: ContextVar[dict[tuple[int, int | None], datetime | None]] = ContextVar("due factors")


def seen(actor: Actor) -> datetime | None:
    """What `insist` last found, for a reminder on a page; looked up if it has not yet."""
    found, key = _seen.get({}), (actor.workspace_id, actor.account_id)
    return found[key] if key in found else due(actor)


def insist(actor: Actor, *, is_asked: bool = True) -> None:
    """Raise SecondFactorNeeded where one is required, missing, and the time for it is over.

    `is_asked`: whether the workspace was just seen to ask anybody; if not, nothing is looked up.
    """
    until = due(actor) if is_asked else None
    _seen.set({(actor.workspace_id, actor.account_id): until})
    if until is not None and until <= now():
        raise SecondFactorNeeded(
            _("This workspace asks for a second factor. Add one to your sign-in first.")
        )
