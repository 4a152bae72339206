"""How far something long has got: a bar on a terminal, silence where nobody looks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click


class Bar(Protocol):
    """Moves to where the work is."""

    def __call__(self, done: int) -> None:
        """So much of the whole is done."""


@contextmanager
def progress(label: str, of: int | None) -> Iterator[Bar]:
    """A bar on standard error while the block runs, if that is a terminal.

    `of` is the whole; where that is not known there is no bar, either.
    """
    if of is None or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=max(of, 1), label=label, file=sys.stderr) as bar:

        def move(done: int) -> None:
            bar.update(max(0, min(done, of) - bar.pos))

        yield move
