"""Persons and firms, and the accounts some of them sign in with."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from keystead.journal.models import Row, Workspace


class Accounts(BaseUserManager["Account"]):
    """Creates accounts. Only the operations of `people` and the sign-in library use it."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "Account":
        """Make an account; without a password it cannot sign in."""
        account = self.model(email=self.normalize_email(email).lower(), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A login. What it may do follows from its memberships; it says nothing by itself."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return f"account {self.pk}"


class Firm(Row):
    """The company a worker comes from."""

    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), name="people_firm_name")
        ]

    def __str__(self) -> str:
        return self.name


class Person(Row):
    """Anyone who may hold a key: with or without a login, of a firm or not."""

    name = models.CharField(max_length=120)
    firm = models.ForeignKey(Firm, models.PROTECT, null=True, related_name="workers")
    department = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    left_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "name"], name="people_person_name")]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Membership(Row):
    """An account's place in a workspace: as which person, in which role."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "account"],
                condition=models.Q(ended_at=None),
                name="people_one_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} as {self.role}"


class SiteRole(Row):
    """A member's role at one site. `site_id` is a bare number: sites lie above people."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="site_roles")
    site_id = models.BigIntegerField()
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "membership", "site_id"],
                condition=models.Q(ended_at=None),
                name="people_one_role_at_a_site",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} as {self.role} at {self.site_id}"


class Invitation(Row):
    """A link that lets one person sign in for the first time. Only its hash is kept."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    site_id = models.BigIntegerField(null=True)
    email = models.EmailField(blank=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class ApiToken(models.Model):
    """A program's way in, for one account in one workspace. Only its hash is kept."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    token_hash = models.BinaryField(max_length=32)
    rights = models.JSONField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"token {self.prefix}"


class Session(models.Model):
    """A browser's way in. Only a hash of what its cookie holds is kept.

    `device` is a kind in plain words ("Firefox on Linux"); neither address nor agent is kept.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    is_own_device = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()
    data = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["used_at"], name="people_session_used")]

    def __str__(self) -> str:
        return f"session {self.pk}"


class Tries(models.Model):
    """Wrong guesses of late at one thing: an account, a factor, an address, all as a hash."""

    bucket = models.CharField(max_length=64, primary_key=True)
    times = models.JSONField(default=list)
    full_until = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["touched_at"], name="people_tries_touched")]

    def __str__(self) -> str:
        return f"tries {self.bucket[:8]}"


class LockOuts(models.Model):
    """How often tries ran out within an hour, until the journal has the total."""

    hour = models.DateTimeField(primary_key=True)
    logins = models.IntegerField(default=0)
    addresses = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"lock-outs {self.hour}"


class UsedStep(models.Model):
    """The last thirty seconds whose code of the authenticator app was used."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    step = models.BigIntegerField()

    def __str__(self) -> str:
        return f"step of {self.account_id}"


class SignInRule(models.Model):
    """What a workspace asks of its members' sign-in."""

    workspace = models.OneToOneField(Workspace, models.PROTECT, primary_key=True, related_name="+")
    second_factor_for = models.CharField(max_length=20)
    holds_from = models.DateTimeField()
    grace_days = models.IntegerField()

    def __str__(self) -> str:
        return f"second factor for {self.second_factor_for}"
