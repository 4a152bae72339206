"""Why keys says no."""

from keystead.kernel.errors import Conflict


class KeyAboveItself(Conflict):
    """A key cannot stand above itself, directly or through others."""

    code = "key-above-itself"


class CopyOnOtherRing(Conflict):
    """The copy hangs on another ring."""

    code = "copy-on-other-ring"


class RingIsSealed(Conflict):
    """What hangs on a sealed ring changes only with a new seal."""

    code = "ring-is-sealed"


class TagTaken(Conflict):
    """Another thing wears this tag."""

    code = "tag-taken"
