"""Why people says no."""

from keystead.kernel.errors import Conflict, Invalid, NotFound


class InvitationGone(NotFound):
    """The invitation does not exist, was used, was withdrawn or has expired."""

    code = "invitation-gone"


class EmailTaken(Conflict):
    """An account with this e-mail address already belongs to this workspace."""

    code = "email-taken"


class WeakPassword(Invalid):
    """The password is too short, too common or too much like the e-mail address."""

    code = "weak-password"


class LastOwner(Conflict):
    """A workspace must keep at least one owner."""

    code = "last-owner"


class PersonHasLeft(Conflict):
    """This person has left and cannot be given anything."""

    code = "person-has-left"
