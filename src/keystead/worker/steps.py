"""The steps of the worker. Each looks at the state of things, so that it may run at any time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from time import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.timezone import now

from keystead.exchange import imports
from keystead.exchange.backup.scheduling import back_up_if_due
from keystead.exchange.operations import discard_import, stop_import
from keystead.exchange.queries import asked_imports, stale_imports
from keystead.journal import checkpoints
from keystead.journal import queries as journal
from keystead.kernel.actor import INSTALLATION, Actor, system
from keystead.kernel.errors import Conflict, KeysteadError, Unavailable
from keystead.notify import watching
from keystead.people import operations as people
from keystead.people import throttle
from keystead.worker.sending import send_mail

AT_ONCE, MINUTELY = timedelta(seconds=2), timedelta(minutes=1)
SOON, HOURLY, DAILY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
KEPT_UPLOADS = timedelta(days=1)
KEPT_IMPORTS = timedelta(days=7)
log = logging.getLogger(__name__)


Beat = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do again and again, at most once per `every`. Its name has a row in TASKS.

    One that `is_long` calls the beat it is given every few seconds, so that the lease is kept.
    """

    name: str
    every: timedelta
    run: Callable[..., object]
    is_long: bool = False


def clear_sessions() -> None:
    """Forget sign-ins that have expired. They let nobody in before, either."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()


def clear_uploads() -> None:
    """Delete uploads that an interrupted request left behind a day ago."""
    oldest = time() - KEPT_UPLOADS.total_seconds()
    folder = settings.DATA / "uploads"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def discard_stale_imports() -> None:
    """Throw away files nobody imported for a week. One that was begun waits for a person."""
    for workspace_id, import_id in stale_imports(now() - KEPT_IMPORTS):
        try:
            discard_import(system(workspace_id, "worker"), import_id=import_id)
        except Conflict:
            log.info("Import %s was begun or ended meanwhile.", import_id)


def make_checkpoints() -> None:
    """Sign the journals that grew, where it is time, and put the checkpoints outside."""
    checkpoints.make_due(_of_all_workspaces())


def check_journals() -> None:
    """Check every journal, so that a break is found on the day it happens."""
    checkpoints.check_all(_of_all_workspaces())


def _of_all_workspaces() -> list[Actor]:
    return [system(workspace.id, "worker") for workspace in journal.workspaces()]


def carry_out_imports(beat: Beat) -> None:
    """Write the big imports somebody asked for, one after the other, as whoever asked."""
    for workspace_id, import_id, account_id in asked_imports():
        actor = Actor(workspace_id=workspace_id, channel="worker", account_id=account_id)
        try:
            imports.carry_out(actor, import_id, progress=lambda _done, _of: beat())
        except Unavailable:
            log.info("Import %s waits: Keystead is busy.", import_id)
        except KeysteadError as error:
            log.info("Import %s stopped: %s", import_id, error.code)
            stop_import(system(workspace_id, "worker"), import_id=import_id, reason=error.code)


def back_up() -> None:
    """Make the backup that is due, if a folder and recipients are set."""
    try:
        back_up_if_due(system(INSTALLATION, "worker"))
    except KeysteadError as refusal:
        log.error("No backup: %s", refusal.message)


def forget_tries() -> None:
    """Forget wrong guesses that no longer count."""
    throttle.forget_old()


def note_lock_outs() -> None:
    """Tell the installation's journal how often guessing was stopped, hour by hour."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    people.note_lock_outs(system(INSTALLATION, "worker"), before=hour)


STEPS: tuple[Step, ...] = (
    Step("clear_sessions", HOURLY, clear_sessions),
    Step("clear_uploads", HOURLY, clear_uploads),
    Step("collect_notices", MINUTELY, watching.collect),
    Step("discard_stale_imports", HOURLY, discard_stale_imports),
    Step("check_journals", DAILY, check_journals),
    Step("make_checkpoints", SOON, make_checkpoints),
    Step("carry_out_imports", AT_ONCE, carry_out_imports, is_long=True),
    Step("back_up", SOON, back_up),
    Step("forget_tries", HOURLY, forget_tries),
    Step("note_lock_outs", HOURLY, note_lock_outs),
    Step("send_mail", AT_ONCE, send_mail, is_long=True),
)


def names() -> set[str]:
    """Every step's name, for the table of permissions."""
    return {step.name for step in STEPS}
