"""What can happen to persons, firms, members and workspaces."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from keystead.kernel.fact import Fact
from keystead.kernel.fact import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceCreated(Fact):
    """A household or an organisation was started from a template."""

    name: ClassVar[str] = "people.workspace-created"
    sentence: ClassVar[str] = _("started the workspace %(workspace_name)s")
    workspace_name: str
    slug: str
    template: str
    time_zone: str
    locale: str
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChanged(Fact):
    """A workspace got another name, zone or language."""

    name: ClassVar[str] = "people.workspace-changed"
    sentence: ClassVar[str] = _("changed the settings of the workspace")
    old_name: str
    new_name: str
    old_time_zone: str
    new_time_zone: str
    old_locale: str
    new_locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(Fact):
    """Somebody got a login."""

    name: ClassVar[str] = "people.account-created"
    sentence: ClassVar[str] = _("a login was made")
    created_account_id: int
    is_operator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Fact):
    """An account signed in."""

    name: ClassVar[str] = "people.signed-in"
    sentence: ClassVar[str] = _("signed in")
    new_device: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Fact):
    """An account signed out."""

    name: ClassVar[str] = "people.signed-out"
    sentence: ClassVar[str] = _("signed out")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Fact):
    """An account's password was changed or reset."""

    name: ClassVar[str] = "people.password-changed"
    sentence: ClassVar[str] = _("changed the password")
    changed_account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChangeAsked(Fact):
    """An account asked to sign in with another address."""

    name: ClassVar[str] = "people.email-change-asked"
    sentence: ClassVar[str] = _("asked to sign in with another address")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChanged(Fact):
    """An account signs in with another address."""

    name: ClassVar[str] = "people.email-changed"
    sentence: ClassVar[str] = _("a login got another address")
    changed_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(Fact):
    """An account got a passkey, an authenticator app or new recovery codes."""

    name: ClassVar[str] = "people.factor-added"
    sentence: ClassVar[str] = _("added to their sign-in: %(kind)s")
    factor_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(Fact):
    """A passkey, the app or the recovery codes of an account no longer let it in."""

    name: ClassVar[str] = "people.factor-removed"
    sentence: ClassVar[str] = _("removed from their sign-in: %(kind)s")
    factor_id: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(Fact):
    """A recovery code stood in for a second factor."""

    name: ClassVar[str] = "people.recovery-code-used"
    sentence: ClassVar[str] = _("used a recovery code, %(codes_left)s are left")
    codes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Fact):
    """Somebody ended sessions of theirs from elsewhere."""

    name: ClassVar[str] = "people.sessions-ended"
    sentence: ClassVar[str] = _("signed out elsewhere: %(sessions)s")
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOutsCounted(Fact):
    """How often guessing was stopped within an hour."""

    name: ClassVar[str] = "people.lock-outs-counted"
    sentence: ClassVar[str] = _("stopped guesses at %(logins)s logins, from %(networks)s networks")
    hour: datetime
    logins: int
    networks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRequired(Fact):
    """A workspace asks another circle of its members for a second factor."""

    name: ClassVar[str] = "people.second-factor-required"
    sentence: ClassVar[str] = _(
        "asks for a second factor of: %(new_wanted_for)s, before of: %(old_wanted_for)s"
    )
    old_wanted_for: str
    new_wanted_for: str
    grace_days: int
    holds_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Fact):
    """A person came onto the register. The name stays in its erasable row."""

    name: ClassVar[str] = "people.person-added"
    sentence: ClassVar[str] = _("added %(person)s")
    person_id: int
    firm_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Fact):
    """Something about a person was corrected; only which fields, not what they say."""

    name: ClassVar[str] = "people.person-changed"
    sentence: ClassVar[str] = _("changed the record of %(person)s")
    person_id: int
    firm_id: int | None
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Fact):
    """A person left: nothing can be given to them any more."""

    name: ClassVar[str] = "people.person-left"
    sentence: ClassVar[str] = _("noted that %(person)s has left")
    person_id: int
    left_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCameBack(Fact):
    """A person who had left is here again."""

    name: ClassVar[str] = "people.person-came-back"
    sentence: ClassVar[str] = _("noted that %(person)s is back")
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmAdded(Fact):
    """A firm came onto the register."""

    name: ClassVar[str] = "people.firm-added"
    sentence: ClassVar[str] = _("added the firm %(firm_name)s")
    firm_id: int
    firm_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmRenamed(Fact):
    """A firm got another name."""

    name: ClassVar[str] = "people.firm-renamed"
    sentence: ClassVar[str] = _("renamed the firm %(old_name)s to %(new_name)s")
    firm_id: int
    old_name: str
    new_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(Fact):
    """Somebody was invited to sign in, in a role, until a time."""

    name: ClassVar[str] = "people.member-invited"
    sentence: ClassVar[str] = _("invited %(person)s as %(role)s")
    invitation_id: int
    person_id: int
    role: str
    expires_at: datetime
    site_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWithdrawn(Fact):
    """An invitation was taken back before it was used."""

    name: ClassVar[str] = "people.invitation-withdrawn"
    sentence: ClassVar[str] = _("withdrew the invitation of %(person)s")
    invitation_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Fact):
    """A person can sign in to this workspace now."""

    name: ClassVar[str] = "people.member-joined"
    sentence: ClassVar[str] = _("%(person)s joined as %(role)s")
    membership_id: int
    joined_account_id: int
    person_id: int
    role: str
    invitation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Fact):
    """A member got another role."""

    name: ClassVar[str] = "people.role-changed"
    sentence: ClassVar[str] = _("made %(person)s %(new_role)s instead of %(old_role)s")
    membership_id: int
    person_id: int
    old_role: str
    new_role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRoleGiven(Fact):
    """A member got a role at one site."""

    name: ClassVar[str] = "people.site-role-given"
    sentence: ClassVar[str] = _("made %(person)s %(role)s at %(site_name)s")
    membership_id: int
    person_id: int
    site_id: int
    site_name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRoleEnded(Fact):
    """A member has a role at one site no longer."""

    name: ClassVar[str] = "people.site-role-ended"
    sentence: ClassVar[str] = _("%(person)s is no longer %(role)s at %(site_name)s")
    membership_id: int
    person_id: int
    site_id: int
    site_name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved(Fact):
    """A member can no longer sign in to this workspace."""

    name: ClassVar[str] = "people.member-removed"
    sentence: ClassVar[str] = _("removed the sign-in of %(person)s")
    membership_id: int
    person_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMade(Fact):
    """An API token was made."""

    name: ClassVar[str] = "people.token-made"
    sentence: ClassVar[str] = _("made the API token %(token_name)s")
    made_token_id: int
    token_name: str
    read_only: bool
    expires_at: datetime
    rights: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWithdrawn(Fact):
    """An API token stopped working."""

    name: ClassVar[str] = "people.token-withdrawn"
    sentence: ClassVar[str] = _("withdrew the API token %(token_name)s")
    withdrawn_token_id: int
    token_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet(Fact):
    """Whoever runs the installation gave a login a new password."""

    name: ClassVar[str] = "people.password-set"
    sentence: ClassVar[str] = _("gave a login a new password")
    recovered_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsTakenAway(Fact):
    """Whoever runs the installation took the second factors of a login away."""

    name: ClassVar[str] = "people.factors-taken-away"
    sentence: ClassVar[str] = _("took the second factors of a login away")
    recovered_account_id: int
    factors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryLinkMade(Fact):
    """Whoever runs the installation made a link with which a login gets a new password, once."""

    name: ClassVar[str] = "people.recovery-link-made"
    sentence: ClassVar[str] = _("made a link to choose a new password")
    recovered_account_id: int


FACTS = (
    WorkspaceCreated,
    WorkspaceChanged,
    AccountCreated,
    SignedIn,
    SignedOut,
    PasswordChanged,
    EmailChangeAsked,
    EmailChanged,
    FactorAdded,
    FactorRemoved,
    RecoveryCodeUsed,
    SessionsEnded,
    LockOutsCounted,
    SecondFactorRequired,
    PersonAdded,
    PersonChanged,
    PersonLeft,
    PersonCameBack,
    FirmAdded,
    FirmRenamed,
    MemberInvited,
    InvitationWithdrawn,
    MemberJoined,
    RoleChanged,
    SiteRoleGiven,
    SiteRoleEnded,
    MemberRemoved,
    TokenMade,
    TokenWithdrawn,
    PasswordSet,
    RecoveryLinkMade,
    FactorsTakenAway,
)
