"""Refusals on the command line: a sentence on stderr and an exit code by the kind of error."""

import json
from http import HTTPStatus
from typing import Any

import click

from keystead.cli.words import printable
from keystead.cli.words import translate as _

INVALID, NOT_FOUND, FORBIDDEN, CONFLICT, UNAVAILABLE = 2, 3, 4, 5, 6

EXIT_CODES: dict[int, int] = {
    HTTPStatus.BAD_REQUEST: INVALID,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: INVALID,
    HTTPStatus.UNPROCESSABLE_ENTITY: INVALID,
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.UNAUTHORIZED: FORBIDDEN,
    HTTPStatus.FORBIDDEN: FORBIDDEN,
    HTTPStatus.CONFLICT: CONFLICT,
    HTTPStatus.SERVICE_UNAVAILABLE: UNAVAILABLE,
}
"""What the shell learns; anything else is 1, a mistake."""


class Refused(click.ClickException):
    """It was not done. `lines` are further lines for people, `problem` is for programs."""

    exit_code: int  # type: ignore[misc]  # each refusal has its own

    def __init__(
        self,
        message: str,
        exit_code: int,
        *,
        lines: list[str] | None = None,
        problem: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.lines = lines or []
        self.problem = problem or {"detail": message, "data": {"candidates": self.lines}}
        context = click.get_current_context(silent=True)
        self.as_json = bool(context and context.params.get("as_json"))

    def show(self, file: Any = None) -> None:
        """Tell why on stderr; as JSON where the command was asked for JSON."""
        if self.as_json:
            click.echo(json.dumps(self.problem, ensure_ascii=False), err=True)
            return
        for line in (self.format_message(), *(f"  {line}" for line in self.lines)):
            click.echo(printable(line), err=True)


def unreachable(url: str) -> Refused:
    """Nobody answers at the address one signed in to."""
    return Refused(
        _("Keystead does not answer at {url}. Is it running?").format(url=url), UNAVAILABLE
    )
