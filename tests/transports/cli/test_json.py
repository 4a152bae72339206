"""Every command can speak to programs."""

import click

from keystead.cli.main import commands

FOR_PEOPLE_OR_FILES = {"up", "manage", "completion", "openapi"}


def test_every_command_takes_json() -> None:
    without = {
        name
        for name, command in commands()
        if not any(isinstance(p, click.Option) and "--json" in p.opts for p in command.params)
    }
    assert without == FOR_PEOPLE_OR_FILES
