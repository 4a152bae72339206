"""The one table of who may call what: routes, API operations, commands and tasks.

A row names, per method, PUBLIC, SIGNED_IN, a right (to read), or a verb (`custody.check_out`),
whose own right holds. What has no row is refused, and start-up fails.
"""

from importlib import import_module

from keystead.journal.operation import VERBS
from keystead.kernel.rights import Right

for _context in ("people", "places", "hardware", "keys", "custody"):
    import_module(f"keystead.{_context}.operations")

PUBLIC = "public"
SIGNED_IN = "signed-in"

GET_REGISTER = {"GET": str(Right.SEE_REGISTER)}


def right_of(needs: str) -> Right:
    """The right behind a row: named directly, or through the verb."""
    verb = VERBS.get(needs)
    return verb.right if verb else Right(needs)


ROUTES: dict[str, dict[str, str]] = {}

API: dict[str, str] = {}
"""API operations by operationId."""

COMMANDS: dict[str, str] = {}
"""Commands of the command line; remote ones name the API operation they call."""

TASKS: dict[str, str] = {}
"""What the worker does by itself."""
