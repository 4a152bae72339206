"""Why there will be no demonstration."""

from keystead.kernel.errors import Conflict


class RealRegister(Conflict):
    """The database holds a real register; a demonstration never shares one with it."""

    code = "demo-real-register"
