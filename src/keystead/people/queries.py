"""Reading people. Nothing here writes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from keystead.journal import reach
from keystead.journal.operation import granted, require, scope_of
from keystead.journal.orders import Order, Spot
from keystead.journal.queries import mentioned_since
from keystead.kernel.actor import INSTALLATION, Actor
from keystead.kernel.errors import NotFound
from keystead.kernel.rights import Right
from keystead.kernel.words import said as _
from keystead.people.models import (
    Account,
    ApiToken,
    Firm,
    Invitation,
    Membership,
    Person,
    Session,
    SiteRole,
)
from keystead.people.sessions import is_over

PERSONS = FIRMS = Order("name", "pk=id")
"""How these lists are sorted."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person on the register. `left_at` is aware UTC; None means still here."""

    id: int
    name: str
    firm_id: int | None
    firm_name: str | None
    department: str
    email: str
    phone: str
    left_at: datetime | None
    version: int


def _view(person: Person) -> PersonView:
    firm = person.firm
    return PersonView(
        person.pk,
        person.name,
        person.firm_id,
        firm.name if firm else None,
        person.department,
        person.email,
        person.phone,
        person.left_at,
        person.version,
    )


def _persons(actor: Actor) -> QuerySet[Person]:
    return Person.objects.filter(workspace_id=actor.workspace_id).select_related("firm")


def person(actor: Actor, person_id: int) -> PersonView:
    """One person. Raises NotFound."""
    scope_of(actor, Right.SEE_REGISTER)
    row = _persons(actor).filter(pk=person_id).first()
    if row is None:
        raise NotFound(_("There is no such person."), person_id=person_id)
    return _view(row)


def persons(
    actor: Actor,
    *,
    text: str = "",
    present_only: bool = False,
    left_only: bool = False,
    firm_id: int | None = None,
    changed_since: int | None = None,
    after: Spot | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[PersonView]:
    """Persons by name; `text` is looked for in name and firm."""
    scope_of(actor, Right.SEE_REGISTER)
    rows = _persons(actor)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(firm__name__icontains=text))
    if present_only:
        rows = rows.filter(left_at=None)
    if left_only:
        rows = rows.filter(left_at__isnull=False)
    if firm_id is not None:
        rows = rows.filter(firm_id=firm_id)
    if changed_since is not None:
        rows = rows.filter(pk__in=mentioned_since(actor, "person", changed_since))
    return [_view(row) for row in PERSONS.page(rows, after=after, limit=limit, offset=offset)]


@dataclass(frozen=True, slots=True)
class FirmView:
    """A firm and how many of its workers are known."""

    id: int
    name: str


def firm(actor: Actor, firm_id: int) -> FirmView:
    """One firm. Raises NotFound."""
    scope_of(actor, Right.SEE_REGISTER)
    row = Firm.objects.filter(workspace_id=actor.workspace_id, pk=firm_id).first()
    if row is None:
        raise NotFound(_("There is no such firm."), firm_id=firm_id)
    return FirmView(row.pk, row.name)


def firms(
    actor: Actor,
    *,
    text: str = "",
    after: Spot | None = None,
    limit: int | None = None,
) -> list[FirmView]:
    """Firms by name."""
    scope_of(actor, Right.SEE_REGISTER)
    rows = Firm.objects.filter(workspace_id=actor.workspace_id)
    if text:
        rows = rows.filter(name__icontains=text)
    return [FirmView(row.pk, row.name) for row in FIRMS.page(rows, after=after, limit=limit)]


def find_firms(actor: Actor, text: str, limit: int = 8) -> list[FirmView]:
    """Firms whose name contains `text`, for the search field."""
    scope_of(actor, Right.SEE_REGISTER)
    rows = Firm.objects.filter(workspace_id=actor.workspace_id, name__icontains=text)
    return [FirmView(row.pk, row.name) for row in rows.order_by("name")[:limit]]


def workers(actor: Actor, firm_id: int) -> list[PersonView]:
    """The persons of a firm by name."""
    scope_of(actor, Right.SEE_REGISTER)
    return [_view(row) for row in _persons(actor).filter(firm_id=firm_id).order_by("name")]


def names(actor: Actor, person_ids: set[int]) -> dict[int, str]:
    """Names of persons by id, for telling stories; unknown ids are missing.

    Who may not see the register finds only their own.
    """
    require(actor, Right.SEE_OWN)
    rows = Person.objects.filter(workspace_id=actor.workspace_id, pk__in=person_ids)
    if Right.SEE_REGISTER not in granted(actor).anywhere:
        rows = rows.filter(pk=own_person_id(actor) or 0)
    return dict(rows.values_list("pk", "name"))


def account_names(actor: Actor, account_ids: set[int]) -> dict[int, tuple[int, str]]:
    """Person id and name of accounts of this workspace, past members included.

    Who may not see the register finds only their own.
    """
    require(actor, Right.SEE_OWN)
    if Right.SEE_REGISTER not in granted(actor).anywhere:
        account_ids = account_ids & {actor.account_id or 0}
    rows = Membership.objects.filter(
        workspace_id=actor.workspace_id, account_id__in=account_ids
    ).order_by("since")
    return {
        account: (person_id, name)
        for account, person_id, name in rows.values_list("account_id", "person_id", "person__name")
    }


def signing_in(actor: Actor) -> list[tuple[int, str]]:
    """Account id and name of everybody who can or could sign in here, by name."""
    require(actor, Right.SEE_JOURNAL)
    rows = Membership.objects.filter(workspace_id=actor.workspace_id)
    return sorted(
        dict(rows.order_by("since").values_list("account_id", "person__name")).items(),
        key=lambda found: found[1].casefold(),
    )


def own_person_id(actor: Actor) -> int | None:
    """The person the acting account is in its workspace; None for the system."""
    return (
        Membership.objects.filter(
            workspace_id=actor.workspace_id, account_id=actor.account_id or 0, ended_at=None
        )
        .values_list("person_id", flat=True)
        .first()
    )


@dataclass(frozen=True, slots=True)
class SiteRoleView:
    """A role at one site."""

    site_id: int
    site_name: str
    role: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody who can sign in here, with the roles at single sites by the sites' names."""

    membership_id: int
    person_id: int
    name: str
    email: str
    role: str
    since: datetime
    site_roles: tuple[SiteRoleView, ...] = ()


def members(actor: Actor) -> list[MemberView]:
    """Who can sign in to this workspace, by name."""
    require(actor, Right.MANAGE_MEMBERS)
    rows = Membership.objects.filter(workspace_id=actor.workspace_id, ended_at=None)
    at_sites = _at_sites(actor)
    return [
        MemberView(
            m.pk,
            m.person_id,
            m.person.name,
            m.account.email,
            m.role,
            m.since,
            tuple(at_sites.get(m.pk, ())),
        )
        for m in rows.select_related("person", "account").order_by("person__name")
    ]


def _at_sites(actor: Actor) -> dict[int, list[SiteRoleView]]:
    """Roles at sites, by membership."""
    rows = SiteRole.objects.filter(workspace_id=actor.workspace_id, ended_at=None)
    given = list(rows.values_list("membership_id", "site_id", "role"))
    names = _site_names(actor, {site_id for _membership, site_id, _role in given})
    found: dict[int, list[SiteRoleView]] = {}
    for membership_id, site_id, role in sorted(given, key=lambda g: names.get(g[1], "")):
        view = SiteRoleView(site_id, names.get(site_id, ""), role)
        found.setdefault(membership_id, []).append(view)
    return found


def _site_names(actor: Actor, site_ids: set[int]) -> dict[int, str]:
    rows = reach.model_of("site").objects.filter(workspace_id=actor.workspace_id, pk__in=site_ids)
    return {row.pk: str(row) for row in rows} if site_ids else {}


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation nobody has used yet."""

    id: int
    person_id: int
    name: str
    role: str
    expires_at: datetime
    site_name: str | None = None


def invitations(actor: Actor) -> list[InvitationView]:
    """Invitations that are neither used nor withdrawn, the expired ones included."""
    require(actor, Right.MANAGE_MEMBERS)
    rows = Invitation.objects.filter(
        workspace_id=actor.workspace_id, used_at=None, withdrawn_at=None
    )
    found = list(rows.select_related("person").order_by("-expires_at"))
    names = _site_names(actor, {i.site_id for i in found if i.site_id is not None})
    return [
        InvitationView(
            i.pk, i.person_id, i.person.name, i.role, i.expires_at, names.get(i.site_id or 0)
        )
        for i in found
    ]


@dataclass(frozen=True, slots=True)
class TokenView:
    """An API token without its secret."""

    id: int
    name: str
    prefix: str
    account_id: int
    rights: tuple[str, ...] | None
    made_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    used_on: date | None


def _tokens(actor: Actor) -> list[TokenView]:
    rows = ApiToken.objects.filter(workspace_id=actor.workspace_id).order_by("-made_at")
    return [
        TokenView(
            t.pk,
            t.name,
            t.prefix,
            t.account_id,
            None if t.rights is None else tuple(t.rights),
            t.made_at,
            t.expires_at,
            t.withdrawn_at,
            t.used_on,
        )
        for t in rows
    ]


def own_tokens(actor: Actor) -> list[TokenView]:
    """The acting account's API tokens for this workspace, newest first."""
    require(actor, Right.MANAGE_OWN_ACCESS)
    return [token for token in _tokens(actor) if token.account_id == actor.account_id]


def others_tokens(actor: Actor) -> list[TokenView]:
    """Everybody else's API tokens for this workspace, newest first."""
    require(actor, Right.MANAGE_MEMBERS)
    return [token for token in _tokens(actor) if token.account_id != actor.account_id]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser somebody is signed in with. `device` is a kind in plain words, or empty."""

    id: int
    device: str
    is_own_device: bool
    began_at: datetime
    used_at: datetime


def own_sessions(account_id: int) -> list[SessionView]:
    """The sessions of an account that still let it in, the last used first."""
    at = now()
    rows = Session.objects.filter(account_id=account_id).order_by("-used_at")
    return [
        SessionView(row.pk, row.device, row.is_own_device, row.began_at, row.used_at)
        for row in rows
        if not is_over(row, at)
    ]


@dataclass(frozen=True, slots=True)
class OwnWorkspace:
    """A workspace the account belongs to, and its role there."""

    slug: str
    name: str
    role: str
    is_demo: bool


def own_workspaces(account_id: int) -> list[OwnWorkspace]:
    """The workspaces an account can open, by name."""
    rows = Membership.objects.filter(
        account_id=account_id, ended_at=None, account__is_active=True
    ).exclude(workspace_id=INSTALLATION)
    return [
        OwnWorkspace(m.workspace.slug, m.workspace.name, m.role, m.workspace.is_demo)
        for m in rows.select_related("workspace").order_by("workspace__name")
    ]


def is_operator(account_id: int) -> bool:
    """Whether this account may start workspaces on this installation."""
    return Account.objects.filter(pk=account_id, is_operator=True, is_active=True).exists()


def find(actor: Actor, text: str, limit: int = 8) -> list[PersonView]:
    """Persons whose name or firm contains `text`, for the search field."""
    return persons(actor, text=text, limit=limit)


def home_of(account_id: int) -> tuple[str, str]:
    """Language and zone of the workspace an account has belonged to longest; else English, UTC."""
    row = (
        Membership.objects.filter(account_id=account_id, ended_at=None)
        .order_by("since")
        .values_list("workspace__locale", "workspace__time_zone")
        .first()
    )
    return row or ("en", "UTC")
