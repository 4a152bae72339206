"""Reports of mistakes without secrets."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class HideValues(SafeExceptionReporterFilter):
    """Django's reports of mistakes, with the names and types of variables but without values.

    Not only where DEBUG is off: a code may be in a form, or in the bytes of a file just opened.
    """

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of what was sent."""
        return {} if request is None else dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """The names of a function's variables, and of what type each is."""
        return {name: type(value) for name, value in tb_frame.f_locals.items()}.items()
