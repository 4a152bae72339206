"""The register of copies as a file, on standard output."""

import click

from keystead.cli.session import Session, remote


@click.command("export")
@remote
def export_copies(session: Session) -> None:
    """Print every copy and where it is as CSV: keystead export > copies.csv."""
    for piece in session.text("/copies.csv"):
        click.echo(piece, nl=False)


COMMANDS = (export_copies,)
