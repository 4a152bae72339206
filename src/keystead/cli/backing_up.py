"""Copies of everything on the command line: making one, bringing one back, letting one go."""

import functools
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keystead import config
from keystead.cli import starting
from keystead.cli.acting import local_actor
from keystead.cli.refusing import INVALID, NOT_FOUND, Refused
from keystead.cli.words import translate as _
from keystead.kernel.actor import INSTALLATION
from keystead.kernel.errors import KeysteadError
from keystead.kernel.secret import Secret

if TYPE_CHECKING:
    from keystead.exchange.backup.restoring import Restored
    from keystead.exchange.quarantine import Report, Since

AS_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print as JSON."))
BIGGEST_EXPORT = 256 * 1024 * 1024


def _refusing(function: Callable[..., None]) -> Callable[..., None]:
    """Say refusals of Keystead as the command line does."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except KeysteadError as error:
            problem = {"code": error.code, "detail": str(error.message), "data": error.data}
            raise Refused(str(error.message), error.exit_code, problem=problem) from None

    return run


def _begin() -> None:
    starting.make_folder()
    starting.set_up_django()
    starting.require_database()


@click.group(invoke_without_command=True)
@click.option(
    "--to", type=click.Path(path_type=Path), help=_("The folder; else KEYSTEAD_BACKUP_TO.")
)
@AS_JSON
@click.pass_context
@_refusing
def backup(context: click.Context, to: Path | None, as_json: bool) -> None:
    """Write everything, encrypted, as one new file into a folder.

    The vault's key is not in it: keep a copy of that elsewhere.
    """
    if context.invoked_subcommand is not None:
        return
    _begin()
    from keystead.exchange.backup.errors import BackupNotSetUp
    from keystead.exchange.backup.making import make

    named = config.read("BACKUP_TO")
    if to is None and not named:
        raise BackupNotSetUp(
            _("Say where the backup goes: --to FOLDER, or set KEYSTEAD_BACKUP_TO.")
        )
    made = make(local_actor(INSTALLATION), to or Path(named or ""))
    if as_json:
        told = {**asdict(made), "path": str(made.path), "made_at": made.made_at.isoformat()}
        click.echo(json.dumps(told))
    else:
        click.echo(
            _("{path}: {rows} rows, {size} bytes; keys that open it: {n}.").format(
                path=made.path, rows=made.rows, size=made.size, n=made.recipients
            )
        )
        _say_loudly(
            _(
                "The vault's key is NOT in it. Without {file} no code in it can be read: keep a "
                "copy of that file in another place."
            ).format(file=config.vault_key_file())
        )
    if made.broken:
        _say_loudly(
            _("A journal does not hold, so this backup cannot be restored: run keystead verify.")
        )
        sys.exit(1)


def _say_loudly(words: str) -> None:
    click.secho(words, fg="yellow", bold=True, err=True)


@backup.command("key")
@click.option(
    "--passphrase", "with_words", is_flag=True, help=_("Keep it, locked by a passphrase.")
)
@_refusing
def backup_key(with_words: bool) -> None:
    """Make a key that opens backups from now on, and show it once.

    Keystead keeps only its public half. With a passphrase it keeps the locked key, too, and puts
    it beside every backup.
    """
    _begin()
    from keystead.exchange import operations
    from keystead.exchange.backup import keys

    if config.read("BACKUP_RECIPIENTS") is not None:
        raise Refused(
            _("KEYSTEAD_BACKUP_RECIPIENTS says who opens backups. Add a key there, or unset it."),
            INVALID,
        )
    if with_words and keys.locked_key_file().exists():
        raise Refused(
            _("There is a locked key already: {file}.").format(file=keys.locked_key_file()), INVALID
        )
    key = keys.new_key()
    if with_words:
        words = click.prompt(
            _("Passphrase"), hide_input=True, confirmation_prompt=_("Once more"), err=True
        )
        if len(words) < 12:
            raise Refused(_("Take at least twelve characters: several words do well."), INVALID)
        keys.keep(keys.locked_key_file(), keys.locked(key, Secret(words)))
    path = keys.note_recipient(key.recipient)
    operations.note_backup_key(
        local_actor(INSTALLATION), recipient=key.recipient, is_locked=with_words
    )
    if with_words:
        click.echo(_("Kept, locked: {file}").format(file=keys.locked_key_file()))
    else:
        click.echo(key.identity.reveal())
        _say_loudly(
            _(
                "Write this key down or keep it in a password safe, NOT on this machine. It is "
                "shown only now; without it no backup can be opened, by nobody."
            )
        )
    click.echo(
        _("Backups are locked for {r} ({path}).").format(r=key.recipient, path=path), err=True
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("The file with the key; without it the key is asked for."),
)
@click.option("--check", "only_check", is_flag=True, help=_("Read all of it, and write nothing."))
@click.option("--without-vault-key", is_flag=True, help=_("Though no code will be readable."))
@click.option("--replace-demonstration", is_flag=True, help=_("Throw a demonstration away for it."))
@AS_JSON
@_refusing
def restore(
    file: Path,
    key_file: Path | None,
    only_check: bool,
    without_vault_key: bool,
    replace_demonstration: bool,
    as_json: bool,
) -> None:
    """Bring a backup back into an empty data folder or database.

    All of it or nothing; a register is never overwritten. What is brought back is held back: it
    sends nothing until you confirm it with keystead quarantine end.
    """
    with starting.start_lock(starting.make_folder()):
        starting.set_up_django()
        from keystead.exchange.backup.checking import check
        from keystead.exchange.backup.restoring import restore as bring_back

        identities = _identities(key_file)
        if only_check:
            _tell_checked(check(file, identities), as_json)
            return
        restored = bring_back(
            local_actor(INSTALLATION),
            file,
            identities,
            without_vault_key=without_vault_key,
            replace_demonstration=replace_demonstration,
        )
    _tell_restored(restored, as_json)


def _identities(key_file: Path | None) -> list[Any]:
    from keystead.exchange.backup import keys

    if key_file is None:
        typed = click.prompt(_("Key (AGE-SECRET-KEY-1…)"), hide_input=True, err=True)
        return keys.identities(Secret(typed))
    content = keys.read_key_file(key_file)
    if keys.is_locked(content):
        words = click.prompt(_("Passphrase"), hide_input=True, err=True)
        return keys.identities(keys.unlocked(content, Secret(words)))
    return keys.identities(Secret(content.decode(errors="replace")))


def _tell_checked(checked: Any, as_json: bool) -> None:
    manifest = checked.manifest
    if as_json:
        told = {**manifest.plain(), "rows": checked.rows, "digest": checked.digest}
        click.echo(json.dumps({**told, "checkpoints": [asdict(c) for c in checked.checkpoints]}))
        return
    click.echo(
        _("Whole: {rows} rows, made {when} by Keystead {version}. Nothing was written.").format(
            rows=checked.rows,
            when=f"{manifest.made_at:%Y-%m-%d %H:%M UTC}",
            version=manifest.app_version,
        )
    )
    click.echo(_("Vault key its codes need: {key}").format(key=manifest.key_check or _("none")))


def _tell_restored(restored: "Restored", as_json: bool) -> None:
    checked = restored.checked
    if as_json:
        told = {
            "rows": checked.rows,
            "made_at": checked.manifest.made_at.isoformat(),
            "checkpoints": [asdict(one) for one in restored.checkpoints],
            "was_brought_up_to_date": restored.was_brought_up_to_date,
        }
        click.echo(json.dumps(told))
        return
    click.echo(
        _("Brought back: {rows} rows, as of {when}. Every journal holds.").format(
            rows=checked.rows, when=f"{checked.manifest.made_at:%Y-%m-%d %H:%M UTC}"
        )
    )
    if not restored.is_vault_key_here:
        _say_loudly(_("Codes cannot be read here: their vault key is missing."))
    for line in _held_back():
        click.echo(line)


def _held_back() -> list[str]:
    return [
        _("This copy is HELD BACK: it sends no mail and commands no lock until you confirm it."),
        _("  what to look at first:    keystead quarantine"),
        _("  if it is the one in use:  keystead quarantine end"),
    ]


REASONS = {
    "restored": _("It was brought back from a backup."),
    "copied": _(
        "Its data were last used in another place, on this machine or another one. If you moved "
        "them there on purpose and the old place is no longer used, all is well."
    ),
    "older": _("Its data are older than what was last used here."),
}


def look() -> list[str]:
    """At start: hold a copy back; what to say to whoever started it, if it is held back."""
    from keystead.exchange import quarantine as quarantining

    actor = local_actor(INSTALLATION)
    quarantining.look(actor)
    found = quarantining.report(actor)
    return [] if found is None else [*_held_back(), REASONS[found.held.reason]]


@click.group(invoke_without_command=True)
@click.option(
    "--compare",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=_("Entries of the old installation: keystead journal list --json > FILE."),
)
@click.option("--workspace", help=_("Which workspace the entries or the seal are of."))
@click.option(
    "--seal", "noted", metavar="N:DIGEST", help=_("A later seal of the old installation.")
)
@AS_JSON
@click.pass_context
@_refusing
def quarantine(
    context: click.Context,
    compare: Path | None,
    workspace: str | None,
    noted: str | None,
    as_json: bool,
) -> None:
    """Tell whether this copy is held back, why, and who could get into it.

    With entries or a seal of the old installation, also what has changed there since.
    """
    if context.invoked_subcommand is not None:
        return
    _begin()
    from keystead.exchange import quarantine as quarantining

    found = quarantining.report(local_actor(INSTALLATION))
    since = None
    if compare is not None or noted is not None:
        since = _compared(found, workspace, compare, noted)
    if as_json:
        click.echo(json.dumps(_plain(found, since), default=str))
        return
    if found is None:
        click.echo(_("This copy is in use, not held back."))
    else:
        _tell(found)
    if since is not None:
        _tell_since(since)


def _plain(found: "Report | None", since: "Since | None") -> dict[str, Any]:
    report = asdict(found) if found is not None else None
    return {"report": report, "since": asdict(since) if since is not None else None}


def _tell(found: "Report") -> None:
    held = found.held
    click.echo(_("Held back since {when}.").format(when=f"{held.since:%Y-%m-%d %H:%M UTC}"))
    click.echo(REASONS[held.reason])
    if held.made_at is not None:
        age = held.since - held.made_at
        click.echo(
            _("The backup was {days} days and {hours} hours old ({when}).").format(
                days=age.days, hours=age.seconds // 3600, when=f"{held.made_at:%Y-%m-%d %H:%M UTC}"
            )
        )
        click.echo(
            _("Ended: {tokens} API tokens, {invitations} invitations, every sign-in.").format(
                tokens=held.tokens_withdrawn, invitations=held.invitations_ended
            )
        )
    for one in found.ways_in:
        last = f"{one.last_at:%Y-%m-%d %H:%M UTC}" if one.last_at else _("never")
        click.echo(
            _("{slug}: last entry {n}, {when}; codes: {codes}").format(
                slug=one.slug, n=one.last_sequence, when=last, codes=one.codes
            )
        )
        for role, email, since in one.members:
            click.echo(f"  {role:12} {email}  {since:%Y-%m-%d}")
        for name, made_at in one.tokens:
            click.echo(_("  token        {name}  {when}").format(name=name, when=made_at.date()))
        for role, made_at in one.invitations:
            click.echo(_("  invitation   {role}  {when}").format(role=role, when=made_at.date()))
    click.echo(
        _(
            "Whoever lost their role, token or login after the backup has it again here, except "
            "tokens; codes changed after it are noted as before. Set that right, then: keystead "
            "quarantine end"
        )
    )


def _compared(
    found: "Report | None", slug: str | None, compare: Path | None, noted: str | None
) -> "Since":
    from keystead.exchange import quarantine as quarantining
    from keystead.exchange import queries
    from keystead.journal import queries as journal

    known = {one.slug: one.id for one in journal.workspaces()}
    if slug is None or slug not in known:
        raise Refused(
            _("Say which workspace with --workspace: {slugs}").format(slugs=", ".join(known)),
            INVALID if slug is None else NOT_FOUND,
        )
    loaded = found.held.loaded if found is not None else ()
    ends = {one.workspace_id: one for one in (*queries.checkpoints(), *loaded)}
    here = ends[known[slug]]
    if noted is not None:
        number, colon, digest = noted.strip().partition(":")
        if not (number.isdecimal() and colon and len(digest) == 64) or len(number) > 18:
            raise Refused(_("A seal is a number, a colon and 64 digits or letters a-f."), INVALID)
        with suppress(ValueError):
            return quarantining.compare_with_seal(here, int(number), digest)
        raise Refused(_("A seal is a number, a colon and 64 digits or letters a-f."), INVALID)
    if compare is None:
        raise Refused(_("Name a file of entries or a seal."), INVALID)
    try:
        if compare.stat().st_size > BIGGEST_EXPORT:
            raise ValueError("too big")
        told = json.loads(compare.read_text())
        entries = told["items"] if isinstance(told, dict) else told
        return quarantining.compare_with_entries(here.sequence, entries)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise Refused(
            _("This is not what keystead journal list --json prints: {file}").format(file=compare),
            INVALID,
        ) from None


def _tell_since(since: "Since") -> None:
    if since.is_same is not None:
        click.echo(
            _("This copy has that entry; nothing is missing up to it.")
            if since.is_same
            else _("This copy has ANOTHER entry there: it is not of the same journal.")
        )
        return
    click.echo(_("At least {n} entries came after this copy.").format(n=since.entries))
    for number, at, name in since.telling:
        click.echo(f"  {number}  {at}  {name}")


@quarantine.command("end")
@click.option("--yes", is_flag=True, help=_("Do not ask again."))
@AS_JSON
@_refusing
def quarantine_end(yes: bool, as_json: bool) -> None:
    """Confirm that this copy is the one in use: mail and all else goes out again."""
    _begin()
    from keystead.exchange import quarantine as quarantining

    question = _("Is this copy the one in use, and no other one running?")
    if not yes and not click.confirm(question, err=True):
        raise click.Abort
    was_held = quarantining.end(local_actor(INSTALLATION))
    if as_json:
        click.echo(json.dumps({"was_held_back": was_held}))
    elif was_held:
        click.echo(_("This copy is in use now."))
    else:
        click.echo(_("This copy was not held back."))


COMMANDS = (backup, restore, quarantine)
