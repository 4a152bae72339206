"""Accounts and workspaces: the first start, and starting another."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from keystead.journal import workspaces
from keystead.journal.operation import Change, operation
from keystead.kernel.clock import is_zone
from keystead.kernel.errors import Invalid, NotFound
from keystead.kernel.rights import Right
from keystead.kernel.secret import Secret
from keystead.kernel.text import line
from keystead.kernel.words import said as _
from keystead.people import facts, rules
from keystead.people.errors import (
    WeakPassword,
)
from keystead.people.models import Account, Membership, Person
from keystead.people.roles import Role
from keystead.vault import operations as vault

Filler = Callable[[Change, str, str], None]
_fill: Filler | None = None


def set_template_filler(filler: Filler) -> None:
    """Hand in, at start-up, what describes a new workspace: filler(change, template, locale)."""
    global _fill
    _fill = filler


def hashed(password: Secret, email: str) -> Secret:
    """Check a new password and hash it (Argon2). Slow on purpose: call it before the operation.

    Raises WeakPassword with sentences that say what to do.
    """
    clear = password.reveal()
    if len(clear) > 256:
        raise WeakPassword(_("Use at most 256 characters."), field="password")
    account = Account(email=email)
    try:
        validate_password(clear, account)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages), field="password") from None
    account.set_password(clear)
    return Secret(account.password)


@dataclass(frozen=True, slots=True)
class Founded:
    """What the first start made."""

    account_id: int
    workspace_id: int
    slug: str


@operation(Right.RUN)
def found(
    change: Change,
    *,
    email: str,
    password_hash: Secret,
    owner_name: str,
    workspace_name: str,
    template: str,
    time_zone: str,
    locale: str,
    is_demo: bool = False,
) -> Founded:
    """Make the first account (the operator) and its first workspace, while there is no account.

    Raises NotFound once somebody has an account: open sign-up is closed then.
    """
    if not can_found():
        raise NotFound(_("Open sign-up is closed. Ask an owner for an invitation."))
    if change.actor.at is not None and not is_demo:
        raise Invalid(_("Only a demonstration may set the time of its facts."), field="at")
    account = create_account(change, email, password_hash, is_operator=True)
    workspace_id, slug = _start(
        change, account, owner_name, workspace_name, template, time_zone, locale, is_demo
    )
    return Founded(account.pk, workspace_id, slug)


def can_found() -> bool:
    """Whether nobody has an account yet, so that the first owner may sign up."""
    return not Account.objects.exists()


@operation(Right.CREATE_WORKSPACE)
def create_workspace(
    change: Change,
    *,
    owner_name: str,
    workspace_name: str,
    template: str,
    time_zone: str,
    locale: str,
    is_demo: bool = False,
    account_id: int | None = None,
) -> str:
    """Start another workspace owned by the acting account; returns its slug.

    A demonstration and a real register never share an installation: Invalid. `account_id` names
    the owner when the system acts.
    """
    if workspaces.is_mixed_with(is_demo=is_demo):
        raise Invalid(
            _(
                "Demonstrations and real registers never share a database. Start Keystead "
                "with another data folder."
            ),
            field="template",
        )
    account = Account.objects.get(pk=change.actor.account_id or account_id or 0)
    _id, slug = _start(
        change, account, owner_name, workspace_name, template, time_zone, locale, is_demo
    )
    return slug


def create_account(
    change: Change, email: str, password_hash: Secret, *, is_operator: bool = False
) -> Account:
    """Make a login in this change. The address must be free."""
    account = Account.objects.create(
        email=cleaned_email(email), password=password_hash.reveal(), is_operator=is_operator
    )
    change.record(facts.AccountCreated(created_account_id=account.pk, is_operator=is_operator))
    return account


def cleaned_email(text: str) -> str:
    """An address to sign in with, as it is kept. Raises Invalid."""
    cleaned = line(text.lower(), field="email", longest=254)
    if "@" not in cleaned[1:-1] or " " in cleaned:
        raise Invalid(_("This is not an e-mail address."), field="email")
    return cleaned


def _start(
    change: Change,
    account: Account,
    owner_name: str,
    workspace_name: str,
    template: str,
    time_zone: str,
    locale: str,
    is_demo: bool,
) -> tuple[int, str]:
    if template not in rules.TEMPLATES:
        raise Invalid(_("Choose household, small business or empty."), field="template")
    _require_zone_and_locale(time_zone, locale)
    name = line(workspace_name, field="workspace_name")
    slug = rules.free_slug(name, workspaces.slugs())
    there = workspaces.start(
        change,
        slug=slug,
        name=name,
        template=template,
        time_zone=time_zone,
        locale=locale,
        is_demo=is_demo,
    )
    if change.actor.channel == "web" and change.actor.account_id is None:
        # Who signs up first had no account until now. What their sign-up did is theirs.
        there.actor = replace(there.actor, account_id=account.pk)
    created = facts.WorkspaceCreated(
        workspace_name=name,
        slug=slug,
        template=template,
        time_zone=time_zone,
        locale=locale,
        is_demo=is_demo,
    )
    change.record(created)
    there.record(created)
    vault.equip(change, there)
    person = Person.objects.create(
        workspace_id=there.workspace_id,
        name=line(owner_name, field="owner_name"),
        email=account.email,
    )
    there.record(facts.PersonAdded(person_id=person.pk, firm_id=None))
    join(there, account, person, Role.OWNER, None)
    if _fill is not None and not is_demo:
        _fill(there, template, locale)
    return there.workspace_id, slug


def _require_zone_and_locale(time_zone: str, locale: str) -> None:
    if not is_zone(time_zone):
        raise Invalid(_("This is not a time zone, such as Europe/Vienna."), field="time_zone")
    if locale not in {"en", "en-GB", "de"}:
        raise Invalid(_("Choose en, en-GB or de."), field="locale")


def join(
    change: Change, account: Account, person: Person, role: Role, invitation_id: int | None
) -> Membership:
    """Make `account` a member as `person` in this change."""
    membership = Membership.objects.create(
        workspace_id=change.workspace_id,
        account=account,
        person=person,
        role=role,
        since=change.at,
    )
    change.record(
        facts.MemberJoined(
            membership_id=membership.pk,
            joined_account_id=account.pk,
            person_id=person.pk,
            role=role,
            invitation_id=invitation_id,
        )
    )
    return membership


@operation(Right.MANAGE_MEMBERS)
def change_workspace(change: Change, *, name: str, time_zone: str, locale: str) -> None:
    """Rename the workspace or set its time zone (IANA name) and language."""
    _require_zone_and_locale(time_zone, locale)
    wanted = (line(name, field="name"), time_zone, locale)
    before = workspaces.configure(change, name=wanted[0], time_zone=wanted[1], locale=wanted[2])
    if wanted == before:
        return change.unchanged(None)
    change.record(
        facts.WorkspaceChanged(
            old_name=before[0],
            new_name=wanted[0],
            old_time_zone=before[1],
            new_time_zone=wanted[1],
            old_locale=before[2],
            new_locale=wanted[2],
        )
    )
    return None
