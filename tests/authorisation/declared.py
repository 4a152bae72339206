"""What docs/permissions.md says: the tests believe the page, as a reviewer does, not the code."""

from dataclasses import dataclass
from functools import cache

from tests.docs.pages import DOCS, rows, sections

PUBLIC, SIGNED_IN = "public", "signed-in"


@dataclass(frozen=True, slots=True)
class Declared:
    """The page: rights by role, and what each door needs."""

    roles: dict[str, frozenset[str]]
    routes: dict[tuple[str, str], str]
    api: dict[str, str]


@cache
def declared() -> Declared:
    """The page as values."""
    parts = sections((DOCS / "permissions.md").read_text(), 2)
    head, _, *lines = rows(parts["Roles and their rights"])
    return Declared(
        roles={
            role: frozenset(line[0] for line in lines if line[column] == "yes")
            for column, role in enumerate(head)
            if column
        },
        routes={(name, method): needs for name, _, method, needs in rows(parts["Pages and forms"])},
        api={line[0]: line[1] for line in rows(parts["API operations"])},
    )
