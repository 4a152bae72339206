"""Pure rules about people, roles and tokens."""

import re
import unicodedata
from datetime import timedelta

INVITATION_LASTS = timedelta(days=7)
TOKEN_LASTS = timedelta(days=365)
TEMPLATES = ("household", "small-business", "empty")


def slug_from(name: str) -> str:
    """A readable address part from a workspace's name, possibly empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")


RESERVED_SLUGS = frozenset({"new", "installation", "api", "static"})


def free_slug(name: str, taken: frozenset[str]) -> str:
    """`slug_from(name)`, with a number behind it if that is taken."""
    wanted = slug_from(name) or "workspace"
    candidate, number = wanted, 2
    while candidate in taken or candidate in RESERVED_SLUGS:
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def would_leave_no_owner(owners: int, *, is_owner: bool, stays_owner: bool) -> bool:
    """Whether a change of one member's role leaves the workspace without an owner."""
    return is_owner and not stays_owner and owners <= 1
