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

from keystead.exchange.operations import discard_import
from keystead.exchange.queries import stale_imports
from keystead.kernel.actor import INSTALLATION, system
from keystead.kernel.errors import Conflict
from keystead.people import operations as people
from keystead.people import throttle
from keystead.worker.letters import send_letters

PROMPTLY, OFTEN, HOURLY = timedelta(seconds=2), timedelta(seconds=10), timedelta(hours=1)
KEPT_UPLOADS = timedelta(days=1)
KEPT_IMPORTS = timedelta(days=7)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do again and again, at most once per `every`. Its name has a row in TASKS."""

    name: str
    every: timedelta
    run: Callable[[], None]


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
    Step("discard_stale_imports", HOURLY, discard_stale_imports),
    Step("forget_tries", HOURLY, forget_tries),
    Step("note_lock_outs", HOURLY, note_lock_outs),
    Step("send_letters", PROMPTLY, send_letters),
)


def names() -> set[str]:
    """Every step's name, for the table of permissions."""
    return {step.name for step in STEPS}
