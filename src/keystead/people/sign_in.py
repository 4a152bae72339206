"""How the sign-in library is fitted to Keystead."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is Keystead's own: the first owner's page, then invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never through the library."""
        return False
