"""Whether the server's clock was set: by what was recorded last, and by a clock nobody sets.

Going back shows in the journal itself. Going forward shows only while a process runs: it compares
the wall clock with one that counts through sleep and cannot be set. A clock set forward between
two processes looks like time that passed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.utils.timezone import now

SLACK = timedelta(minutes=5)
"""Clocks are corrected by moments all the time; that is no alarm."""


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock would have shown `before` (aware UTC) and showed `after`."""

    before: datetime
    after: datetime

    @property
    def is_forward(self) -> bool:
        """Whether it was set forward."""
        return self.after > self.before


def steady() -> float | None:
    """Seconds on a clock that nobody can set and that goes on while the machine sleeps.

    None where the system has none (it counts without the time asleep, which would be an alarm
    at every waking).
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return None if boot is None else time.clock_gettime(boot)


class Watch:
    """Compares two clocks from look to look; remembers the last jump forward of this process."""

    def __init__(self, steadily: Callable[[], float | None] = steady) -> None:
        """`steadily` is the clock that cannot be set."""
        self._steadily = steadily
        self._lock = Lock()
        self._last: tuple[datetime, float] | None = None
        self.forward: Jump | None = None

    def look(self, wall: datetime) -> None:
        """Notice whether the wall clock went further than time did since the last look."""
        count = self._steadily()
        if count is None:
            return
        with self._lock:
            if self._last is not None:
                since, before = self._last
                expected = since + timedelta(seconds=max(0.0, count - before))
                if wall > expected + SLACK:
                    self.forward = Jump(expected, wall)
                elif wall < expected - SLACK:
                    self.forward = None  # set back: what is recorded shows it
            self._last = (wall, count)


def jump(watch: Watch, head_at: datetime | None, moment: datetime) -> Jump | None:
    """The jump that a journal whose last entry is of `head_at` has not been told of, if any.

    Whatever was recorded after a jump forward bears a later time than the clock would have shown:
    a journal with such an entry knows of it already, whichever process told it.
    """
    watch.look(moment)
    if head_at is None:
        return None
    if head_at > moment + SLACK:
        return Jump(head_at, moment)
    found = watch.forward
    if found is not None and head_at <= found.before + SLACK and moment >= found.after:
        return found
    return None


WATCH = Watch()
"""This process's."""


def shown() -> datetime:
    """What the clock shows (aware UTC)."""
    return now()


def moment(head_at: datetime | None) -> datetime:
    """Now, but never a little before the last entry: clocks are set back by moments.

    A clock set back by more than `SLACK` is believed, or one wrong hour would stamp all that
    follows.
    """
    found = shown()
    if head_at is not None and found < head_at <= found + SLACK:
        return head_at
    return found
