"""Why places says no."""

from keystead.kernel.errors import Conflict, Invalid


class SpaceInsideItself(Conflict):
    """A space cannot stand inside itself, directly or through others."""

    code = "space-inside-itself"


class OtherSite(Invalid):
    """The two things are on different sites."""

    code = "other-site"
