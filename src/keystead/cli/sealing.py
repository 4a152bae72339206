"""Commands about signed checkpoints and exported journals, on the machine Keystead runs on."""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keystead.cli import starting
from keystead.cli.acting import local_actor
from keystead.cli.local import AS_JSON
from keystead.cli.refusing import INVALID, NOT_FOUND, Refused
from keystead.cli.words import plain
from keystead.cli.words import translate as _
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import KeysteadError

if TYPE_CHECKING:
    from keystead.journal.against import Finding
    from keystead.journal.checkpoints import Made
    from keystead.journal.queries import WorkspaceView


@click.group()
def checkpoint() -> None:
    """Sign how far the journals reach, and keep that elsewhere."""


@checkpoint.command("now")
@click.argument("slugs", nargs=-1, metavar="[WORKSPACE]...")
@AS_JSON
def now(slugs: tuple[str, ...], as_json: bool) -> None:
    """Check and sign the journals now, all of them or these, and print the checkpoints.

    They also go to every place that is set. The exit code is 1 when a journal does not hold or a
    place did not work.
    """
    failures = 0
    for workspace in _named(slugs):
        try:
            made = _make(workspace.id)
        except KeysteadError as error:
            failures += 1
            click.echo(f"{workspace.slug}: {plain(error.message)}", err=True)
            continue
        failures += bool(made.failed)
        _tell_made(made, as_json)
    if failures:
        sys.exit(1)


def _make(workspace_id: int) -> "Made":
    from keystead.journal import checkpoints, outside

    shown = outside.Place("shown", lambda signed: None)
    return checkpoints.make(local_actor(workspace_id), places=[*outside.places(), shown])


def _tell_made(made: "Made", as_json: bool) -> None:
    signed = made.signed
    if as_json:
        told = {"workspace": signed.slug, "sequence": signed.sequence, "note": signed.note}
        click.echo(json.dumps({**told, "places": made.places, "failed": made.failed}))
        return
    click.echo(signed.note)
    went = [kind for kind in made.places if kind != "shown"]
    if went:
        click.echo(
            _("{slug}: sealed up to entry {number}, in: {places}").format(
                slug=signed.slug, number=signed.sequence, places=", ".join(went)
            ),
            err=True,
        )
    if made.failed:
        click.echo(
            _("{slug}: DID NOT WORK: {places}; see the log").format(
                slug=signed.slug, places=", ".join(made.failed)
            ),
            err=True,
        )


@checkpoint.command("key")
@click.argument("slugs", nargs=-1, metavar="[WORKSPACE]...")
@click.option("--new", "another", is_flag=True, help=_("Sign with a new key from now on."))
def key(slugs: tuple[str, ...], another: bool) -> None:
    """Print the keys with which others verify checkpoints; note them elsewhere.

    Makes the signing key if there is none.
    """
    found = _named(slugs)
    from keystead.journal import signing

    try:
        signing.make(local_actor(INSTALLATION), another=another)
    except KeysteadError as error:
        raise Refused(error.message, error.exit_code) from None
    for workspace in found:
        verifiers = signing.verifiers(workspace.id)
        click.echo(f"{workspace.slug}  {verifiers[0]}")
        for old in verifiers[1:]:
            click.echo(_("{slug}  {key}  (until replaced)").format(slug=workspace.slug, key=old))


@click.command("export")
@click.argument("slug", metavar="WORKSPACE")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def export_journal(slug: str, file: Path) -> None:
    """Write a whole journal to a file that anybody can check; - is standard output."""
    (workspace,) = _named((slug,))
    from keystead.journal import exporting

    lines = exporting.lines(local_actor(workspace.id))
    if str(file) == "-":
        for line in lines:
            click.echo(line, nl=False)
        return
    if file.exists():
        raise Refused(_("{file} is there already; name another file.").format(file=file), INVALID)
    try:
        _write(file, lines)
    except OSError as error:
        raise Refused(
            _("{file} cannot be written: {why}").format(file=file, why=error.strerror), INVALID
        ) from None
    click.echo(_("{slug}: written to {file}").format(slug=slug, file=file), err=True)


def _write(file: Path, lines: Iterable[str]) -> None:
    """Write all or nothing, for its owner alone."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.writelines(lines)
            opened.flush()
            os.fsync(opened.fileno())
        Path(draft).replace(file)
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()


@click.command()
def verifier() -> None:
    """Print the program that checks an exported journal: > verify_journal.py."""
    source = Path(__file__).resolve().parents[1] / "journal" / "standalone.py"
    click.echo(source.read_text(encoding="utf-8"), nl=False)


@click.command()
@click.argument("slug", metavar="WORKSPACE")
@click.option("--yes", is_flag=True, help=_("Do not ask."))
def accept(slug: str, yes: bool) -> None:
    """Let a journal that does not hold go on from its present end, after looking at it.

    The break stays, and `verify` goes on naming it.
    """
    (workspace,) = _named((slug,))
    from keystead.journal import operations

    if workspace.first_bad is not None and not yes:
        click.confirm(
            _("Entry {number} of {slug} does not hold. Go on from the present end?").format(
                number=workspace.first_bad, slug=slug
            ),
            abort=True,
        )
    try:
        number = operations.accept_break(local_actor(INSTALLATION), workspace_id=workspace.id)
    except KeysteadError as error:
        raise Refused(error.message, error.exit_code) from None
    click.echo(_("{slug}: goes on from entry {number}.").format(slug=slug, number=number))


def _named(slugs: Sequence[str]) -> "list[WorkspaceView]":
    """The workspaces of these names, all without one. Raises Refused."""
    starting.set_up_django()
    starting.require_database()
    from keystead.journal import queries as journal

    found = journal.workspaces()
    if unknown := set(slugs) - {workspace.slug for workspace in found}:
        raise Refused(
            _("There is no workspace called {slug}.").format(slug=", ".join(sorted(unknown))),
            NOT_FOUND,
        )
    return [workspace for workspace in found if not slugs or workspace.slug in slugs]


def compared(
    workspace_id: int, slug: str, paths: Sequence[Path], key: str | None
) -> "list[Finding]":
    """What these files, or those of the workspace in these folders, say. Raises Refused."""
    from keystead.journal import against, outside

    files: list[Path] = []
    for path in paths:
        files += outside.files_in(path, slug)[: against.MOST] if path.is_dir() else [path]
    if not files:
        raise Refused(_("There is no checkpoint of {slug} there.").format(slug=slug), NOT_FOUND)
    try:
        texts = {str(path): outside.read(path) for path in files}
        return against.compare(local_actor(workspace_id), texts, key)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            _("A checkpoint cannot be read: {why}").format(why=plain(error)), INVALID
        ) from None
    except KeysteadError as error:
        raise Refused(error.message, error.exit_code) from None


def tell_compared(slug: str, findings: "Sequence[Finding]", *, as_json: bool) -> bool:
    """Print what the checkpoints say; whether all is well."""
    for finding in findings:
        if as_json:
            told = {field.name: getattr(finding, field.name) for field in fields(finding)}
            click.echo(json.dumps({"workspace": slug, "is_good": finding.is_good, **told}))
        else:
            mark = "ok " if finding.is_good else "BAD"
            when = f" ({plain(finding.at)})" if finding.at else ""
            click.echo(f"{mark} {plain(finding.name)}: {plain(finding.says)}{when}")
    return all(finding.is_good for finding in findings)


COMMANDS = (checkpoint,)
IN_JOURNAL = (export_journal, verifier, accept)
