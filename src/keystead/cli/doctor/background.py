"""The worker, which does what nobody waits for."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.timezone import now

from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.words import translate as _
from keystead.journal import queries as journal

SILENT = timedelta(minutes=15)


def _worker() -> Iterator[Finding]:
    seen = journal.last_seen("worker")
    if seen is not None and now() - seen < SILENT:
        yield Finding("worker", _("last seen {when}").format(when=f"{seen:%Y-%m-%d %H:%M UTC}"))
        return
    says = (
        _("has never run")
        if seen is None
        else _("last seen {when}").format(when=f"{seen:%Y-%m-%d %H:%M UTC}")
    )
    yield Finding(
        "worker",
        says,
        is_well=False,
        why=_("Nothing is tidied up, and big imports are not written."),
        do=_("Start it: `keystead up` does."),
    )


CHECKS = (Check("worker", _worker, needs_database=True),)
