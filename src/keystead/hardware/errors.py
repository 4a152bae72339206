"""Why hardware says no."""

from keystead.kernel.errors import Conflict, Invalid


class LockOnOneThing(Invalid):
    """A lock sits on an access point or on a container, never on both or neither."""

    code = "lock-on-one-thing"


class CylinderElsewhere(Conflict):
    """The cylinder sits in another lock."""

    code = "cylinder-elsewhere"
