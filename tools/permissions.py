"""Writes docs/permissions.md from the one table of permissions: who may open, send and call what.

    .venv/bin/python -m tools.permissions

The page is read by people, and by the tests of authorisation, which believe it and not the code:
a changed right shows in a review as a changed line here.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.urls import URLResolver

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"

INTRODUCTION = """\
# Who may do what

Made by `python -m tools.permissions` from the table in `src/keystead/permissions/`. Tests open
every page, send every form and call every operation as many kinds of people and programs, and
compare what happens with this page.

A role holds rights; a page, form, API operation, command or task needs one. What is not listed is
refused. `public` needs nothing, `signed-in` an account. Whoever is not a member of a workspace is
told that there is no such workspace. The last two columns are about the installation itself:
what every account may do there, and what its operator (the first account) may do.

A right means the right in the whole workspace; for what is listed under "At single sites" a role at
one site is enough, for what belongs to that site ([ADR 14](adr/0014-roles-at-sites.md)).
"""


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(text())


def text() -> str:
    """The page as it should be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keystead.settings")
    import django
    from django.urls import get_resolver

    django.setup()
    from keystead import permissions
    from keystead.api.urls import names
    from keystead.kernel.rights import Right
    from keystead.people.roles import INSTALLATION_RIGHTS, OPERATOR_RIGHTS, ROLES

    def needed(needs: str) -> str:
        plain = (permissions.PUBLIC, permissions.SIGNED_IN)
        return needs if needs in plain else str(permissions.right_of(needs))

    def through(needs: str) -> str:
        return needed(permissions.API.get(needs, needs))

    addresses = dict(_addresses(get_resolver(), "/"))
    holders: dict[str, frozenset[Right]] = {str(role): rights for role, rights in ROLES.items()}
    holders |= {"everybody": INSTALLATION_RIGHTS, "operator": OPERATOR_RIGHTS}
    parts = [
        ("Roles and their rights", ("right", *holders), (
            (right, *("yes" if right in rights else "" for rights in holders.values()))
            for right in Right
        )),
        ("Pages and forms", ("route", "address", "method", "needs"), (
            (name, f"`{addresses[name]}`", method, needed(needs))
            for name, row in permissions.ROUTES.items()
            for method, needs in row.items()
        )),
        ("API operations", ("operation", "needs"), (
            (name, needed(permissions.API[name])) for name in sorted(names())
        )),
        ("At single sites", ("page, form or operation", "needs"), (
            *(
                (f"{name} {method}", needed(needs))
                for name, row in permissions.ROUTES.items()
                for method, needs in row.items()
                if permissions.is_per_site(needs)
            ),
            *(
                (f"API {name}", needed(permissions.API[name]))
                for name in sorted(names())
                if permissions.is_per_site(permissions.API[name])
            ),
        )),
        ("Commands", ("command", "needs"), (
            (name, through(needs)) for name, needs in permissions.COMMANDS.items()
        )),
        ("Tasks of the worker", ("task", "needs"), (
            (name, needed(needs)) for name, needs in permissions.TASKS.items()
        )),
    ]  # fmt: skip
    return INTRODUCTION + "".join(
        f"\n## {title}\n\n{_table(head, rows)}" for title, head, rows in parts
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _addresses(resolver: "URLResolver", above: str) -> "Iterator[tuple[str, str]]":
    from django.urls import URLPattern

    for pattern in resolver.url_patterns:
        here = above + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", here
        elif not pattern.namespace:
            yield from _addresses(pattern, here)


if __name__ == "__main__":
    main()
