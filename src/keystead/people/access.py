"""Who may do what: the one resolver, and how a sign-in or a token becomes an Actor."""

import hashlib
import hmac
from datetime import datetime

from django.db.models import Exists, FilteredRelation, Q
from django.utils.timezone import now

from keystead.journal.installation import quarantined_since
from keystead.journal.models import Workspace
from keystead.kernel.actor import INSTALLATION, Actor, Channel
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.scope import Granted
from keystead.kernel.words import said as _
from keystead.people import requirements, traces
from keystead.people.models import Account, ApiToken, Membership
from keystead.people.roles import (
    AT_SITES,
    INSTALLATION_RIGHTS,
    OPERATOR_RIGHTS,
    OWN,
    ROLES,
    SYSTEM_RIGHTS,
    Role,
)


def granted(actor: Actor) -> Granted:
    """What the actor may do in its workspace and at its sites, read now.

    Raises NotFound when the actor is no member: a foreign workspace looks like none at all; and
    SecondFactorNeeded where the workspace asks for one that the account lacks.
    """
    if actor.account_id is None:
        if actor.system is None:
            raise NotFound(_("There is no such workspace."))
        return Granted(SYSTEM_RIGHTS)
    held, is_asked = _held(actor)
    requirements.insist(actor, is_asked=is_asked)
    return held if actor.only is None else _limited(held, actor.only)


def _limited(held: Granted, only: frozenset[Right]) -> Granted:
    """What remains for a token that is limited to some rights."""
    at_sites = {site: rights & only for site, rights in held.at_sites.items()}
    return Granted(held.everywhere & only, at_sites)


def _held(actor: Actor) -> tuple[Granted, bool]:
    """The actor's rights, and whether the workspace asks anybody for a second factor."""
    if actor.workspace_id == INSTALLATION:
        return Granted(_of_account(actor.account_id or 0)), False
    return _of_member(actor)


def _of_account(account_id: int) -> frozenset[Right]:
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound(_("There is no such workspace."))
    return OPERATOR_RIGHTS if account.is_operator else INSTALLATION_RIGHTS


def _of_member(actor: Actor) -> tuple[Granted, bool]:
    given = FilteredRelation("site_roles", condition=Q(site_roles__ended_at=None))
    rows = (
        Membership.objects.annotate(
            given=given, is_asked=Exists(requirements.asked(actor.workspace_id))
        )
        .filter(
            workspace_id=actor.workspace_id,
            account_id=actor.account_id or 0,
            ended_at=None,
            account__is_active=True,
        )
        .values_list("role", "given__site_id", "given__role", "is_asked")
    )
    found = list(rows)
    if not found:
        raise NotFound(_("There is no such workspace."))
    return _granted(found), found[0][3]


def _granted(found: list[tuple[str, int | None, str | None, bool]]) -> Granted:
    """From a member's role and, row by row, a site with the role there."""
    everywhere = ROLES[Role(found[0][0])]
    at_sites: dict[int, frozenset[Right]] = {}
    for _role, site_id, site_role, _is_asked in found:
        if site_id is not None and site_role is not None:
            rights = ROLES[Role(site_role)]
            everywhere |= rights & OWN
            at_sites[site_id] = rights & AT_SITES
    return Granted(everywhere, at_sites)


def actor_for(
    account_id: int,
    slug: str,
    channel: Channel,
    *,
    factor_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> Actor:
    """The actor a signed-in account is in the workspace `slug`. Raises NotFound for strangers."""
    workspace_id = (
        Membership.objects.filter(
            workspace__slug=slug, account_id=account_id, ended_at=None, account__is_active=True
        )
        .values_list("workspace_id", flat=True)
        .first()
    )
    if workspace_id is None:
        raise NotFound(_("There is no such workspace."))
    return Actor(
        workspace_id=workspace_id,
        channel=channel,
        account_id=account_id,
        factor_at=factor_at,
        idempotency_key=idempotency_key,
    )


_OF_A_TOKEN = (
    "token_hash",
    "rights",
    "used_on",
    "expires_at",
    "withdrawn_at",
    "workspace__slug",
    "account__is_active",
)


def actor_of_token(
    text: str, slug: str | None, channel: Channel, *, idempotency_key: str | None = None
) -> Actor | None:
    """The actor behind an API token, or None when the token is not (or no longer) good.

    Raises NotFound when the token is good but belongs to another workspace than `slug`.
    """
    try:
        mark, prefix, _rest = text.split("_", 2)
    except ValueError:
        return None
    tokens = ApiToken.objects.select_related("workspace", "account").filter(prefix=prefix)
    token = next(iter(tokens.only(*_OF_A_TOKEN)), None)
    digest = hashlib.sha256(text.encode()).digest()
    if token is None or mark != "ks" or not hmac.compare_digest(bytes(token.token_hash), digest):
        return None
    if token.withdrawn_at is not None or token.expires_at <= now() or not token.account.is_active:
        return None
    if quarantined_since() is not None:
        return None  # a copy: its tokens rest until a person confirms it
    if slug is not None and token.workspace.slug != slug:
        raise NotFound(_("There is no such workspace."))
    traces.token_used(token)
    only = None if token.rights is None else frozenset(map(Right, token.rights))
    return Actor(
        workspace_id=token.workspace_id,
        channel=channel,
        account_id=token.account_id,
        token_id=token.pk,
        only=only,
        idempotency_key=idempotency_key,
    )


def workspace_of_slug(slug: str) -> Workspace | None:
    """The workspace of this name, for local commands of the operating system's user."""
    return Workspace.objects.filter(slug=slug).first()


def owner_addresses(workspace_id: int) -> list[str]:
    """Where to write to the owners of a workspace; of the installation, to its operators."""
    accounts = Account.objects.filter(is_active=True).order_by("pk")
    if workspace_id == INSTALLATION:
        return list(accounts.filter(is_operator=True).values_list("email", flat=True))
    owned = Membership.objects.filter(
        workspace_id=workspace_id, role=Role.OWNER, ended_at=None
    ).values("account_id")
    return list(accounts.filter(pk__in=owned).values_list("email", flat=True))
