"""Why people says no."""

from keystead.kernel.errors import Conflict, Forbidden, Invalid, NotFound


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


class FactorThere(Conflict):
    """This authenticator app or passkey is there already, or there are too many."""

    code = "factor-there"


class LinkGone(NotFound):
    """The link sent by mail was used, has expired, or a newer one was asked for."""

    code = "link-gone"


class SecondFactorNeeded(Forbidden):
    """The workspace asks for a second factor that the account does not have."""

    code = "second-factor-needed"


class OwnFactorFirst(Conflict):
    """An owner asks others for a second factor without having one."""

    code = "own-factor-first"
