"""The loop: hold the lease, then do what is due. A step that fails stops no other."""

import logging
import os
import secrets
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event

from django.db import DatabaseError, close_old_connections
from django.utils.timezone import now

from keystead.journal import leases
from keystead.worker.steps import STEPS, Step

log = logging.getLogger(__name__)
NAME = "worker"
PAUSE = timedelta(seconds=2)
BEAT, LEASE = timedelta(seconds=10), timedelta(seconds=30)
"""How often the lease is renewed, and how long a worker that was killed keeps others out."""


class Worker:
    """One worker. Several may run; the one that holds the lease works, the others wait."""

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.steps = steps
        self._due: dict[str, datetime] = {}
        self._beaten: datetime | None = None
        self._is_holding = False

    def run(self, stop: Event, parent: int | None = None) -> None:
        """Work until `stop` is set, or until the process `parent` that started us is gone."""
        while not stop.is_set() and parent in {None, os.getppid()}:
            self.round()
            stop.wait(PAUSE.total_seconds())
        self.leave()

    def round(self) -> None:
        """Renew the lease if it is time, and do each step that is due."""
        close_old_connections()
        if not self._hold():
            return
        for step in self.steps:
            if self._due.get(step.name, now()) <= now():
                self._due[step.name] = now() + step.every
                self._attempt(step)

    def _attempt(self, step: Step) -> None:
        try:
            step.run(self._beat) if step.is_long else step.run()
        except Exception:
            log.exception("The step %s failed; it will be tried again", step.name)

    def _beat(self) -> None:
        """Keep the lease during a long step."""
        self._hold()

    def leave(self) -> None:
        """Let the next worker begin at once."""
        try:
            leases.free(NAME, self.holder)
        except DatabaseError as error:
            log.warning("The lease could not be given back: %s", error)

    def _hold(self) -> bool:
        if self._beaten is not None and now() - self._beaten < BEAT:
            return self._is_holding
        self._beaten = now()
        try:
            self._is_holding = leases.hold(NAME, self.holder, LEASE)
        except DatabaseError as error:
            log.error("The database does not answer: %s", error)
            self._is_holding = False
        return self._is_holding
