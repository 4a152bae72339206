"""What `keystead doctor` says about the vault. Nothing here changes anything, or shows a key."""

from collections.abc import Iterator

from django.db import DatabaseError

from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.unlocking import has_tables
from keystead.cli.words import translate as _
from keystead.vault import keyring, queries, source
from keystead.vault.errors import VaultLocked


def _vault_key() -> Iterator[Finding]:
    """Whether the vault key is there, any good, and well kept."""
    found = source.source()
    try:
        key = source.read(found)
    except VaultLocked as error:
        yield Finding("vault key", str(error.message), False)
        return
    if key is None:
        says = _("{path} is not there; `keystead up` makes it at first start")
        yield Finding("vault key", says.format(path=found))
        return
    says, is_hint = str(found), False
    if found.kind == "environment":
        says += ". " + _("Whoever may look at the process can read it; a file is better")
        is_hint = True
    if source.is_on_the_disk_of_the_data(found):
        says += ". " + _("It is on the disk of the data: who copies the whole disk has both")
        is_hint = True
    yield Finding("vault key", says, is_hint=is_hint)
    for complaint in source.complaints(found):
        yield Finding("vault key", str(complaint), _is_demonstration(), is_hint=True)


def _is_demonstration() -> bool:
    try:
        return has_tables() and queries.vault().is_only_demo
    except DatabaseError:
        return False  # said elsewhere


def _keys_in_database() -> Iterator[Finding]:
    """Whether that key opens the data keys, and somebody has the recovery key."""
    if not has_tables():
        return
    vault = queries.vault()
    if vault.in_use is None:
        yield Finding("data keys", _("none yet; `keystead up` makes them"))
        return
    yield _fits(vault)
    yield _data_keys(vault)
    yield _recovery_key(vault)


def _fits(vault: queries.VaultView) -> Finding:
    keyring.load()
    try:
        fingerprint = keyring.held().fingerprint
    except VaultLocked as error:
        return Finding("vault", str(error.message), False)
    if fingerprint not in {vault.in_use, vault.prepared}:
        says = _(
            "WRONG KEY: the database was used with {theirs}, this one is {ours}. Bring the right "
            "one back, or use the recovery key: `keystead vault recover`"
        )
        return Finding("vault", says.format(theirs=vault.in_use, ours=fingerprint), False)
    if vault.prepared is not None:
        says = _(
            "the vault key is being replaced by {new}: start Keystead with that one, or run "
            "`keystead vault rotate --kek` again"
        )
        return Finding("vault", says.format(new=vault.prepared), False)
    return Finding("vault", _("opens with the key in use, {key}").format(key=fingerprint))


def _data_keys(vault: queries.VaultView) -> Finding:
    says = [_("{n} in use").format(n=vault.active)]
    if vault.replaced:
        says.append(
            _("{n} being replaced: `keystead vault rotate` goes on").format(n=vault.replaced)
        )
    if vault.unequipped:
        says.append(_("{n} workspaces without: start Keystead again").format(n=vault.unequipped))
    if older := queries.not_sealed_with_newest():
        says.append(_("{n} values sealed with an older or unknown key").format(n=older))
    return Finding("data keys", "; ".join(says), len(says) == 1)


def _recovery_key(vault: queries.VaultView) -> Finding:
    if vault.recovery == "confirmed":
        says = _("confirmed on {day:%Y-%m-%d}").format(day=vault.recovery_confirmed_at)
        return Finding("recovery key", says)
    says = _(
        "NONE: if the vault key is lost, what is sealed is lost. `keystead vault new-recovery-key`"
    )
    if vault.recovery == "unconfirmed":
        says = _(
            "made on {day:%Y-%m-%d}, but nobody has shown that they have it: "
            "`keystead vault confirm-recovery`"
        ).format(day=vault.recovery_made_at)
    return Finding("recovery key", says, vault.is_only_demo, is_hint=True)


CHECKS = (Check("vault key", _vault_key), Check("vault", _keys_in_database, needs_database=True))
