"""Typing commands, in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner, Result

from keystead.cli.main import main

Typed = Callable[..., Result]


def typing(*words: str, typed: str | None = None) -> Result:
    """Run a command with these words, and with this on standard input."""
    return CliRunner().invoke(main, list(words), input=typed)


def sign_in(anonymous: Typed, url: str, slug: str, secret: str) -> None:
    """Sign in and insist that it worked."""
    result = anonymous("login", "--url", url, "--workspace", slug, typed=f"{secret}\n")
    assert result.exit_code == 0, result.output


@dataclass(frozen=True, slots=True)
class Commands:
    """Somebody's commands, of which each must succeed; what they print comes back."""

    typed: Typed

    def __call__(self, *words: str) -> str:
        """What people read."""
        result = self.typed(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str) -> Any:
        """What programs read."""
        return json.loads(self(*words, "--json"))
