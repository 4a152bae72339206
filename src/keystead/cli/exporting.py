"""The register as a file: all copies on standard output, or everything into a file."""

import os
from itertools import chain
from pathlib import Path

import click

from keystead.cli.progress import progress
from keystead.cli.refusing import INVALID, Refused
from keystead.cli.session import Session, remote
from keystead.cli.words import translate as _

KINDS = {"csv": ".zip", "xlsx": ".xlsx", "json": ".json"}


@click.command("export")
@click.option(
    "--everything",
    type=click.Choice(list(KINDS)),
    help=_("All that the workspace knows: CSV files in a zip, a workbook, or JSON."),
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("The file to write; one that is there already is not overwritten."),
)
@remote
def export_copies(session: Session, everything: str | None, target: Path | None) -> None:
    """Print every copy and where it is as CSV, or write everything into a file.

    keystead export > copies.csv; keystead export --everything xlsx --to keys.xlsx.
    """
    if everything is None and target is None:
        for piece in session.text("/copies.csv"):
            click.echo(piece, nl=False)
        return
    if target is None:
        raise Refused(_("Say where to write it: --to FILE."), INVALID)
    path = "/copies.csv" if everything is None else f"/everything.{everything}"
    size = _written(session, path, target)
    answer = {"file": str(target), "bytes": size, "kind": everything or "copies"}
    session.say(answer, _("Written: {file}, {size} bytes.").format(file=target, size=size))


def _written(session: Session, path: str, target: Path) -> int:
    """Write the file; one that was cut off is removed again."""
    try:
        # Readable by its owner only: it names people and what they have.
        file = open(target, "xb", opener=_private)  # noqa: SIM115  # Path has no opener
    except OSError as error:
        raise Refused(
            _("{file} cannot be written: {why}").format(file=target, why=error.strerror), INVALID
        ) from None
    done = 0
    try:
        pieces = session.file(path)
        first, whole = next(pieces, (b"", None))
        with file, progress(_("Writing"), whole) as move:
            for piece in chain([first], (piece for piece, _of in pieces)):
                file.write(piece)
                done += len(piece)
                move(done)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return done


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


COMMANDS = (export_copies,)
