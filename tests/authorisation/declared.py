"""What docs/permissions.md says: the tests believe the page, as a reviewer does, not the code."""

from dataclasses import dataclass
from functools import cache

from tests.docs.pages import DOCS, rows, sections

PUBLIC, SIGNED_IN = "public", "signed-in"


@dataclass(frozen=True, slots=True)
class Declared:
    """The page: rights by role, what each door needs, and where a role at one site is enough."""

    roles: dict[str, frozenset[str]]
    routes: dict[tuple[str, str], str]
    api: dict[str, str]
    at_sites: frozenset[str]

    def at_a_site(self, role: str) -> frozenset[str]:
        """The rights about oneself, which come with a role wherever it is."""
        return self.roles["sites-only"] | (self.roles[role] & self.roles["holder"])

    def is_enough(self, door: str, needs: str, role: str) -> bool:
        """Whether this role at one site opens `door` (`keys GET`, `API keys`)."""
        there = door in self.at_sites and needs in self.roles[role]
        return there or needs in self.at_a_site(role)


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
        at_sites=frozenset(line[0] for line in rows(parts["At single sites"])),
    )
