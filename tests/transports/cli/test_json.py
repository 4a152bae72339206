"""Every command can speak to programs."""

import click

from keystead.cli.main import commands

AT_THE_TERMINAL = "a secret is typed in or shown once there"
FOR_PEOPLE_OR_FILES = {
    "up": "it runs until it is stopped",
    "manage": "Django's own commands",
    "completion": "for the shell",
    "openapi": "it writes a file",
    "journal export": "it writes a file of JSON lines",
    "journal verifier": "it prints a program",
    "backup key": AT_THE_TERMINAL,
    "recover": AT_THE_TERMINAL,
    "vault confirm-recovery": AT_THE_TERMINAL,
    "vault new-recovery-key": AT_THE_TERMINAL,
    "vault recover": AT_THE_TERMINAL,
    "vault rotate": "it tells a person where keys lie and what to do next; the exit code tells all",
}


def test_every_command_takes_json() -> None:
    without = {
        name
        for name, command in commands()
        if not any(isinstance(p, click.Option) and "--json" in p.opts for p in command.params)
    }
    assert without == set(FOR_PEOPLE_OR_FILES)
