"""docs/cli.md names every command with exactly its options."""

import re
from pathlib import Path

import click

from keystead.cli.main import commands

PAGE = Path(__file__).resolve().parents[3] / "docs" / "cli.md"
USAGE = re.compile(r"^```usage\n(.*?)^```", re.M | re.S)


def documented() -> dict[str, set[str]]:
    """The options of each command, as the page has them."""
    found = {}
    for block in USAGE.findall(PAGE.read_text()):
        for line in block.splitlines():
            words = line.removeprefix("keystead ").split()
            options = {word for word in words if word.startswith("--")}
            found[" ".join(word for word in words if word.islower() and word not in options)] = (
                options
            )
    return found


def offered() -> dict[str, set[str]]:
    """The same, as the commands themselves have them."""
    return {
        name: {
            next(text for text in parameter.opts if text.startswith("--"))
            for parameter in command.params
            if isinstance(parameter, click.Option)
        }
        for name, command in commands()
    }


def test_the_page_names_every_command_with_its_options() -> None:
    assert documented() == offered()


def test_every_command_is_explained() -> None:
    for name, command in commands():
        assert (command.help or "").strip().split("\n")[0].endswith("."), name


def test_the_page_gives_every_exit_code() -> None:
    codes = re.findall(r"^\| (\d) \|", PAGE.read_text(), re.M)
    assert codes == [str(code) for code in range(7)]
