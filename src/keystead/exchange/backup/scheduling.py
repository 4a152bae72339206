"""When the next backup is due, and which old ones have had their day."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.timezone import now

from keystead import config
from keystead.exchange import queries
from keystead.exchange.backup import folder, keys
from keystead.exchange.backup.making import make
from keystead.journal import installation
from keystead.journal.operation import require
from keystead.kernel.actor import Actor
from keystead.kernel.rights import Right

log = logging.getLogger(__name__)
AGAIN_AFTER_FAILURE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How this installation is saved, by its settings. `to` and `recipients` may be missing."""

    to: Path | None
    recipients: int
    every: timedelta
    days: int
    weeks: int

    @property
    def is_set_up(self) -> bool:
        """Whether the worker makes backups by itself."""
        return self.to is not None and self.recipients > 0


def plan() -> Plan:
    """The plan of the settings. Raises BackupKeyRefused for recipients that are none."""
    to = config.read("BACKUP_TO")
    hours, days, weeks = config.backups()
    return Plan(
        Path(to).expanduser() if to else None,
        len(keys.recipients()),
        timedelta(hours=hours),
        days,
        weeks,
    )


def is_due(planned: Plan, at: datetime) -> bool:
    """Whether a backup is due: none, or the last one long ago, and no failure a moment ago.

    Never for a copy that is held back: it must not clear away what the one in use has saved.
    """
    if not planned.is_set_up or installation.quarantined_since() is not None:
        return False
    tried = queries.last_attempt_at()
    if tried is not None and tried[1] is not None and at - tried[0] < AGAIN_AFTER_FAILURE:
        return False
    last = queries.last_backup()
    return last is None or not timedelta(0) <= at - last.made_at < planned.every


def back_up_if_due(actor: Actor) -> None:
    """Make a backup if one is due, and clear away those that have had their day."""
    require(actor, Right.RUN)
    planned = plan()
    if planned.to is None or not is_due(planned, now()):
        return
    made = make(actor, planned.to)
    log.info("Backup %s, %s bytes", made.path.name, made.size)
    if made.broken:
        log.error("A journal does not hold; run keystead verify. No old backup is cleared away.")
        return
    clear_away(planned.to, planned)


def clear_away(to: Path, planned: Plan) -> list[Path]:
    """Delete old backups of this installation, as the settings say; those deleted.

    Only what the journal knows, with the size it had, and only while the newest of them is there.
    """
    good = queries.good_backups()
    backups = folder.kept(to, str(installation.installation_id()))
    old = folder.to_delete(backups, good, daily=planned.days, weekly=planned.weeks)
    for one in old:
        one.path.unlink(missing_ok=True)
    return [one.path for one in old]
