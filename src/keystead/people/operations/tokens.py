"""API tokens: a program's way in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from keystead.journal.operation import Change, operation
from keystead.kernel.errors import Invalid, NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.people import facts, rules
from keystead.people.links import hash_of
from keystead.people.models import ApiToken
from keystead.people.roles import READING


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token just made: its id and when it ends. Its text is known only to its maker."""

    token_id: int
    expires_at: datetime


@operation(Right.MANAGE_OWN_ACCESS, shows_once=True, step_up=True)
def make_token(
    change: Change,
    *,
    name: str,
    token: Secret,
    rights: Collection[Right] | None = None,
    lasts: timedelta = rules.TOKEN_LASTS,
) -> MadeToken:
    """Make an API token for the acting account in this workspace, for at most a year.

    It may do what its account may, or only what is in `rights` of that.
    """
    if change.actor.account_id is None or change.actor.token_id is not None:
        raise Invalid(_("Sign in with your browser to make a token."))
    if not timedelta(0) < lasts <= rules.TOKEN_LASTS:
        raise Invalid(_("A token lasts from a moment to a year."), field="lasts")
    if rights is not None and not rights:
        raise Invalid(_("Choose what the token may do."), field="rights")
    limited = None if rights is None else sorted(Right(right) for right in rights)
    row = ApiToken.objects.create(
        workspace_id=change.workspace_id,
        account_id=change.actor.account_id,
        name=line(name, field="name", longest=80),
        prefix=token.reveal().split("_")[1],
        token_hash=hash_of(token),
        rights=limited,
        made_at=change.at,
        expires_at=change.at + lasts,
    )
    change.record(
        facts.TokenMade(
            made_token_id=row.pk,
            token_name=row.name,
            read_only=limited is not None and READING.issuperset(limited),
            expires_at=row.expires_at,
            rights=None if limited is None else tuple(str(right) for right in limited),
        )
    )
    return MadeToken(row.pk, row.expires_at)


@operation(Right.MANAGE_OWN_ACCESS)
def withdraw_token(change: Change, *, token_id: int) -> None:
    """End one's own API token at once; who manages members may end anybody's."""
    row = ApiToken.objects.filter(workspace_id=change.workspace_id, pk=token_id).first()
    mine = row is not None and row.account_id == change.actor.account_id
    if row is None or not (mine or Right.MANAGE_MEMBERS in change.rights):
        raise NotFound(_("There is no such token."))
    if row.withdrawn_at is not None:
        return change.unchanged(None)
    withdraw(change, row)
    return None


def withdraw(change: Change, token: ApiToken) -> None:
    """End one token in this change and record it."""
    token.withdrawn_at = change.at
    token.save(update_fields=["withdrawn_at"])
    change.record(facts.TokenWithdrawn(withdrawn_token_id=token.pk, token_name=token.name))
