"""What `keystead up` does about the vault: is its key there, the right one, and well kept?"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from keystead.cli.refusing import INVALID, NOT_FOUND, Refused
from keystead.cli.words import translate as _
from keystead.kernel.actor import Actor
from keystead.kernel.errors import KeysteadError
from keystead.kernel.secret import Secret


def refusing(error: KeysteadError) -> Refused:
    """What the vault refused, for the terminal; a wrong key is wrong input."""
    code = INVALID if error.code == "vault-locked" else error.exit_code
    return Refused(error.message, code)


def check_key() -> None:
    """Look at the vault key before anything is written.

    Raises Refused for a key that is no good, for another one than the database was used with,
    and where there is none though data keys are wrapped with one.
    """
    from keystead.vault import source, wrapping
    from keystead.vault.errors import VaultLocked

    try:
        finish_replacing()
        found = source.source()
        key = source.read(found)
    except VaultLocked as error:
        raise refusing(error) from None
    known = _fingerprints()
    if not known:
        if key is None and not found.is_ours:
            raise Refused(_("{where} holds no key.").format(where=found), NOT_FOUND)
        return
    if key is None:
        raise Refused(
            _("The vault's key is missing: {where} is not there. Keystead does not start.").format(
                where=found
            ),
            NOT_FOUND,
            lines=_what_to_do(known),
        )
    if wrapping.fingerprint(key) not in known:
        raise Refused(
            _("The vault's key, {where}, is not the one this database was used with.").format(
                where=found
            ),
            INVALID,
            lines=_what_to_do(known),
        )


def _what_to_do(known: list[str]) -> list[str]:
    return [
        *_lies_beside(known),
        _("Nothing was changed. What is sealed opens with the key {fingerprint} only.").format(
            fingerprint=" / ".join(known)
        ),
        _("Bring that key back from your copy, or look whether KEYSTEAD_DATA names other data."),
        _("If it is lost and you have the recovery key on paper: keystead vault recover"),
    ]


def _lies_beside(known: list[str]) -> list[str]:
    """That the key wanted is one kept when it was replaced: an older copy of the data is in use."""
    from keystead.vault import source

    path = source.source().path
    kept = [source.old_of(path, key) for key in known] if path is not None else []
    return [
        _("{path} has the right name: is this an older copy of the data?").format(path=one)
        for one in kept
        if one.exists()
    ]


def _fingerprints() -> list[str]:
    """The vault keys that open the data keys; none before the first start."""
    from keystead.vault import queries

    return queries.vault_keys() if has_tables() else []


def has_tables() -> bool:
    """Whether the database is there and knows the vault."""
    from django.db import connection

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    return "vault_vaultkey" in connection.introspection.table_names()


def make_key() -> None:
    """Make the vault key at first start, and hold it."""
    from keystead.vault import keyring, source, wrapping

    found = source.source()
    if found.path is not None and found.is_ours and not found.path.exists():
        try:
            source.make(found.path, wrapping.new_key())
        except FileExistsError:
            pass  # another start was quicker
        except OSError as error:
            raise Refused(
                _("The vault's key cannot be written to {path}: {why}").format(
                    path=found.path, why=error.strerror
                ),
                INVALID,
            ) from None
    keyring.load()


def make_ready(actor: Actor, *, is_demo: bool) -> list[str]:
    """Make the data keys that are missing, finish a change of the vault key; what to say.

    At first start in a terminal that is a new recovery key, shown this once.
    """
    from keystead.vault import operations as vault
    from keystead.vault import queries

    try:
        if queries.vault().prepared is not None:
            _finish_change(actor)
        else:
            vault.prepare(actor)
    except KeysteadError as error:
        raise refusing(error) from None
    now = queries.vault()
    if now.recovery != "none" or now.prepared is not None:
        return []
    if not sys.stdout.isatty():
        return [] if is_demo else [_("No recovery key yet: run keystead vault new-recovery-key")]
    return paper(new_recovery_key(actor), is_demo=is_demo)


def _finish_change(actor: Actor) -> None:
    """Put a prepared vault key in use, if it is the one this process holds."""
    from keystead.vault import keyring, queries
    from keystead.vault import operations as vault

    if keyring.held().fingerprint == queries.vault().prepared:
        vault.put_vault_key_in_use(actor)
        vault.prepare(actor)


def finish_replacing() -> None:
    """Where a change of the key file was cut short after the database had changed: finish it."""
    from keystead.vault import queries, source, wrapping
    from keystead.vault.errors import VaultLocked

    found = source.source()
    if found.path is None or not found.is_ours or not source.next_to(found.path).exists():
        return
    in_use = queries.vault().in_use if has_tables() else None
    following = source.read_file(source.next_to(found.path))
    if following is None or wrapping.fingerprint(following) != in_use:
        return
    try:
        key = source.read(found)
    except VaultLocked:
        key = None
    if key is None or wrapping.fingerprint(key) != in_use:
        source.put_in_place(found.path)


def new_recovery_key(actor: Actor) -> Secret:
    """Make a recovery key; the database keeps only its public half."""
    from keystead.vault import operations as vault
    from keystead.vault import recovery, wrapping

    written, seed = recovery.new_recovery_key()
    vault.make_recovery_key(actor, public_key=wrapping.public_key(seed))
    return written


def paper(key: Secret, *, is_demo: bool = False) -> list[str]:
    """The recovery key as it is shown, once, and what to do with it."""
    groups = key.reveal().split("-")
    half = len(groups) // 2
    lines = ["", *("    " + "  ".join(part) for part in (groups[:half], groups[half:])), ""]
    if is_demo:
        return [_("Recovery key of the vault, shown once; the demonstration needs none:"), *lines]
    return [
        _("RECOVERY KEY of the vault. It is shown only this once: write it down or print it now."),
        *lines,
        _("Keep it on paper, apart from this machine. With it, and a copy of the data, everything"),
        _("opens again when the vault's key is lost. Then: keystead vault confirm-recovery"),
    ]


def warn(show: Callable[[str], None]) -> None:
    """Say loudly what is wrong with where the vault key lies."""
    from keystead.vault import source

    for complaint in source.complaints(source.source()):
        show(_("WARNING: {what}.").format(what=complaint))


def ask_recovery_key() -> Secret:
    """The recovery key, asked for or read from standard input."""
    if sys.stdin.isatty():
        typed: str = click.prompt(_("Recovery key"), err=True)
    else:
        typed = sys.stdin.read()
    return Secret(typed)
