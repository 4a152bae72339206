"""Roles, and the rights each one holds. Pure; one table."""

from enum import StrEnum

from keystead.kernel.rights import Right


class Role(StrEnum):
    """What a member of a workspace is there for."""

    OWNER = "owner"
    KEY_MANAGER = "key-manager"
    HOLDER = "holder"
    AUDITOR = "auditor"
    SITES_ONLY = "sites-only"
    """None in the whole workspace: besides the roles at single sites only what is one's own."""


_HOLDER = {Right.SEE_OWN, Right.REPORT, Right.MANAGE_OWN_ACCESS}
_AUDITOR = {
    Right.SEE_OWN,
    Right.SEE_REGISTER,
    Right.SEE_JOURNAL,
    Right.EXPORT,
    Right.MANAGE_OWN_ACCESS,
}
_KEY_MANAGER = (
    _HOLDER | _AUDITOR | {Right.HAND_OUT, Right.EDIT_REGISTER, Right.EDIT_PEOPLE, Right.IMPORT}
)

ROLES: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(_KEY_MANAGER | {Right.MANAGE_MEMBERS}),
    Role.KEY_MANAGER: frozenset(_KEY_MANAGER),
    Role.HOLDER: frozenset(_HOLDER),
    Role.AUDITOR: frozenset(_AUDITOR),
    Role.SITES_ONLY: frozenset({Right.SEE_OWN, Right.MANAGE_OWN_ACCESS}),
}

SITE_ROLES = (Role.KEY_MANAGER, Role.HOLDER, Role.AUDITOR)
"""What somebody can be at one site. An owner owns the workspace."""

AT_SITES = frozenset(
    {Right.SEE_REGISTER, Right.HAND_OUT, Right.EDIT_REGISTER, Right.EDIT_PEOPLE, Right.EXPORT}
)
"""Rights that can be held at single sites, for what belongs there."""

OWN = frozenset(_HOLDER)
"""Rights about oneself: they come with a role wherever it is."""

READING = frozenset({Right.SEE_OWN, Right.SEE_REGISTER, Right.SEE_JOURNAL, Right.EXPORT})
"""What a read-only token keeps of its account's rights."""

AT_THE_DESK = frozenset({Right.SEE_OWN, Right.SEE_REGISTER, Right.HAND_OUT, Right.REPORT})
"""What a token for a hand-out desk keeps of them."""

INSTALLATION_RIGHTS = frozenset({Right.MANAGE_OWN_ACCESS})
OPERATOR_RIGHTS = INSTALLATION_RIGHTS | {
    Right.CREATE_WORKSPACE,
    Right.MANAGE_INSTALLATION,
    Right.SEE_JOURNAL,
}
"""In workspace 0: what every account may do, and what the first account may do besides."""

SYSTEM_RIGHTS = frozenset(Right)
"""The worker and local commands of the operating system's user."""
