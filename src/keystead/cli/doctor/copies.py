"""Backups, and whether this copy of the data is held back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import now

from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.words import translate as _
from keystead.exchange import queries as exchange
from keystead.exchange.backup import scheduling
from keystead.journal.installation import quarantined_since
from keystead.kernel.errors import KeysteadError

YOUNG = timedelta(days=7)
"""So long a register does without backups before the doctor says so."""


def _quarantine() -> Iterator[Finding]:
    if (held := quarantined_since()) is not None:
        yield Finding(
            "quarantine",
            _("this copy is held back since {when}").format(when=f"{held:%Y-%m-%d %H:%M UTC}"),
            is_well=False,
            why=_("It sends nothing and lets no token in, in case the other one is in use."),
            do=_("Look at it, then confirm it: keystead quarantine"),
        )


def _backups() -> Iterator[Finding]:
    try:
        planned = scheduling.plan()
    except KeysteadError as refusal:
        yield _bad(str(refusal.message), _("Correct the settings of backups."))
        return
    if planned.to is None:
        yield _without_backups()
    elif not planned.recipients:
        yield _bad(_("nobody could open them"), _("Make a key: keystead backup key"))
    elif not planned.to.is_dir():
        says = _("the folder {folder} is not there").format(folder=planned.to)
        yield _bad(says, _("Mount or make the folder, or set KEYSTEAD_BACKUP_TO anew."))
    else:
        yield _last_backup(planned.to, planned.every)


def _bad(says: str, do: str) -> Finding:
    why = _("If this disk is lost, the register is.")
    return Finding("backups", says, is_well=False, why=why, do=do)


def _without_backups() -> Finding:
    """No plan is a hint for a demonstration, and for a register so young that it loses little."""
    last = exchange.last_backup()
    if last is not None and now() - last.made_at < YOUNG:
        says = _("none by itself; the last one is of {when}")
        says = says.format(when=f"{last.made_at:%Y-%m-%d %H:%M UTC}")
        return Finding("backups", says, is_hint=True)
    says, do = _("none are made"), _("Set KEYSTEAD_BACKUP_TO, then: keystead backup key")
    since = exchange.in_use_since()
    if since is None or now() - since < YOUNG:
        return Finding("backups", says, do=do, is_hint=True)
    return _bad(says, do)


def _last_backup(folder: Path, every: timedelta) -> Finding:
    tried, last = exchange.last_attempt_at(), exchange.last_backup()
    again = _("Mend that, then: keystead backup")
    if tried is not None and tried[1] is not None:
        says = _("the last one failed at {when}: {why}")
        return _bad(says.format(when=f"{tried[0]:%Y-%m-%d %H:%M UTC}", why=tried[1]), again)
    if last is None:
        since = exchange.in_use_since()
        says = _("none yet, into {folder}").format(folder=folder)
        if since is None or now() - since < YOUNG:
            return Finding("backups", says, is_hint=True)
        return _bad(says, again)
    says = _("the last one is of {when}, {file}; keys that open it: {n}")
    is_well = now() - last.made_at < max(every * 2, timedelta(days=2)) and last.is_good
    if not (folder / last.file_name).exists():
        says, is_well = _("the last one, of {when}, {file}, is no longer there"), False
    elif not last.is_good:
        says = _("the last one, of {when}, {file}, is of a journal that does not hold")
    words = says.format(
        when=f"{last.made_at:%Y-%m-%d %H:%M UTC}", file=folder / last.file_name, n=last.recipients
    )
    return Finding("backups", words) if is_well else _bad(words, again)


CHECKS = (
    Check("quarantine", _quarantine, needs_database=True),
    Check("backups", _backups, needs_database=True),
)
