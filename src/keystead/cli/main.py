"""`keystead`: every command, and the one place that knows them all."""

from collections.abc import Iterator

import click

import keystead
from keystead.cli import (
    access,
    backing_up,
    desk,
    exporting,
    importing,
    local,
    looking,
    members,
    recovering,
    register,
    retiring,
    sealing,
    vault,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(keystead.__version__, prog_name="Keystead")
def main() -> None:
    """Knows where every key is, who has it and what it opens.

    Exit codes: 0 done, 1 a mistake, 2 wrong input, 3 not found, 4 not allowed, 5 not as things
    are now, 6 not reachable.
    """


for _command in (
    *local.COMMANDS,
    *vault.COMMANDS,
    *sealing.COMMANDS,
    *recovering.COMMANDS,
    *backing_up.COMMANDS,
    *access.COMMANDS,
    *desk.COMMANDS,
    *looking.COMMANDS,
    *register.COMMANDS,
    *retiring.COMMANDS,
    *members.COMMANDS,
    *importing.COMMANDS,
    *exporting.COMMANDS,
):
    main.add_command(_command)
for _command in (local.verify, *sealing.IN_JOURNAL):
    looking.journal.add_command(_command)


def commands(group: click.Group = main, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by what one types for it: `check-out`, `key add` …"""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{prefix}{name}", command
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def names() -> set[str]:
    """What one may type, for the table of permissions."""
    return {name for name, _ in commands()}


if __name__ == "__main__":
    main()
