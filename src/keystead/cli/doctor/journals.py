"""The journals: checkpoints kept outside, and clocks that were set."""

from collections.abc import Iterator

from keystead import config
from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.words import translate as _
from keystead.journal import checkpoints, outside
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, system


def _checkpoints() -> Iterator[Finding]:
    """Where they go, and what is wrong with each journal's."""
    kinds = [place.kind for place in outside.places()]
    says = ", ".join(kinds) or _(
        "go nowhere, so a journal cut short would not be noticed. Set KEYSTEAD_CHECKPOINTS"
    )
    is_hint = not kinds
    folder = config.checkpoint_folder()
    is_there = folder is None or folder.is_dir()
    if not is_there:
        says = _("the folder {folder} is not there").format(folder=folder)
    yield Finding(
        "checkpoints",
        says,
        is_there,
        why="" if is_there else _("A journal that is cut short would not be noticed."),
        do="" if is_there else _("Mount or make the folder, or set KEYSTEAD_CHECKPOINTS anew."),
        is_hint=is_hint,
    )
    for workspace in journal.workspaces():
        found = checkpoints.sealing(system(workspace.id, "doctor", local=True))
        if wrong := _wrong_with(found, is_wanted=bool(kinds)):
            yield Finding(
                "checkpoints",
                f"{workspace.slug}: {'; '.join(wrong)}",
                is_well=False,
                why=_("Whoever can write to the database could rewrite what happened."),
                do=_("Look at the journal's page, then: keystead checkpoint now"),
            )
        elif found.last:
            when = f"{found.last.at:%Y-%m-%d %H:%M UTC}"
            says = _("{slug}: sealed up to entry {number}, {when}").format(
                slug=workspace.slug, number=found.last.sequence, when=when
            )
            yield Finding("checkpoints", says)


def _wrong_with(found: checkpoints.Sealing, *, is_wanted: bool) -> list[str]:
    wrong = []
    if found.first_bad is not None:
        said = _("ALARM, entry {number} does not hold, nothing is signed any more")
        wrong.append(said.format(number=found.first_bad))
    if found.failed:
        wrong.append(
            _("the last one did not go into: {where}").format(where=", ".join(found.failed))
        )
    if is_wanted and found.is_overdue:
        wrong.append(
            _("overdue since {since}").format(since=f"{found.waiting_since:%Y-%m-%d %H:%M}")
        )
    return wrong


def _clocks() -> Iterator[Finding]:
    """Jumps of the server's clock that no owner has confirmed."""
    for workspace in journal.workspaces():
        if workspace.id == INSTALLATION:
            continue  # what it tells of clocks, the workspaces tell, too, and confirm
        if (alarm := journal.clock_alarm(workspace.id)) is not None:
            says = _("set from {before} to {after} (entry {n} of {slug})").format(
                before=f"{alarm.before:%Y-%m-%d %H:%M UTC}",
                after=f"{alarm.after:%Y-%m-%d %H:%M UTC}",
                n=alarm.sequence,
                slug=workspace.slug,
            )
            yield Finding(
                "clock",
                says,
                is_well=False,
                why=_("Times in the journal around it may be wrong."),
                do=_("An owner confirms on Today that it is right now."),
            )


CHECKS = (
    Check("checkpoints", _checkpoints, needs_database=True),
    Check("clocks", _clocks, needs_database=True),
)
