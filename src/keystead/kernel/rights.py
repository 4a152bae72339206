"""What can be allowed. Routes name verbs, verbs name a right, roles hold rights."""

from enum import StrEnum


class Right(StrEnum):
    """One thing a role may allow. The value is stable: tokens and documents name it."""

    SEE_OWN = "see-own"
    """See the copies and loans one holds oneself."""
    SEE_REGISTER = "see-register"
    """See every place, key, copy, holder and loan."""
    SEE_JOURNAL = "see-journal"
    """Read the whole journal and verify it."""
    HAND_OUT = "hand-out"
    """Check out, take back, pass on, extend; decide about incidents."""
    REPORT = "report"
    """Report a copy one holds as lost, found or damaged."""
    EDIT_REGISTER = "edit-register"
    """Describe places, hardware, keys, copies and rings."""
    EDIT_PEOPLE = "edit-people"
    """Add and change persons and firms."""
    IMPORT = "import"
    """Bring in a register from a file."""
    EXPORT = "export"
    """Take data out as files."""
    MANAGE_MEMBERS = "manage-members"
    """Invite people to sign in, give and take roles, change the workspace."""
    MANAGE_OWN_ACCESS = "manage-own-access"
    """Make and withdraw one's own API tokens."""
    CREATE_WORKSPACE = "create-workspace"
    """Start another workspace on this installation."""
    RUN = "run"
    """Do the housekeeping of the installation (the worker and local commands)."""
