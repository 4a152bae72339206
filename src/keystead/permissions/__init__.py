"""The one table of who may call what: routes, API operations, commands and tasks.

A row names, per method, PUBLIC, SIGNED_IN, a right (to read), or a verb (`custody.check_out`),
whose own right holds. What has no row is refused, and start-up fails.

A right means the right in the whole workspace. `SEE`, `EDIT` and their like, and verbs that are
`per_site`, admit whoever has the right at some site, too: what they read and write leaves the
other sites out.
"""

from importlib import import_module

from keystead.journal.operation import VERBS, require, scope_of
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right
from keystead.permissions.needs import AT_SITES, PUBLIC, SIGNED_IN
from keystead.permissions.programs import API, COMMANDS, TASKS
from keystead.permissions.routes import ROUTES

__all__ = [
    "API",
    "COMMANDS",
    "PUBLIC",
    "ROUTES",
    "SIGNED_IN",
    "TASKS",
    "admit",
    "is_per_site",
    "right_of",
]

for _context in (
    "journal",
    "vault",
    "people",
    "places",
    "hardware",
    "keys",
    "custody",
    "notify",
    "exchange",
):
    import_module(f"keystead.{_context}.operations")


def right_of(needs: str) -> Right:
    """The right behind a row: named directly, or through the verb."""
    verb = VERBS.get(needs)
    return verb.right if verb else Right(needs.removesuffix(AT_SITES))


def is_per_site(needs: str) -> bool:
    """Whether the right at one site is enough."""
    verb = VERBS.get(needs)
    return verb.per_site if verb else needs.endswith(AT_SITES)


def admit(actor: Actor, needs: str) -> None:
    """Raise NotFound for a stranger, Forbidden for a member whose roles do not give the right."""
    right = right_of(needs)
    if is_per_site(needs):
        scope_of(actor, right)
    else:
        require(actor, right)
