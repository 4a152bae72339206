"""What somebody signs in with besides the password: passkeys, an authenticator app, codes.

The library keeps them (`allauth.mfa`); its secrets are sealed here, bound to their account.
"""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction

from keystead.kernel.actor import INSTALLATION
from keystead.kernel.secret import Secret
from keystead.people.models import Account, UsedStep
from keystead.people.throttle import reserve
from keystead.vault import sealing

KINDS = {
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.RECOVERY_CODES: "recovery-codes",
}
SECOND = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes only stand in for one."""
DRIFT = 1
"""Steps of thirty seconds an app's clock may be off."""
PURPOSE = "people.factor-secret"

_bound_to: ContextVar[int | None] = ContextVar("account", default=None)


@contextmanager
def secrets_of(account_id: int) -> Iterator[None]:
    """Within this block the library's secrets are sealed for, and opened of, this account."""
    before = _bound_to.set(account_id)
    try:
        yield
    finally:
        _bound_to.reset(before)


def _row() -> UUID:
    account_id = _bound_to.get()
    if account_id is None:
        raise RuntimeError("A factor's secret is sealed and opened for an account only.")
    return UUID(int=account_id)


def sealed(text: str) -> str:
    """A factor's secret, sealed for the account of the block."""
    closed = sealing.seal(Secret(text), workspace_id=INSTALLATION, row=_row(), purpose=PURPOSE)
    return base64.b64encode(closed).decode()


def opened(text: str) -> str:
    """A factor's secret. Raises CannotOpen for one that was moved from another account."""
    closed = base64.b64decode(text)
    found = sealing.open_secret(closed, workspace_id=INSTALLATION, row=_row(), purpose=PURPOSE)
    return found.reveal()


def has_second(account_id: int) -> bool:
    """Whether an account has an authenticator app or a passkey."""
    return _has(account_id, *SECOND)


def has_passkey(account_id: int) -> bool:
    """Whether an account has a passkey."""
    return _has(account_id, Authenticator.Type.WEBAUTHN)


def has_app(account_id: int) -> bool:
    """Whether an account has an authenticator app."""
    return _has(account_id, Authenticator.Type.TOTP)


def _has(account_id: int, *types: str) -> bool:
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=types).exists())


@dataclass(frozen=True, slots=True)
class FactorView:
    """A passkey or an authenticator app; `kind` is passkey or app."""

    id: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None


def own_factors(account_id: int) -> list[FactorView]:
    """An account's passkeys and its app, oldest first."""
    rows = Authenticator.objects.filter(user_id=account_id, type__in=SECOND).order_by("pk")
    return [
        FactorView(
            row.pk,
            KINDS[row.type],
            row.data.get("name", ""),
            row.created_at,
            row.last_used_at,
        )
        for row in rows
    ]


def recovery_codes_left(account_id: int) -> int | None:
    """How many recovery codes are unused; None without any list."""
    row = Authenticator.objects.filter(
        user_id=account_id, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    if row is None:
        return None
    used = int(row.data["used_mask"]).bit_count()
    return int(app_settings.RECOVERY_CODE_COUNT) - used


def step_of_code(secret: str, code: str) -> int | None:
    """The thirty seconds whose code this is, near now; None if it is none."""
    here = int(time.time()) // app_settings.TOTP_PERIOD
    for step in range(here - DRIFT, here + DRIFT + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def matching(account: Account, code: str) -> Authenticator | None:
    """The app or the recovery codes a typed code is of, once. Raises TooManyTries.

    A right code is used up by this: of many who send it at once one gets the answer.
    """
    ticket = reserve(("code", str(account.pk)))
    rows = Authenticator.objects.filter(user_id=account.pk).exclude(
        type=Authenticator.Type.WEBAUTHN
    )
    with secrets_of(account.pk):
        for row in rows:
            is_app = row.type == Authenticator.Type.TOTP
            if _app_accepts(row, code) if is_app else _list_accepts(row, code):
                ticket.give_back()
                return row
    return None


def _app_accepts(row: Authenticator, code: str) -> bool:
    step = step_of_code(opened(row.data["secret"]), code)
    if step is None:
        return False
    unused = UsedStep.objects.filter(account_id=row.user_id, step__lt=step)
    return unused.update(step=step) == 1


def _list_accepts(row: Authenticator, code: str) -> bool:
    if len(normalize_user_code(code)) != app_settings.RECOVERY_CODE_DIGITS:
        return False
    with transaction.atomic():
        return bool(row.wrap().validate_code(code))
