"""Pure rules about people, roles and tokens."""

import re
import unicodedata
from datetime import datetime, timedelta

from keystead.people.roles import Role

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


LOOKALIKES = str.maketrans(
    # Cyrillic: a e i j o p y s x c d q w h l
    "\u0430\u0435\u0456\u0458\u043e\u0440\u0443\u0455\u0445\u0441\u0501\u051b\u051d\u04bb\u04cf"
    # Greek: a e i k n o p t u x
    "\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7",
    "aeijopysxcdqwhlaeiknoptux",
)


def counted_as(email: str) -> str:
    """What guesses at an address are counted under: the same for all its look-alikes.

    Case, width, spaces, accents, invisible signs, letters of other scripts and what follows a
    plus make no difference.
    """
    text = unicodedata.normalize("NFKC", email).casefold().translate(LOOKALIKES)
    text = unicodedata.normalize("NFKD", text)
    kept = "".join(sign for sign in text if unicodedata.category(sign)[0] not in "CMZ")
    name, at, domain = kept.rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain}" if at else kept


SECOND_FACTOR_FOR = ("nobody", "managers", "everybody")
MANAGERS = frozenset({Role.OWNER, Role.KEY_MANAGER})


def needs_second_factor(wanted_for: str, role: Role) -> bool:
    """Whether a rule (one of SECOND_FACTOR_FOR) means members of a role."""
    return wanted_for == "everybody" or (wanted_for == "managers" and role in MANAGERS)


def second_factor_due(holds_from: datetime, since: datetime, grace: timedelta) -> datetime:
    """Until when a member may do without: newcomers have as long as everybody had."""
    return max(holds_from, since + grace)
