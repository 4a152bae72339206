"""Who is acting, in which workspace, and through which door."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from keystead.kernel.rights import Right

Channel = Literal["web", "api", "cli", "worker", "local"]

INSTALLATION = 0
"""The workspace of the installation itself: sign-in, tokens, creation of workspaces."""

FACTOR_HOLDS = timedelta(minutes=10)
"""How long after a sign-in factor was shown an operation that asks for one may be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The account (or part of the system) on whose behalf something is read or changed.

    It carries no roles: rights are looked up when used. `factor_at` (aware UTC) is when a
    sign-in factor was last shown. `only` is what a token was limited to; None limits nothing.
    `at` is honoured only in a workspace flagged as demo.
    """

    workspace_id: int
    channel: Channel
    account_id: int | None = None
    token_id: int | None = None
    system: str | None = None
    only: frozenset[Right] | None = None
    factor_at: datetime | None = None
    idempotency_key: str | None = None
    at: datetime | None = None

    def showed_factor(self, at: datetime) -> bool:
        """Whether, at a time, a factor was shown lately in the browser. The system needs none."""
        if self.account_id is None:
            return True
        shown = self.factor_at
        return self.channel == "web" and shown is not None and at - shown <= FACTOR_HOLDS

    def body(self) -> dict[str, Any]:
        """What the journal keeps of the actor: ids only, never a name or an address."""
        kept = {
            "account": self.account_id,
            "channel": self.channel,
            "token": self.token_id,
            "system": self.system,
        }
        return {key: value for key, value in kept.items() if value is not None}

    @property
    def principal(self) -> str:
        """A stable short name for "the same caller", used with idempotency keys."""
        if self.token_id is not None:
            return f"token:{self.token_id}"
        return f"account:{self.account_id}" if self.account_id else f"system:{self.system}"


def system(workspace_id: int, name: str, *, local: bool = False) -> Actor:
    """Keystead acting by itself (`worker`) or a local command of the operating system's user."""
    return Actor(workspace_id=workspace_id, channel="local" if local else "worker", system=name)
