"""The headers that every answer carries: pages, files, errors and the API alike."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
"""The policy of what is no page: should a browser show it all the same, nothing in it runs."""

ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), "
        "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), "
        "idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "picture-in-picture=(), publickey-credentials-create=(self), "
        "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), "
        "xr-spatial-tracking=()"
    ),
    "X-Frame-Options": "DENY",
}
"""Besides those of Django's security middleware. A camera may read tags, a passkey may sign in."""


class Headers:
    """Goes around everything else, so that no answer leaves without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Django hands in the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add what the answer lacks. A policy it has already is that of a page."""
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", NO_PAGE)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Content-Security-Policy"] = NO_PAGE
        return response
