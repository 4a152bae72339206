"""`keystead vault …`: the keys of the vault, on the server itself."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

from keystead.cli import starting, unlocking
from keystead.cli.acting import local_actor
from keystead.cli.refusing import CONFLICT, INVALID, NOT_FOUND, Refused
from keystead.cli.words import translate as _
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import KeysteadError
from keystead.kernel.secret import SecretBytes

if TYPE_CHECKING:
    from keystead.vault.source import Source

P = ParamSpec("P")
NEW_KEY_FILE = click.option(
    "--new-key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Where the new key is, or is to be made, if Keystead may not write the one in use."),
)


@click.group()
def vault() -> None:
    """The keys that seal codes and files. See docs/operations.md."""


def _on_the_server(command: Callable[P, None]) -> Callable[P, None]:
    """Load Django, look for the database, and tell refusals as the command line does."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        starting.set_up_django()
        starting.require_database()
        try:
            command(*args, **kwargs)
        except KeysteadError as error:
            raise unlocking.refusing(error) from None

    return run


@vault.command()
@click.option("--kek", is_flag=True, help=_("Replace the vault key instead of the data keys."))
@NEW_KEY_FILE
@_on_the_server
def rotate(kek: bool, new_key_file: Path | None) -> None:
    """Make new data keys and seal everything anew, while Keystead runs. Resumes where it stopped.

    With --kek the vault key is replaced: the data keys are wrapped with a new one.
    """
    unlocking.check_key()
    if kek:
        _replace_vault_key(new_key_file)
        return
    from keystead.vault.rotating import rotate as rotate_data_keys

    done = rotate_data_keys(local_actor)
    if done.was_resumed:
        click.echo(_("A rotation that was stopped is finished now."))
    click.echo(
        _("{values} values sealed anew, {retired} old data keys destroyed.").format(
            values=done.values, retired=done.retired
        )
    )
    if done.unreadable:
        raise Refused(
            _("{n} values cannot be opened with any key; they were left as they are.").format(
                n=done.unreadable
            ),
            1,
        )


def _replace_vault_key(new_key_file: Path | None) -> None:
    from keystead.vault import keyring, queries, source, wrapping
    from keystead.vault import operations as keys

    actor, found = local_actor(INSTALLATION), source.source()
    if keyring.held().fingerprint == queries.vault().prepared:
        keys.put_vault_key_in_use(actor)
        click.echo(_("A change of the vault key that was stopped is finished now."))
        return
    path, key = _new_key(found, new_key_file)
    keys.prepare_vault_key(actor, vault_key=key)
    if found.path is None or not found.is_ours:
        click.echo(
            _(
                "Every data key is wrapped with the key in {path}, too. Put that key where "
                "{where} comes from and start Keystead again; until then the old one works."
            ).format(path=path, where=found)
        )
        return
    kept = source.put_in_place(found.path)
    keyring.load()
    keys.put_vault_key_in_use(actor)
    click.echo(
        _("The vault key is a new one now: {fingerprint}").format(
            fingerprint=wrapping.fingerprint(key)
        )
    )
    _tell_of_old(kept)


def _tell_of_old(kept: Path | None) -> None:
    if kept is not None:
        click.echo(
            _(
                "The old one lies in {path}. It opens copies of the data made before today, and "
                "nothing else: keep it apart, or delete it with the last of them."
            ).format(path=kept)
        )


def _new_key(where: "Source", new_key_file: Path | None) -> tuple[Path, SecretBytes]:
    """The key that is to be put in use and the file it lies in, made if it is not there."""
    from keystead.vault import source, wrapping

    if where.is_ours and where.path is not None:
        if new_key_file is not None:
            raise Refused(
                _("{path} is replaced in its place; leave --new-key-file out.").format(
                    path=where.path
                ),
                INVALID,
            )
        path = source.next_to(where.path)
    elif new_key_file is not None:
        path = new_key_file.absolute()
    else:
        raise Refused(
            _("Keystead cannot write to {where}. Say where the new key is: --new-key-file").format(
                where=where
            ),
            INVALID,
        )
    key = source.read_file(path)
    if key is None:
        key = wrapping.new_key()
        source.make(path, key)
    return path, key


@vault.command()
@NEW_KEY_FILE
@_on_the_server
def recover(new_key_file: Path | None) -> None:
    """Make a new vault key with the recovery key, when the vault key is lost."""
    from keystead.vault import keyring, queries, source
    from keystead.vault import operations as keys

    _require_loss()
    if queries.vault().recovery == "none":
        raise Refused(_("No recovery key was ever made, so none can help."), NOT_FOUND)
    typed = unlocking.ask_recovery_key()
    queries.require_recovery_key(typed)
    found = source.source()
    path, key = _new_key(found, new_key_file)
    count = keys.recover(local_actor(INSTALLATION), recovery_key=typed, vault_key=key)
    click.echo(_("{count} data keys open again, with a new vault key.").format(count=count))
    if found.is_ours and found.path is not None:
        _tell_of_old(source.put_in_place(found.path))
        keyring.load()
        click.echo(_("It lies in {path}. Start Keystead again.").format(path=found.path))
    else:
        click.echo(
            _("It lies in {path}: put it where {where} comes from, and start again.").format(
                path=path, where=found
            )
        )
    click.echo(_("Keep the recovery key, or make another: keystead vault new-recovery-key"))


def _require_loss() -> None:
    """Raise Refused where the vault key is there and fits."""
    try:
        unlocking.check_key()
    except Refused:
        return
    raise Refused(_("The vault key is there and fits; nothing is to be recovered."), CONFLICT)


@vault.command(name="confirm-recovery")
@_on_the_server
def confirm_recovery() -> None:
    """Show that you have the recovery key, by typing it in."""
    from keystead.vault import operations as keys
    from keystead.vault import queries

    if queries.vault().recovery == "none":
        raise Refused(
            _("There is no recovery key yet. Make one: keystead vault new-recovery-key"), NOT_FOUND
        )
    typed = unlocking.ask_recovery_key()
    keys.confirm_recovery_key(local_actor(INSTALLATION), recovery_key=typed)
    click.echo(_("This recovery key opens every data key. Keep it well."))


@vault.command(name="new-recovery-key")
@_on_the_server
def new_recovery_key() -> None:
    """Make a recovery key and print it, once. One made before opens nothing any more."""
    unlocking.check_key()
    key = unlocking.new_recovery_key(local_actor(INSTALLATION))
    for line in unlocking.paper(key):
        click.echo(line)
    sys.stdout.flush()


COMMANDS = (vault,)
